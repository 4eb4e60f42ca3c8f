// What a point of a run's charts says, in words for a person who never read a paper.
/** @import { Point } from "../common/types.d.ts" */
/** @import { Theory } from "./theory.js" */
import { axisLabel } from "../common/axis.js";

const NEAR = 0.05; // a loss this near to equilibrium is said to be there

/**
 * @param {Point} point pictures seen, G's loss, D's loss
 * @param {Theory} theory
 */
export function lossSentence([nimg, g, d], { equilibrium, equilibrium_g }) {
  const ofG = meaning(g, equilibrium_g, ["D takes most fakes for real", "D only guesses", "D recognises most fakes"]);
  const ofD = meaning(d, equilibrium, ["D mostly tells real from fake", "D only guesses", "D is mostly wrong"]);
  return `${after(nimg)}: G’s loss ${figure(g)}${ofG}; D’s loss ${figure(d)}${ofD}.`;
}

/**
 * @param {Point} point pictures seen, two columns of losses, D(x), D(G(z))
 * @param {Theory} theory
 */
export function opinionSentence([nimg, , , real, fake], { loss }) {
  const [ofReal, ofFake] =
    loss === "relativistic"
      ? ["a real picture looks more real than a fake", "a fake looks more real than a real picture"]
      : ["a real picture is real", "a fake is real"];
  return (
    `${after(nimg)}, on average: D(x) ${figure(real)}${sure("D", real, ofReal)}; ` +
    `D(G(z)) ${figure(fake)}${sure("it", fake, ofFake)}.`
  );
}

/**
 * @param {Point} point pictures seen, KID × 1000
 * @param {Point[]} scores all evaluations of the run
 */
export function kidSentence([nimg, kid], scores) {
  const best = scores.reduce((least, one) => ((one[1] ?? Infinity) < (least[1] ?? Infinity) ? one : least));
  const lowest =
    best[0] === nimg ? "this is the lowest so far" : `the lowest is ${figure(best[1])}, after ${axisLabel(best[0])}`;
  return `${after(nimg)}: KID × 1000 is ${figure(kid)}. Lower is more like the real pictures; ${lowest}.`;
}

/** @param {Point} point pictures seen, KID × 1000, coverage */
export function coverageSentence([nimg, , coverage]) {
  const share = coverage ?? null;
  const meant = share === null ? "" : ` G draws something like ${percent(share)} of the real pictures.`;
  return `${after(nimg)}: coverage ${figure(share)}.${meant}`;
}

/**
 * A value in two or three digits; a dash where it was not measured.
 * @param {number | null | undefined} value
 */
export function figure(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {number} nimg */
export const after = (nimg) => `After ${axisLabel(nimg)} pictures`;

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @type {(who: string, value: number | null, what: string) => string} */
const sure = (who, value, what) =>
  value === null || value === undefined ? "" : ` (${who} is ${percent(value)} sure that ${what})`;

/**
 * What a loss means: one of three words for below, at and above its value at equilibrium.
 * @param {number | null} value
 * @param {number} equilibrium
 * @param {[string, string, string]} words
 */
function meaning(value, equilibrium, [below, there, above]) {
  if (value === null || value === undefined) return "";
  const distance = value - equilibrium;
  return ` (${Math.abs(distance) <= NEAR ? there : distance < 0 ? below : above})`;
}
