// Small pictures of faces, a few in one request, each drawn once: what the shelf, the picker and the sums show.

/** @import { Placed } from "./types.d.ts" */
import { faceKey } from "./codec.js";
import { context2d, drawCell, squareCanvas } from "./dom.js";
import { ask, ServerError, wait, wasAborted } from "./session.js";

const AT_ONCE = 16;
const REMEMBERED = 400;
const PATIENCE = 1500; // ms until a server that is away is asked again

export class Thumbnails {
  /**
   * The pictures so far, by the keys of their faces.
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
   * Draws faces on canvases, [{face, canvas}]: known ones at once, the others as they come. A canvas gets the class
   * "ready", or "lost" where the model has no such face. `signal` ends it early.
   * @param {Placed[]} wanted
   * @param {AbortSignal} [signal]
   */
  async paint(wanted, signal) {
    const fresh = wanted.filter((one) => !this.show(one));
    for (let start = 0; start < fresh.length && !signal?.aborted; start += AT_ONCE) {
      await this.fetch(fresh.slice(start, start + AT_ONCE), signal);
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
        const sheet = await createImageBitmap(await (await ask("sheet", body, { signal })).blob());
        for (const [index, one] of part.entries()) this.cut(one, sheet, index);
        sheet.close();
        // what was given up while the sheet was being decoded is only remembered
        if (!signal?.aborted) for (const one of part) this.show(one);
        return undefined;
      } catch (error) {
        if (wasAborted(error)) return undefined;
        if (error instanceof ServerError) return this.blame(part, error, signal);
        await wait(PATIENCE);
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
    if (this.drawn.size > REMEMBERED) this.drawn.delete(oldest);
  }

  /**
   * One face that cannot be drawn must not cost the others theirs.
   * @param {Placed[]} part
   * @param {ServerError} error
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async blame(part, error, signal) {
    if (part.length > 1) return void (await Promise.all(part.map((one) => this.fetch([one], signal))));
    if (signal?.aborted) return undefined;
    part[0].canvas.classList.add("lost");
    part[0].canvas.title = error.message;
    return undefined;
  }
}
