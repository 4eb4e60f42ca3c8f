// A line chart as inline SVG, with one dashed reference line. It is updated in place, so that nothing flickers.
/** @import { ChartLine, Point } from "./types.d.ts" */
import { axisLabel, ticks } from "./axis.js";

const NS = "http://www.w3.org/2000/svg";
const BOTTOM = 36; // room for the marks of the axis, and its unit below them
const TOP = 8;
const RIGHT = 16;
const CHARACTER = 7; // px, the widest digit of a label
const GAP = 6; // px between a label and the chart
const MOST_DOWN = 5; // marks at the left
const MOST_ACROSS = 8; // marks below
const ACROSS = 48; // px for a mark below, so that none touches the next
const UNIT = "pictures seen";

export class Chart {
  /** @type {Point[]} */
  points = [];
  /** @type {((nimg: number) => number) | null} */
  x = null;
  left = 0; // px of the labels at the left

  /**
   * @param {SVGSVGElement} svg
   * @param {ChartLine[]} lines which columns of the points are drawn
   * @param {number} mark value of the dashed line
   * @param {number | null} top fixed maximum of the axis; null fits the values
   */
  constructor(svg, lines, mark, top = null) {
    this.svg = svg;
    this.lines = lines;
    this.mark = mark;
    this.top = top;
    this.title = svg.getAttribute("aria-label");
    /** @type {(name: "line" | "path" | "text", kind: string) => SVGElement} */
    const make = (name, kind) => {
      const node = svg.appendChild(document.createElementNS(NS, name));
      node.setAttribute("class", kind);
      return node;
    };
    this.dashed = make("line", "mark");
    this.paths = lines.map(({ kind }) => make("path", `line of-${kind}`));
    this.down = Array.from({ length: MOST_DOWN }, () => make("text", "down"));
    this.across = Array.from({ length: MOST_ACROSS }, () => make("text", "across"));
    this.unit = make("text", "unit");
    this.hairline = make("line", "hairline");
    this.values = make("text", "");
    svg.addEventListener("pointermove", (event) => this.#showValues(event));
    svg.addEventListener("pointerleave", () => {
      this.hairline.setAttribute("visibility", "hidden");
      this.values.textContent = "";
    });
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  /** @param {Point[]} points */
  show(points) {
    this.points = points;
    this.svg.setAttribute("aria-label", `${this.title}; newest: ${this.#describe(points.at(-1))}`);
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!width) return;
    const { points, lines, mark } = this;
    const values = points.flatMap((point) => lines.map(({ column }) => point[column] ?? NaN)).filter(Number.isFinite);
    // the 98th percentile, since one extreme step at the start would flatten the rest
    values.sort((a, b) => a - b);
    const high = values[Math.floor(values.length * 0.98)] ?? 0;
    const top = this.top ?? (Math.max(mark * 1.3, high * 1.15) || 1); // 1 where there is nothing to fit yet
    const last = points.at(-1)?.[0] ?? 1;
    const first = points[0]?.[0] ?? 0;
    const down = ticks(0, top, MOST_DOWN);
    const left = 2 * GAP + CHARACTER * Math.max(3, ...down.map((value) => axisLabel(value).length));
    this.left = left;
    /** @type {(nimg: number) => number} */
    const x = (nimg) => left + ((nimg - first) / Math.max(1, last - first)) * (width - left - RIGHT);
    /** @type {(value: number) => number} */
    const y = (value) => TOP + (1 - Math.min(value, top) / top) * (height - TOP - BOTTOM);
    this.x = x;
    lines.forEach(({ column }, index) => {
      /** @type {(point: Point) => number} */
      const value = (point) => point[column] ?? NaN;
      const steps = points
        .filter((point) => Number.isFinite(value(point)))
        .map((point, at) => `${at ? "L" : "M"}${x(point[0]).toFixed(1)} ${y(value(point)).toFixed(1)}`);
      this.paths[index].setAttribute("d", steps.join(""));
    });
    place(this.dashed, { x1: left, x2: width - RIGHT, y1: y(mark), y2: y(mark) });
    const most = Math.min(MOST_ACROSS, Math.max(2, Math.floor((width - left - RIGHT) / ACROSS)));
    const across = points.length ? ticks(first, last, most) : [];
    this.down.forEach((node, index) => {
      label(node, left - GAP, y(down[index] ?? 0) + 4, down[index], "end");
    });
    this.across.forEach((node, index) => {
      label(node, x(across[index] ?? first), height - BOTTOM + 15, across[index], "middle");
    });
    write(this.unit, width - RIGHT, height - 6, points.length ? UNIT : "", "end");
    place(this.hairline, { visibility: "hidden" });
  }

  /**
   * A point's values as text.
   * @param {Point | undefined} point
   */
  #describe(point) {
    if (!point) return "nothing yet";
    const read = this.lines.map(({ column, name }) => `${name} ${point[column]?.toFixed(3) ?? "–"}`);
    return `${axisLabel(point[0])}: ${read.join("  ")}`;
  }

  /** @param {PointerEvent} event */
  #showValues(event) {
    const { x: across } = this;
    if (!this.points.length || !across) return;
    const at = event.clientX - this.svg.getBoundingClientRect().left;
    const nearest = this.points.reduce((best, point) =>
      Math.abs(across(point[0]) - at) < Math.abs(across(best[0]) - at) ? point : best,
    );
    const x = across(nearest[0]);
    place(this.hairline, { x1: x, x2: x, y1: TOP, y2: this.svg.clientHeight - BOTTOM, visibility: "visible" });
    const right = x > this.svg.clientWidth / 2;
    write(this.values, right ? x - 6 : x + 6, TOP + 12, this.#describe(nearest), right ? "end" : "start");
  }
}

/**
 * @param {SVGElement} node
 * @param {Record<string, string | number>} attributes
 */
function place(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}

/**
 * Writes a mark of an axis; nothing where there is none.
 * @param {SVGElement} node
 * @param {number} x
 * @param {number} y
 * @param {number | undefined} value
 * @param {string} anchor
 */
function label(node, x, y, value, anchor) {
  write(node, x, y, value === undefined ? "" : axisLabel(value), anchor);
}

/**
 * @param {SVGElement} node
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {string} anchor
 */
function write(node, x, y, text, anchor) {
  place(node, { x, y, "text-anchor": anchor });
  node.textContent = text;
}
