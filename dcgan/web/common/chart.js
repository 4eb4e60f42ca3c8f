// A line chart as inline SVG, with dashed reference lines and a marker whose point is described in words. It is updated
// in place, so that nothing flickers. A pointer, a finger and the arrow keys move the marker.
/** @import { ChartLine, Point, Reference } from "./types.d.ts" */
/** @import { Scale } from "./chart_scale.js" */
import { axisLabel, ticks } from "./axis.js";
import { linearRange, logarithmicRange, makeScale, valueTicks } from "./chart_scale.js";
import { cellWidth, extreme, mergePoints, nearestIndex, pointsWithin, smooth } from "./curve.js";

const NS = "http://www.w3.org/2000/svg";
const BOTTOM = 36; // room for the marks of the axis, and its unit below them
const TOP = 8;
const RIGHT = 16;
const CHARACTER = 7; // px, the widest digit of a label
const GAP = 6; // px between a label and the chart
const MOST_DOWN = 5; // marks at the left
const MOST_ACROSS = 8; // marks below
const ACROSS = 48; // px for a mark below, so that none touches the next
const MOST_REFERENCES = 2;
const LINE = 12; // px, height of a label
const UNIT = "pictures seen";
const DOT = 3.5; // px, radius
const STEPS = 100; // presses of an arrow key from one end to the other, at most
const PAGES = 10; // the same for Page Up and Page Down

const MOST_DRAWN = 1500; // points of a line; more are merged, with a band from the least to the greatest value
const NOTHING_HERE = "Nothing was measured in this part of the run.";

