// The time slider of a run as a film: Play walks through the grids, and a time-lapse of them can be saved.
import { finder } from "../common/dom.js";
import { queueSentence, readJsonLines } from "../common/json_lines.js";
import { request, ServerError, sentenceOf, wait, wasAborted } from "../common/session.js";

const STEP = 125; // ms for which each grid is shown, as in the film
const SLOWEST = 10_000; // ms after which the next grid comes, even if this one has not
const QUEUE = { one: "Another film is being made", many: "Other films are being made" };

/**
 * A line of the answer: an error, the place in the queue, the progress, or the address and name of the finished film.
 * @typedef {object} News
 * @property {string} [error]
 * @property {boolean} [waiting]
 * @property {number} [place] in the queue, 1 is next
 * @property {number} [done]
 * @property {number} [total]
 * @property {string} [film]
 * @property {string} [name]
 * @property {number} [frames]
 * @property {number} [bytes]
 */

/**
 * @param {HTMLElement} panel
 * @param {HTMLInputElement} slider a grid each step
 * @param {HTMLImageElement} picture shows the slider's grid, some time after its "input"
 * @param {() => string} run
 */
export function mountTimelapse(panel, slider, picture, run) {
  const find = finder(panel);
  const play = find(".play", HTMLButtonElement);
  const face = find(".face", HTMLInputElement);
  const make = find(".make", HTMLButtonElement);
  const cancel = find(".cancel", HTMLButtonElement);
  const progress = find(".making", HTMLProgressElement);
  let playing = 0; // counts up, so that an older walk ends when another begins
  let walking = false;
  /** @type {AbortController | null} */
  let controller = null;

  async function walk() {
    const mine = ++playing;
    walking = true;
    show("❚❚", "Pause");
    let next = slider.value === slider.max ? 0 : Number(slider.value) + 1;
    while (mine === playing && walking && panel.offsetParent && next <= Number(slider.max)) {
      const rest = wait(STEP);
      const arrived = shown(picture);
      move(next);
      await arrived;
      await rest;
      next = Number(slider.value) + 1;
    }
    if (mine === playing) stop();
  }

  function stop() {
    walking = false;
    show("▶", "Play");
  }

  /** @param {number} grid */
  function move(grid) {
    slider.value = String(grid);
    slider.dispatchEvent(new Event("input"));
  }

  /**
   * @param {string} sign
   * @param {string} name
   */
  function show(sign, name) {
    play.textContent = sign;
    play.setAttribute("aria-label", `${name} the grids as a film`);
  }

  /** @param {string} text */
  function say(text) {
    find(".told").textContent = text;
  }

  async function save() {
    if (!face.reportValidity()) return;
    controller = new AbortController();
    busy(true);
    try {
      const body = {
        run: run(),
        face: face.value === "" ? null : Number(face.value),
        format: find(".format", HTMLSelectElement).value,
      };
      const answer = await request("train/timelapse", body, { signal: controller.signal });
      for await (const news of readJsonLines(answer.body)) report(news);
    } catch (error) {
      const lost = "The connection was lost, so the film was not finished. Try again.";
      say(wasAborted(error) ? "Cancelled." : sentenceOf(error, lost));
    } finally {
      busy(false);
    }
  }

  /** @param {News} news */
  function report({ error, waiting, place = 1, done = 0, total, film, name = "", frames, bytes = 0 }) {
    if (error) throw new ServerError(error);
    if (waiting) say(queueSentence(place, QUEUE));
    if (total) {
      progress.value = done / total;
      say(`${done} of ${total} frames`);
    }
    if (!film) return;
    say(`${frames} frames, ${Math.round(bytes / 1024)} kB`);
    const url = new URL(film, document.baseURI);
    url.searchParams.set("download", name);
    Object.assign(document.createElement("a"), { href: url.href, download: name }).click();
  }

  /** @param {boolean} is a film is being made */
  function busy(is) {
    make.disabled = is;
    cancel.hidden = progress.hidden = !is;
    progress.value = 0;
  }

  play.addEventListener("click", () => (walking ? stop() : walk()));
  slider.addEventListener("pointerdown", stop);
  slider.addEventListener("keydown", stop);
  make.addEventListener("click", save);
  cancel.addEventListener("click", () => controller?.abort());
  stop();
}

/**
 * Resolves when a picture shows its next source.
 * @param {HTMLImageElement} picture
 * @returns {Promise<void>}
 */
function shown(picture) {
  return new Promise((done) => {
    const timer = setTimeout(done, SLOWEST);
    picture.addEventListener(
      "load",
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}
