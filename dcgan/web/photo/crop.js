// Crops a picture to a square: the frame is fixed, and the picture is moved and zoomed behind it.
import { context2d } from "../common/dom.js";
import { clamp } from "../common/session.js";

const SIDE = 256; // pixels of the square that is sent; models draw 128 at most
// At the largest zoom the frame shows at least so many pixels of the picture, and at least this share of it: closer
// there is nothing to see but a blur.
const SMALLEST = 64;
const CLOSEST = 1 / 12;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
/** @type {Record<string, number>} */
const ZOOMS = { "+": 1 / 1.05, "=": 1 / 1.05, "-": 1.05 };

export class Crop {
  /** @type {ImageBitmap | null} */
  image = null;
  /**
   * Drawn over the picture, faintly, while `guided`.
   * @type {ImageBitmap | null}
   */
  guide = null;
  guided = true;
  /** @type {Map<number, { x: number, y: number }>} */
  pointers = new Map();
  // the square's centre and side, its smallest and largest side, and their ratio
  x = 0;
  y = 0;
  side = 1;
  smallest = 1;
  largest = 1;
  range = 1;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLInputElement} zoom a range input from 0 (all of the picture) to 1
   * @param {() => void} changed is called after each movement
   */
  constructor(canvas, zoom, changed) {
    this.canvas = canvas;
    this.zoom = zoom;
    this.changed = changed;
    canvas.width = canvas.height = 2 * SIDE;
    this.context = context2d(canvas);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
      canvas.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    zoom.addEventListener("input", () => this.resize(this.largest * this.range ** -Number(zoom.value)));
  }

  /**
   * Loads a picture, with the largest square at its centre.
   * @param {ImageBitmap} image
   */
  load(image) {
    this.image?.close();
    this.image = image;
    this.largest = Math.min(image.width, image.height);
    this.smallest = Math.min(this.largest, Math.max(SMALLEST, this.largest * CLOSEST));
    this.range = this.largest / this.smallest;
    Object.assign(this, { x: image.width / 2, y: image.height / 2, side: this.largest });
    this.update();
  }

  /** The square as a PNG file, without the guide. */
  async blob() {
    const sheet = new OffscreenCanvas(SIDE, SIDE);
    const context = context2d(sheet);
    this.paint(context, SIDE);
    return sheet.convertToBlob({ type: "image/png" });
  }

  /** @param {number} side */
  resize(side) {
    this.side = clamp(side, this.smallest, this.largest);
    this.update();
  }

  /**
   * @param {number} dx shares of the square
   * @param {number} dy
   */
  shift(dx, dy) {
    this.x += dx * this.side;
    this.y += dy * this.side;
    this.update();
  }

  update() {
    if (!this.image) return;
    const half = this.side / 2;
    this.x = clamp(this.x, half, this.image.width - half);
    this.y = clamp(this.y, half, this.image.height - half);
    this.zoom.value = String(this.range > 1 ? Math.log(this.largest / this.side) / Math.log(this.range) : 0);
    this.draw();
    this.changed();
  }

  draw() {
    if (!this.image) return;
    this.paint(this.context, this.canvas.width);
    if (!this.guide || !this.guided) return;
    this.context.globalAlpha = 0.4;
    this.context.drawImage(this.guide, 0, 0, this.canvas.width, this.canvas.width);
    this.context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
   * @param {number} width
   */
  paint(context, width) {
    if (!this.image) return;
    context.imageSmoothingQuality = "high";
    context.fillStyle = "white"; // behind transparent pixels, as on the server
    context.fillRect(0, 0, width, width);
    context.drawImage(
      this.image,
      this.x - this.side / 2,
      this.y - this.side / 2,
      this.side,
      this.side,
      0,
      0,
      width,
      width,
    );
  }

  // ---- one pointer moves the picture, two pinch it

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.image || event.button > 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** @param {PointerEvent} event */
  move(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const width = this.canvas.getBoundingClientRect().width;
    const before = this.spread();
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const share = 1 / this.pointers.size;
    this.shift((share * (last.x - event.clientX)) / width, (share * (last.y - event.clientY)) / width);
    if (before) this.resize((this.side * before) / Math.max(1, this.spread()));
  }

  /** Distance of the two pointers; 0 with one. */
  spread() {
    const [a, b] = this.pointers.values();
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!this.image) return;
    event.preventDefault();
    this.resize(this.side * 1.002 ** event.deltaY);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.image || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 0.1 : 0.02;
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    const by = ZOOMS[event.key];
    if (by) this.resize(this.side * by);
    else if (dx || dy)
      this.shift(dx * step, dy * step); // the picture moves as the arrow points
    else return;
    event.preventDefault();
  }
}
