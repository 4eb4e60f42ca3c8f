// Thumbnails of faces for the shelf, the picker, arithmetic and breeding: several per request, each requested once.

import { sheetPicture } from "../generator/pictures.js";
/** @import { Placed } from "./types.d.ts" */
import { faceKey } from "./codec.js";
import { context2d, drawCell, squareCanvas } from "./dom.js";
import { ServerError, wait, wasAborted } from "./session.js";

const BATCH = 16;
const CACHED = 400;
const RETRY_AFTER = 1500; // ms, while no server answers

export class Thumbnails {
  /**
   * Cached thumbnails, by the keys of their faces.
   * @type {Map<string, HTMLCanvasElement>}
   */
  drawn = new Map();

  /**
   * @param {string} model
   * @param {number} cell side of a picture
   */
  constructor(model, cell) {
    this.model = model;
    this.cell = cell;
  }

  /** An empty canvas of the right size. */
  canvas() {
    return squareCanvas(this.cell);
  }

  /**
   * Draws faces on their canvases: cached ones at once, the others as they arrive. A canvas gets the class "ready", or
   * "lost" where the model cannot draw the face. `signal` aborts. False where it was aborted.
   * @param {Placed[]} wanted
   * @param {AbortSignal} [signal]
   */
  async paint(wanted, signal) {
    const fresh = wanted.filter((one) => !this.show(one));
    for (let start = 0; start < fresh.length && !signal?.aborted; start += BATCH) {
      await this.fetch(fresh.slice(start, start + BATCH), signal);
    }
    return !signal?.aborted;
  }

  /** @param {Placed} place */
  show({ face, canvas }) {
    const picture = this.drawn.get(faceKey(face));
    if (!picture) return false;
    context2d(canvas).drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.classList.add("ready");
    return true;
  }

  /**
   * @param {Placed[]} part
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async fetch(part, signal) {
    const body = { model: this.model, faces: part.map(({ face }) => face), cell: this.cell, columns: part.length };
    while (!signal?.aborted) {
      try {
        const sheet = await sheetPicture(body, signal);
        for (const [index, one] of part.entries()) this.cut(one, sheet, index);
        sheet.close();
        // aborted while the sheet was decoded: it is cached but not shown
        if (!signal?.aborted) for (const one of part) this.show(one);
        return undefined;
      } catch (error) {
        if (wasAborted(error)) return undefined;
        if (error instanceof ServerError) return this.retrySingly(part, error, signal);
        await wait(RETRY_AFTER);
      }
    }
    return undefined;
  }

  /**
   * @param {Placed} one
   * @param {ImageBitmap} sheet
   * @param {number} index
   */
  cut(one, sheet, index) {
    const own = this.canvas();
    drawCell(own, sheet, index);
    this.drawn.set(faceKey(one.face), own);
    const [oldest] = this.drawn.keys();
    if (this.drawn.size > CACHED) this.drawn.delete(oldest);
  }

  /**
   * Requests the faces of a refused batch one by one, since a single bad face refuses them all.
   * @param {Placed[]} part
   * @param {ServerError} error
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async retrySingly(part, error, signal) {
    if (part.length > 1) return void (await Promise.all(part.map((one) => this.fetch([one], signal))));
    if (signal?.aborted) return undefined;
    part[0].canvas.classList.add("lost");
    part[0].canvas.title = error.message;
    return undefined;
  }
}
