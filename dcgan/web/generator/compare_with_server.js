// A browser's generator is trusted once it draws the pictures that the server drew of the same latents.

/** @import { BrowserGenerator } from "./generator.js" */
import { copyPicture } from "./copy_picture.js";

export const TOLERANCE = 2; // of 255: sums of float32 are rounded in another order than the server's

/**
 * Latents [count, nz] and the server's pictures of them, uint8 [count, side, side, nc].
 * @typedef {{ z: Float32Array, pictures: Uint8Array }} Check
 */

/**
 * The largest difference of a pixel, in 255ths.
 * @param {BrowserGenerator} generator
 * @param {Check} check
 */
export function largestDifference(generator, { z, pictures }) {
  const { side, nc, nz } = generator.network;
  generator.draw(z);
  const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser has no canvas to draw on.");
  let largest = 0;
  for (let picture = 0; picture < z.length / nz; picture += 1) {
    copyPicture(context, generator, picture);
    const { data } = context.getImageData(0, 0, side, side);
    const start = picture * side * side * nc;
    for (let index = 0; index < side * side * nc; index += 1) {
      const drawn = data[4 * Math.floor(index / nc) + (index % nc)];
      largest = Math.max(largest, Math.abs(drawn - pictures[start + index]));
    }
  }
  return largest;
}
