// The bank of plain dimensions: one upright fader each, to be painted across with the pointer.
// A fader shows the latent's value: psi · z(seed) where the seed left it (grey), that plus the edit where it was moved
// (amber).
/** @import { Face } from "../common/face.js" */
import { closest, finder } from "../common/dom.js";
import { clamp, signed } from "../common/session.js";
import { Gesture } from "../common/touch.js";

const RANGE = 3.5;
const LEAST = 0.02; // of the range

/**
 * A row of faders on the screen.
 * @typedef {{ top: number, height: number, left: number, right: number, first: number, count: number }} Line
 */
/**
 * A place in it: a fader, and the value at its height.
 * @typedef {{ row: Line, dim: number, value: number }} Place
 */

export class Faders {
  /** @type {Line[]} */
  rows = [];
  /**
   * Where the pointer is that holds a fader.
   * @type {Place | null}
   */
  held = null;
  /**
   * What the pointer does since it went down.
   * @type {Gesture | null}
   */
  gesture = null;
  painted = false; // the pointer that is down has moved a fader
  /**
   * The edits before the pointer went down.
   * @type {number[]}
   */
  before = [];

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} reading
   * @param {Face} face
   * @param {(done: boolean) => void} changed is called after each movement; `done`: the hand has let go
   */
  constructor(element, reading, face, changed) {
    this.element = element;
    this.reading = reading;
    this.face = face;
    this.changed = changed;
    /** @type {number[]} */
    this.z = new Array(face.dims.length).fill(0);
    this.faders = face.dims.map((_, dim) => this.make(dim));
    element.replaceChildren(...this.faders);
    this.faders[0].tabIndex = 0;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event));
    element.addEventListener("pointercancel", () => this.cancel());
    element.addEventListener("pointerleave", () => {
      if (!this.held) reading.innerHTML = "&nbsp;";
    });
    element.addEventListener("dblclick", (event) => this.release(this.under(event)));
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusin", (event) => this.read(this.indexOf(event)));
  }

  /** @param {number} dim */
  make(dim) {
    const fader = document.createElement("div");
    fader.className = "fader";
    fader.setAttribute("role", "slider");
    fader.setAttribute("aria-orientation", "vertical");
    fader.setAttribute("aria-label", `Dimension ${dim}`);
    fader.setAttribute("aria-valuemin", String(-RANGE));
    fader.setAttribute("aria-valuemax", String(RANGE));
    fader.tabIndex = -1;
    fader.innerHTML = "<i></i>";
    return fader;
  }

  /** @param {number} dim */
  base(dim) {
    return this.face.psi * this.z[dim];
  }

  /** @param {number} dim */
  value(dim) {
    return this.base(dim) + this.face.dims[dim];
  }

  /**
   * The fader that an event is about, or -1.
   * @param {Event} event
   */
  indexOf(event) {
    const fader = closest(event, ".fader");
    return fader ? this.faders.indexOf(/** @type {HTMLDivElement} */ (fader)) : -1;
  }

  show() {
    for (const dim of this.faders.keys()) this.showOne(dim);
  }

  /** @param {number} dim */
  showOne(dim) {
    const value = this.value(dim);
    const fader = this.faders[dim];
    const moved = this.face.dims[dim] !== 0;
    finder(fader)("i").style.transform = `scaleY(${-share(value)})`;
    if (moved) fader.style.setProperty("--b", String(share(this.base(dim))));
    fader.classList.toggle("moved", moved);
    fader.setAttribute("aria-valuenow", value.toFixed(2));
  }

  /**
   * @param {number} dim
   * @param {number} value
   */
  set(dim, value) {
    const edit = clamp(clamp(value, -RANGE, RANGE) - this.base(dim), -10, 10);
    this.face.dims[dim] = Math.round(edit * 100) / 100;
    this.showOne(dim);
    this.read(dim);
  }

  /** @param {number} dim */
  read(dim) {
    if (dim < 0) return;
    const edit = this.face.dims[dim];
    const moved = edit ? `, moved by ${signed(edit)}` : "";
    this.reading.textContent = `dimension ${dim}: ${signed(this.value(dim))}${moved}`;
  }

  // ---- pointer: the fader under it takes the height it is at; those passed over since the last event do as well

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0 || this.indexOf(event) < 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.rows = this.measure();
    this.held = this.locate(event.clientX, event.clientY);
    this.faders[this.held.dim].focus({ preventScroll: true });
    this.painted = false; // nothing is moved until the pointer is: a double-click must not paint
    this.gesture = new Gesture(event);
    this.before = [...this.face.dims];
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.held) {
      this.read(this.indexOf(event));
      return;
    }
    const { gesture } = this;
    if (!this.painted && (!gesture?.follows(event) || gesture.distance(event) < 3)) return;
    this.painted = true;
    for (const { clientX, clientY } of event.getCoalescedEvents?.() ?? [event]) this.paint(clientX, clientY);
    this.changed(false);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.held) return;
    const tap = this.gesture?.taps(event); // sets one fader, since a finger's vertical movement scrolls the page
    if (tap) this.paint(event.clientX, event.clientY);
    this.held = null;
    if (tap || this.painted) this.changed(true);
  }

  /** The browser took the pointer to scroll the page, or for a gesture of its own: the edits of before come back. */
  cancel() {
    if (!this.held) return;
    this.held = null;
    if (!this.painted) return;
    this.face.dims.splice(0, Infinity, ...this.before);
    this.show();
    this.changed(true);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  paint(x, y) {
    const from = this.held;
    if (!from) return;
    const to = this.locate(x, y, from.row);
    const steps = Math.abs(to.dim - from.dim);
    for (let i = steps ? 1 : 0; i <= steps; i += 1) {
      const share = steps ? i / steps : 1;
      this.set(from.dim + Math.sign(to.dim - from.dim) * i, from.value + (to.value - from.value) * share);
    }
    this.held = to;
  }

  /** Rows of faders as they lie on the screen: one on a wide page, several on a phone. */
  measure() {
    /** @type {Line[]} */
    const rows = [];
    this.faders.forEach((fader, dim) => {
      const { left, right, top, height } = fader.getBoundingClientRect();
      const last = rows.at(-1);
      if (!last || Math.abs(last.top - top) > 4) rows.push({ top, height, left, right, first: dim, count: 1 });
      else Object.assign(last, { right, count: last.count + 1 });
    });
    return rows;
  }

  /**
   * The fader at a mouse event; its target will not do, since the bank holds the pointer.
   * @param {MouseEvent} event
   */
  under(event) {
    this.rows = this.measure();
    return this.locate(event.clientX, event.clientY).dim;
  }

  /**
   * The place at a point, in a row: by default the one at its height.
   * @param {number} x
   * @param {number} y
   * @param {Line} row
   * @returns {Place}
   */
  locate(x, y, row = this.rows.find(({ top, height }) => y < top + height) ?? this.rows[this.rows.length - 1]) {
    const share = (x - row.left) / (row.right - row.left);
    const dim = row.first + clamp(Math.floor(share * row.count), 0, row.count - 1);
    return { row, dim, value: clamp(1 - (2 * (y - row.top)) / row.height, -1, 1) * RANGE };
  }

  // ---- keys: left and right choose a fader, up and down move it

  /** @param {KeyboardEvent} event */
  key(event) {
    const dim = this.indexOf(event);
    if (dim < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const go = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const by = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 }[event.key];
    if (go) this.focus(clamp(dim + go, 0, this.faders.length - 1));
    else if (by) {
      this.set(dim, this.value(dim) + by);
      this.changed(true);
    } else if (event.key === "Home" || event.key === "End")
      this.focus(event.key === "Home" ? 0 : this.faders.length - 1);
    else if (["Delete", "Backspace", "0"].includes(event.key)) this.release(dim);
    else return;
    event.preventDefault();
  }

  /** @param {number} dim */
  focus(dim) {
    for (const fader of this.faders) fader.tabIndex = -1;
    this.faders[dim].tabIndex = 0;
    this.faders[dim].focus();
  }

  /** @param {number} dim */
  release(dim) {
    if (dim < 0) return;
    this.face.dims[dim] = 0;
    this.showOne(dim);
    this.read(dim);
    this.changed(true);
  }
}

/**
 * How far up (to 1) or down (to -1) a value is drawn; never so little that nothing is to be seen of it.
 * @param {number} value
 */
function share(value) {
  const part = clamp(value / RANGE, -1, 1);
  return Math.abs(part) < LEAST ? LEAST : part;
}
