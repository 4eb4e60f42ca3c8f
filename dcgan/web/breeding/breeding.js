// Breeding: two parents have nine children; a pressed child becomes a parent of the next generation. Each generation
// has a seed of its own, so that going back to one shows the same children again.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields, Placed } from "../common/types.d.ts" */

import { latentFace, readFace } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { FaceGrid, faceButton } from "../common/face_grid.js";
import { debounce, events, request, sentenceOf, session, storageName, wasAborted } from "../common/session.js";
import { tab } from "../common/storage.js";
import { Thumbnails } from "../common/thumbnails.js";
import { pick } from "../shelf/picker.js";

const CELL = 112;
const LONGEST = 60;
const HINT = "Press 1 and 2 to pick the parents: the face in Explore, pictures on the shelf, or random faces.";

const TEMPLATE = `
  <summary><h3>Breeding</h3><span class="quiet">press a child to go on from it</span></summary>
  <div class="family">
    <div class="parents"><div class="row pair"><div class="parent one"></div><b class="sign" aria-hidden="true">×</b>
      <div class="parent two"></div></div>
      <label class="field wild" title="How much of a child is random instead of inherited: left none, right all of it">tame
        <input class="wildness plain" type="range" min="0" max="1" step="0.05" value="0.25" aria-label="Wildness" />
        wild</label>
      <div class="row"><button type="button" class="small other-children" 
        title="Nine other children of the same parents">other children</button>
        <button type="button" class="small clear" title="Choose parents anew">clear</button></div></div>
    <div class="nine"></div>
  </div>
  <p class="quiet account" role="status"></p>
  <ol class="trail" aria-label="Lineage: parent 1 of each generation"></ol>`;

/** @typedef {{ parents: (FaceFields | null)[], seed: number, wildness: number }} Generation */

export class Breeding {
  controller = new AbortController();
  /** @type {Generation[]} */
  trail = [];
  at = 0; // index of the generation that is shown

  /**
   * @param {HTMLElement} element a <details>
   * @param {() => { face: Face }} current
   * @param {(face: FaceFields) => void} go opens a face in Explore
   */
  constructor(element, current, go) {
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.current = current;
    this.go = go;
    this.find = finder(element);
    this.thumbs = new Thumbnails("", CELL);
    this.othersButton = this.find(".other-children", HTMLButtonElement);
    this.clearButton = this.find(".clear", HTMLButtonElement);
    this.parents = [
      ["one", "1"],
      ["two", "2"],
    ].map(([name, letter], index) => faceButton(this.find(`.parent.${name}`), letter, CELL, () => this.pick(index)));
    this.children = new FaceGrid(this.find(".nine"), "Nine children", CELL, (face) => this.breed(face));
    this.children.name((index) => `Child ${index + 1}: go on from it`);
    this.fetchSoon = debounce(150, () => this.fetchChildren());
    this.wildness = this.find(".wildness", HTMLInputElement);
    this.wildness.addEventListener("input", () => this.alter({ wildness: Number(this.wildness.value) }));
    this.othersButton.addEventListener("click", () => this.alter({ seed: this.now.seed + 1 }));
    this.clearButton.addEventListener("click", () => this.startOver());
    events.addEventListener("model", () => this.begin());
    events.addEventListener("reconnected", () => this.complete && this.show());
    this.begin();
  }

  /** @param {string} text */
  showStatus(text) {
    this.find(".account").textContent = text;
  }

  /** The generation that is shown. */
  get now() {
    return this.trail[this.at];
  }
  get complete() {
    return this.now.parents.every(Boolean);
  }

  /** Reads the generations of the chosen model, which a reload keeps. */
  begin() {
    const { name, nz } = session.model;
    const { trail, at } = /** @type {any} */ (tab.recall(`dcgan-breeding:${storageName(name)}`) ?? {});
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
   * Changes the generation that is shown, and removes those after it, which have other parents now.
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
      current: this.current().face.request,
    });
    if (picked?.length) this.alter({ parents: this.now.parents.with(index, picked[0].face) });
  }

  /** @param {FaceFields} face */
  breed(face) {
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
    tab.remember(`dcgan-breeding:${storageName(this.thumbs.model)}`, { trail: this.trail, at: this.at });
    this.controller.abort();
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
    this.othersButton.disabled = !this.complete;
    this.clearButton.disabled = !parents.some(Boolean);
    this.showStatus(this.complete ? `Generation ${this.at + 1}.` : HINT);
    if (this.complete)
      this.fetchSoon(); // the old children stay until the new ones have arrived
    else this.children.setFaces([]);
    this.thumbs.paint(wanted);
  }

  /** Shows parent 1 of each generation, as a button back to it, once there are two generations. */
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

  async fetchChildren() {
    this.controller = new AbortController();
    const { signal } = this.controller;
    const { parents, seed, wildness } = this.now;
    if (!this.complete) return;
    try {
      const body = { model: this.thumbs.model, parents, seed, wildness };
      const { children } = await (await request("breed", body, { signal })).json();
      if (!signal.aborted) this.thumbs.paint(this.children.setFaces(children.map(latentFace)), signal);
    } catch (error) {
      if (wasAborted(error)) return;
      this.showStatus(sentenceOf(error, "The server cannot be reached; the children follow once it answers."));
    }
  }
}

/**
 * Reads a generation from arbitrary JSON; null where it is invalid.
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
