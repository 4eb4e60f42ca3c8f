// Breeding: two parents, nine children; the child one presses goes on as a parent. Children are drawn by lot from the
// generation's own seed, so each generation on the trail can be gone back to and is the same again.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields, Placed } from "../common/types.d.ts" */

import { latentFace, readFace } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { FaceGrid, slot } from "../common/face_grid.js";
import { ask, debounce, events, sentenceOf, session, wasAborted } from "../common/session.js";
import { tab } from "../common/storage.js";
import { Thumbnails } from "../common/thumbnails.js";
import { pick } from "../shelf/picker.js";

const CELL = 112;
const LONGEST = 60;
const HINT = "Press 1 and 2 to pick the parents: the picture on the desk, kept ones, or any face.";

const TEMPLATE = `
  <summary><h3>Breeding</h3><span class="quiet">press a child to go on from it</span></summary>
  <div class="family">
    <div class="parents"><div class="row pair"><div class="parent one"></div><b class="sign" aria-hidden="true">×</b>
      <div class="parent two"></div></div>
      <label class="field wild" title="How much of a child is neither parent’s: none, or all of it">tame
        <input class="wildness plain" type="range" min="0" max="1" step="0.05" value="0.25" aria-label="Wildness" />
        wild</label>
      <div class="row"><button type="button" class="small litter" 
        title="Nine other children of the same parents">other children</button>
        <button type="button" class="small over" title="Choose parents anew">clear</button></div></div>
    <div class="nine"></div>
  </div>
  <p class="quiet account" role="status"></p>
  <ol class="trail" aria-label="Lineage: parent 1 of each generation"></ol>`;

/** @typedef {{ parents: (FaceFields | null)[], seed: number, wildness: number }} Generation */

export class Breeding {
  asking = new AbortController();
  /** @type {Generation[]} */
  trail = [];
  at = 0; // of the generation one looks at

  /**
   * @param {HTMLElement} element a <details>
   * @param {() => { face: Face }} current what lies on the desk
   * @param {(face: FaceFields) => void} go puts a face there
   */
  constructor(element, current, go) {
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.current = current;
    this.go = go;
    this.find = finder(element);
    this.thumbs = new Thumbnails("", CELL);
    this.litterButton = this.find(".litter", HTMLButtonElement);
    this.overButton = this.find(".over", HTMLButtonElement);
    this.parents = [
      ["one", "1"],
      ["two", "2"],
    ].map(([name, letter], index) => slot(this.find(`.parent.${name}`), letter, CELL, () => this.pick(index)));
    this.children = new FaceGrid(this.find(".nine"), "Nine children", CELL, (face) => this.goOn(face));
    this.children.name((index) => `Child ${index + 1}: go on from it`);
    this.litter = debounce(150, () => this.ask());
    this.wildness = this.find(".wildness", HTMLInputElement);
    this.wildness.addEventListener("input", () => this.alter({ wildness: Number(this.wildness.value) }));
    this.litterButton.addEventListener("click", () => this.alter({ seed: this.now.seed + 1 }));
    this.overButton.addEventListener("click", () => this.startOver());
    events.addEventListener("model", () => this.begin());
    this.begin();
  }

  /** @param {string} text */
  tell(text) {
    this.find(".account").textContent = text;
  }

  /** The generation one looks at: its two parents, its seed, its wildness. */
  get now() {
    return this.trail[this.at];
  }
  get complete() {
    return this.now.parents.every(Boolean);
  }

  /** Each model has a lineage of its own; a reload finds it again. */
  begin() {
    const { name, nz } = session.model;
    const { trail, at } = /** @type {any} */ (tab.recall(`dcgan-breeding:${name}`) ?? {});
    const raw = Array.isArray(trail) ? trail.slice(0, LONGEST) : [];
    const read = raw.map((one) => readGeneration(one, nz)).filter((one) => one !== null);
    this.thumbs = new Thumbnails(name, CELL);
    if (!read.length || read.length < raw.length || !read[at]) {
      this.startOver();
      return;
    }
    this.trail = read;
    this.at = at;
    this.show();
  }

  startOver() {
    this.trail = [{ parents: [null, null], seed: 1, wildness: Number(this.wildness.value) }];
    this.at = 0;
    this.show();
  }

