// A transposed convolution of a square input with a square kernel, one input value at a time.
// The output before padding has (n − 1) · stride + kernel cells a side; `padding` cells are cut off at each edge.

/** @typedef {{ kernel: number, stride: number, padding: number }} Shape side of the kernel, and the two settings */

/**
 * Side of the output after the padding is cut off: (n − 1) · stride − 2 · padding + kernel, as PyTorch has it.
 * @param {number} n side of the input
 * @param {Shape} shape
 */
export const outputSide = (n, { kernel, stride, padding }) => (n - 1) * stride - 2 * padding + kernel;

/**
 * Side of the output before the padding is cut off.
 * @param {number} n
 * @param {Shape} shape
 */
export const fullSide = (n, shape) => outputSide(n, { ...shape, padding: 0 });

/**
 * A kernel [side][side] of whole numbers that are greatest in its middle: 1 2 1, or 1 2 2 1, times the same downwards.
 * @param {number} side
 */
export function makeKernel(side) {
  const line = Array.from({ length: side }, (_, i) => Math.min(i, side - 1 - i) + 1);
  return line.map((down) => line.map((across) => down * across));
}

/**
 * The output before padding after the first `steps` input values, in reading order: sums, and how many input values
 * reached each cell.
 * @param {number[][]} input
 * @param {number[][]} kernel
 * @param {Shape} shape
 * @param {number} steps
 */
export function afterSteps(input, kernel, shape, steps) {
  const side = fullSide(input.length, shape);
  const sums = square(side);
  const counts = square(side);
  for (let step = 0; step < steps; step++) {
    const { row, column } = placeOf(step, input.length, shape);
    const value = input[Math.floor(step / input.length)][step % input.length];
    kernel.forEach((weights, down) => {
      weights.forEach((weight, across) => {
        sums[row + down][column + across] += value * weight;
        counts[row + down][column + across] += 1;
      });
    });
  }
  return { sums, counts };
}

/**
 * Top left cell of the output before padding to which the kernel is added for an input value.
 * @param {number} step index of the value in reading order
 * @param {number} n side of the input
 * @param {Shape} shape
 */
export const placeOf = (step, n, { stride }) => ({ row: Math.floor(step / n) * stride, column: (step % n) * stride });

/**
 * The output: what is left of a square once the padding is cut off at each edge.
 * @param {number[][]} full
 * @param {number} padding
 */
export const cutPadding = (full, padding) =>
  full.slice(padding, full.length - padding).map((row) => row.slice(padding, row.length - padding));

/**
 * How many input values reach the cells of an output without edges along one axis, over one stride: [2, 2] where all
 * cells are alike, [1, 2] where they are not.
 * @param {Shape} shape
 */
export const countsInside = ({ kernel, stride }) =>
  Array.from({ length: stride }, (_, offset) => Math.ceil((kernel - offset) / stride));

/**
 * Whether every cell away from the edges is reached by equally many input values; if not, there are checkerboards.
 * @param {Shape} shape
 */
export const isEven = (shape) => new Set(countsInside(shape)).size === 1;

/**
 * @param {number} side
 * @returns {number[][]}
 */
const square = (side) => Array.from({ length: side }, () => new Array(side).fill(0));
