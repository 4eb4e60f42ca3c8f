// Arithmetic: A − B + C, each the mean of a few pictures (DCGAN paper, section 6.3.2). The server reckons with the
// latents and says each as text; the pictures of those are then drawn as any others.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields, Picture } from "../common/types.d.ts" */

import { latentFace } from "../common/codec.js";
import { finder, squareCanvas } from "../common/dom.js";
import { FaceGrid, slot } from "../common/face_grid.js";
import { ask, debounce, events, sentenceOf, session, wasAborted } from "../common/session.js";
import { flash } from "../common/share.js";
import { tab } from "../common/storage.js";
import { Thumbnails } from "../common/thumbnails.js";
import { pick } from "../shelf/picker.js";
import { plain, readItems, shelfStore } from "../shelf/shelf_store.js";

const CELL = 112;
const MOST = 16;
const AROUND = 8;
/** @type {{ name: string, sign: 1 | -1 }[]} */
const SLOTS = [
  { name: "A", sign: 1 },
  { name: "B", sign: -1 },
  { name: "C", sign: 1 },
];
const HINT = "Press a letter and pick pictures for it. Three of a kind work best: what they do not share averages out.";

const TEMPLATE = `
  <summary><h3>Arithmetic</h3><span class="quiet">smiling women − serious women + serious men</span></summary>
  <div class="equation">
    <div class="term a"></div><b class="sign" aria-hidden="true">−</b>
      <div class="term b"></div><b class="sign" aria-hidden="true">=</b>
    <div class="term between"><div class="frame"></div>
      <div class="quiet">A − B</div></div><b class="sign" aria-hidden="true">+</b>
    <div class="term c"></div><b class="sign" aria-hidden="true">=</b><div class="nine"></div>
  </div>
  <p class="quiet account" role="status"></p>
  <div class="row ends"><button type="button" class="small to-desk"
    title="Put the sum on the desk; undo brings back what was there">to the desk</button>
    <button type="button" class="small keep-sum" title="Keep the sum on the shelf">keep</button>
    <button type="button" class="small clear" title="Empty A, B and C">clear</button></div>`;

/**
 * A term of the sum: the pictures that were picked for it, the place of their mean and of themselves.
 * @typedef {object} Term
 * @property {string} name
 * @property {1 | -1} sign
 * @property {Picture[]} picked
 * @property {HTMLElement} members
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} canvas
 */
/**
 * What the server reckons: latents as text, of the terms, of the partial sums, of the whole and of what lies around it.
 * @typedef {object} Told
 * @property {string[]} means
 * @property {string[]} steps
 * @property {string} z
 * @property {string[]} around
 * @property {number} length
 * @property {[number, number]} usual
 */

export class Arithmetic {
  /** @type {FaceFields | null} */
  sum = null;
  asking = new AbortController();

  /**
   * @param {HTMLElement} element a <details>
   * @param {() => { face: Face }} current what lies on the desk
   * @param {(face: FaceFields) => void} go puts a face there
   */
  constructor(element, current, go) {
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.current = current;
    this.find = finder(element);
    this.toDesk = this.find(".to-desk", HTMLButtonElement);
    this.keepButton = this.find(".keep-sum", HTMLButtonElement);
    this.clearButton = this.find(".clear", HTMLButtonElement);
    this.thumbs = new Thumbnails("", CELL);
    this.slots = SLOTS.map((term) => this.makeTerm(term));
    this.step = squareCanvas(CELL);
    this.find(".frame").append(this.step);
    this.nine = new FaceGrid(this.find(".nine"), "The sum, and eight pictures beside it", CELL, go);
    this.nine.name((index) =>
      index === AROUND / 2 ? "The sum: put it on the desk" : `Beside the sum, ${index + 1}: put it on the desk`,
    );
    this.reckon = debounce(50, () => this.ask());
    this.toDesk.addEventListener("click", () => this.sum && go(this.sum));
    this.keepButton.addEventListener("click", () => this.keep());
    this.clearButton.addEventListener("click", () => this.empty());
    events.addEventListener("model", () => this.begin());
    this.begin();
  }

  get filled() {
    return this.slots.filter(({ picked }) => picked.length);
  }

  /** @param {string} text */
  tell(text) {
    this.find(".account").textContent = text;
  }

  /** Another model's latents mean nothing in this one, so each has terms of its own; a reload finds them again. */
  begin() {
    const { name, nz } = session.model;
    const terms = tab.recall(`dcgan-sums:${name}`);
    this.thumbs = new Thumbnails(name, CELL);
    this.slots.forEach((term, index) => {
      const raw = Array.isArray(terms) && Array.isArray(terms[index]) ? terms[index] : [];
      term.picked = readItems(raw, nz).items.slice(0, MOST);
    });
    this.changed();
  }

