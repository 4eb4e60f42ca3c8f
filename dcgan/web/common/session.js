// Shared by every tab: requests to the server, the chosen model and its events, and notices under the header.
/** @import { PageEvents, Session } from "./types.d.ts" */

export const events = /** @type {PageEvents} */ (new EventTarget());
/** The last answer of dcgan/open. Null before that: await `sessionReady()` first. */
export let session = /** @type {Session} */ (/** @type {unknown} */ (null));

/**
 * Full address of one of this program's routes, which also holds where the page is mounted below a path.
 * @param {string} path
 */
export const at = (path) => new URL(`dcgan/${path}`, document.baseURI).href;

/** The server refused a request; `message` is its sentence for the user. */
export class ServerError extends Error {}

/**
 * Fetches one of this program's routes. Throws ServerError with the server's sentence, TypeError where no server answers.
 * POST where there is a body, GET otherwise.
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @param {RequestInit} [options]
 */
export async function request(path, body, options = {}) {
  const init =
    body === undefined
      ? options
      : { ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetchOrReport(at(path), init);
  if (response.ok) return response;
  let sentence = `The server answered with ${response.status}.`;
  try {
    sentence = (await response.json()).error ?? sentence;
  } catch {
    /* not JSON: the status is all there is to report */
  }
  throw new ServerError(sentence);
}

/**
 * As `fetch`; where no server answers, it throws TypeError and dispatches the event "unanswered".
 * @param {string} address
 * @param {RequestInit} init
 */
async function fetchOrReport(address, init) {
  try {
    const response = await fetch(address, init);
    // a proxy answers 502 to 504 while the server behind it is starting or gone: the same as no server
    if (response.status < 502) return response;
  } catch (error) {
    if (wasAborted(error)) throw error;
  }
  events.dispatchEvent(new Event("unanswered"));
  throw new TypeError("no server");
}

/**
 * Whether an error comes from an aborted request.
 * @param {unknown} error
 */
export const wasAborted = (error) => error instanceof Error && error.name === "AbortError";

/**
 * The server's sentence, or `otherwise` where no server answered.
 * @param {unknown} error
 * @param {string} otherwise
 */
export const sentenceOf = (error, otherwise) => (error instanceof ServerError ? error.message : otherwise);

/**
 * An error's message, whatever was thrown.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * As `request`, but tries again until a server answers. Throws ServerError only.
 * @param {string} path
 * @param {unknown} [body]
 */
export async function fetchWithRetry(path, body) {
  for (let pause = 500; ; pause = Math.min(pause * 1.5, 4000)) {
    try {
      return await request(path, body);
    } catch (error) {
      if (error instanceof ServerError) throw error;
      await wait(pause);
    }
  }
}

/** @type {Promise<Session> | null} */
let opening = null;

/** Resolves once the model and the face of the page's address are open; one request serves every caller. */
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
  const { model, forFilm } = session;
  opening = openLink(`?${new URLSearchParams({ model: name })}`);
  await opening;
  if (storageName(model.name) === storageName(session.model.name)) session.forFilm = forFilm;
  events.dispatchEvent(new Event("model"));
}

/**
 * Shows a sentence under the header for some seconds.
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
 * A function that calls `work` once it has not been called for `ms` milliseconds.
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
 * The run of a model "run:ID" or "run:ID@NIMG", as "run:ID"; "" for any other model.
 * @param {string} name
 */
export const runOf = (name) => /^run:[^@]+/.exec(name)?.[0] ?? "";

/**
 * The name by which the browser keeps what belongs to a model: the models of one run share it.
 * @param {string} name
 */
export const storageName = (name) => runOf(name) || name;

/**
 * A model's name as the page shows it: "run x" is the newest snapshot of run x, "run x after 64k" an earlier one,
 * "best of x" its best one.
 * @param {string} name
 */
export const modelLabel = (name) =>
  name
    .replace(/^run:/, "run ")
    .replace(/^best:/, "best of ")
    .replace(/@(\d+)$/, (_, nimg) => ` after ${short(Number(nimg))}`);

/**
 * A number with thousands as k or M: 812k, 1.2M.
 * @param {number} n
 */
export const short = (n) => (n >= 1e6 ? `${(n / 1e6).toFixed(1)}M` : n >= 1e3 ? `${Math.round(n / 1e3)}k` : `${n}`);
