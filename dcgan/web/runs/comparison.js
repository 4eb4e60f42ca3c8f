// Two runs side by side: their facts and the settings that differ, their curves over each other, the same faces.
/** @import { ChartLine, Point } from "../common/types.d.ts" */
/** @import { Theory } from "../train/theory.js" */
/** @import { RunRow } from "./two_runs.js" */
import { Chart, shareMarker } from "../common/chart.js";
import { finder } from "../common/dom.js";
import { at, short } from "../common/session.js";
import { after, figure } from "../train/run_sentences.js";
import { COVERAGE_REFERENCES, KID_REFERENCES, referencesOfD, referencesOfG } from "../train/theory.js";
import { token } from "../train/tokens.js";
import { gridAt, megabytes, mergeCurves, moments } from "./two_runs.js";

/**
 * @typedef {RunRow & Theory & { curve: Point[], scores: Point[], samples: number[] }} ComparedRun
 * @typedef {{ setting: string, first: unknown, second: unknown }} Difference
 * @typedef {{ runs: [ComparedRun, ComparedRun], differences: Difference[] | null, same_latents: boolean }} Compared
 */

/** @type {ChartLine[]} */
const LINES = [
  { column: 1, kind: "first" },
  { column: 2, kind: "second" },
];

export class Comparison {
  /** @type {Compared | null} */
  compared = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.find = finder(element);
    this.time = this.find(".moment", HTMLInputElement);
    /** @type {(name: string, top?: number) => Chart} */
    const chart = (name, top) => {
      const reading = this.find(`.reading.of-${name}`);
      const svg = this.find(`.${name}`, SVGSVGElement);
      return new Chart(svg, LINES.length, LINES, reading, (point) => this.#describe(point), [], top);
    };
    this.lossG = chart("loss-g");
    this.lossD = chart("loss-d");
    this.kid = chart("kid");
    this.coverage = chart("coverage", 1);
    shareMarker([this.lossG, this.lossD, this.kid, this.coverage], this.find(".read-out"));
    this.time.addEventListener("input", () => this.#showMoment());
    this.find(".close").addEventListener("click", () => {
      element.hidden = true;
    });
  }

  /** @param {Compared} compared */
  show(compared) {
    const [first, second] = compared.runs;
    this.compared = compared;
    this.element.hidden = false;
    for (const [place, run] of /** @type {const} */ ([
      ["first", first],
      ["second", second],
    ])) {
      for (const label of this.element.querySelectorAll(`:is(th, figcaption).${place}`)) label.textContent = title(run);
    }
    const facts = [
      ["pictures seen", short(first.nimg), short(second.nimg)],
      ["KID × 1000 of the best", first.kid ?? "–", second.kid ?? "–"],
      ["size", megabytes(first.size), megabytes(second.size)],
    ];
    const settings = (compared.differences ?? []).map(({ setting, first, second }) => [setting, first, second]);
    const rows = [...facts.filter(([, first, second]) => first !== second), ...settings];
    this.find("tbody").replaceChildren(...rows.map(tableRow));
    this.find(".note").textContent = note(compared);
    const isSameLoss = first.loss === second.loss; // else there is no one line for both
    for (const [chart, curve, column, references] of /** @type {const} */ ([
      [this.lossG, "curve", 1, isSameLoss ? referencesOfG(first) : []],
      [this.lossD, "curve", 2, isSameLoss ? referencesOfD(first) : []],
      [this.kid, "scores", 1, KID_REFERENCES],
      [this.coverage, "scores", 2, COVERAGE_REFERENCES],
    ])) {
      chart.references = references;
      chart.show(mergeCurves(first[curve], second[curve], column));
    }
    this.time.max = String(Math.max(0, moments(first.samples, second.samples).length - 1));
    this.time.value = this.time.max;
    this.#showMoment();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * Hides the comparison if this is one of its runs.
   * @param {string} gone
   */
  forget(gone) {
    if (this.compared?.runs.some(({ run }) => run === gone)) this.element.hidden = true;
  }

  /** @param {Point} point of both runs’ curves in one */
  #describe([nimg, ...values]) {
    const runs = this.compared?.runs ?? [];
    return `${after(nimg)}: ${runs.map((run, place) => `${title(run)} ${figure(values[place])}`).join(", ")}.`;
  }

  #showMoment() {
    if (!this.compared) return;
    const [first, second] = this.compared.runs;
    const moment = moments(first.samples, second.samples)[Number(this.time.value)];
    for (const [place, run] of /** @type {const} */ ([
      ["first", first],
      ["second", second],
    ])) {
      const image = this.find(`img.of-${place}`, HTMLImageElement);
      const nimg = gridAt(run.samples, moment);
      const caption = this.find(`figcaption.${place}`);
      caption.textContent = nimg === undefined ? title(run) : `${title(run)}, after ${short(nimg)} pictures`;
      if (nimg === undefined) image.removeAttribute("src");
      else image.src = pictureOf(run.run, nimg);
    }
  }
}

/** @param {RunRow} run */
const title = ({ run, name }) => name || run;

/**
 * @param {string} run
 * @param {number} nimg
 */
const pictureOf = (run, nimg) =>
  `${at("train/picture")}?${new URLSearchParams({ run, nimg: String(nimg), token: token(run) })}`;

/** @param {Compared} compared */
function note({ differences, same_latents }) {
  if (!differences) return "The settings of one of these runs cannot be read.";
  const settings = differences.length ? "" : "No setting that is shown differs. ";
  return settings + (same_latents ? "" : "Their latents differ in size, so the same place shows different faces.");
}

/** @param {unknown[]} cells */
function tableRow([what, ...values]) {
  const row = document.createElement("tr");
  const head = Object.assign(document.createElement("th"), { scope: "row", textContent: String(what) });
  const cell = (/** @type {unknown} */ value) => {
    return Object.assign(document.createElement("td"), { textContent: value === "" ? "none" : String(value) });
  };
  row.append(head, ...values.map(cell));
  return row;
}
