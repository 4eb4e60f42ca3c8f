// The pictures of a run: the same 64 faces as they grow, with a slider back through time, and real pictures.
/** @import { Status } from "./run_view.js" */
import { finder } from "../common/dom.js";
import { at, short } from "../common/session.js";
import { mountTimelapse } from "../timelapse/timelapse.js";
import { MomentButtons } from "./moment.js";
import { token } from "./tokens.js";

export class RunPictures {
  run = "";
  following = true; // the slider stays at the newest grid
  /** @type {Status | null} */
  status = null;

  /**
   * @param {HTMLElement} element
   * @param {(model: string) => void} open
   * @param {(model: string) => void} duplicate
   */
  constructor(element, open, duplicate) {
    const find = finder(element);
    this.find = find;
    this.samples = find(".samples", HTMLImageElement);
    this.reals = find(".reals", HTMLImageElement);
    this.time = find(".time", HTMLInputElement);
    this.moment = new MomentButtons(find(".at-moment"), open, duplicate);
    mountTimelapse(find(".timelapse"), this.time, this.samples, () => this.run);
    this.time.addEventListener("input", () => {
      this.following = this.time.value === this.time.max;
      this.#showMoment();
    });
  }

  /**
   * Removes the pictures of another run, until the server has told of this one.
   * @param {string} run
   */
  clear(run) {
    this.run = run;
    this.status = null;
    this.following = true;
    for (const image of [this.samples, this.reals]) {
      image.removeAttribute("src");
      delete image.dataset.of;
    }
    this.find(".moment").textContent = "";
    this.find(".at-moment").hidden = true;
  }

  /**
   * @param {Status} status
   * @param {string} run
   */
  show(status, run) {
    this.run = run;
    this.status = status;
    this.time.max = String(Math.max(0, status.samples.length - 1));
    if (this.following) this.time.value = this.time.max;
    if (status.samples.length || status.count) this.#load(this.reals, "reals");
    this.#showMoment();
  }

  #showMoment() {
    const nimg = this.status?.samples[Number(this.time.value)];
    if (nimg === undefined) return;
    this.find(".moment").textContent = `after ${short(nimg)} pictures`;
    this.moment.show(this.run, nimg, this.status?.snapshots ?? []);
    this.#load(this.samples, String(nimg));
  }

  /**
   * Loads a grid of the run. It is decoded before it takes the old one's place.
   * @param {HTMLImageElement} image
   * @param {string} nimg
   */
  async #load(image, nimg) {
    const { run } = this;
    const key = `${run}/${nimg}`;
    if (image.dataset.of === key) return;
    image.dataset.of = key;
    const next = new Image();
    next.src = `${at("train/picture")}?${new URLSearchParams({ run, nimg, token: token(run) })}`;
    try {
      await next.decode();
      if (image.dataset.of === key) image.src = next.src;
    } catch {
      if (image.dataset.of === key) delete image.dataset.of; // asked again at the next look
    }
  }
}
