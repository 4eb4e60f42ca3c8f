// The four charts of a run: losses, D(x) and D(G(z)), KID, coverage.
/** @import { Point } from "../common/types.d.ts" */
import { Chart } from "../common/chart.js";
import { finder } from "../common/dom.js";

export class RunCharts {
  /** @param {HTMLElement} element holds the charts */
  constructor(element) {
    const find = finder(element);
    /** @param {string} name */
    const svg = (name) => find(name, SVGSVGElement);
    this.losses = new Chart(
      svg(".losses"),
      [
        { column: 1, kind: "g", name: "G" },
        { column: 2, kind: "d", name: "D" },
      ],
      Math.log(4),
    );
    this.opinions = new Chart(
      svg(".opinions"),
      [
        { column: 3, kind: "d", name: "D(x)" },
        { column: 4, kind: "g", name: "D(G(z))" },
      ],
      0.5,
      1,
    );
    this.kid = new Chart(svg(".kid"), [{ column: 1, kind: "amber", name: "KID × 1000" }], 0);
    this.coverage = new Chart(svg(".coverage"), [{ column: 2, kind: "amber", name: "coverage" }], 1, 1);
    this.evaluations = find(".scores"); // the charts of KID and coverage
  }

  /**
   * Draws a run.
   * @param {{ equilibrium: number, scores: Point[] }} status of the run
   * @param {Point[]} curve all that is known of its losses and of D
   */
  show({ equilibrium, scores }, curve) {
    this.losses.mark = equilibrium;
    this.losses.show(curve);
    this.opinions.show(curve);
    this.evaluations.hidden = scores.length < 2;
    this.kid.show(scores);
    this.coverage.show(scores);
  }

  /** Removes the curves of the run that was shown. */
  clear() {
    for (const chart of [this.losses, this.opinions, this.kid, this.coverage]) chart.show([]);
    this.evaluations.hidden = true;
  }
}
