// A line chart as inline SVG, with one dashed reference line and a marker whose point is described in words. It is
// updated in place, so that nothing flickers. A pointer, a finger and the arrow keys move the marker.
/** @import { ChartLine, Point } from "./types.d.ts" */
import { axisLabel, ticks } from "./axis.js";
import { nearestIndex } from "./curve.js";

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
const DOT = 3.5; // px, radius
const STEPS = 100; // presses of an arrow key from one end to the other, at most
const PAGES = 10; // the same for Page Up and Page Down

/**
 * What a drawn chart needs to find a place on it.
 * @typedef {object} Scale
 * @property {(nimg: number) => number} x
 * @property {(value: number) => number} y
 * @property {(px: number) => number} nimg the inverse of x
 */

export class Chart {
  /** @type {Point[]} */
  points = [];
  /**
   * The pictures seen at both ends; null fits the points.
   * @type {[number, number] | null}
   */
  domain = null;
  /**
   * The pictures seen at the marker; null where there is none, and the newest point is described.
   * @type {number | null}
   */
  position = null;
  /** @type {Scale | null} */
  scale = null;

  /**
   * @param {SVGSVGElement} svg
   * @param {ChartLine[]} lines which columns of the points are drawn
   * @param {HTMLElement} reading shows the sentence about the point at the marker
   * @param {(point: Point) => string} describe a point as a sentence
   * @param {number} mark value of the dashed line
   * @param {number | null} top fixed maximum of the axis; null fits the values
   */
  constructor(svg, lines, reading, describe, mark, top = null) {
    this.svg = svg;
    this.lines = lines;
    this.reading = reading;
    this.describe = describe;
    this.mark = mark;
    this.top = top;
    /**
     * Called when a person moves this chart's marker, or removes it (null).
     * @type {(nimg: number | null, byKeyboard: boolean) => void}
     */
    this.onMove = (nimg) => this.moveTo(nimg);
    /** @type {(name: "line" | "path" | "text" | "circle", kind: string) => SVGElement} */
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
    this.dots = lines.map(({ kind }) => make("circle", `dot of-${kind}`));
    this.#wire();
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  #wire() {
    const { svg } = this;
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "application"); // a reader of the screen then leaves the arrow keys to the chart
    svg.setAttribute("aria-roledescription", "chart");
    svg.setAttribute("aria-label", `${svg.getAttribute("aria-label")}; the arrow keys read its values`);
    svg.addEventListener("pointerdown", (event) => {
      svg.focus({ preventScroll: true }); // a finger's marker stays until something else is touched
      this.#follow(event);
    });
    svg.addEventListener("pointermove", (event) => this.#follow(event));
    svg.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.onMove(null, false));
    svg.addEventListener("blur", () => this.onMove(null, false));
    svg.addEventListener("keydown", (event) => this.#step(event));
  }

  /** @param {Point[]} points */
  show(points) {
    this.points = points;
    this.draw();
  }