  empty() {
    for (const term of this.slots) term.picked = [];
    this.changed();
  }

  /**
   * A term with its place: its mean, to be pressed, and beneath it the pictures it is the mean of.
   * @param {{ name: string, sign: 1 | -1 }} term
   */
  makeTerm({ name, sign }) {
    const element = this.find(`.term.${name.toLowerCase()}`);
    const members = document.createElement("div");
    members.className = "members";
    element.append(members);
    /** @type {Term} */
    const term = { name, sign, picked: [], members, ...slot(element, name, CELL, () => this.pick(term)) };
    return term;
  }

  /** @param {Term} term */
  async pick(term) {
    const wish = {
      title: `Pictures for ${term.name}`,
      most: MOST,
      chosen: term.picked,
      desk: this.current().face.request,
    };
    const picked = await pick(this.element, wish);
    if (!picked) return;
    term.picked = picked;
    this.changed();
  }

  changed() {
    tab.remember(
      `dcgan-sums:${this.thumbs.model}`,
      this.slots.map(({ picked }) => picked.map(plain)),
    );
    this.asking.abort();
    this.sum = null;
    for (const term of this.slots) this.showMembers(term);
    for (const canvas of [this.step, ...this.slots.map(({ canvas }) => canvas)])
      canvas.classList.remove("ready", "lost");
    this.nine.offer([]);
    this.clearButton.disabled = !this.filled.length;
    this.toDesk.disabled = this.keepButton.disabled = true;
    if (this.filled.length) this.reckon();
    else this.tell(HINT);
  }

  /** @param {Term} term */
  showMembers({ picked, members, button, name }) {
    button.toggleAttribute("data-empty", !picked.length);
    button.setAttribute(
      "aria-label",
      picked.length ? `Pictures for ${name}: ${picked.map((one) => one.name).join(", ")}` : `Pick pictures for ${name}`,
    );
    const places = picked.map(({ face, name: title }) => ({
      face,
      canvas: Object.assign(this.thumbs.canvas(), { title }),
    }));
    members.replaceChildren(...places.map(({ canvas }) => canvas));
    this.thumbs.paint(places);
  }

  async ask() {
    this.asking = new AbortController();
    const { signal } = this.asking;
    const { filled } = this;
    const terms = filled.map(({ sign, picked }) => ({ sign, faces: picked.map(({ face }) => face) }));
    if (!terms.length) return;
    try {
      const told = await (await ask("arithmetic", { model: this.thumbs.model, terms }, { signal })).json();
      if (!signal.aborted) this.show(told, filled, signal);
    } catch (error) {
      if (wasAborted(error)) return;
      this.tell(sentenceOf(error, "The server cannot be reached; pick again to try again."));
    }
  }

  /**
   * @param {Told} told
   * @param {Term[]} filled
   * @param {AbortSignal} signal
   */
  show(told, filled, signal) {
    const [a, b] = this.slots;
    const wanted = filled.map(({ canvas }, index) => ({ canvas, face: latentFace(told.means[index]) }));
    if (a.picked.length && b.picked.length) wanted.push({ canvas: this.step, face: latentFace(told.steps[1]) });
    this.sum = latentFace(told.z);
    this.toDesk.disabled = this.keepButton.disabled = false;
    this.tell(account(told, formula(filled)));
    const { around } = told;
    const half = AROUND / 2;
    wanted.push(...this.nine.offer([...around.slice(0, half), told.z, ...around.slice(half)].map(latentFace)));
    this.thumbs.paint(wanted, signal);
  }

  keep() {
    if (!this.sum) return;
    const refused = shelfStore().add(this.sum, formula(this.filled));
    flash(this.keepButton, refused ? "not kept" : "kept ✓");
    if (refused) this.tell(refused);
  }
}

/** @param {Term[]} slots */
const formula = (slots) => slots.map(({ name, sign }, index) => (sign < 0 ? "− " : index ? "+ " : "") + name).join(" ");

/**
 * How long the sum is, and what is done about it.
 * @param {Told} told
 * @param {string} sum
 */
function account({ length, usual: [low, high] }, sum) {
  const range = `${low.toFixed(1)} to ${high.toFixed(1)}, as 99 % of random faces are`;
  if (length >= low && length <= high)
    return `${sum} is ${length.toFixed(1)} long, within ${range}: it is drawn as it is.`;
  const [word, end] = length > high ? ["longer", high] : ["shorter", low];
  const kept = `It is drawn at ${end.toFixed(1)}; its direction, which is what counts, is kept.`;
  return `${sum} is ${length.toFixed(1)} long, ${word} than ${range}. ${kept}`;
}
