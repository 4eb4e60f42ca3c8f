// A generator on the GPU of this browser, whichever way it offers.

/** @import { Check } from "./compare_with_server.js" */
/** @import { Network } from "./layers.js" */
import { largestDifference, TOLERANCE } from "./compare_with_server.js";
import { WebGLGenerator } from "./webgl.js";
import { WebGPUGenerator } from "./webgpu.js";

/** @typedef {WebGLGenerator | WebGPUGenerator} BrowserGenerator */

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
