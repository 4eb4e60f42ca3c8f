// The buttons that tell a run what to do; only whoever started it has them.
/** @import { Status } from "./run_view.js" */
import { finder } from "../common/dom.js";
import { notice, request, sentenceOf } from "../common/session.js";
import { token } from "./tokens.js";

/**
 * The order of a button: the route that takes it, what it sends beside the run, and when it can be given.
 * @typedef {{ route: string, body?: Record<string, string>, isPossible: (status: Status) => boolean }} Order
 */

/**
 * By the classes of their buttons.
 * @type {Record<string, Order>}
 */
const ORDERS = {
  stop: { route: "stop", isPossible: ({ alive }) => alive },
  pause: { route: "pause", isPossible: ({ alive }) => alive },
  sample: { route: "sample", isPossible: ({ alive, state }) => alive && state === "running" },
  save: { route: "save", isPossible: ({ alive, state }) => alive && state === "running" },
  resume: { route: "resume", isPossible: ({ can_resume }) => can_resume },
  "move-up": { route: "move_in_queue", body: { move: "up" }, isPossible: ({ moves }) => moves.includes("up") },
  "move-down": { route: "move_in_queue", body: { move: "down" }, isPossible: ({ moves }) => moves.includes("down") },
  "leave-queue": { route: "leave_queue", isPossible: ({ state }) => state === "queued" },
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
    for (const [name, order] of Object.entries(ORDERS)) {
      const button = find(`.${name}`, HTMLButtonElement);
      button.addEventListener("click", () => this.#give(order, button));
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
      button.hidden = !status.mine || !ORDERS[name].isPossible(status);
      button.disabled = status.state === "stopping";
    }
  }

  /**
   * @param {Order} order
   * @param {HTMLButtonElement} button
   */
  async #give({ route, body }, button) {
    const { run } = this;
    button.disabled = true;
    try {
      await request(`train/${route}`, { ...body, run, token: token(run) });
      await this.look();
    } catch (error) {
      notice(sentenceOf(error, "The server cannot be reached."));
    } finally {
      button.disabled = false;
    }
  }
}
