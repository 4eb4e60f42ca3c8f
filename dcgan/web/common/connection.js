// Whether the server can be reached. After a request without an answer the page asks until the server answers again.
// Events "lost" and "reconnected" tell every tab: the first shows a sentence, the second asks for all that is missing.
import { at, events, wait } from "./session.js";

const PROBE_TIMEOUT = 5000; // ms
const MIN_PAUSE = 500;
const MAX_PAUSE = 4000; // ms between two probes
const SPELL = 30_000; // ms; a loss so soon after the one before is probed for with a longer pause

class Connection {
  probing = false;
  missing = false; // a request was left without an answer since the last "reconnected"
  lost = false;
  pause = MIN_PAUSE;
  recovered = -Infinity; // ms on the clock of performance.now()

  /**
   * Asks whether the server answers, and goes on asking until it does.
   * @param {boolean} missing a request was left without an answer
   */
  async check(missing) {
    this.missing ||= missing;
    if (this.probing) return;
    this.probing = true;
    // where single requests fail and probes do not, each failure would otherwise cause the next one at once
    this.pause = performance.now() - this.recovered < SPELL ? Math.min(2 * this.pause, MAX_PAUSE) : MIN_PAUSE;
    if (this.pause > MIN_PAUSE) await wait(this.pause);
    while (!(await serverAnswers())) {
      if (!this.lost) events.dispatchEvent(new Event("lost"));
      this.lost = true;
      await wait(this.pause);
    }
    const changed = this.missing || this.lost;
    Object.assign(this, { probing: false, missing: false, lost: false, recovered: performance.now() });
    if (changed) events.dispatchEvent(new Event("reconnected"));
  }
}

async function serverAnswers() {
  try {
    const response = await fetch(at("models"), { cache: "no-store", signal: AbortSignal.timeout(PROBE_TIMEOUT) });
    return response.status < 502;
  } catch {
    return false;
  }
}

/** Begins to watch. */
export function watchConnection() {
  const connection = new Connection();
  events.addEventListener("unanswered", () => connection.check(true));
  events.addEventListener("socket-closed", () => connection.check(false));
  addEventListener("offline", () => connection.check(false));
}
