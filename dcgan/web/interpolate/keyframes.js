// The row of keyframes that a film walks through: each a face, and the seconds to the next one. A face is passed on to
// the server whole, whatever describes it: one that came from Explore keeps its truncation and its edits.
/** @import { FaceFields } from "../common/types.d.ts" */

import { faceKey } from "../common/codec.js";
import { childrenOf, drawCell, finder, squareCanvas } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { debounce, events, notice, session } from "../common/session.js";
import { makeReorderable } from "../common/sortable_row.js";
import { mark, secondsProblem } from "../common/validity.js";
import { pick } from "../shelf/picker.js";

const CELL = 112;
const MOST = 16;
const LEAST = 2;
const SHORTEST = 0.1;
const LONGEST = 60;
const STRETCH = { what: "From one face to the next the film takes", low: SHORTEST, high: LONGEST };
const USUAL = 2; // seconds of a stretch
const random = () => String(Math.floor(Math.random() * 1e5));
/** @param {number} index */
const letter = (index) => String.fromCharCode(65 + index);
/** @type {(seed: string) => Keyframe} */
const plain = (seed) => ({ face: { seed, psi: 1, edits: [] }, seconds: USUAL });

/**
 * A face, and the seconds to the next one.
 * @typedef {{ face: FaceFields, seconds: number }} Keyframe
 */