export class Chart {
  /** @type {Point[]} */
  points = [];
  /**
   * Those of the points that are drawn.
   * @type {Point[]}
   */
  shown = [];
  /**
   * Their smoothed values, a list for each line; null where nothing is smoothed.
   * @type {(number | null)[][] | null}
   */
  smoothed = null;
  smoothing = 0; // weight of the moving average; 0 draws what was measured
  logarithmic = false;
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
   * @param {number} columns values of a point
   * @param {ChartLine[]} lines which of them are drawn
   * @param {HTMLElement} reading shows the sentence about the point at the marker
   * @param {(point: Point) => string} describe a point as a sentence
   * @param {Reference[]} references two at most
   * @param {number | null} top fixed maximum of the axis; null fits the values
   */
  constructor(svg, columns, lines, reading, describe, references, top = null) {
    this.svg = svg;
    this.columns = columns;
    this.lines = lines;
    this.reading = reading;
    this.describe = describe;
    this.references = references;
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
    this.dashed = Array.from({ length: MOST_REFERENCES }, () => make("line", "mark"));
    this.bands = lines.map(({ kind }) => make("path", `band of-${kind}`));
    this.measured = lines.map(({ kind }) => make("path", `measured of-${kind}`)); // behind the smoothed lines
    this.paths = lines.map(({ kind }) => make("path", `line of-${kind}`));
    this.down = Array.from({ length: MOST_DOWN }, () => make("text", "down"));
    this.across = Array.from({ length: MOST_ACROSS }, () => make("text", "across"));
    this.unit = make("text", "unit");
    this.labels = this.dashed.map(() => make("text", "label"));
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

  /**
   * Draws points, by the domain, smoothing and scale that are set by now.
   * @param {Point[]} points
   */
  show(points) {
    this.points = points;
    const domain = this.domain ?? endsOf(points);
    const few = points.length <= MOST_DRAWN;
    const drawn = few ? points : mergePoints(points, cellWidth(domain, MOST_DRAWN), this.columns);
    const [shown, start] = pointsWithin(drawn, domain);
    /** @type {(column: number) => (number | null)[]} */
    const values = (column) => drawn.map((point) => point[column] ?? null);
    this.shown = shown;
    // all points are smoothed, so that the part that is shown begins with the average before it
    this.smoothed = this.smoothing
      ? this.lines.map(({ column }) => smooth(values(column), this.smoothing).slice(start, start + shown.length))
      : null;
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
    const { shown, smoothed, lines, logarithmic } = this;
    const measured = shown.flatMap((point) => lines.map(({ column }) => point[column] ?? NaN));
    const values = [...measured, ...(smoothed ?? []).flatMap((line) => line.map((value) => value ?? NaN))].filter(
      Number.isFinite,
    );
    const levels = this.references.map(({ value }) => value);
    const range = logarithmic ? logarithmicRange(values, levels) : linearRange(values, levels, this.top);
    const down = valueTicks(range, logarithmic, MOST_DOWN);
    const left = 2 * GAP + CHARACTER * Math.max(3, ...down.map((value) => axisLabel(value).length));
    const [first, last] = this.domain ?? endsOf(shown);
    const box = { left, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
    this.scale = makeScale(box, [first, last], range, logarithmic);
    const { x, y } = this.scale;
    for (const [index, { column }] of lines.entries()) {
      const measured = pathOf(shown, (_, point) => point[column], this.scale);
      this.bands[index].setAttribute("d", bandOf(shown, column, this.columns, this.scale));
      this.measured[index].setAttribute("d", smoothed ? measured : "");
      this.paths[index].setAttribute("d", smoothed ? pathOf(shown, (at) => smoothed[index][at], this.scale) : measured);
    }
    for (const index of this.dashed.keys()) this.#drawReference(index, y, left, width - RIGHT);
    const most = Math.min(MOST_ACROSS, Math.max(2, Math.floor((width - left - RIGHT) / ACROSS)));
    const across = shown.length ? ticks(first, last, most) : [];
    this.down.forEach((node, index) => {
      label(node, left - GAP, y(down[index] ?? range[0]) + 4, down[index], "end");
    });
    this.across.forEach((node, index) => {
      label(node, x(across[index] ?? first), height - BOTTOM + 15, across[index], "middle");
    });
    write(this.unit, width - RIGHT, height - 6, shown.length ? UNIT : "", "end");
    this.#showMarker();
  }

  /**
   * Draws a reference line with its label: the first one's at the left, the second one's at the right, so that neither
   * covers the other.
   * @param {number} index
   * @param {Scale["y"]} y
   * @param {number} left
   * @param {number} right
   */
  #drawReference(index, y, left, right) {
    const [line, text, reference] = [this.dashed[index], this.labels[index], this.references[index]];
    const height = y(reference?.value);
    const visibility = Number.isFinite(height) ? "visible" : "hidden";
    for (const node of [line, text]) place(node, { visibility });
    if (visibility === "hidden") return;
    place(line, { x1: left, x2: right, y1: height, y2: height });
    const above = height - GAP > TOP + LINE;
    const at = { x: index ? right - GAP : left + GAP, y: above ? height - 4 : height + LINE };
    place(text, { ...at, "text-anchor": index ? "end" : "start" });
    if (text.dataset.of === reference.meaning) return; // written again, an open tooltip would close
    text.dataset.of = reference.meaning;
    text.textContent = reference.label;
    text.appendChild(document.createElementNS(NS, "title")).textContent = reference.meaning;
  }

  /** Shows the marker where it is by now, and the sentence of its point; of the newest point where there is none. */
  #showMarker() {
    const { points, shown, position, scale, lines } = this;
    const marked = position === null ? undefined : shown[nearestIndex(shown, position)];
    const described = marked ?? shown.at(-1);
    this.reading.textContent = described ? this.describe(described) : points.length ? NOTHING_HERE : "";
    place(this.hairline, { visibility: marked && scale ? "visible" : "hidden" });
    for (const [index, { column }] of lines.entries()) {
      const height = marked && scale ? scale.y(marked[column]) : NaN;
      const seen = Number.isFinite(height);
      place(this.dots[index], { visibility: seen ? "visible" : "hidden" });
      if (marked && scale && seen) place(this.dots[index], { cx: scale.x(marked[0]), cy: height, r: DOT });
    }
    if (!marked || !scale) return;
    const x = scale.x(marked[0]);
    place(this.hairline, { x1: x, x2: x, y1: TOP, y2: this.svg.clientHeight - BOTTOM });
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    const { scale, shown } = this;
    if (!shown.length || !scale) return;
    const nimg = scale.nimg(event.clientX - this.svg.getBoundingClientRect().left);
    this.onMove(shown[nearestIndex(shown, nimg)][0], false);
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const { shown, position } = this;
    if (!shown.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.onMove(null, true);
    const newest = shown.length - 1;
    const to = steppedIndex(event.key, nearestIndex(shown, position ?? shown[newest][0]), newest);
    if (to === undefined) return;
    event.preventDefault();
    this.onMove(shown[Math.min(newest, Math.max(0, to))][0], true);
  }
}

/**
 * A line through the points whose values have a place on the scale.
 * @param {Point[]} points
 * @param {(index: number, point: Point) => number | null} value
 * @param {Scale} scale
 */
function pathOf(points, value, { x, y }) {
  const steps = [];
  for (const [index, point] of points.entries()) {
    const height = y(value(index, point));
    if (Number.isFinite(height)) {
      steps.push(`${steps.length ? "L" : "M"}${x(point[0]).toFixed(1)} ${height.toFixed(1)}`);
    }
  }
  return steps.join("");
}

/**
 * An area from the least to the greatest values of a column; nothing where no points were merged.
 * @param {Point[]} points
 * @param {number} column
 * @param {number} columns
 * @param {Scale} scale
 */
function bandOf(points, column, columns, { x, y }) {
  if (!points.some((point) => extreme(point, column - 1, 1, columns) !== undefined)) return "";
  const [above, below] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  for (const point of points) {
    const low = y(extreme(point, column - 1, 1, columns) ?? point[column]);
    const high = y(extreme(point, column - 1, 2, columns) ?? point[column]);
    if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
    const across = x(point[0]).toFixed(1);
    above.push(`${across} ${high.toFixed(1)}`);
    below.push(`${across} ${low.toFixed(1)}`);
  }
  return above.length ? `M${[...above, ...below.reverse()].join("L")}Z` : "";
}

/**
 * The pictures seen at the first and at the last of points.
 * @param {Point[]} points
 * @returns {[number, number]}
 */
const endsOf = (points) => [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];

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
