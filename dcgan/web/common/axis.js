// The marks of a chart's axis: round values, and how they are written.

/**
 * Round values from `low` to `high`: multiples of 1, 2 or 5 times a power of ten, `most` at most.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
export function ticks(low, high, most) {
  const least = (high - low) / Math.max(1, most - 1);
  if (!(least > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
  const begin = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - begin + 1;
  return Array.from({ length: count }, (_, index) => round((begin + index) * step));
}

/**
 * Round values from `low` (above 0) to `high` for a logarithmic axis, `most` at most: 1, 2 and 5 times powers of ten,
 * or fewer of them; evenly spaced ones where not even two of these lie between.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
export function logTicks(low, high, most) {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  for (const factors of [[1, 2, 5], [1]]) {
    const marks = powers
      .flatMap((power) => factors.map((factor) => round(factor * 10 ** power)))
      .filter((mark) => low <= mark && mark <= high);
    if (marks.length < 2) break;
    if (marks.length <= most) return marks;
    if (factors.length === 1) return marks.filter((_, index) => index % Math.ceil(marks.length / most) === 0);
  }
  return ticks(low, high, most);
}

/**
 * A value in few characters, with thousands as k and millions as M: 0.05, 250, 1.5k, 12M.
 * @param {number} value
 */
export function axisLabel(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  if (size >= 1e3) return `${round(value / 1e3)}k`;
  return String(round(value));
}

/**
 * Without the digits that binary fractions leave: 0.3, not 0.30000000000000004.
 * @param {number} value
 */
const round = (value) => Number(value.toPrecision(4));