export class Keyframes {
  /** @type {WeakMap<Keyframe, HTMLCanvasElement>} */
  thumbnails = new WeakMap();

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} status
   * @param {() => boolean} loops says whether the last stretch leads back to the first face
   * @param {() => void} changed
   */
  constructor(list, status, loops, changed) {
    this.list = list;
    this.status = status;
    this.loops = loops;
    this.changed = changed;
    this.items = ["27", "44", "59"].map(plain);
    this.sheets = new Sheets();
    this.fetchSoon = debounce(120, () => this.fetch());
    makeReorderable(list, (from, to) => this.move(from, to));
    this.show();
  }

  get faces() {
    return this.items.map(({ face }) => face);
  }

  /** Seconds of each stretch that is walked. */
  get durations() {
    const all = this.items.map(({ seconds }) => seconds);
    return this.loops() ? all : all.slice(0, -1);
  }

  get seconds() {
    return this.durations.reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Which stretches show one picture all the time, as the end of a sentence; "" where there is none. */
  get still() {
    const keys = this.faces.map(faceKey);
    const still = this.durations.flatMap((_, index) => {
      const next = (index + 1) % keys.length;
      return keys[index] === keys[next] ? [`${letter(index)} to ${letter(next)}`] : [];
    });
    if (!still.length) return "";
    if (still.length === this.durations.length) return "; nothing moves, since all faces are the same";
    return `; nothing moves from ${still.join(" and from ")}, since both are the same face`;
  }

  /**
   * Makes the whole so long; the stretches keep their proportions.
   * @param {number} seconds
   */
  stretchTo(seconds) {
    const factor = seconds / this.seconds;
    for (const item of this.items) item.seconds = Math.min(LONGEST, Math.max(SHORTEST, item.seconds * factor));
    for (const [index, item] of this.items.entries()) {
      const seconds = finder(this.list.children[index])(".seconds", HTMLInputElement);
      seconds.value = shown(item.seconds);
      mark(seconds, "");
    }
  }

  /** Takes the faces that were sent to the film. */
  takeSent() {
    const faces = (session.forFilm ?? []).splice(0, Infinity);
    if (faces.length) this.add(faces);
  }

  /** @param {FaceFields[]} faces */
  add(faces) {
    if (this.items.length + faces.length > MOST)
      notice(`A film walks through at most ${MOST} faces; remove some first.`);
    this.items.push(...faces.map((face) => ({ face, seconds: USUAL })));
    this.items.splice(MOST);
    this.update();
  }

  async pick() {
    const picked = await pick(this.list, { title: "Faces for the film", most: MOST - this.items.length });
    if (picked) this.add(picked.map(({ face }) => face));
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  move(from, to) {
    if (to < 0 || to >= this.items.length || from === to) return;
    this.items.splice(to, 0, ...this.items.splice(from, 1));
    this.update();
    this.status.textContent = `Moved to place ${to + 1} of ${this.items.length}.`;
  }

  update() {
    this.show();
    this.changed();
  }

  show() {
    this.list.replaceChildren(...this.items.map((item, index) => this.card(item, index)), this.adding());
    this.list.classList.toggle("loops", this.loops());
    this.fetchSoon();
  }

  adding() {
    const place = document.createElement("li");
    place.className = "add";
    place.innerHTML = `
      <button type="button" class="plus" aria-label="Add a face" title="Add a face of a random seed">+ random</button>
      <button type="button" class="plus current" 
        title="Add the face that is on the Explore tab, with its edits">+ from Explore</button>
      <button type="button" class="plus kept"
        title="Add faces that you kept on the shelf, or that you like among random ones">+ from the shelf</button>`;
    const buttons = /** @type {HTMLButtonElement[]} */ (childrenOf(place));
    const [another, current, kept] = buttons;
    for (const button of buttons) button.disabled = this.items.length >= MOST;
    another.addEventListener("click", () => {
      this.items.push(plain(random()));
      this.update();
    });
    current.addEventListener("click", () => events.dispatchEvent(new Event("film-current")));
    kept.addEventListener("click", () => this.pick());
    return place;
  }

  /** @param {Keyframe} item */
  thumbnail(item) {
    const canvas = this.thumbnails.get(item) ?? squareCanvas(CELL);
    this.thumbnails.set(item, canvas);
    return canvas;
  }

  /**
   * @param {Keyframe} item
   * @param {number} index
   */
  card(item, index) {
    const { face } = item;
    const name = letter(index);
    const next = letter((index + 1) % this.items.length);
    const edited = face.z || face.edits?.length || (face.psi ?? 1) !== 1;
    const place = document.createElement("li");
    place.className = "key";
    place.innerHTML = `
      <div class="card">
        <div class="thumb">
          <button type="button" class="grip" aria-label="Move face ${name}"
            title="Drag to another place, or press ← and →">⠿</button>
          <button type="button" class="remove" aria-label="Remove face ${name}" title="Remove"
            ${this.items.length > LEAST ? "" : "disabled"}>×</button></div>
        <div class="row"><b>${name}</b><input class="seed" type="text" inputmode="numeric" maxlength="19"
          aria-label="Seed of face ${name}" title="Seed of this face" />
          ${edited ? `<span class="mark" title="Comes from Explore with its edits">✎</span>` : ""}
          <button type="button" class="icon dice" aria-label="Random seed for face ${name}"
            title="Another face">⚄</button></div>
      </div>
      <label class="stretch" title="Seconds from ${name} to ${next}"><input class="seconds" type="number"
        min="${SHORTEST}" max="${LONGEST}" step="0.5"
        aria-label="Time from ${name} to ${next}" /><span>s</span></label>`;
    const canvas = this.thumbnail(item);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Face ${name}`);
    finder(place)(".thumb").prepend(canvas);
    this.wire(place, item, index);
    return place;
  }

  /**
   * @param {HTMLElement} place
   * @param {Keyframe} item
   * @param {number} index
   */
  wire(place, item, index) {
    const find = finder(place);
    const seed = find(".seed", HTMLInputElement);
    const seconds = find(".seconds", HTMLInputElement);
    seed.value = item.face.z ? "" : (item.face.seed ?? "");
    seed.placeholder = item.face.z ? "none" : "";
    seed.addEventListener("input", () => {
      const fits = /^\d{1,19}$/.test(seed.value) && BigInt(seed.value) < 2n ** 63n;
      mark(seed, fits ? "" : `A seed is a whole number from 0 to 9223372036854775807, not “${seed.value}”.`);
      if (!fits) return;
      item.face = { ...item.face, seed: seed.value, z: null }; // a seed takes the place of an explicit latent
      this.fetchSoon();
      this.changed();
    });
    seconds.value = shown(item.seconds);
    seconds.addEventListener("input", () => {
      mark(seconds, secondsProblem(seconds, STRETCH));
      if (seconds.dataset.problem) return;
      item.seconds = Number(seconds.value);
      this.changed();
    });
    find(".dice").addEventListener("click", () => {
      item.face = plain(random()).face;
      this.update();
    });
    find(".remove").addEventListener("click", () => {
      this.items.splice(index, 1);
      this.update();
    });
  }

  async fetch() {
    const items = [...this.items];
    const sheet = await this.sheets.get({
      model: session.model.name,
      faces: this.faces,
      cell: CELL,
      columns: items.length,
    });
    if (!sheet) return;
    items.forEach((item, index) => {
      const canvas = this.thumbnail(item);
      drawCell(canvas, sheet, index);
      canvas.classList.add("ready");
    });
    sheet.close();
  }
}

/** @param {number} seconds */
const shown = (seconds) => String(Math.round(seconds * 100) / 100);