  /**
   * Changes the generation one looks at; those after it came of other parents, and go.
   * @param {Partial<Generation>} change
   */
  alter(change) {
    this.trail.splice(this.at, Infinity, { ...this.now, ...change });
    this.show();
  }

  /** @param {number} index of the parent */
  async pick(index) {
    const picked = await pick(this.element, {
      title: `Parent ${index + 1}`,
      most: 1,
      desk: this.current().face.request,
    });
    if (picked?.length) this.alter({ parents: this.now.parents.with(index, picked[0].face) });
  }

  /** @param {FaceFields} face */
  goOn(face) {
    const {
      parents: [, other],
      seed,
      wildness,
    } = this.now;
    this.trail.splice(this.at + 1, Infinity, { parents: [face, other], seed: seed + 1, wildness });
    this.trail.splice(0, this.trail.length - LONGEST);
    this.at = this.trail.length - 1;
    this.show();
    this.go(face);
  }

  /** @param {number} at */
  goBack(at) {
    this.at = at;
    this.show();
    const [face] = this.now.parents;
    if (face) this.go(face);
  }

  show() {
    tab.remember(`dcgan-breeding:${this.thumbs.model}`, { trail: this.trail, at: this.at });
    this.asking.abort();
    const { parents, wildness } = this.now;
    /** @type {Placed[]} */
    const wanted = [];
    this.wildness.value = String(wildness);
    parents.forEach((face, index) => {
      const { button, canvas } = this.parents[index];
      canvas.classList.remove("ready", "lost");
      button.toggleAttribute("data-empty", !face);
      button.setAttribute("aria-label", `${face ? "Change" : "Pick"} parent ${index + 1}`);
      if (face) wanted.push({ face, canvas });
    });
    wanted.push(...this.showTrail());
    this.litterButton.disabled = !this.complete;
    this.overButton.disabled = !parents.some(Boolean);
    this.tell(this.complete ? `Generation ${this.at + 1}.` : HINT);
    if (this.complete)
      this.litter(); // the old children stay until the new ones are there
    else this.children.offer([]);
    this.thumbs.paint(wanted);
  }

  /** Parent 1 of each generation, to step back to. One generation alone is no trail. */
  showTrail() {
    const steps = this.trail.length > 1 ? this.trail : [];
    const places = steps.map(({ parents: [face] }, index) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const canvas = this.thumbs.canvas();
      button.type = "button";
      button.className = "step";
      button.setAttribute("aria-label", `Generation ${index + 1}`);
      button.title = `Go back to generation ${index + 1}`;
      if (index === this.at) button.setAttribute("aria-current", "step");
      button.append(canvas);
      button.addEventListener("click", () => this.goBack(index));
      item.append(button);
      return { item, face, canvas };
    });
    const drawn = places.flatMap(({ face, canvas }) => (face ? [{ face, canvas }] : []));
    const list = this.find(".trail");
    list.replaceChildren(...places.map(({ item }) => item));
    list.scrollLeft = list.scrollWidth;
    return drawn;
  }

  async ask() {
    this.asking = new AbortController();
    const { signal } = this.asking;
    const { parents, seed, wildness } = this.now;
    if (!this.complete) return;
    try {
      const body = { model: this.thumbs.model, parents, seed, wildness };
      const { children } = await (await ask("breed", body, { signal })).json();
      if (!signal.aborted) this.thumbs.paint(this.children.offer(children.map(latentFace)), signal);
    } catch (error) {
      if (wasAborted(error)) return;
      this.tell(sentenceOf(error, "The server cannot be reached; press “other children” to try again."));
    }
  }
}

/**
 * A generation out of arbitrary JSON, or null.
 * @param {any} raw
 * @param {number} nz
 * @returns {Generation | null}
 */
function readGeneration(raw, nz) {
  const { parents, seed, wildness } = raw ?? {};
  if (!Array.isArray(parents) || parents.length !== 2 || !Number.isInteger(seed) || !(wildness >= 0 && wildness <= 1))
    return null;
  return { parents: parents.map((face) => (face ? readFace(face, nz) : null)), seed, wildness };
}
