// Curves as lists of points, in the order of the pictures seen. A point is [nimg, values]; where several were merged it is
// [nimg of the last, means, least values, greatest values].
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

/**
 * The pictures that a point covers so that no more than `most` points lie in a domain: a power of two, as on the server.
 * @param {[number, number]} domain
 * @param {number} most
 */
export function cellWidth([first, last], most) {
  let width = 1;
  while (Math.floor(last / width) - Math.floor(first / width) >= most) width *= 2;
  return width;
}

/**
 * Merges the points of each cell of `width` pictures. Peaks stay: as the least and the greatest values of a point.
 * @param {Point[]} points
 * @param {number} width
 * @param {number} columns values of a point
 * @returns {Point[]}
 */
export function mergePoints(points, width, columns) {
  /** @type {Point[]} */
  const merged = [];
  let start = 0;
  for (let end = 1; end <= points.length; end += 1) {
    if (end < points.length && Math.floor(points[end][0] / width) === Math.floor(points[start][0] / width)) continue;
    merged.push(end - start === 1 ? points[start] : mergeCell(points, start, end, columns));
    start = end;
  }
  return merged;
}

/**
 * One point for those from `start` to before `end`. Each counts by the pictures since the point before it, since points
 * that were merged already stand for more.
 * @param {Point[]} points
 * @param {number} start
 * @param {number} end
 * @param {number} columns
 * @returns {Point}
 */
function mergeCell(points, start, end, columns) {
  /** @type {(number | null)[]} */
  const values = new Array(3 * columns).fill(null);
  for (let column = 0; column < columns; column += 1) {
    let [sum, weights, least, greatest] = [0, 0, Infinity, -Infinity];
    for (let index = start; index < end; index += 1) {
      const value = points[index][1 + column];
      if (value === null || value === undefined) continue;
      const weight = points[index][0] - (points[index - 1]?.[0] ?? 0) || 1;
      sum += weight * value;
      weights += weight;
      least = Math.min(least, extreme(points[index], column, 1, columns) ?? value);
      greatest = Math.max(greatest, extreme(points[index], column, 2, columns) ?? value);
    }
    if (weights)
      [values[column], values[columns + column], values[2 * columns + column]] = [sum / weights, least, greatest];
  }
  return [points[end - 1][0], ...values];
}

/**
 * The least (1) or greatest (2) value of a column; undefined where a point was not merged.
 * @param {Point} point
 * @param {number} column
 * @param {1 | 2} which
 * @param {number} columns
 */
export const extreme = (point, column, which, columns) => point[1 + which * columns + column];
