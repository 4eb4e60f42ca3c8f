// The moment that the time slider shows: its model opened in Explore, taken home, or a new run that begins with it.
import { finder } from "../common/dom.js";
import { at, short } from "../common/session.js";

/**
 * The snapshot nearest to a moment; undefined where there is none.
 * @param {number[]} snapshots pictures seen by each, in order
 * @param {number} nimg
 */
export function nearestSnapshot(snapshots, nimg) {
  /** @type {number | undefined} */
  let nearest;
  for (const one of snapshots) {
    if (nearest === undefined || Math.abs(one - nimg) < Math.abs(nearest - nimg)) nearest = one;
  }
  return nearest;
}

export class MomentButtons {
  model = "";

  /**
   * @param {HTMLElement} element
   * @param {(model: string) => void} open
   * @param {(model: string) => void} duplicate
   */
  constructor(element, open, duplicate) {
    this.element = element;
    const find = finder(element);
    this.links = /** @type {NodeListOf<HTMLAnchorElement>} */ (element.querySelectorAll("a[data-form]"));
    this.openButton = find(".open-moment");
    this.openButton.addEventListener("click", () => open(this.model));
    find(".duplicate").addEventListener("click", () => duplicate(this.model));
  }

  /**
   * Offers the kept model nearest to a moment of a run.
   * @param {string} run
   * @param {number} nimg
   * @param {number[]} snapshots
   */
  show(run, nimg, snapshots) {
    const nearest = nearestSnapshot(snapshots, nimg);
    this.element.hidden = nearest === undefined;
    if (nearest === undefined) return;
    this.model = `run:${run}@${nearest}`;
    for (const link of this.links) {
      link.href = `${at("take_home")}?${new URLSearchParams({ model: this.model, form: link.dataset.form ?? "" })}`;
    }
    const isExact = nearest === nimg;
    this.openButton.textContent = isExact ? "Open this moment in Explore" : `Open in Explore: after ${short(nearest)}`;
    this.openButton.title = isExact ? "" : "The kept model that is nearest to this moment";
  }
}
