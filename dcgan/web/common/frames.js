// Pictures that follow the hand. One request is on its way (two, where the server answers at once), the newest wish
// waits, everything between is dropped. Answers are decoded off the main thread and drawn by stamp, so that an older
// picture never covers a newer one.

import { context2d } from "./dom.js";
import { ask, events, ServerError, wait, wasAborted } from "./session.js";
import { picture } from "./socket.js";

const QUICK = 60; // ms; below it a second request fills the time that the first one spends on the way

export class Frames {
  /**
   * The wish that waits.
   * @type {{ body: object, stamp: number } | null}
   */
  waiting = null;

  /**
   * @param {HTMLCanvasElement} canvas shows the pictures
   * @param {HTMLElement} stage around it, carries the state: loading, live, offline
   * @param {(sentence: string) => void} say shows a sentence, or none, under the picture
   */
  constructor(canvas, stage, say) {
    this.canvas = canvas;
    this.context = context2d(canvas, { alpha: false });
    this.stage = stage;
    this.say = say;
    this.flying = 0;
    this.took = Infinity; // ms from the last wish to its answer
    this.stamp = 0;
    this.drawn = 0;
    this.shown = 0; // pictures drawn since the page opened
  }

  /**
   * Wishes for a picture.
   * @param {object} body what the server is asked for
   */
  want(body) {
    this.waiting = { body, stamp: ++this.stamp };
    this.canvas.dataset.wanted = String(this.stamp);
    if (this.flying < (this.took < QUICK ? 2 : 1)) this.fly();
  }

  /** Fetches what is wished for until nothing is. */
  async fly() {
    this.flying += 1;
    while (this.waiting) {
      const { body, stamp } = this.waiting;
      this.waiting = null;
      try {
        const started = performance.now();
        const { blob, millis } = await picture(body);
        this.took = performance.now() - started;
        events.dispatchEvent(new CustomEvent("frame", { detail: millis }));
        this.draw(blob, stamp); // not awaited: the next request leaves while this picture is decoded
        this.say("");
      } catch (error) {
        if (error instanceof ServerError) {
          this.say(error.message);
          if (!this.waiting) this.canvas.dataset.wanted = String(this.drawn);
          continue;
        }
        // no server: the last picture stays, greyed, and the newest wish is asked for again
        this.stage.dataset.state = this.drawn ? "offline" : "loading";
        this.took = Infinity;
        this.waiting ??= { body, stamp };
        await wait(800);
      }
    }
    this.flying -= 1;
  }

  /**
   * @param {Blob} blob
   * @param {number} stamp
   */
  async draw(blob, stamp) {
    const picture = await createImageBitmap(blob);
    if (stamp > this.drawn) {
      this.drawn = stamp;
      this.shown += 1;
      // the canvas has the picture's own size, and the page scales it: setting it anew would clear it
      if (this.canvas.width !== picture.width) this.canvas.width = this.canvas.height = picture.width;
      this.context.drawImage(picture, 0, 0);
      this.canvas.dataset.stamp = String(stamp);
      this.canvas.dataset.shown = String(this.shown);
      this.stage.dataset.state = "live";
    }
    picture.close();
  }
}

/** Sheets of thumbnails: the newest wish wins, an older answer is dropped. Resolves to a bitmap, or null if stale. */
export class Sheets {
  /** @type {AbortController | null} */
  controller = null;

  /** @param {object} body what the server is asked for */
  async get(body) {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    try {
      const response = await ask("sheet", body, { signal: controller.signal });
      const picture = await createImageBitmap(await response.blob());
      return controller.signal.aborted ? null : picture;
    } catch (error) {
      if (wasAborted(error) || error instanceof TypeError || error instanceof ServerError) return null;
      throw error;
    }
  }

  stop() {
    this.controller?.abort();
  }
}
