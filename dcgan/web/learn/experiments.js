// The experiments of the failures: a button, a line that says what it will do, and the run that it starts.
import { finder } from "../common/dom.js";
import { events, fetchWithRetry, request, sentenceOf } from "../common/session.js";
import { openTab } from "../common/tabs.js";
import { keepToken } from "../train/tokens.js";

/**
 * What train/start takes for an experiment, a sentence about it, and its usual length.
 * @typedef {object} Experiment
 * @property {string} name
 * @property {string} about
 * @property {number} seconds
 * @property {string} data
 * @property {string} preset
 * @property {object} overrides
 * @property {string} button its label
 */

/**
 * Puts a button into each place for an experiment.
 * @param {HTMLElement} element
 */
export async function mountExperiments(element) {
  /** @type {Experiment[]} */
  const experiments = await (await fetchWithRetry("learn/experiments")).json();
  for (const experiment of experiments) {
    const place = element.querySelector(`[data-experiment="${experiment.name}"]`);
    if (place instanceof HTMLElement) mountExperiment(place, experiment);
  }
}

/**
 * @param {HTMLElement} place
 * @param {Experiment} experiment
 */
function mountExperiment(place, { about, seconds, data, preset, overrides, button }) {
  place.innerHTML = `
    <button type="button" class="try"></button>
    <div class="confirm" hidden>
      <p class="plan"></p>
      <div class="row"><button type="button" class="primary begin">Start this run</button>
        <button type="button" class="cancel">Cancel</button></div>
    </div>
    <p class="outcome quiet" role="status"></p>`;
  const find = finder(place);
  const offer = find(".try", HTMLButtonElement);
  const begin = find(".begin", HTMLButtonElement);
  offer.textContent = button;
  /** @param {boolean} open */
  const ask = (open) => {
    find(".confirm").hidden = !open;
    offer.hidden = open;
  };
  /** @param {string} text */
  const say = (text) => {
    find(".outcome").textContent = text;
  };
  find(".plan").textContent =
    `This starts a training run: ${about}. It takes ${duration(seconds)} on two CPU cores, and the Train tab shows it.`;
  offer.addEventListener("click", async () => {
    say("");
    const running = await runningNow();
    if (running) return say(`The run ${running} is going on, and one run trains at a time. Stop it, or wait for it.`);
    ask(true);
    begin.focus();
  });
  find(".cancel").addEventListener("click", () => {
    ask(false);
    offer.focus();
  });
  begin.addEventListener("click", async () => {
    begin.disabled = true;
    say("starting the trainer …");
    try {
      const { run, token } = await (await request("train/start", { data, preset, overrides })).json();
      keepToken(run, token);
      say("");
      openTab("Train");
      events.dispatchEvent(new CustomEvent("run-chosen", { detail: run }));
    } catch (error) {
      say(sentenceOf(error, "The server cannot be reached; nothing was started."));
    } finally {
      begin.disabled = false;
      ask(false);
    }
  });
}

/** The run that trains now; "" where there is none, or no server answers. */
async function runningNow() {
  try {
    const { running } = await (await request("train/status?after=1e12")).json();
    return running ?? "";
  } catch {
    return "";
  }
}

/** @param {number} seconds */
const duration = (seconds) =>
  seconds < 100 ? `about ${Math.round(seconds / 10) * 10} seconds` : `about ${Math.round(seconds / 60)} minutes`;
