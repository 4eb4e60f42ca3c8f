// The field: a square between the first three or four keyframes, to move in with the hand or the arrow keys.

/** @import { FaceFields } from "../common/types.d.ts" */
import { context2d, finder } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { clamp, debounce } from "../common/session.js";
import { Gesture } from "../common/touch.js";

const SIDE = 6;
const CELL = 64;
const STEP = 0.02;
/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** @typedef {{ model: string, corners: FaceFields[], mode: string }} FieldRequest */

export class FieldPad {
  /**
   * @param {HTMLElement} element
   * @param {() => FieldRequest} body describes the field to the server
   * @param {(body: FieldRequest & { x: number, y: number }) => void} moved wants the picture of a place in it
   */
  constructor(element, body, moved) {
    this.body = body;
    this.moved = moved;
    this.find = finder(element);
    this.pad = this.find(".pad");
    this.x = this.y = 0.5;
    this.sheets = new Sheets();
    this.fetchSoon = debounce(300, () => this.fetch());
    this.tell = debounce(400, () => {
      this.find(".place").textContent = `${percent(this.x)} right, ${percent(this.y)} down`;
    });
    /** @type {Gesture | null} */
    let gesture = null;
    let before = { x: this.x, y: this.y };
    this.pad.addEventListener("pointerdown", (event) => {
      if (event.button || !this.open) return;
      this.pad.setPointerCapture(event.pointerId);
      gesture = new Gesture(event);
      before = { x: this.x, y: this.y };
      if (gesture.drags) this.point(event);
    });
    this.pad.addEventListener("pointermove", (event) => {
      if (gesture?.follows(event)) this.point(event);
    });
    this.pad.addEventListener("pointerup", (event) => {
      if (gesture?.taps(event)) this.point(event);
      gesture = null;
    });
    this.pad.addEventListener("pointercancel", () => {
      if (gesture?.drags) this.go(before.x, before.y);
      gesture = null;
    });
    this.pad.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const far = event.shiftKey ? 5 : 1;
      if (!step || !this.open) return;
      event.preventDefault();
      this.go(this.x + far * step[0], this.y + far * step[1]);
    });
  }

  get open() {
    return this.body().corners.length >= 3;
  }

  /** The keyframes are others now. */
  show() {
    const { corners } = this.body();
    this.pad.classList.toggle("closed", !this.open);
    this.pad.setAttribute("aria-disabled", String(!this.open));
    this.find(".se").textContent = corners.length > 3 ? "D" : "B + C − A";
    this.find(".about").textContent = !this.open
      ? "Field: with a third face, every face between the first three."
      : corners.length > 3
        ? "Field: drag to any face between the first four."
        : "Field: drag to any face between A, B and C. A fourth takes the last corner.";
    this.place();
    if (this.open) this.fetchSoon();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.pad.getBoundingClientRect();
    this.go((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  go(x, y) {
    this.x = clamp(x, 0, 1);
    this.y = clamp(y, 0, 1);
    this.pad.classList.add("held");
    this.place();
    this.tell();
    this.moved({ ...this.body(), x: this.x, y: this.y });
  }

  /** The picture is of something else again. */
  leave() {
    this.pad.classList.remove("held");
  }

  place() {
    this.find(".spot").style.left = `${100 * this.x}%`;
    this.find(".spot").style.top = `${100 * this.y}%`;
  }

  async fetch() {
    const sheet = await this.sheets.get({ ...this.body(), side: SIDE, cell: CELL, columns: SIDE });
    if (!sheet) return;
    context2d(this.find(".map", HTMLCanvasElement)).drawImage(sheet, 0, 0);
    this.pad.classList.add("ready");
    sheet.close();
  }
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;
