// Pictures that follow a slider while it is dragged. One request is in flight (two, where the server answers fast), the
// newest one waits, and those between are dropped. Answers are decoded off the main thread and drawn by their stamps,
// so that an older picture never covers a newer one.

import { picture, sheetPicture } from "../generator/pictures.js";
import { context2d } from "./dom.js";
import { events, ServerError, wait, wasAborted } from "./session.js";

const FAST = 60; // ms; below it a second request in flight hides the time that the network takes

export class Frames {
  /**
   * The newest request, not sent yet.
   * @type {{ body: object, stamp: number } | null}
   */
  waiting = null;

  /**
   * @param {HTMLCanvasElement} canvas shows the pictures
   * @param {HTMLElement} stage around the canvas; its data-state is loading, live or offline
   * @param {(sentence: string) => void} showError shows a sentence under the picture; the empty one hides it
   */
  constructor(canvas, stage, showError) {
    this.canvas = canvas;
    this.context = context2d(canvas, { alpha: false });
    this.stage = stage;
    this.showError = showError;
    this.inFlight = 0;
    this.took = Infinity; // ms from the last request to its answer
    this.stamp = 0;
    this.drawn = 0;
    this.shown = 0; // count of pictures since the page opened
  }

  /**
   * Requests a picture, in place of one that still waits.
   * @param {object} body of the request
   */
  show(body) {
    this.waiting = { body, stamp: ++this.stamp };
    this.canvas.dataset.wanted = String(this.stamp);
    if (this.inFlight < (this.took < FAST ? 2 : 1)) this.fetch();
  }

  /** Fetches pictures until none waits. */
  async fetch() {
    this.inFlight += 1;
    while (this.waiting) {
      const { body, stamp } = this.waiting;
      this.waiting = null;
      try {
        const started = performance.now();
        const { image, millis } = await picture(body);
        this.took = performance.now() - started;
        events.dispatchEvent(new CustomEvent("frame", { detail: millis }));
        this.draw(image, stamp); // not awaited: the next request leaves while this picture is decoded
        this.showError("");
      } catch (error) {
        if (error instanceof ServerError) {
          this.showError(error.message);
          if (!this.waiting) this.canvas.dataset.wanted = String(this.drawn);
          continue;
        }
        // no server: the last picture stays, greyed, and the newest request is sent again
        this.stage.dataset.state = this.drawn ? "offline" : "loading";
        this.took = Infinity;
        this.waiting ??= { body, stamp };
        await wait(800);
      }
    }
    this.inFlight -= 1;
  }

  /**
   * @param {Blob | ImageBitmap} image
   * @param {number} stamp
   */
  async draw(image, stamp) {
    const picture = await createImageBitmap(image);
    if (stamp > this.drawn) {
      this.drawn = stamp;
      this.shown += 1;
      // only where the size differs, since setting it clears the canvas; the page scales it
      if (this.canvas.width !== picture.width) this.canvas.width = this.canvas.height = picture.width;
      this.context.drawImage(picture, 0, 0);
      this.canvas.dataset.stamp = String(stamp);
      this.canvas.dataset.shown = String(this.shown);
      this.stage.dataset.state = "live";
    }
    picture.close();
  }
}

/** Sheets of thumbnails: a new request aborts the one before. */
export class Sheets {
  /** @type {AbortController | null} */
  controller = null;

  /**
   * Fetches a sheet as a bitmap; null where it was aborted, refused or no server answered.
   * @param {object} body of the request
   */
  async get(body) {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    try {
      const picture = await sheetPicture(body, controller.signal);
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
