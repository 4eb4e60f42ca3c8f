// Typed look-up of elements by selector, and canvases.
/** @import { Find } from "./types.d.ts" */

/**
 * A function that finds elements below `root`. It throws where there is none of the wanted class.
 * @param {ParentNode} root
 * @returns {Find}
 */
export function finder(root) {
  /** @type {(selector: string, type?: new () => Element) => Element} */
  const find = (selector, type = HTMLElement) => {
    const found = root.querySelector(selector);
    if (found instanceof type) return found;
    throw new Error(`There is no ${type.name} at ${selector}.`);
  };
  return /** @type {Find} */ (find);
}

/**
 * The closest ancestor of an event's target that matches a selector, or null.
 * @param {Event} event
 * @param {string} selector
 */
export function closest(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

/**
 * Whether an event's target matches a selector of text fields.
 * @param {Event} event
 * @param {string} fields a selector
 */
export const typedInto = (event, fields) => event.target instanceof Element && event.target.matches(fields);

/**
 * The child elements.
 * @param {Element} element
 */
export const childrenOf = (element) => /** @type {HTMLElement[]} */ ([...element.children]);

/**
 * A new, empty square canvas.
 * @param {number} side
 */
export const squareCanvas = (side) => Object.assign(document.createElement("canvas"), { width: side, height: side });

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function context2d(canvas, settings) {
  const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d", settings);
  if (!context) throw new Error("The browser has no more canvases.");
  return context;
}

/**
 * Draws one cell of a sheet that is a row of squares.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasImageSource} sheet
 * @param {number} index
 * @param {number} [cell] side of a cell
 */
export function drawCell(canvas, sheet, index, cell = canvas.width) {
  context2d(canvas).drawImage(sheet, index * cell, 0, cell, cell, 0, 0, cell, cell);
}
