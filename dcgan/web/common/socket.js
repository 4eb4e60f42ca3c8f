// Pictures over one WebSocket, which saves the cost of a request for each. Without a socket (a proxy blocks it, or it
// broke) pictures are fetched one by one, also those that a broken socket left unanswered; a new socket is tried later.
import { at, events, request, ServerError } from "./session.js";

const MIN_PAUSE = 2000;
const MAX_PAUSE = 60_000; // ms between two tries; doubled after each try that brings no picture
const ANSWER_TIMEOUT = 10_000; // ms without an answer, after which sockets count as broken on this page
const MOST_SENT = 8; // requests in flight on a socket: forty pictures a second over a line of 200 ms
const MOST_FETCHED = 2; // and without one, where each takes a connection
const FETCH_TIMEOUT = 30_000; // ms; the network may be gone without a word

/** @type {FrameSocket | null} */
let frameSocket = null;
let pause = MIN_PAUSE;
let nextTry = 0; // ms on the clock of performance.now()

// a socket does not notice by itself that the network has gone
addEventListener("offline", () => frameSocket?.end());

/**
 * Fetches a picture as a blob, with the milliseconds that the server took, and the most requests to have in flight.
 * Null where the server dropped the request because a newer one had arrived. Throws as `request` does.
 * @param {object} body
 * @returns {Promise<{ blob: Blob, millis: number, most: number } | null>}
 */
export async function picture(body) {
  const answer = frameSocket?.open ? await frameSocket.request(body) : connect();
  if (answer instanceof ArrayBuffer) return unpack(answer, body);
  if (answer) return dropped(answer);
  const response = await request("frame", body, { signal: AbortSignal.timeout(FETCH_TIMEOUT) });
  return { blob: await response.blob(), millis: Number(response.headers.get("X-Millis")), most: MOST_FETCHED };
}

/**
 * What an answer without a picture means: null for a dropped request. Throws ServerError with any other one's sentence.
 * @param {string} answer
 */
function dropped(answer) {
  const { superseded, error } = JSON.parse(answer);
  if (superseded) return null;
  throw new ServerError(error);
}

/**
 * Begins to open a socket for the next pictures, unless one is opening already or it is too early for another try.
 * @returns {null} no answer: this picture has to be fetched
 */
function connect() {
  if (frameSocket?.opening || !navigator.onLine || performance.now() < nextTry) return null;
  nextTry = performance.now() + pause;
  pause = Math.min(2 * pause, MAX_PAUSE);
  frameSocket = new FrameSocket();
  return null;
}

/**
 * @param {ArrayBuffer} answer
 * @param {{ format?: string }} body
 */
function unpack(answer, { format = "jpeg" }) {
  pause = MIN_PAUSE;
  return {
    blob: new Blob([new Uint8Array(answer, 4)], { type: `image/${format}` }),
    millis: new DataView(answer).getUint32(0, true) / 1000,
    most: MOST_SENT,
  };
}

/** A socket whose server answers in the order of the requests. */
class FrameSocket {
  /** @type {((answer: ArrayBuffer | string | null) => void)[]} */
  pending = [];
  answered = false; // it has brought an answer, so that no proxy is in its way

  constructor() {
    const socket = new WebSocket(at("frames").replace(/^http/, "ws"));
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.answered = true;
      this.pending.shift()?.(data);
    });
    socket.addEventListener("close", () => {
      this.end();
      // a stopped server is noticed even while nothing is asked for
      if (this.answered) events.dispatchEvent(new Event("socket-closed"));
    });
  }

  get opening() {
    return this.socket.readyState === WebSocket.CONNECTING;
  }
  get open() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Resolves to a picture's bytes, to the JSON text of an error, or to null where the socket broke first.
   * @param {object} body
   * @returns {Promise<ArrayBuffer | string | null>}
   */
  request(body) {
    return new Promise((done) => {
      const timer = setTimeout(() => {
        nextTry = Infinity;
        this.end();
      }, ANSWER_TIMEOUT);
      this.pending.push((answer) => {
        clearTimeout(timer);
        done(answer);
      });
      this.socket.send(JSON.stringify(body));
    });
  }

  end() {
    this.socket.close();
    for (const done of this.pending.splice(0)) done(null);
  }
}
