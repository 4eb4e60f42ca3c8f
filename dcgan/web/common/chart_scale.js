// Where values lie on a chart: the ends of its axes, and the pixels between them.
import { logTicks, ticks } from "./axis.js";

/**
 * @typedef {object} Scale
 * @property {(nimg: number) => number} x
 * @property {(value: number | null | undefined) => number} y NaN for a value that has no place
 * @property {(px: number) => number} nimg the inverse of x
 */

const ROOM = 1.15; // above the highest value that is shown
const ROOM_OF_MARK = 1.3; // above a reference line

/**
 * The values at the bottom and at the top of a chart. All of `marks` lie between them, and all values but the most
 * extreme 2 %: one wild step would flatten the rest.
 * @param {number[]} values finite
 * @param {number[]} marks values of reference lines
 * @param {number | null} top fixed; null fits the values
 * @returns {[number, number]}
 */
export function linearRange(values, marks, top) {
  const [low, high] = percentiles(values);
  const fitted = Math.max(...marks.map((mark) => mark * ROOM_OF_MARK), high * ROOM, 0) || 1; // 1: nothing to fit yet
  return [Math.min(0, low * ROOM, ...marks), top ?? fitted];
}

/**
 * The same for a logarithmic scale, on which only values above 0 have a place.
 * @param {number[]} values finite
 * @param {number[]} marks
 * @returns {[number, number]}
 */
export function logarithmicRange(values, marks) {
  const positive = values.filter((value) => value > 0);
  const positiveMarks = marks.filter((mark) => mark > 0);
  if (!positive.length && !positiveMarks.length) return [0.1, 1];
  const [low, high] = positive.length ? percentiles(positive) : [Infinity, 0];
  return [
    Math.min(low / ROOM, ...positiveMarks.map((mark) => mark / ROOM_OF_MARK)),
    Math.max(high * ROOM, ...positiveMarks.map((mark) => mark * ROOM_OF_MARK)),
  ];
}

/**
 * The 2nd and the 98th percentile; 0 where there are no values.
 * @param {number[]} values
 */
function percentiles(values) {
  const sorted = Float64Array.from(values).sort();
  const high = Math.floor(sorted.length * 0.98);
  return [sorted[sorted.length - 1 - high] ?? 0, sorted[high] ?? 0];
}

/**
 * Round values for the marks at the left.
 * @param {[number, number]} range
 * @param {boolean} logarithmic
 * @param {number} most
 */
export const valueTicks = ([bottom, top], logarithmic, most) =>
  logarithmic ? logTicks(bottom, top, most) : ticks(bottom, top, most);

/**
 * @param {{ left: number, right: number, top: number, bottom: number }} box of the lines, px
 * @param {[number, number]} domain pictures seen at both ends
 * @param {[number, number]} range values at the bottom and at the top; what lies beyond is drawn there
 * @param {boolean} logarithmic
 * @returns {Scale}
 */
export function makeScale({ left, right, top, bottom }, [first, last], [low, high], logarithmic) {
  const length = Math.max(1, last - first);
  const share = (/** @type {number} */ value) =>
    logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return {
    x: (nimg) => left + ((nimg - first) / length) * (right - left),
    y: (value) => {
      if (value === null || value === undefined || (logarithmic && value <= 0)) return NaN;
      return top + (1 - Math.min(1, Math.max(0, share(value)))) * (bottom - top);
    },
    nimg: (px) => first + ((px - left) / (right - left)) * length,
  };
}
