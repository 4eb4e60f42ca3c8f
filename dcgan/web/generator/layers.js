// The generator's layers as a GPU draws them. All five are transposed convolutions with a 4 × 4 kernel:
//
// - The first has stride 1 and one input pixel: output pixel (y, x) is a matrix product of z with kernel cell (y, x).
// - The others have stride 2 and padding 1: each output pixel takes 2 × 2 cells of the kernel, and which ones depends on
//   whether its row and column are even or odd. So such a layer is four 2 × 2 convolutions, one for each phase.
//
// Either way an output pixel has a phase (16 of the first layer, 4 of the others) and sums over taps (1 or 4).
// BatchNorm in eval mode is a factor and an offset for each output channel.

/** @import { Tensor } from "./safetensors.js" */
import { readSafetensors, toFloat32 } from "./safetensors.js";

const EPS = 1e-5; // torch.nn.BatchNorm2d's
const CELLS = 16; // of a 4 × 4 kernel: phases × taps

/**
 * One layer. Channels are in groups of four, the last filled up with zeros.
 * `weight` has the order [output group, phase, tap, input channel, output channel in its group], float16 bits or float32.
 * `factor` and `offset` have a number for each output channel.
 * @typedef {object} Layer
 * @property {number} inputs groups of input channels
 * @property {number} outputs groups of output channels
 * @property {number} side of the output
 * @property {boolean} first
 * @property {Uint16Array | Float32Array} weight
 * @property {Float32Array} factor
 * @property {Float32Array} offset
 */

/** @typedef {{ nz: number, nc: number, side: number, layers: Layer[] }} Network */

/**
 * Reads `generator.safetensors`. Throws an Error if the file is damaged or holds no generator.
 * @param {ArrayBuffer} file
 * @returns {Network}
 */
export function readGenerator(file) {
  const { tensors, metadata } = readSafetensors(file);
  const { kind, model } = JSON.parse(metadata.dcgan ?? "{}");
  if (kind !== "generator") throw new Error("The file holds no generator.");
  const convolutions = [...tensors].filter(([, { shape }]) => shape.length === 4);
  convolutions.sort(([a], [b]) => layerNumber(a) - layerNumber(b));
  const layers = convolutions.map(([name, tensor], index) =>
    makeLayer(
      tensor,
      index === 0,
      4 << index,
      batchNorm(tensors, layerNumber(name) + 1),
      tensors.get(name.replace("weight", "bias")),
    ),
  );
  const side = 4 << (layers.length - 1);
  if (!layers.length || side !== model.image_size) throw new Error("The file's layers do not fit its picture size.");
  return { nz: model.nz, nc: model.nc, side, layers };
}

/** @param {string} name such as "main.3.weight" */
const layerNumber = (name) => Number(name.split(".")[1]);

/**
 * @param {Map<string, Tensor>} tensors
 * @param {number} number
 */
function batchNorm(tensors, number) {
  const read = (/** @type {string} */ name) => {
    const tensor = tensors.get(`main.${number}.${name}`);
    return tensor && toFloat32(tensor);
  };
  const [weight, bias, mean, variance] = [read("weight"), read("bias"), read("running_mean"), read("running_var")];
  return weight && bias && mean && variance ? { weight, bias, mean, variance } : null;
}

/**
 * @param {Tensor} tensor of shape [inputs, outputs, 4, 4]
 * @param {boolean} first
 * @param {number} side
 * @param {ReturnType<typeof batchNorm>} norm
 * @param {Tensor | undefined} bias
 * @returns {Layer}
 */
function makeLayer({ dtype, shape, data }, first, side, norm, bias) {
  const [inputs, outputs, height, width] = shape;
  if (height * width !== CELLS) throw new Error("The file's kernels are not 4 × 4.");
  const kernel = dtype === "F16" ? new Uint16Array(data) : toFloat32({ dtype, shape, data });
  const factor = new Float32Array(4 * groups(outputs));
  const offset = new Float32Array(4 * groups(outputs));
  const biases = bias && toFloat32(bias);
  for (let channel = 0; channel < outputs; channel += 1) {
    factor[channel] = norm ? norm.weight[channel] / Math.sqrt(norm.variance[channel] + EPS) : 1;
    offset[channel] = norm ? norm.bias[channel] - norm.mean[channel] * factor[channel] : 0;
    if (biases) offset[channel] += biases[channel] * factor[channel];
  }
  return {
    inputs: groups(inputs),
    outputs: groups(outputs),
    side,
    first,
    weight: orderWeight(kernel, inputs, outputs, first),
    factor,
    offset,
  };
}

/** @param {number} channels */
export const groups = (channels) => Math.ceil(channels / 4);

/**
 * The kernel [inputs, outputs, 4, 4] in the order of `Layer.weight`.
 * @param {Uint16Array | Float32Array} kernel
 * @param {number} inputs
 * @param {number} outputs
 * @param {boolean} first
 */
function orderWeight(kernel, inputs, outputs, first) {
  const rows = 4 * groups(inputs); // input channels, filled up
  const Numbers = /** @type {typeof Uint16Array} */ (kernel.constructor);
  const ordered = new Numbers(groups(outputs) * CELLS * rows * 4);
  for (let cell = 0; cell < CELLS; cell += 1) {
    const place = first ? cell : phaseAndTap(cell >> 2, cell & 3);
    for (let output = 0; output < outputs; output += 1) {
      const start = ((output >> 2) * CELLS + place) * rows * 4 + (output & 3);
      for (let input = 0; input < inputs; input += 1) {
        ordered[start + 4 * input] = kernel[(input * outputs + output) * CELLS + cell];
      }
    }
  }
  return ordered;
}

/**
 * Where cell (ky, kx) of a stride-2 kernel is used: 4 · phase + tap. An even output row 2m takes input row m by kernel
 * row 1 and m - 1 by 3; an odd one, 2m + 1, takes m + 1 by 0 and m by 2. Columns are the same.
 * @param {number} ky
 * @param {number} kx
 */
function phaseAndTap(ky, kx) {
  const odd = (/** @type {number} */ k) => 1 - (k & 1);
  const tap = (/** @type {number} */ k) => k >> 1;
  return 4 * (2 * odd(ky) + odd(kx)) + 2 * tap(ky) + tap(kx);
}

/**
 * Multiplications and bytes of weights for one picture, for a statement of what drawing costs.
 * @param {Network} network
 */
export function cost({ layers }) {
  const taps = (/** @type {Layer} */ layer) => (layer.first ? 1 : 4);
  const multiplications = layers.map((layer) => 16 * layer.inputs * layer.outputs * layer.side ** 2 * taps(layer));
  return {
    multiplications: multiplications.reduce((sum, one) => sum + one, 0),
    bytes: layers.reduce((sum, { weight }) => sum + weight.byteLength, 0),
  };
}
