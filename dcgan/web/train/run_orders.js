// The buttons that stop and resume a run; only whoever started it has them.
/** @import { Status } from "./run_view.js" */
import { finder } from "../common/dom.js";
import { notice, request, sentenceOf } from "../common/session.js";
import { token } from "./tokens.js";

export class RunOrders {
  run = "";

  /**
   * @param {HTMLElement} element
   * @param {() => Promise<void>} look shows what the order has changed
   */
  constructor(element, look) {
    this.look = look;
    const find = finder(element);
    this.stopButton = find(".stop", HTMLButtonElement);
    this.resumeButton = find(".resume", HTMLButtonElement);
    this.stopButton.addEventListener("click", () => this.#order("stop", this.stopButton));
    this.resumeButton.addEventListener("click", () => this.#order("resume", this.resumeButton));
  }

  clear() {
    this.stopButton.hidden = this.resumeButton.hidden = true;
  }

  /**
   * @param {Status} status
   * @param {string} run
   */
  show({ alive, mine, state, can_resume }, run) {
    this.run = run;
    this.stopButton.hidden = !alive || !mine;
    this.stopButton.disabled = state === "stopping";
    this.resumeButton.hidden = !can_resume || !mine;
  }

  /**
   * @param {"stop" | "resume"} name
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
