// The four charts of a run: losses, D(x) and D(G(z)), KID, coverage. They share one marker.
/** @import { ChartLine, Point, Reference } from "../common/types.d.ts" */
/** @import { Theory } from "./theory.js" */
import { Chart, shareMarker } from "../common/chart.js";
import { cellWidth, mergePoints } from "../common/curve.js";
import { finder } from "../common/dom.js";
import { ChartControls, domainOf } from "./chart_controls.js";
import { coverageSentence, kidSentence, lossSentence, opinionSentence } from "./run_sentences.js";
import { COVERAGE_REFERENCES, KID_REFERENCES, lossReferences, OPINION_REFERENCES } from "./theory.js";

const CURVE_COLUMNS = 4; // G's loss, D's loss, D(x), D(G(z))
const SCORE_COLUMNS = 2; // KID × 1000, coverage
const MOST_KEPT = 6000; // points of a curve that a page keeps, enough for a fifth of it to be drawn sharply

/**
 * A curve that does not grow without end on a page that stays open: once there are twice as many points as are kept, they
 * are merged.
 * @param {Point[]} curve
 * @returns {Point[]}
 */
export function boundCurve(curve) {
  if (curve.length <= 2 * MOST_KEPT) return curve;
  const ends = /** @type {[number, number]} */ ([curve[0][0], curve[curve.length - 1][0]]);
  return mergePoints(curve, cellWidth(ends, MOST_KEPT), CURVE_COLUMNS);
}

/** @typedef {Theory & { scores: Point[] }} ChartedStatus what the charts need of a run's status */

export class RunCharts {
  /** @type {ChartedStatus} */
  status = { scores: [], loss: "bce", equilibrium: Math.log(4), equilibrium_g: Math.log(2) };
  /** @type {Point[]} */
  curve = [];

  /** @param {HTMLElement} element holds the charts */
  constructor(element) {
    const find = finder(element);
    /**
     * @param {string} name
     * @param {number} columns
     * @param {ChartLine[]} lines
     * @param {(point: Point) => string} describe
     * @param {Reference[]} references
     * @param {number} [top]
     */
    const chart = (name, columns, lines, describe, references, top) =>
      new Chart(
        find(`.${name}`, SVGSVGElement),
        columns,
        lines,
        find(`.reading.of-${name}`),
        describe,
        references,
        top,
      );
    this.losses = chart(
      "losses",
      CURVE_COLUMNS,
      [
        { column: 1, kind: "g" },
        { column: 2, kind: "d" },
      ],
      (point) => lossSentence(point, this.status),
      lossReferences(this.status),
    );
    this.opinions = chart(
      "opinions",
      CURVE_COLUMNS,
      [
        { column: 3, kind: "d" },
        { column: 4, kind: "g" },
      ],
      (point) => opinionSentence(point, this.status),
      OPINION_REFERENCES,
      1,
    );
    const kid = (/** @type {Point} */ point) => kidSentence(point, this.status.scores);
    this.kid = chart("kid", SCORE_COLUMNS, [{ column: 1, kind: "amber" }], kid, KID_REFERENCES);
    this.coverage = chart(
      "coverage",
      SCORE_COLUMNS,
      [{ column: 2, kind: "amber" }],
      coverageSentence,
      COVERAGE_REFERENCES,
      1,
    );
    this.all = [this.losses, this.opinions, this.kid, this.coverage];
    this.evaluations = find(".scores"); // the charts of KID and coverage
    shareMarker(this.all, find(".read-out"));
    this.controls = new ChartControls(find(".chart-controls"), () => this.show(this.status, this.curve));
  }

  /**
   * Draws a run.
   * @param {ChartedStatus} status
   * @param {Point[]} curve all that is known of its losses and of D
   */
  show(status, curve) {
    const { scores } = status;
    Object.assign(this, { status, curve });
    const { smoothing, logarithmic, part } = this.controls.settings;
    const ends = [...curve.slice(0, 1), ...curve.slice(-1), ...scores.slice(0, 1), ...scores.slice(-1)];
    const seen = ends.map(([nimg]) => nimg);
    const domain = seen.length ? domainOf([Math.min(...seen), Math.max(...seen)], part) : null;
    for (const chart of this.all) chart.domain = domain;
    // evaluations are few and hardly noisy; an average of them would mostly be late
    for (const chart of [this.losses, this.opinions]) chart.smoothing = smoothing;
    for (const chart of [this.losses, this.kid]) chart.logarithmic = logarithmic;
    this.losses.references = lossReferences(status);
    this.evaluations.hidden = scores.length < 2;
    this.losses.show(curve);
    this.opinions.show(curve);
    this.kid.show(scores);
    this.coverage.show(scores);
  }

  /** Removes the curves of the run that was shown. */
  clear() {
    for (const chart of this.all) chart.moveTo(null);
    this.show({ ...this.status, scores: [] }, []);
  }
}
