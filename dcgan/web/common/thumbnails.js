// Small pictures of faces, a few in one request, each drawn once: what the shelf, the picker and the sums show.

import { faceKey } from "./codec.js";
import { ask, Refusal, wait } from "./session.js";

const AT_ONCE = 16,
  REMEMBERED = 400;
const PATIENCE = 1500; // ms until a server that is away is asked again

export class Thumbs {
  /** Of one model, `cell` pixels square. */
  constructor(model, cell) {
    Object.assign(this, { model, cell, drawn: new Map() });
  }

  /** An empty canvas of the right size. */
  canvas() {
    return Object.assign(document.createElement("canvas"), { width: this.cell, height: this.cell });
  }

  /**
   * Draws faces on canvases, [{face, canvas}]: known ones at once, the others as they come. A canvas gets the class
   * "ready", or "lost" where the model has no such face. `signal` ends it early.
   */
  async paint(wanted, signal) {
    const fresh = wanted.filter((one) => !this.show(one));
    for (let start = 0; start < fresh.length && !signal?.aborted; start += AT_ONCE) {
      await this.fetch(fresh.slice(start, start + AT_ONCE), signal);
    }
    return !signal?.aborted;
  }

  show({ face, canvas }) {
    const picture = this.drawn.get(faceKey(face));
    if (!picture) return false;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.classList.add("ready");
    return true;
  }

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
        if (error.name === "AbortError") return undefined;
        if (error instanceof Refusal) return this.blame(part, error, signal);
        await wait(PATIENCE);
      }
    }
    return undefined;
  }

  cut(one, sheet, index) {
    const { cell } = this,
      own = this.canvas();
    own.getContext("2d").drawImage(sheet, index * cell, 0, cell, cell, 0, 0, cell, cell);
    this.drawn.set(faceKey(one.face), own);
    if (this.drawn.size > REMEMBERED) this.drawn.delete(this.drawn.keys().next().value);
  }

  /** One face that cannot be drawn must not cost the others theirs. */
  async blame(part, error, signal) {
    if (part.length > 1) return void (await Promise.all(part.map((one) => this.fetch([one], signal))));
    if (signal?.aborted) return undefined;
    part[0].canvas.classList.add("lost");
    part[0].canvas.title = error.message;
    return undefined;
  }
}
