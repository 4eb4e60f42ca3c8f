// Pictures over one WebSocket, which spares each of them a request. Where there is none, because a proxy stops it or it
// broke, they come by fetch, and a socket is tried again in a while. What a broken one left unanswered is fetched.
import { ask, at, ServerError } from "./session.js";

const SOON = 2000;
const LATE = 60_000; // ms between two tries; each that brings no picture doubles it
const SILENCE = 10_000; // ms without an answer, after which a socket is not believed to work

/** @type {Line | null} */
let line = null;
let pause = SOON;
let next = 0; // ms; when a socket may be tried

// a socket does not notice by itself that the network has gone
addEventListener("offline", () => line?.end());

/**
 * A picture as a blob, and the milliseconds that the server took. Throws as `ask` does.
 * @param {object} body
 */
export async function picture(body) {
  const answer = line?.open ? await line.ask(body) : connect();
  if (answer instanceof ArrayBuffer) return unpack(answer, body);
  if (answer) throw new ServerError(JSON.parse(answer).error);
  const response = await ask("frame", body);
  return { blob: await response.blob(), millis: Number(response.headers.get("X-Millis")) };
}

/**
 * Begins to open a socket, for the pictures to come, unless one is being opened or it is too early.
 * @returns {null} no answer
 */
function connect() {
  if (line?.opening || !navigator.onLine || performance.now() < next) return null;
  next = performance.now() + pause;
  pause = Math.min(2 * pause, LATE);
  line = new Line();
  return null;
}

/**
 * @param {ArrayBuffer} answer
 * @param {{ format?: string }} body
 */
function unpack(answer, { format = "jpeg" }) {
  pause = SOON;
  return {
    blob: new Blob([new Uint8Array(answer, 4)], { type: `image/${format}` }),
    millis: new DataView(answer).getUint32(0, true) / 1000,
  };
}

/** A socket whose answers come in the order of the questions. */
class Line {
  /** @type {((answer: ArrayBuffer | string | null) => void)[]} */
  due = [];

  constructor() {
    const socket = new WebSocket(at("frames").replace(/^http/, "ws"));
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.due.shift()?.(data));
    socket.addEventListener("close", () => this.end());
  }

  get opening() {
    return this.socket.readyState === WebSocket.CONNECTING;
  }
  get open() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Resolves to a picture's bytes, to the JSON text of a refusal, or to null where no answer will come.
   * @param {object} body
   * @returns {Promise<ArrayBuffer | string | null>}
   */
  ask(body) {
    return new Promise((done) => {
      const silent = setTimeout(() => {
        next = Infinity;
        this.end();
      }, SILENCE);
      this.due.push((answer) => {
        clearTimeout(silent);
        done(answer);
      });
      this.socket.send(JSON.stringify(body));
    });
  }

  end() {
    this.socket.close();
    for (const done of this.due.splice(0)) done(null);
  }
}
