// One run as its status tells it: state, numbers, curves, pictures and health, and what can be done with it.
/** @import { Point } from "../common/types.d.ts" */
import { finder } from "../common/dom.js";
import { short } from "../common/session.js";
import { mountHealth } from "../health/health.js";
import { RunCharts } from "./run_charts.js";
import { RunOrders } from "./run_orders.js";
import { RunPictures } from "./run_pictures.js";
import { RunSelect } from "./run_select.js";
import { numbers, sentence, stateLabel } from "./run_words.js";
import { token } from "./tokens.js";

/**
 * A run as the server tells it. Where there is none at all, `run` is null and the rest is missing.
 * @typedef {object} Status
 * @property {string | null} run
 * @property {string[]} runs
 * @property {string | null} running the run that trains
 * @property {string[]} queue the runs that wait, the next one first
 * @property {string} state
 * @property {number} place in the queue, 1 is next; 0 where the run does not wait
 * @property {string[]} moves those in the queue that this visitor may make: "up", "down"
 * @property {boolean} alive
 * @property {boolean} mine
 * @property {boolean} can_resume
 * @property {string} message
 * @property {string} data
 * @property {number} count pictures in the data set
 * @property {string} facts
 * @property {number} nimg
 * @property {number} total
 * @property {number | null} speed
 * @property {number | null} eta
 * @property {number} elapsed
 * @property {number | null} snapshot
 * @property {number[]} snapshots pictures seen by each model that is kept
 * @property {number | null} best
 * @property {number[]} samples
 * @property {string} loss the loss function
 * @property {number} equilibrium D's loss where it only guesses
 * @property {number} equilibrium_g G's loss there
 * @property {Point[]} curve
 * @property {Point[]} scores
 */

/**
 * What the view asks the tab for.
 * @typedef {object} TabActions
 * @property {() => Promise<void>} look reads the run's status anew
 * @property {(run: string) => void} choose shows another run
 * @property {(run: string, token: string) => void} begun shows a run that was just started
 * @property {(model: string) => void} open opens a model in Explore
 * @property {(model: string) => void} duplicate fills the form of a new run that begins with this model
 */

export class RunView {
  run = "";

  /**
   * @param {HTMLElement} element
   * @param {TabActions} actions
   */
  constructor(element, { look, choose, begun, open, duplicate }) {
    this.element = element;
    const find = finder(element);
    this.find = find;
    this.charts = new RunCharts(element);
    this.badge = find(".badge");
    this.word = find(".word");
    this.whole = find(".whole", HTMLProgressElement);
    this.exploreButton = find(".open-explore", HTMLButtonElement);
    this.runs = new RunSelect(find(".runs", HTMLSelectElement), choose);
    this.orders = new RunOrders(element, look);
    this.pictures = new RunPictures(element, open, duplicate);
    this.health = mountHealth(find(".health"), token, begun);
    this.exploreButton.addEventListener("click", () => open(`run:${this.run}`));
    find(".best").addEventListener("click", () => open(`best:${this.run}`));
  }

  /**
   * Removes all that is of another run, until the server has told of this one.
   * @param {string} run
   */
  clear(run) {
    const { find } = this;
    this.run = run;
    this.health.clear();
    this.whole.value = 0;
    this.charts.clear();
    for (const part of [".numbers", ".word"]) find(part).textContent = "";
    for (const part of [".best", ".watching"]) find(part).hidden = true;
    this.orders.clear();
    this.pictures.clear(run);
    this.badge.textContent = "opening …";
    this.badge.dataset.state = "";
    this.exploreButton.disabled = true;
    this.runs.show(run);
  }

  /**
   * @param {Status} status
   * @param {string} run
   * @param {Point[]} curve the whole curve; the status has only its newest points
   */
  show(status, run, curve) {
    const { find } = this;
    this.run = run;
    this.element.classList.remove("away");
    this.runs.show(run, status.runs);
    this.badge.textContent = stateLabel(status.state, status.place);
    this.badge.dataset.state = status.state;
    find(".numbers").textContent = numbers(status);
    if (status.total) this.whole.value = status.nimg / status.total;
    this.word.textContent = sentence(status);
    this.word.classList.toggle("bad", ["failed", "crashed"].includes(status.state));
    this.orders.show(status, run);
    this.exploreButton.disabled = status.snapshot === null;
    find(".watching").hidden = status.mine || !(status.alive || status.state === "queued");
    this.charts.show(status, curve);
    // the newest model is often not the best: GANs get worse again
    find(".best").hidden = status.best === null || status.best === status.snapshot;
    find(".best").textContent = `Open its best, ${short(status.best ?? 0)}`;
    this.pictures.show(status, run);
    if (status.state === "queued") this.health.clear();
    else this.health.look(status);
  }

  /**
   * Greys the run while the server does not tell of it; everything stays.
   * @param {string} sentence what the server said, or nothing
   */
  lost(sentence) {
    this.element.classList.add("away");
    this.badge.textContent = "reconnecting …";
    if (sentence) this.word.textContent = sentence;
  }
}
