// Pictures that follow the hand. One request is on its way, the newest wish waits, everything between is dropped.
// Answers are decoded off the main thread and drawn by stamp, so that an older picture never covers a newer one.
import { ask, events, Refusal, wait } from "./shared.js";

export class Frames {
  /** `canvas` shows the pictures; `stage` around it carries the state: loading, live, offline. */
  constructor(canvas, stage, say) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false, desynchronized: false });
    this.stage = stage;
    this.say = say; // (sentence or "") → shown under the picture
    this.waiting = null;
    this.busy = false;
    this.stamp = 0;
    this.drawn = 0;
    this.shown = 0; // pictures drawn since the page opened; read by the benchmark
    this.crisp = false;
  }

  /** Wishes for a picture; returns its stamp. */
  want(body) {
    this.waiting = { body, stamp: ++this.stamp };
    if (!this.busy) this.pump();
    return this.stamp;
  }

  async pump() {
    this.busy = true;
    while (this.waiting) {
      const { body, stamp } = this.waiting;
      this.waiting = null;
      try {
        const response = await ask("frame", body);
        const blob = await response.blob();
        events.dispatchEvent(new CustomEvent("frame", { detail: Number(response.headers.get("X-Millis")) }));
        this.draw(blob, stamp); // not awaited: the next request leaves while this picture is decoded
        this.say("");
      } catch (error) {
        if (error instanceof Refusal) { this.say(error.message); continue; }
        // no server: the last picture stays, greyed, and the newest wish is asked for again
        this.stage.dataset.state = this.drawn ? "offline" : "loading";
        this.waiting ??= { body, stamp };
        await wait(800);
      }
    }
    this.busy = false;
  }

  async draw(blob, stamp) {
    const picture = await createImageBitmap(blob);
    if (stamp > this.drawn) {
      this.drawn = stamp;
      this.shown += 1;
      this.context.imageSmoothingEnabled = !this.crisp;
      this.context.imageSmoothingQuality = "high";
      this.context.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
      this.canvas.dataset.stamp = stamp;
      this.canvas.dataset.shown = this.shown;
      this.stage.dataset.state = "live";
    }
    picture.close();
  }
}

/** Sheets of thumbnails: the newest wish wins, an older answer is thrown away. Resolves to a bitmap, or null if stale. */
export class Sheets {
  constructor() { this.controller = null; }

  async get(body) {
    this.controller?.abort();
    const controller = this.controller = new AbortController();
    try {
      const response = await ask("sheet", body, { signal: controller.signal });
      const picture = await createImageBitmap(await response.blob());
      return controller.signal.aborted ? null : picture;
    } catch (error) {
      if (error.name === "AbortError" || error instanceof TypeError || error instanceof Refusal) return null;
      throw error;
    }
  }

  stop() { this.controller?.abort(); }
}
