// The buttons that tell a run what to do; only whoever started it has them.
/** @import { Status } from "./run_view.js" */
import { finder } from "../common/dom.js";
import { notice, request, sentenceOf } from "../common/session.js";
import { token } from "./tokens.js";

/**
 * The states in which each order can be given.
 * @type {Record<string, (status: Status) => boolean>}
 */
const POSSIBLE = {
  stop: ({ alive }) => alive,
  pause: ({ alive }) => alive,
  sample: ({ alive, state }) => alive && state === "running",
  save: ({ alive, state }) => alive && state === "running",
  resume: ({ can_resume }) => can_resume,
};

export class RunOrders {
  run = "";
  /** @type {Map<string, HTMLButtonElement>} */
  buttons = new Map();

  /**
   * @param {HTMLElement} element
   * @param {() => Promise<void>} look shows what the order has changed
   */
  constructor(element, look) {
    this.look = look;
    const find = finder(element);
    for (const name of Object.keys(POSSIBLE)) {
      const button = find(`.${name}`, HTMLButtonElement);
      button.addEventListener("click", () => this.#order(name, button));
      this.buttons.set(name, button);
    }
  }

  clear() {
    for (const button of this.buttons.values()) button.hidden = true;
  }

  /**
   * @param {Status} status
   * @param {string} run
   */
  show(status, run) {
    this.run = run;
    for (const [name, button] of this.buttons) {
      button.hidden = !status.mine || !POSSIBLE[name](status);
      button.disabled = status.state === "stopping";
    }
  }

  /**
   * @param {string} name
   * @param {HTMLButtonElement} button
   */
  async #order(name, button) {
    const { run } = this;
    button.disabled = true;
    try {
      await request(`train/${name}`, { run, token: token(run) });
      await this.look();
    } catch (error) {
      notice(sentenceOf(error, "The server cannot be reached."));
    } finally {
      button.disabled = false;
    }
  }
}
