// Curves as lists of points, in the order of the pictures seen.
/** @import { Point } from "./types.d.ts" */

/**
 * The index of the point nearest to a number of pictures seen; -1 where there is no point.
 * @param {Point[]} points
 * @param {number} nimg
 */
export function nearestIndex(points, nimg) {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] < nimg) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && low < points.length && nimg - points[low - 1][0] <= points[low][0] - nimg) return low - 1;
  return Math.min(low, points.length - 1);
}

/**
 * The points between two numbers of pictures seen, and the index of the first of them.
 * @param {Point[]} points
 * @param {[number, number] | null} domain null takes all
 * @returns {[Point[], number]}
 */
export function pointsWithin(points, domain) {
  if (!domain) return [points, 0];
  const start = points.findIndex(([nimg]) => nimg >= domain[0]);
  if (start < 0) return [[], 0];
  const end = points.findLastIndex(([nimg]) => nimg <= domain[1]);
  return [points.slice(start, end + 1), start];
}

/**
 * TensorBoard's smoothing: an exponential moving average, corrected for its beginning at 0. A value that is missing
 * stays so, and changes nothing.
 * @param {(number | null)[]} values
 * @param {number} weight of the average before, 0 to below 1
 */
export function smooth(values, weight) {
  let average = 0;
  let left = 1; // of the 0 that the average began with
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    average = weight * average + (1 - weight) * value;
    left *= weight;
    return average / (1 - left);
  });
}
