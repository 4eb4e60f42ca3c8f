// The median of the last numbers: a time that one slow picture does not change.

const KEPT = 9;

export class Median {
  /** @type {number[]} */
  numbers = [];

  /** @param {number} number */
  add(number) {
    this.numbers.push(number);
    if (this.numbers.length > KEPT) this.numbers.shift();
  }

  /** Infinity where there is no number yet. */
  get value() {
    const sorted = this.numbers.toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
  }
}
