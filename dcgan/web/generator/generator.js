// A generator on the GPU of this browser, whichever way it offers.

/** @import { Network } from "./layers.js" */
import { WebGLGenerator } from "./webgl.js";
import { WebGPUGenerator } from "./webgpu.js";

/** @typedef {WebGLGenerator | WebGPUGenerator} BrowserGenerator */

export const TOLERANCE = 2; // of 255: sums of float32 are rounded in another order than the server's

/**
 * A generator that draws `pictures` as the server did: on WebGPU, else on WebGL2. Throws an Error with the reasons where
 * neither does.
 * @param {Network} network
 * @param {number} most pictures drawn at a time
 * @param {Check} check
 * @returns {Promise<BrowserGenerator>}
 */
export async function makeGenerator(network, most, check) {
  const reasons = [];
  for (const make of [() => WebGPUGenerator.create(network, most), async () => new WebGLGenerator(network, most)]) {
    try {
      const generator = await make();
      const difference = largestDifference(generator, check);
      if (difference <= TOLERANCE) return generator;
      reasons.push(`${generator.name} differs from the server by ${difference} of 255.`);
      generator.close();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(reasons.join(" "));
}

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
