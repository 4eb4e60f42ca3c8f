// What the header, the desk and the cutting room have in common: the server's address, the chosen model, notices.
// A module is loaded once a page, so this is where they meet.
/** @import { PageEvents, Session } from "./types.d.ts" */

export const events = /** @type {PageEvents} */ (new EventTarget());
/** What dcgan/open answered last; null until then, which those who awaited `opened` need not fear. */
export let session = /** @type {Session} */ (/** @type {unknown} */ (null));

/**
 * Address of one of our routes, wherever the page is mounted.
 * @param {string} path
 */
export const at = (path) => new URL(`dcgan/${path}`, document.baseURI).href;

/** An answer of the server that is a sentence rather than a result. */
export class ServerError extends Error {}

/**
 * fetch that throws Refusal with the server's sentence, and TypeError when there is no server.
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @param {RequestInit} [options]
 */
export async function ask(path, body, options = {}) {
  const request =
    body === undefined
      ? options
      : { ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(at(path), request);
  if (response.ok) return response;
  // a proxy in front of a server that is starting or gone answers 502 to 504: the same as no server
  if (response.status >= 502) throw new TypeError("away");
  let sentence = `The server answered with ${response.status}.`;
  try {
    sentence = (await response.json()).error ?? sentence;
  } catch {
    /* not JSON: the status must do */
  }
  throw new ServerError(sentence);
}

/**
 * Whether an error says that a request was given up.
 * @param {unknown} error
 */
export const wasAborted = (error) => error instanceof Error && error.name === "AbortError";

/**
 * The server's sentence, or another where there was no server.
 * @param {unknown} error
 * @param {string} otherwise
 */
export const sentenceOf = (error, otherwise) => (error instanceof ServerError ? error.message : otherwise);

/**
 * What an error says.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Asks until a server answers; a sentence from it is passed on.
 * @param {string} path
 * @param {unknown} [body]
 */
export async function fetchWithRetry(path, body) {
  for (let pause = 500; ; pause = Math.min(pause * 1.5, 4000)) {
    try {
      return await ask(path, body);
    } catch (error) {
      if (error instanceof ServerError) throw error;
      await wait(pause);
    }
  }
}

/** @type {Promise<Session> | null} */
let opening = null;

/** The page's link, answered once for everybody who asks. */
export function sessionReady() {
  opening ??= openLink(location.search);
  return opening;
}

/** @param {string} query */
async function openLink(query) {
  session = await (await fetchWithRetry(`open${query}`)).json();
  if (session.problems.length) notice(session.problems.join(" "));
  return session;
}

/**
 * Changes the model for the whole page.
 * @param {string} name
 */
export async function chooseModel(name) {
  opening = openLink(`?${new URLSearchParams({ model: name })}`);
  await opening;
  events.dispatchEvent(new Event("model"));
}

/**
 * A sentence under the header; goes after a while.
 * @param {string} text
 */
export function notice(text) {
  events.dispatchEvent(new CustomEvent("notice", { detail: text }));
}

/** @type {(value: number, low: number, high: number) => number} */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
/** @type {(value: number) => string} */
export const signed = (value) => (value < 0 ? "−" : value > 0 ? "+" : "") + Math.abs(value).toFixed(2);

/**
 * Calls `work` once things have been quiet for `ms`.
 * @param {number} ms
 * @param {() => unknown} work
 */
export function debounce(ms, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

/**
 * A model's name as it is said: a run's newest, or its best.
 * @param {string} name
 */
export const modelLabel = (name) => name.replace(/^run:/, "run ").replace(/^best:/, "best of ");

/**
 * A number with thousands as k or M: 812k, 1.2M.
 * @param {number} n
 */
export const short = (n) => (n >= 1e6 ? `${(n / 1e6).toFixed(1)}M` : n >= 1e3 ? `${Math.round(n / 1e3)}k` : `${n}`);
