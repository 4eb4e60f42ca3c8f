// What the comparison of two runs shows, computed from what the server tells of them.
/** @import { Point } from "../common/types.d.ts" */
import { short } from "../common/session.js";

/**
 * The facts of a run in the list. `kid` is that of its best model × 1000, `grid` the pictures seen at its newest grid.
 * @typedef {object} RunRow
 * @property {string} run
 * @property {string} name
 * @property {string} state
 * @property {number} place in the queue, 1 is next; 0 where the run does not wait
 * @property {string[]} moves those in the queue that this visitor may make: "up", "down"
 * @property {string} data
 * @property {string} preset
 * @property {number} nimg
 * @property {number} total
 * @property {number | null} kid
 * @property {number} size bytes
 * @property {boolean} mine
 * @property {boolean} alive
 * @property {number | null} grid
 */

/**
 * One column of two runs' curves as one curve: column 1 is the first run's, column 2 the second's.
 * @param {Point[]} first
 * @param {Point[]} second
 * @param {number} column
 * @returns {Point[]}
 */
export function mergeCurves(first, second, column) {
  /** @type {Map<number, [number | null, number | null]>} */
  const values = new Map();
  [first, second].forEach((curve, place) => {
    for (const point of curve) {
      const both = values.get(point[0]) ?? [null, null];
      both[place] = point[column] ?? null;
      values.set(point[0], both);
    }
  });
  return [...values].sort(([a], [b]) => a - b).map(([nimg, both]) => [nimg, ...both]);
}

/**
 * The moments of two runs at which either has a grid, in order.
 * @param {number[]} first
 * @param {number[]} second
 */
export const moments = (first, second) => [...new Set([...first, ...second])].sort((a, b) => a - b);

/**
 * The newest grid that a run had at a moment; its first one before that; undefined where it has none.
 * @param {number[]} grids in order
 * @param {number} moment
 */
export const gridAt = (grids, moment) => grids.filter((nimg) => nimg <= moment).at(-1) ?? grids[0];

/**
 * Whether a run has every word of a text in its id, name, state, data or preset, in capitals or not.
 * @param {RunRow} row
 * @param {string} text
 */
export function matches({ run, name, state, data, preset }, text) {
  const facts = `${run} ${name} ${state} ${data} ${preset}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => facts.includes(word));
}

/**
 * The facts of a run in one line.
 * @param {RunRow} row
 */
export function facts({ data, preset, nimg, total, kid, size }) {
  const length = nimg === total || !total ? short(nimg) : `${short(nimg)} of ${short(total)}`;
  return [data, preset, `${length} pictures`, kid === null ? "" : `KID × 1000: ${kid}`, megabytes(size)]
    .filter(Boolean)
    .join(" · ");
}

/** @param {number} bytes */
export const megabytes = (bytes) =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : "under 1 MB";
