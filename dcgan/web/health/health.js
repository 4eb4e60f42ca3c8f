// The panel "Health" of a run: a tick, or what goes wrong, why, and a button that does what helps.
import { finder } from "../common/dom.js";
import { request, sentenceOf, wait } from "../common/session.js";
import { openTab } from "../common/tabs.js";

const PAUSE = 5000; // ms between two examinations of a run
const STOPPING = 120; // seconds that a run may take to save and stop

/**
 * @typedef {object} Alarm
 * @property {string} name
 * @property {"note" | "warning" | "stop"} level
 * @property {string} seen
 * @property {string} why
 * @property {string} helps
 * @property {string} learn anchor in the Learn tab
 * @property {string} action
 * @property {object | null} start the body of train/start that does the action
 */
/** @typedef {{ run: string, verdict: string, mine: boolean, alarms: Alarm[] }} Health */
/** @typedef {{ run: string | null, alive: boolean, nimg: number, state: string }} Watched what of a status matters here */

/** @type {Record<string, string>} */
const VERDICTS = {
  balanced: "✓ balanced: neither network leaves the other behind",
  early: "too early to say whether the run goes well",
};
/** @type {Record<string, string>} */
const LEVELS = { note: "Note", warning: "Warning", stop: "Stop" };
/** @type {Record<string, string>} */
const ACTIONS = {
  lower_rates: "Go on from its best with half the rates",
  raise_augmentation: "Go on from its best with more augmentation",
  stop_keep_best: "Stop, and keep its best",
};

/**
 * @param {HTMLElement} panel
 * @param {(run: string) => string} token of a run
 * @param {(run: string, token: string) => void} started is called once the next run is on its way
 * @returns {{ look: (status: Watched) => Promise<void>, clear: () => void }}
 */
export function mountHealth(panel, token, started) {
  const find = finder(panel);
  let shown = ""; // the state of the run that was examined last
  let latest = 0; // time of that, in ms
  let busy = false; // while an action goes on, the panel stays as it is

  function clear() {
    shown = "";
    latest = 0;
    panel.hidden = true;
    say("");
  }

  /** @param {Watched} status */
  async function look(status) {
    const now = `${status.run}/${status.state}/${status.alive}`;
    const again = shown !== `${now}/${status.nimg}` && Date.now() - latest > PAUSE;
    if (busy || !status.run || !(again || !shown.startsWith(now))) return;
    shown = `${now}/${status.nimg}`;
    latest = Date.now();
    try {
      const query = new URLSearchParams({ run: status.run, token: token(status.run) });
      const health = await (await request(`train/health?${query}`)).json();
      if (!busy && shown.startsWith(`${health.run}/`)) show(health, status.alive);
    } catch {
      latest = 0; // the next look asks again
    }
  }

  /**
   * @param {Health} health
   * @param {boolean} alive
   */
  function show({ run, verdict, mine, alarms }, alive) {
    panel.hidden = false;
    panel.dataset.verdict = verdict;
    find(".verdict").textContent = VERDICTS[verdict] ?? "";
    const first = (/** @type {Alarm} */ { action }) => alarms.find((other) => other.action === action);
    // a button stands at the gravest alarm that it helps against
    const work = (/** @type {Alarm} */ alarm) => (mine && first(alarm) === alarm ? act(alarm, run, alive) : null);
    find(".alarms").replaceChildren(...alarms.map((alarm) => item(alarm, work(alarm))));
  }

  /**
   * The button's work, or null where there is nothing to press.
   * @param {Alarm} alarm
   * @param {string} run
   * @param {boolean} alive
   */
  function act({ action, start }, run, alive) {
    if (!start && !(action === "stop_keep_best" && alive)) return null;
    return async () => {
      busy = true;
      for (const button of panel.querySelectorAll("button")) button.disabled = true;
      try {
        if (alive) await stop(run);
        if (start) {
          say("starting the next run …");
          const next = await (await request("train/start", start)).json();
          started(next.run, next.token);
        }
        say("");
      } catch (error) {
        say(sentenceOf(error, "The server cannot be reached; try again."));
      } finally {
        busy = false;
        shown = "";
        for (const button of panel.querySelectorAll("button")) button.disabled = false;
      }
    };
  }

  /**
   * Lets a run save and stop.
   * @param {string} run
   */
  async function stop(run) {
    say("the run saves and stops …");
    await request("train/stop", { run, token: token(run) });
    const query = new URLSearchParams({ run, after: "1e12" });
    for (let seconds = 0; seconds < STOPPING; seconds++) {
      const { alive } = await (await request(`train/status?${query}`)).json();
      if (!alive) return;
      await wait(1000);
    }
  }

  /** @param {string} text */
  function say(text) {
    find(".doing").textContent = text;
  }

  panel.addEventListener("click", (event) => {
    const link = event.target instanceof HTMLAnchorElement ? event.target : null;
    if (!link?.hash) return;
    event.preventDefault();
    openParagraph(link.hash.slice(1));
  });
  return { look, clear };
}

/**
 * Opens the Learn tab at a paragraph.
 * @param {string} id
 */
async function openParagraph(id) {
  openTab("Learn");
  for (let tries = 0; tries < 40; tries++) {
    const paragraph = document.getElementById(id);
    if (paragraph?.offsetParent) {
      paragraph.tabIndex = -1;
      paragraph.focus();
      return paragraph.scrollIntoView({ block: "center" });
    }
    await wait(50); // the tab is not laid out yet
  }
}

/**
 * @param {Alarm} alarm
 * @param {(() => void) | null} work
 */
function item({ level, seen, why, helps, learn, action }, work) {
  const one = Object.assign(document.createElement("li"), { className: "alarm" });
  one.dataset.level = level;
  const title = Object.assign(document.createElement("b"), { textContent: `${LEVELS[level] ?? level}. ` });
  const link = Object.assign(document.createElement("a"), { href: `#${learn}`, textContent: "more in Learn" });
  const text = document.createElement("p");
  text.append(title, `${seen} ${why} `, Object.assign(document.createElement("i"), { textContent: helps }), " ", link);
  one.append(text);
  if (work) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: ACTIONS[action] });
    button.addEventListener("click", work);
    one.append(button);
  }
  return one;
}
