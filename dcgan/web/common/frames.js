// Pictures that follow a slider while it is dragged. As many requests are in flight as the round trip holds, the newest
// one waits, and those between are dropped. Answers are decoded off the main thread and drawn by their stamps, so that
// an older picture never covers a newer one.

import { picture, sheetPicture } from "../generator/pictures.js";
import { context2d } from "./dom.js";
import { clamp, events, ServerError, wait, wasAborted } from "./session.js";

const LEAST_DRAWING = 8; // ms that a picture takes at least; what the server measured may be 0

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
    this.capacity = 1; // of requests in flight
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
    if (this.inFlight < this.capacity) this.fetch();
  }

  /**
   * Allows one request that the server works on, and as many as it could answer while one is on its way.
   * @param {number} took ms from a request to its answer
   * @param {number} drawing ms of it that the server took for the picture
   * @param {number} most
   */
  measure(took, drawing, most) {
    const onTheWay = Math.ceil((took - drawing) / Math.max(LEAST_DRAWING, drawing));
    this.capacity = clamp(1 + onTheWay, 1, most);
  }

  /**
   * Requests a picture again, unless a newer one is wanted by now.
   * @param {{ body: object, stamp: number }} wanted
   */
  again(wanted) {
    if (wanted.stamp === this.stamp) this.waiting = wanted;
  }

  /** Fetches pictures until none waits. */
  async fetch() {
    this.inFlight += 1;
    while (this.waiting && this.inFlight <= this.capacity) {
      const { body, stamp } = this.waiting;
      this.waiting = null;
      try {
        const started = performance.now();
        const answer = await picture(body);
        if (!answer) {
          this.again({ body, stamp });
          continue;
        }
        const { image, millis, most } = answer;
        this.measure(performance.now() - started, millis, most);
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
        this.capacity = 1;
        this.again({ body, stamp });
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
