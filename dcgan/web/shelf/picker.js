// A dialog to choose pictures in: what lies on the desk, what is kept on the shelf, and any number of random faces.
/** @import { FaceFields, Picture, Placed } from "../common/types.d.ts" */

import { faceKey } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { events, session } from "../common/session.js";
import { Thumbnails } from "../common/thumbnails.js";
import { shelfStore } from "./shelf_store.js";

const CELL = 88;
const A_SHEET = 24;
const MOST_SHEETS = 20;

const TEMPLATE = `
  <div class="head"><h2></h2><span class="grow"></span>
    <button type="button" class="icon close" aria-label="Close" title="Close (Esc)">×</button></div>
  <div class="scroll">
    <div class="head shelf-head"><h3>Yours</h3></div><div class="faces own" role="group" aria-label="Yours"></div>
    <div class="head"><h3>Random faces</h3></div><div class="faces random" role="group" aria-label="Random faces"></div>
    <button type="button" class="small more">more faces</button>
  </div>
  <div class="row foot"><span class="quiet told" role="status"></span><span class="grow"></span>
    <button type="button" class="small none">none</button><button type="button" class="primary use"></button></div>`;

/**
 * Asks for up to `most` pictures, [{face, name}], of which `chosen` are so already; null where the dialog is closed.
 * With `most` 1, the picture that is pressed is the answer. `near` lies on the tab that asks.
 * @param {HTMLElement} near
 * @param {{ title: string, most: number, chosen?: Picture[], desk?: FaceFields | null }} wish
 */
export function pick(near, { title, most, chosen = [], desk = null }) {
  return new Promise((/** @type {(picked: Picture[] | null) => void} */ answer) => {
    new Picker(near, { title, most, chosen, desk }, answer);
  });
}

class Picker {
  sheets = 0; // of random faces
  ended = new AbortController();

  /**
   * @param {HTMLElement} near
   * @param {{ title: string, most: number, chosen: Picture[], desk: FaceFields | null }} wish
   * @param {(picked: Picture[] | null) => void} answer
   */
  constructor(near, wish, answer) {
    this.title = wish.title;
    this.most = wish.most;
    this.desk = wish.desk;
    this.answer = answer;
    this.chosen = [...wish.chosen];
    this.had = wish.chosen.length > 0;
    this.thumbs = new Thumbnails(session.model.name, CELL);
    this.dialog = document.createElement("dialog");
    this.dialog.className = "dcgan picker";
    this.dialog.setAttribute("aria-label", this.title);
    this.dialog.innerHTML = TEMPLATE;
    this.find = finder(this.dialog);
    this.moreButton = this.find(".more", HTMLButtonElement);
    this.noneButton = this.find(".none", HTMLButtonElement);
    this.useButton = this.find(".use", HTMLButtonElement);
    /** @type {HTMLElement[]} */
    this.faces = [];
    this.find(".head h2").textContent = this.title;
    this.wire();
    (near.closest(".tabitem") ?? near).append(this.dialog); // Gradio scopes style sheets to where components lie
    this.showOwn();
    this.more();
    this.show();
    this.dialog.showModal();
  }

  wire() {
    const { dialog } = this;
    const close = () => dialog.close();
    this.find(".close").addEventListener("click", close);
    this.useButton.addEventListener("click", () => this.done());
    this.noneButton.addEventListener("click", () => {
      this.chosen = [];
      this.show();
    });
    this.moreButton.addEventListener("click", () => this.more());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    }); // beside it
    dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the desk's keys are not meant here
    dialog.addEventListener("close", () => {
      this.ended.abort();
      dialog.remove();
      this.answer(null); // of no effect where there was an answer
    });
    events.addEventListener("model", close, { signal: this.ended.signal });
    for (const part of [this.noneButton, this.useButton]) part.hidden = this.most === 1;
  }

  done() {
    this.answer(this.chosen);
    this.dialog.close();
  }

  showOwn() {
    const kept = shelfStore().items.map(({ face, name }) => ({ face, name }));
    const here = this.desk ? [{ face: this.desk, name: "on the desk" }] : [];
    const seen = new Set([...here, ...kept].map(({ face }) => faceKey(face)));
    const strangers = this.chosen.filter(({ face }) => !seen.has(faceKey(face)) && !this.isSample(face));
    const own = [...here, ...kept, ...strangers];
    this.find(".shelf-head").hidden = !own.length;
    this.fill(this.find(".own"), own);
  }

  /** @param {FaceFields} face */
  isSample({ seed, psi, edits, z, off = [] }) {
    return !z && psi === 1 && !edits.length && !off.length && Number(seed) < A_SHEET;
  }

  more() {
    const first = this.sheets * A_SHEET;
    this.sheets += 1;
    this.moreButton.disabled = this.sheets >= MOST_SHEETS;
    this.fill(
      this.find(".random"),
      Array.from({ length: A_SHEET }, (_, index) => {
        const seed = String(first + index);
        return { face: { seed, psi: 1, edits: [] }, name: `seed ${seed}` };
      }),
    );
  }

  /**
   * @param {HTMLElement} list
   * @param {Picture[]} pictures
   */
  fill(list, pictures) {
    /** @type {Placed[]} */
    const places = pictures.map((picture) => {
      const button = document.createElement("button");
      const canvas = this.thumbs.canvas();
      button.type = "button";
      button.className = "face";
      button.dataset.key = faceKey(picture.face);
      button.setAttribute("aria-label", picture.name);
      button.title = picture.name;
      button.append(canvas);
      button.addEventListener("click", () => this.press(picture));
      list.append(button);
      this.faces.push(button);
      return { face: picture.face, canvas };
    });
    this.thumbs.paint(places, this.ended.signal);
    this.show();
  }

  /** @param {Picture} picture */
  press(picture) {
    const key = faceKey(picture.face);
    const at = this.chosen.findIndex(({ face }) => faceKey(face) === key);
    if (this.most === 1) {
      this.chosen = [picture];
      return this.done();
    }
    if (at >= 0) this.chosen.splice(at, 1);
    else if (this.chosen.length < this.most) this.chosen.push(picture);
    else {
      this.find(".told").textContent = `At most ${this.most} can be chosen here.`;
      return undefined;
    }
    return this.show();
  }

  show() {
    const keys = new Set(this.chosen.map(({ face }) => faceKey(face)));
    for (const button of this.faces) button.setAttribute("aria-pressed", String(keys.has(button.dataset.key ?? "")));
    this.find(".told").textContent =
      this.most === 1 ? "Press one." : "Press as many as you like; press again to leave one out.";
    this.noneButton.disabled = !keys.size;
    this.useButton.textContent = keys.size === 1 ? "Use 1 picture" : `Use ${keys.size} pictures`;
    this.useButton.disabled = !keys.size && !this.had;
  }
}
