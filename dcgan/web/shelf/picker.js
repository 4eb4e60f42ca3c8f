// A dialog to choose pictures: the face shown in Explore, those on the shelf, and random faces.
/** @import { FaceFields, Picture, Placed } from "../common/types.d.ts" */

import { faceKey } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { events, session } from "../common/session.js";
import { Thumbnails } from "../common/thumbnails.js";
import { shelfStore } from "./shelf_store.js";

const CELL = 88;
const PER_SHEET = 24;
const MAX_SHEETS = 20;

const TEMPLATE = `
  <div class="head"><h2></h2><span class="grow"></span>
    <button type="button" class="icon close" aria-label="Close" title="Close (Esc)">×</button></div>
  <div class="scroll">
    <div class="head shelf-head"><h3>Yours</h3></div><div class="faces own" role="group" aria-label="Yours"></div>
    <div class="head"><h3>Random faces</h3></div><div class="faces random" role="group" aria-label="Random faces"></div>
    <button type="button" class="small more">more faces</button>
  </div>
  <div class="row foot"><span class="quiet message" role="status"></span><span class="grow"></span>
    <button type="button" class="small none">none</button><button type="button" class="primary use"></button></div>`;

/**
 * Opens the dialog and resolves to at most `most` pictures, or to null where it was closed without a choice. `chosen` are
 * marked from the start. With `most` 1, the first pressed picture is the result. `near` is an element of the tab that
 * opens the dialog; `current` the face shown in Explore.
 * @param {HTMLElement} near
 * @param {{ title: string, most: number, chosen?: Picture[], current?: FaceFields | null }} options
 */
export function pick(near, { title, most, chosen = [], current = null }) {
  return new Promise((/** @type {(picked: Picture[] | null) => void} */ answer) => {
    new Picker(near, { title, most, chosen, current }, answer);
  });
}

class Picker {
  sheets = 0; // of random faces
  closed = new AbortController();

  /**
   * @param {HTMLElement} near
   * @param {{ title: string, most: number, chosen: Picture[], current: FaceFields | null }} options
   * @param {(picked: Picture[] | null) => void} answer
   */
  constructor(near, options, answer) {
    this.title = options.title;
    this.most = options.most;
    this.current = options.current;
    this.answer = answer;
    this.chosen = [...options.chosen];
    this.had = options.chosen.length > 0;
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
    }); // on the backdrop
    dialog.addEventListener("keydown", (event) => event.stopPropagation()); // else the keys of the Explore tab would act behind the dialog
    dialog.addEventListener("close", () => {
      this.closed.abort();
      dialog.remove();
      this.answer(null); // no effect after a choice: a promise settles once
    });
    events.addEventListener("model", close, { signal: this.closed.signal });
    for (const part of [this.noneButton, this.useButton]) part.hidden = this.most === 1;
  }

  done() {
    this.answer(this.chosen);
    this.dialog.close();
  }

  showOwn() {
    const kept = shelfStore().items.map(({ face, name }) => ({ face, name }));
    const here = this.current ? [{ face: this.current, name: "the face in Explore" }] : [];
    const seen = new Set([...here, ...kept].map(({ face }) => faceKey(face)));
    const others = this.chosen.filter(({ face }) => !seen.has(faceKey(face)) && !this.isSample(face));
    const own = [...here, ...kept, ...others];
    this.find(".shelf-head").hidden = !own.length;
    this.fill(this.find(".own"), own);
  }

  /** @param {FaceFields} face */
  isSample({ seed, psi, edits, z, off = [] }) {
    return !z && psi === 1 && !edits.length && !off.length && Number(seed) < PER_SHEET;
  }

  more() {
    const first = this.sheets * PER_SHEET;
    this.sheets += 1;
    this.moreButton.disabled = this.sheets >= MAX_SHEETS;
    this.fill(
      this.find(".random"),
      Array.from({ length: PER_SHEET }, (_, index) => {
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
    this.thumbs.paint(places, this.closed.signal);
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
      this.find(".message").textContent = `At most ${this.most} can be chosen here.`;
      return undefined;
    }
    return this.show();
  }

  show() {
    const keys = new Set(this.chosen.map(({ face }) => faceKey(face)));
    for (const button of this.faces) button.setAttribute("aria-pressed", String(keys.has(button.dataset.key ?? "")));
    this.find(".message").textContent =
      this.most === 1 ? "Press one." : "Press as many as you like; press again to remove one.";
    this.noneButton.disabled = !keys.size;
    this.useButton.textContent = keys.size === 1 ? "Use 1 picture" : `Use ${keys.size} pictures`;
    this.useButton.disabled = !keys.size && !this.had;
  }
}
