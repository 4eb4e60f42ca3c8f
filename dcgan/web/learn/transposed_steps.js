// The transposed convolution that one steps through: an input, a kernel, and the output with its overlaps as shades.
import { finder } from "../common/dom.js";
import { afterSteps, countsInside, fullSide, isEven, makeKernel, outputSide, placeOf } from "./transposed.js";

/** @typedef {import("./transposed.js").Shape} Shape */

const INPUT = [
  [1, 2, 0],
  [3, 1, 1],
  [0, 2, 1],
];
const STEPS = INPUT.length ** 2;
const PAUSE = 700; // ms of a step while it plays

export class TransposedSteps {
  step = 0;
  timer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.find = finder(element);
    const { find } = this;
    this.selects = {
      kernel: find(".kernel", HTMLSelectElement),
      stride: find(".stride", HTMLSelectElement),
      padding: find(".padding", HTMLSelectElement),
    };
    this.back = find(".step-back", HTMLButtonElement);
    this.next = find(".step-next", HTMLButtonElement);
    this.playButton = find(".step-play", HTMLButtonElement);
    this.counts = find(".show-counts", HTMLInputElement);
    for (const select of Object.values(this.selects)) select.addEventListener("change", () => this.restart());
    for (const button of element.querySelectorAll("button[data-kernel]")) {
      button.addEventListener("click", () => this.choose(/** @type {HTMLElement} */ (button).dataset));
    }
    this.back.addEventListener("click", () => this.go(this.step - 1));
    this.next.addEventListener("click", () => this.go(this.step + 1));
    find(".step-restart").addEventListener("click", () => this.go(0));
    this.playButton.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    this.counts.addEventListener("change", () => this.show());
    this.restart();
  }

  /** @returns {Shape} */
  get shape() {
    const { kernel, stride, padding } = this.selects;
    return { kernel: Number(kernel.value), stride: Number(stride.value), padding: Number(padding.value) };
  }

  /**
   * Chooses a ready shape, and shows its whole output.
   * @param {DOMStringMap} shape
   */
  choose({ kernel = "4", stride = "2", padding = "0" }) {
    Object.assign(this.selects.kernel, { value: kernel });
    Object.assign(this.selects.stride, { value: stride });
    Object.assign(this.selects.padding, { value: padding });
    this.restart();
    this.go(STEPS);
  }

  /** Begins again with the chosen shape. A padding that would cut off the whole output cannot be chosen. */
  restart() {
    const { padding } = this.selects;
    for (const option of padding.options) {
      option.disabled = outputSide(INPUT.length, { ...this.shape, padding: Number(option.value) }) < 1;
    }
    while (padding.selectedOptions[0]?.disabled) padding.value = String(Number(padding.value) - 1);
    this.kernel = makeKernel(this.shape.kernel);
    this.go(0);
  }

  /** @param {number} step */
  go(step) {
    this.pause();
    this.step = Math.min(STEPS, Math.max(0, step));
    this.show();
  }

  /** Steps on by itself; to the end at once for those who want no motion. */
  play() {
    if (this.step === STEPS) this.step = 0;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.go(STEPS);
    const tick = () => {
      this.step += 1;
      if (this.step >= STEPS) this.pause();
      this.show();
    };
    this.timer = setInterval(tick, PAUSE);
    tick();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.showButtons();
  }

  show() {
    const { find, shape, step, kernel } = this;
    if (!kernel) return;
    const { sums, counts } = afterSteps(INPUT, kernel, shape, step);
    const now = step ? placeOf(step - 1, INPUT.length, shape) : null;
    /** @type {(row: number, column: number) => boolean} */
    const covered = (row, column) =>
      now !== null &&
      row >= now.row &&
      row < now.row + shape.kernel &&
      column >= now.column &&
      column < now.column + shape.kernel;
    const last = fullSide(INPUT.length, shape) - 1;
    /** @type {(at: number) => boolean} */
    const cut = (at) => at < shape.padding || at > last - shape.padding;
    fillGrid(find(".grid-input"), INPUT, (cell, row, column) => {
      cell.classList.toggle("now", step > 0 && row * INPUT.length + column === step - 1);
    });
    fillGrid(find(".grid-kernel"), kernel);
    fillGrid(find(".grid-output"), this.counts.checked ? counts : sums, (cell, row, column) => {
      const count = counts[row][column];
      cell.style.setProperty("--share", String(count / mostOverlaps(shape)));
      cell.classList.toggle("empty", count === 0);
      cell.classList.toggle("now", covered(row, column));
      cell.classList.toggle("cut", cut(row) || cut(column));
      cell.title = `${count} input value${count === 1 ? "" : "s"} added up here`;
    });
    const side = outputSide(INPUT.length, shape);
    const { kernel: size, stride, padding } = shape;
    find(".output-size").textContent = `${side} × ${side}: side (3 − 1) · ${stride} − 2 · ${padding} + ${size}`;
    find(".told").textContent = this.sentence();
    find(".evenness").textContent = evenness(shape);
    find(".evenness").classList.toggle("uneven", !isEven(shape));
    this.showButtons();
  }

  showButtons() {
    this.back.disabled = this.step === 0;
    this.next.disabled = this.step === STEPS;
    this.playButton.textContent = this.timer ? "Pause" : "Play";
  }

  sentence() {
    const { step, shape } = this;
    if (!step) return "The output is empty. Press Step.";
    const { row, column } = placeOf(step - 1, INPUT.length, shape);
    const value = INPUT.flat()[step - 1];
    return (
      `Step ${step} of ${STEPS}: ${value} times the kernel is added to rows ${row + 1} to ${row + shape.kernel}, ` +
      `columns ${column + 1} to ${column + shape.kernel}.`
    );
  }
}

/**
 * The largest count of input values that reach one cell.
 * @param {Shape} shape
 */
const mostOverlaps = (shape) => Math.min(INPUT.length, Math.max(...countsInside(shape))) ** 2;

/**
 * Whether this shape makes checkerboards, and why.
 * @param {Shape} shape
 */
function evenness(shape) {
  const { kernel, stride } = shape;
  const counts = countsInside(shape);
  if (!Math.min(...counts))
    return `The stride ${stride} is longer than the kernel ${kernel}: some cells are never reached and stay 0.`;
  return isEven(shape)
    ? `Away from the edges every cell is reached by ${counts[0]} × ${counts[0]} input values: no checkerboard, because ` +
        `the kernel ${kernel} is a multiple of the stride ${stride}.`
    : `Along each axis the cells are reached by ${counts.join(", then ")} input values in turn: a checkerboard. The ` +
        `kernel ${kernel} is no multiple of the stride ${stride}.`;
}

/**
 * Shows a square of numbers, in the cells that are there if there are enough.
 * @param {HTMLElement} grid
 * @param {number[][]} values
 * @param {(cell: HTMLElement, row: number, column: number) => void} [mark]
 */
function fillGrid(grid, values, mark) {
  const side = values.length;
  if (grid.childElementCount !== side * side) {
    grid.style.setProperty("--side", String(side));
    grid.replaceChildren(...Array.from({ length: side * side }, () => document.createElement("span")));
  }
  for (const [index, cell] of [...grid.children].entries()) {
    if (!(cell instanceof HTMLElement)) continue;
    const [row, column] = [Math.floor(index / side), index % side];
    cell.textContent = String(values[row][column]);
    mark?.(cell, row, column);
  }
}