  /**
   * Moves the marker to the point nearest to a number of pictures seen, and describes it; null removes the marker.
   * @param {number | null} nimg
   */
  moveTo(nimg) {
    this.position = nimg;
    this.#showMarker();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!width) return this.#showMarker();
    const { points, lines, mark } = this;
    const values = points.flatMap((point) => lines.map(({ column }) => point[column] ?? NaN)).filter(Number.isFinite);
    // the 98th percentile, since one extreme step at the start would flatten the rest
    values.sort((a, b) => a - b);
    const high = values[Math.floor(values.length * 0.98)] ?? 0;
    const top = this.top ?? (Math.max(mark * 1.3, high * 1.15) || 1); // 1 where there is nothing to fit yet
    const [first, last] = this.domain ?? [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
    const down = ticks(0, top, MOST_DOWN);
    const left = 2 * GAP + CHARACTER * Math.max(3, ...down.map((value) => axisLabel(value).length));
    const inner = width - left - RIGHT;
    const length = Math.max(1, last - first);
    this.scale = {
      x: (nimg) => left + ((nimg - first) / length) * inner,
      y: (value) => TOP + (1 - Math.min(value, top) / top) * (height - TOP - BOTTOM),
      nimg: (px) => first + ((px - left) / inner) * length,
    };
    const { x, y } = this.scale;
    lines.forEach(({ column }, index) => {
      /** @type {(point: Point) => number} */
      const value = (point) => point[column] ?? NaN;
      const steps = points
        .filter((point) => Number.isFinite(value(point)))
        .map((point, at) => `${at ? "L" : "M"}${x(point[0]).toFixed(1)} ${y(value(point)).toFixed(1)}`);
      this.paths[index].setAttribute("d", steps.join(""));
    });
    place(this.dashed, { x1: left, x2: width - RIGHT, y1: y(mark), y2: y(mark) });
    const most = Math.min(MOST_ACROSS, Math.max(2, Math.floor(inner / ACROSS)));
    const across = points.length ? ticks(first, last, most) : [];
    this.down.forEach((node, index) => {
      label(node, left - GAP, y(down[index] ?? 0) + 4, down[index], "end");
    });
    this.across.forEach((node, index) => {
      label(node, x(across[index] ?? first), height - BOTTOM + 15, across[index], "middle");
    });
    write(this.unit, width - RIGHT, height - 6, points.length ? UNIT : "", "end");
    this.#showMarker();
  }

  /** Shows the marker where it is by now, and the sentence of its point; of the newest point where there is none. */
  #showMarker() {
    const { points, position, scale, lines } = this;
    const marked = position === null ? undefined : points[nearestIndex(points, position)];
    const described = marked ?? points.at(-1);
    this.reading.textContent = described ? this.describe(described) : "";
    place(this.hairline, { visibility: marked && scale ? "visible" : "hidden" });
    for (const [index, { column }] of lines.entries()) {
      const value = marked?.[column] ?? NaN;
      const seen = scale && marked && Number.isFinite(value);
      place(this.dots[index], { visibility: seen ? "visible" : "hidden" });
      if (seen) place(this.dots[index], { cx: scale.x(marked[0]), cy: scale.y(value), r: DOT });
    }
    if (!marked || !scale) return;
    const x = scale.x(marked[0]);
    place(this.hairline, { x1: x, x2: x, y1: TOP, y2: this.svg.clientHeight - BOTTOM });
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    const { scale, points } = this;
    if (!points.length || !scale) return;
    const nimg = scale.nimg(event.clientX - this.svg.getBoundingClientRect().left);
    this.onMove(points[nearestIndex(points, nimg)][0], false);
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const { points, position } = this;
    if (!points.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.onMove(null, true);
    const newest = points.length - 1;
    const to = steppedIndex(event.key, nearestIndex(points, position ?? points[newest][0]), newest);
    if (to === undefined) return;
    event.preventDefault();
    this.onMove(points[Math.min(newest, Math.max(0, to))][0], true);
  }
}

/**
 * Lets several charts of one run show their markers at the same number of pictures. What a key reads is announced.
 * @param {Chart[]} charts
 * @param {HTMLElement} announcement a live region
 */
export function shareMarker(charts, announcement) {
  for (const chart of charts) {
    chart.onMove = (nimg, byKeyboard) => {
      for (const one of charts) one.moveTo(nimg);
      if (byKeyboard) announcement.textContent = nimg === null ? "" : chart.reading.textContent;
    };
  }
}

/**
 * The index that a key leads to, which may lie beyond the ends; undefined for any other key.
 * @param {string} key
 * @param {number} at
 * @param {number} newest
 */
function steppedIndex(key, at, newest) {
  const step = Math.max(1, Math.round(newest / STEPS));
  const page = Math.max(1, Math.round(newest / PAGES));
  /** @type {Record<string, number>} */
  const places = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    PageDown: at - page,
    PageUp: at + page,
    Home: 0,
    End: newest,
  };
  return places[key];
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
