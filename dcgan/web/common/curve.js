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
