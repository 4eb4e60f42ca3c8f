// Two lines and a dashed one, as inline SVG that is updated in place: nothing blinks when a point is added.
import { short } from "./session.js";

const NS = "http://www.w3.org/2000/svg";
const LEFT = 36,
  BOTTOM = 20,
  TOP = 8,
  RIGHT = 8;

export class Chart {
  /** Over points [nimg, …]; `mark`: height of the dashed line; `top`: fixed maximum. */
  constructor(svg, lines, mark, top = null) {
    Object.assign(this, { svg, lines, mark, top, points: [], title: svg.getAttribute("aria-label") });
    const make = (name, kind) => {
      const node = svg.appendChild(document.createElementNS(NS, name));
      node.setAttribute("class", kind);
      return node;
    };
    this.dashed = make("line", "mark");
    this.paths = lines.map(({ kind }) => make("path", `line of-${kind}`));
    this.labels = Array.from({ length: 6 }, () => make("text", ""));
    this.hair = make("line", "hair");
    this.read = make("text", "");
    svg.addEventListener("pointermove", (event) => this.#point(event));
    svg.addEventListener("pointerleave", () => {
      this.hair.setAttribute("visibility", "hidden");
      this.read.textContent = "";
    });
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  show(points) {
    this.points = points;
    this.svg.setAttribute("aria-label", `${this.title}; newest: ${this.#words(points.at(-1))}`);
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!width) return;
    const { points, lines, mark } = this;
    const values = points.flatMap((point) => lines.map(({ column }) => point[column])).filter(Number.isFinite);
    // a first wild step must not flatten the rest: the top is what 98 % stay below
    values.sort((a, b) => a - b);
    const top = this.top ?? Math.max(mark * 1.3, (values[Math.floor(values.length * 0.98)] ?? 0) * 1.15);
    const last = points.at(-1)?.[0] ?? 1,
      first = points[0]?.[0] ?? 0;
    this.x = (nimg) => LEFT + ((nimg - first) / Math.max(1, last - first)) * (width - LEFT - RIGHT);
    this.y = (value) => TOP + (1 - Math.min(value, top) / top) * (height - TOP - BOTTOM);
    lines.forEach(({ column }, index) => {
      const steps = points
        .filter((point) => Number.isFinite(point[column]))
        .map((point, at) => `${at ? "L" : "M"}${this.x(point[0]).toFixed(1)} ${this.y(point[column]).toFixed(1)}`);
      this.paths[index].setAttribute("d", steps.join(""));
    });
    place(this.dashed, { x1: LEFT, x2: width - RIGHT, y1: this.y(mark), y2: this.y(mark) });
    const marks = [
      [0, "0"],
      [top / 2, (top / 2).toFixed(1)],
      [top, top.toFixed(1)],
    ];
    marks.forEach(([value, text], index) => {
      label(this.labels[index], LEFT - 6, this.y(value) + 4, text, "end");
    });
    const times = [
      [first, "start"],
      [(first + last) / 2, "middle"],
      [last, "end"],
    ];
    times.forEach(([nimg, anchor], index) => {
      const text = points.length ? short(Math.round(nimg)) : "";
      label(this.labels[index + 3], this.x(nimg), height - 5, text, anchor);
    });
    place(this.hair, { visibility: "hidden" });
  }

  /** A point as a person reads it. */
  #words(point) {
    if (!point) return "nothing yet";
    const read = this.lines.map(({ column, name }) => `${name} ${point[column]?.toFixed(3) ?? "–"}`);
    return `${short(point[0])}: ${read.join("  ")}`;
  }

  #point(event) {
    if (!this.points.length || !this.x) return;
    const at = event.clientX - this.svg.getBoundingClientRect().left;
    const nearest = this.points.reduce((best, point) =>
      Math.abs(this.x(point[0]) - at) < Math.abs(this.x(best[0]) - at) ? point : best,
    );
    const x = this.x(nearest[0]);
    place(this.hair, { x1: x, x2: x, y1: TOP, y2: this.svg.clientHeight - BOTTOM, visibility: "visible" });
    const right = x > this.svg.clientWidth / 2;
    label(this.read, right ? x - 6 : x + 6, TOP + 12, this.#words(nearest), right ? "end" : "start");
  }
}

function place(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function label(node, x, y, text, anchor) {
  place(node, { x, y, "text-anchor": anchor });
  node.textContent = text;
}
