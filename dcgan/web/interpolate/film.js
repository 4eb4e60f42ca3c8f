// Makes a film: one request, whose answer reports the progress line by line. Aborting the request cancels the film.
/** @import { Find } from "../common/types.d.ts" */
import { queueSentence, readJsonLines } from "../common/json_lines.js";
import { request, ServerError, sentenceOf, wasAborted } from "../common/session.js";

const QUEUE = { one: "Another film is being made", many: "Other films are being made" };

/**
 * A line of the answer: an error, the place in the queue, the progress, or the address of the finished film.
 * @typedef {object} FilmProgress
 * @property {string} [error]
 * @property {boolean} [waiting]
 * @property {number} [place] in the queue, 1 is next
 * @property {number} [total]
 * @property {number} [done]
 * @property {number | null} [left]
 * @property {string} [film]
 * @property {number} [frames]
 * @property {number} [bytes]
 * @property {number} [seconds]
 */

/**
 * Wires the buttons. Returns {busy, shown, say}: whether a film is being made, whether the status line is about it, and
 * a function that writes that line.
 * @param {Find} find
 * @param {() => object} film the body of the request
 * @param {() => HTMLInputElement | null} refused an input that has to be corrected before a film can be made
 */
export function makeFilm(find, film, refused) {
  const state = { busy: false, shown: false, say };
  const make = find(".make", HTMLButtonElement);
  const cancel = find(".cancel", HTMLButtonElement);
  const progress = find(".progress", HTMLProgressElement);
  const line = find(".estimate");
  /** @type {AbortController | null} */
  let controller = null;

  /**
   * @param {string} text
   * @param {boolean} wrong it says why there is no film
   */
  function say(text, wrong = false) {
    line.textContent = text;
    line.classList.toggle("wrong", wrong);
  }

  make.addEventListener("click", async () => {
    const input = refused();
    if (input) {
      input.focus();
      return say(input.dataset.problem ?? "", true);
    }
    controller = new AbortController();
    Object.assign(state, { busy: true, shown: true });
    make.disabled = true;
    cancel.disabled = false;
    progress.classList.add("on");
    progress.value = 0;
    try {
      const answer = await request("film", film(), { signal: controller.signal });
      for await (const news of readJsonLines(answer.body)) report(news);
    } catch (error) {
      const lost = "The connection was lost, so the film was not finished. Try again.";
      if (wasAborted(error)) say("Cancelled.");
      else say(sentenceOf(error, lost), true);
    } finally {
      state.busy = false;
      make.disabled = false;
      cancel.disabled = true;
      progress.classList.remove("on");
    }
  });
  cancel.addEventListener("click", () => controller?.abort());

  /** @param {FilmProgress} news */
  function report(news) {
    if (news.error) throw new ServerError(news.error);
    if (news.waiting) say(queueSentence(news.place ?? 1, QUEUE));
    const { total, done = 0, left = null } = news;
    if (total) {
      progress.value = done / total;
      const rest = left === null ? "" : `, ${Math.max(1, Math.round(left))} s left`;
      say(`${done} of ${total} frames${rest}`);
    }
    if (news.film) {
      progress.value = 1;
      const { frames, bytes = 0, seconds = 0 } = news;
      const size = `${frames} frames, ${Math.round(bytes / 1024)} kB`;
      say(`${size}, made in ${seconds.toFixed(1)} s; kept for an hour`);
      showFilm(news.film);
    }
  }

  /** @param {string} address */
  function showFilm(address) {
    const url = new URL(address, document.baseURI).href;
    find(".result .show").replaceChildren(...playerFor(url));
    find(".save-film", HTMLAnchorElement).href = `${url}?download=1`;
    find(".result").hidden = false;
  }
  return state;
}

/**
 * The elements that play the film: a video, an animated picture, or none for a zip.
 * @param {string} url
 */
function playerFor(url) {
  if (url.endsWith(".zip")) return [];
  if (!/\.(mp4|webm)$/.test(url)) return [Object.assign(new Image(), { alt: "The film", src: url })];
  const attributes = { controls: true, loop: true, muted: true, autoplay: true, playsInline: true };
  return [Object.assign(document.createElement("video"), { ...attributes, src: url })];
}
