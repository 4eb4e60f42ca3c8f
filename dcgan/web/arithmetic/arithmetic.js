// Arithmetic on latents: A − B + C, each the mean latent of a few pictures (DCGAN paper, section 6.3.2). The server
// computes the latents and answers with each as text; their pictures are then requested as any other's.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields, Picture } from "../common/types.d.ts" */

import { latentFace } from "../common/codec.js";
import { finder, squareCanvas } from "../common/dom.js";
import { FaceGrid, faceButton } from "../common/face_grid.js";
import { debounce, events, request, sentenceOf, session, storageName, wasAborted } from "../common/session.js";
import { flash } from "../common/share.js";
import { tab } from "../common/storage.js";
import { Thumbnails } from "../common/thumbnails.js";
import { pick } from "../shelf/picker.js";
import { plain, readItems, shelfStore } from "../shelf/shelf_store.js";

const CELL = 112;
const MOST = 16;
const AROUND = 8;
/** @type {{ name: string, sign: 1 | -1 }[]} */
const TERMS = [
  { name: "A", sign: 1 },
  { name: "B", sign: -1 },
  { name: "C", sign: 1 },
];
const HINT = "Press a letter and pick pictures for it. Three of a kind work best: their mean keeps what they share.";

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
  <div class="row ends"><button type="button" class="small to-explore"
    title="Open the sum in Explore, above; undo brings the old face back">show in Explore</button>
    <button type="button" class="small keep-sum" title="Keep the sum on the shelf">keep</button>
    <button type="button" class="small clear" title="Empty A, B and C">clear</button></div>`;

/**
 * A term of the sum: its picked pictures, their thumbnails' container, and the button with their mean.
 * @typedef {object} Term
 * @property {string} name
 * @property {1 | -1} sign
 * @property {Picture[]} picked
 * @property {HTMLElement} members
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} canvas
 */
/**
 * The server's answer. All latents are text: `means` of the terms, `steps` the partial sums, `z` the whole sum, `around`
 * its neighbours. `length` is that of the sum, `usual` the range of 99 % of random latents.
 * @typedef {object} ArithmeticAnswer
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
  controller = new AbortController();

  /**
   * @param {HTMLElement} element a <details>
   * @param {() => { face: Face }} current
   * @param {(face: FaceFields) => void} go opens a face in Explore
   */
  constructor(element, current, go) {
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.current = current;
    this.find = finder(element);
    this.exploreButton = this.find(".to-explore", HTMLButtonElement);
    this.keepButton = this.find(".keep-sum", HTMLButtonElement);
    this.clearButton = this.find(".clear", HTMLButtonElement);
    this.thumbs = new Thumbnails("", CELL);
    this.terms = TERMS.map((term) => this.makeTerm(term));
    this.partialSum = squareCanvas(CELL);
    this.find(".frame").append(this.partialSum);
    this.nine = new FaceGrid(this.find(".nine"), "The sum, and eight neighbours of it", CELL, go);
    this.nine.name((index) =>
      index === AROUND / 2 ? "The sum: show it in Explore" : `Neighbour of the sum, ${index + 1}: show it in Explore`,
    );
    this.computeSoon = debounce(50, () => this.compute());
    this.exploreButton.addEventListener("click", () => this.sum && go(this.sum));
    this.keepButton.addEventListener("click", () => this.keep());
    this.clearButton.addEventListener("click", () => this.empty());
    events.addEventListener("model", () => this.begin());
    events.addEventListener("reconnected", () => !this.sum && this.computeSoon());
    this.begin();
  }

  get filled() {
    return this.terms.filter(({ picked }) => picked.length);
  }

  /** @param {string} text */
  showStatus(text) {
    this.find(".account").textContent = text;
  }

  /** Reads the terms of the chosen model, each of which has its own: latents of one model mean nothing in another. */
  begin() {
    const { name, nz } = session.model;
    const terms = tab.recall(`dcgan-sums:${storageName(name)}`);
    this.thumbs = new Thumbnails(name, CELL);
    this.terms.forEach((term, index) => {
      const raw = Array.isArray(terms) && Array.isArray(terms[index]) ? terms[index] : [];
      term.picked = readItems(raw, nz).items.slice(0, MOST);
    });
    this.changed();
  }

  empty() {
    for (const term of this.terms) term.picked = [];
    this.changed();
  }

  /**
   * Builds a term: a button with the mean of its pictures, and their thumbnails below.
   * @param {{ name: string, sign: 1 | -1 }} term
   */
  makeTerm({ name, sign }) {
    const element = this.find(`.term.${name.toLowerCase()}`);
    const members = document.createElement("div");
    members.className = "members";
    element.append(members);
    /** @type {Term} */
    const term = { name, sign, picked: [], members, ...faceButton(element, name, CELL, () => this.pick(term)) };
    return term;
  }

  /** @param {Term} term */
  async pick(term) {
    const options = {
      title: `Pictures for ${term.name}`,
      most: MOST,
      chosen: term.picked,
      current: this.current().face.request,
    };
    const picked = await pick(this.element, options);
    if (!picked) return;
    term.picked = picked;
    this.changed();
  }

  changed() {
    tab.remember(
      `dcgan-sums:${storageName(this.thumbs.model)}`,
      this.terms.map(({ picked }) => picked.map(plain)),
    );
    this.controller.abort();
    this.sum = null;
    for (const term of this.terms) this.showMembers(term);
    for (const canvas of [this.partialSum, ...this.terms.map(({ canvas }) => canvas)])
      canvas.classList.remove("ready", "lost");
    this.nine.setFaces([]);
    this.clearButton.disabled = !this.filled.length;
    this.exploreButton.disabled = this.keepButton.disabled = true;
    if (this.filled.length) this.computeSoon();
    else this.showStatus(HINT);
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

  async compute() {
    this.controller = new AbortController();
    const { signal } = this.controller;
    const { filled } = this;
    const terms = filled.map(({ sign, picked }) => ({ sign, faces: picked.map(({ face }) => face) }));
    if (!terms.length) return;
    try {
      const answer = await (await request("arithmetic", { model: this.thumbs.model, terms }, { signal })).json();
      if (!signal.aborted) this.show(answer, filled, signal);
    } catch (error) {
      if (wasAborted(error)) return;
      this.showStatus(sentenceOf(error, "The server cannot be reached; the sum follows once it answers."));
    }
  }

  /**
   * @param {ArithmeticAnswer} answer
   * @param {Term[]} filled
   * @param {AbortSignal} signal
   */
  show(answer, filled, signal) {
    const [a, b] = this.terms;
    const wanted = filled.map(({ canvas }, index) => ({ canvas, face: latentFace(answer.means[index]) }));
    if (a.picked.length && b.picked.length) wanted.push({ canvas: this.partialSum, face: latentFace(answer.steps[1]) });
    this.sum = latentFace(answer.z);
    this.exploreButton.disabled = this.keepButton.disabled = false;
    this.showStatus(account(answer, formula(filled)));
    const { around } = answer;
    const half = AROUND / 2;
    wanted.push(...this.nine.setFaces([...around.slice(0, half), answer.z, ...around.slice(half)].map(latentFace)));
    this.thumbs.paint(wanted, signal);
  }

  keep() {
    if (!this.sum) return;
    const problem = shelfStore().add(this.sum, formula(this.filled));
    flash(this.keepButton, problem ? "not kept" : "kept ✓");
    if (problem) this.showStatus(problem);
  }
}

/** @param {Term[]} terms */
const formula = (terms) => terms.map(({ name, sign }, index) => (sign < 0 ? "− " : index ? "+ " : "") + name).join(" ");

/**
 * The length of the sum's latent as a sentence, and whether it was rescaled.
 * @param {ArithmeticAnswer} answer
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
