// How the charts of a run are drawn, as a person chose it: smoothing, scale, and which part. The browser keeps it.
import { finder } from "../common/dom.js";
import { recall, remember } from "../common/storage.js";

const KEY = "dcgan-charts";

/**
 * `smoothing` is the weight of a moving average; 0 draws what was measured.
 * @typedef {{ smoothing: number, logarithmic: boolean, part: "whole" | "last" }} ChartSettings
 */

export class ChartControls {
  /**
   * @param {HTMLElement} element
   * @param {() => void} changed
   */
  constructor(element, changed) {
    const find = finder(element);
    this.smoothing = find(".smoothing", HTMLSelectElement);
    this.logarithmic = find(".logarithmic", HTMLInputElement);
    this.part = find(".part", HTMLSelectElement);
    const { smoothing, logarithmic, part } = readSettings(recall(KEY));
    if (hasOption(this.smoothing, String(smoothing))) this.smoothing.value = String(smoothing);
    this.logarithmic.checked = logarithmic;
    this.part.value = part;
    element.addEventListener("change", () => {
      remember(KEY, JSON.stringify(this.settings));
      changed();
    });
  }

  /** @returns {ChartSettings} */
  get settings() {
    return {
      smoothing: Number(this.smoothing.value),
      logarithmic: this.logarithmic.checked,
      part: this.part.value === "last" ? "last" : "whole",
    };
  }
}

/**
 * The settings of a stored text, which may be damaged; what cannot be used is as it is at first.
 * @param {string | null} text
 * @returns {ChartSettings}
 */
export function readSettings(text) {
  /** @type {any} */
  let stored = null;
  try {
    stored = JSON.parse(text ?? "null");
  } catch {
    /* damaged: as at first */
  }
  const { smoothing, logarithmic, part } = stored ?? {};
  return {
    smoothing: typeof smoothing === "number" && smoothing >= 0 && smoothing < 1 ? smoothing : 0,
    logarithmic: logarithmic === true,
    part: part === "last" ? "last" : "whole",
  };
}

/**
 * The pictures seen at both ends of the charts; the last part is a fifth of the pictures.
 * @param {[number, number]} seen by the first and by the newest point
 * @param {ChartSettings["part"]} part
 * @returns {[number, number]}
 */
export const domainOf = ([first, last], part) => [part === "last" ? last - (last - first) / 5 : first, last];

/**
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
const hasOption = (select, value) => [...select.options].some((option) => option.value === value);
