// Pictures leave the canvas on which a generator drew them.

/** @import { BrowserGenerator } from "./generator.js" */

/**
 * Copies a picture that was just drawn to another canvas, at its own size: scaled, it would take in its neighbours' edge.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {BrowserGenerator} generator
 * @param {number} picture
 */
export function copyPicture(context, { canvas, columns, network: { side } }, picture) {
  const [left, top] = [side * (picture % columns), side * Math.floor(picture / columns)];
  context.drawImage(canvas, left, top, side, side, 0, 0, side, side);
}
