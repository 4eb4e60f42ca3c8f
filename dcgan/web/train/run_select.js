// The list from which a run is chosen, each by the name that it was given or by its id.
import { events } from "../common/session.js";

export class RunSelect {
  /** @type {Record<string, string>} */
  names = {}; // that were given to runs

  /**
   * @param {HTMLSelectElement} select
   * @param {(run: string) => void} chosen
   */
  constructor(select, chosen) {
    this.select = select;
    select.addEventListener("change", () => chosen(select.value));
    events.addEventListener("run-names", ({ detail }) => {
      this.names = detail;
      for (const option of select.options) option.text = this.#label(option.value);
    });
  }

  /**
   * Shows a run as the chosen one, which is listed even where it is not among the runs.
   * @param {string} run
   * @param {string[]} [runs] without them those listed so far stay
   */
  show(run, runs) {
    const { select } = this;
    const before = [...select.options].map((option) => option.value);
    const list = [...(runs ?? before)];
    if (!list.includes(run)) list.unshift(run);
    if (list.join() !== before.join()) select.replaceChildren(...list.map((one) => new Option(this.#label(one), one)));
    if (select.value !== run) select.value = run;
  }

  /** @param {string} run */
  #label(run) {
    return this.names[run] ?? run;
  }
}
