// Make film: one request whose answer is the progress, line by line; aborting it cancels the film.
/** @import { Find } from "../common/types.d.ts" */
import { request, ServerError, sentenceOf, wasAborted } from "../common/session.js";

/**
 * A line of the answer: why there is no film, that another one is first, how far it is, or where it is.
 * @typedef {object} FilmNews
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
 * Wires the button; returns {busy, shown}: is a film being made, and does the line tell of a finished one.
 * @param {Find} find
 * @param {() => object} film describes the film to the server
 */
export function makeFilm(find, film) {
  const state = { busy: false, shown: false };
  const make = find(".make", HTMLButtonElement);
  const cancel = find(".cancel", HTMLButtonElement);
  const progress = find(".progress", HTMLProgressElement);
  const line = find(".estimate");
  /** @type {AbortController | null} */
  let controller = null;

  make.addEventListener("click", async () => {
    controller = new AbortController();
    Object.assign(state, { busy: true, shown: true });
    make.disabled = true;
    cancel.disabled = false;
    progress.classList.add("on");
    progress.value = 0;
    try {
      const answer = await request("film", film(), { signal: controller.signal });
      for await (const news of lines(answer.body)) report(news);
    } catch (error) {
      const lost = "The connection was lost, so the film was not finished. Try again.";
      line.textContent = wasAborted(error) ? "Cancelled." : sentenceOf(error, lost);
    } finally {
      state.busy = false;
      make.disabled = false;
      cancel.disabled = true;
      progress.classList.remove("on");
    }
  });
  cancel.addEventListener("click", () => controller?.abort());

  /** @param {FilmNews} news */
  function report(news) {
    if (news.error) throw new ServerError(news.error);
    if (news.waiting) line.textContent = queueSentence(news.place ?? 1);
    const { total, done = 0, left = null } = news;
    if (total) {
      progress.value = done / total;
      const rest = left === null ? "" : `, ${Math.max(1, Math.round(left))} s left`;
      line.textContent = `${done} of ${total} frames${rest}`;
    }
    if (news.film) {
      progress.value = 1;
      const { frames, bytes = 0, seconds = 0 } = news;
      const size = `${frames} frames, ${Math.round(bytes / 1024)} kB`;
      line.textContent = `${size}, made in ${seconds.toFixed(1)} s; kept for an hour`;
      present(news.film);
    }
  }

  /** @param {string} address */
  function present(address) {
    const url = new URL(address, document.baseURI).href;
    find(".result .show").replaceChildren(...playing(url));
    find(".save-film", HTMLAnchorElement).href = `${url}?download=1`;
    find(".result").hidden = false;
  }
  return state;
}

/**
 * What shows the film: a video, a picture that moves, or nothing for a zip.
 * @param {string} url
 */
function playing(url) {
  if (url.endsWith(".zip")) return [];
  if (!/\.(mp4|webm)$/.test(url)) return [Object.assign(new Image(), { alt: "The film", src: url })];
  const playing = { controls: true, loop: true, muted: true, autoplay: true, playsInline: true };
  return [Object.assign(document.createElement("video"), { ...playing, src: url })];
}

/**
 * The answers of a server that tells how far it is: JSON, one a line.
 * @param {ReadableStream<BufferSource> | null} stream
 * @returns {AsyncGenerator<any>}
 */
export async function* lines(stream) {
  if (!stream) return;
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield JSON.parse(part);
  }
}

/** @param {number} place in the queue, 1 is next */
function queueSentence(place) {
  if (place === 1) return "Another film is being made; yours is next.";
  return `Other films are being made; yours is number ${place} in the queue.`;
}
