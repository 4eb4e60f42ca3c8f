// Draws the generator's pictures on WebGPU. A layer is one dispatch: each invocation computes four channels of a strip of
// neighbouring pixels of one phase, so that a weight that was fetched serves the whole strip.
// Activations lie in a float32 buffer [picture, group of four channels, row, column].

/** @import { Unit } from "../common/types.d.ts" */
/** @import { Layer, Network } from "./layers.js" */

const WORKGROUP = 64;
const STRIP = 4; // pixels of one phase in a row; a 4 × 4 input has just so many

/**
 * The shader of a layer.
 * @param {Layer} layer
 * @param {number | null} channels of the picture, for the last layer
 * @param {number} columns tiles in a row of the canvas
 */
function shader({ inputs, outputs, side, first, weight }, channels, columns) {
  const half = weight instanceof Uint16Array;
  const phases = first ? 16 : 4;
  const strip = first ? 1 : STRIP;
  const rows = first ? 1 : side / 2; // rows and columns of a phase
  const strips = rows / strip; // in a row
  return `
@group(0) @binding(0) var<storage, read> activations: array<vec4f>;
@group(0) @binding(1) var<storage, read> weights: array<${half ? "vec2u" : "vec4f"}>;
@group(0) @binding(2) var<storage, read> norms: array<vec4f>; // factors, then offsets
@group(0) @binding(3) var ${
    channels ? "canvas: texture_storage_2d<rgba8unorm, write>" : "<storage, read_write> result: array<vec4f>"
  };
@group(0) @binding(4) var<uniform> count: u32; // of pictures

fn weight(index: u32) -> vec4f {
  let bits = weights[index];
  return ${half ? "vec4f(unpack2x16float(bits.x), unpack2x16float(bits.y))" : "bits"};
}

fn weightsAt(index: u32) -> mat4x4f {
  return mat4x4f(weight(index), weight(index + 1u), weight(index + 2u), weight(index + 3u));
}

fn activation(start: u32, y: i32, x: i32) -> vec4f {
  if (y < 0 || x < 0 || y >= ${rows} || x >= ${rows}) { return vec4f(); }
  return activations[start + u32(y * ${rows} + x)];
}

fn put(picture: u32, group: u32, y: u32, x: u32, sum: vec4f) {
  let value = sum * norms[group] + norms[${outputs}u + group];
  ${
    channels
      ? `let shade = tanh(clamp(value, vec4f(-10.0), vec4f(10.0))) * 0.5 + 0.5;
  let corner = vec2u(picture % ${columns}u, picture / ${columns}u) * ${side}u;
  textureStore(canvas, corner + vec2u(x, y), vec4f(${channels === 1 ? "shade.rrr" : "shade.rgb"}, 1.0));`
      : `result[((picture * ${outputs}u + group) * ${side}u + y) * ${side}u + x] = max(value, vec4f());`
  }
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  // from the fastest: strip, row, phase, output group, picture
  var rest = id.x + id.y * ${WORKGROUP}u * 65535u;
  let column = i32(rest % ${strips}u) * ${strip}; rest /= ${strips}u;
  let row = i32(rest % ${rows}u); rest /= ${rows}u;
  let phase = rest % ${phases}u; rest /= ${phases}u;
  let group = rest % ${outputs}u;
  let picture = rest / ${outputs}u;
  if (picture >= count) { return; }
  ${
    first
      ? `var sum = vec4f();
  let start = (group * 16u + phase) * ${inputs * 4}u;
  for (var g = 0u; g < ${inputs}u; g++) { sum += weightsAt(start + 4u * g) * activations[picture * ${inputs}u + g]; }
  put(picture, group, phase / 4u, phase % 4u, sum);`
      : `let odd = vec2i(i32(phase & 1u), i32(phase >> 1u));
  var sums = array<vec4f, ${strip}>();
  for (var g = 0u; g < ${inputs}u; g++) {
    let tile = (picture * ${inputs}u + g) * ${rows * rows}u;
    for (var up = 0; up < 2; up++) {
      let y = row + odd.y - up;
      let x = column + odd.x;
      let index = (group * 16u + phase * 4u + u32(2 * up)) * ${inputs * 4}u + 4u * g;
      let right = weightsAt(index);
      let left = weightsAt(index + ${inputs * 4}u);
      var before = activation(tile, y, x - 1);
      for (var i = 0; i < ${strip}; i++) {
        let here = activation(tile, y, x + i);
        sums[i] += right * here + left * before;
        before = here;
      }
    }
  }
  for (var i = 0; i < ${strip}; i++) {
    put(picture, group, u32(2 * row + odd.y), u32(2 * (column + i) + odd.x), sums[i]);
  }`
  }
}`;
}

/**
 * A layer on the GPU.
 * @typedef {object} Stage
 * @property {Layer} layer
 * @property {GPUComputePipeline} pipeline
 * @property {GPUBuffer} norms
 * @property {GPUBuffer} output
 * @property {number} invocations for each picture
 * @property {GPUBindGroupEntry[]} entries
 */

export class WebGPUGenerator {
  name = "WebGPU";

  /**
   * Uploads a network. Throws an Error where the browser has no WebGPU.
   * @param {Network} network
   * @param {number} most pictures drawn at a time
   */
  static async create(network, most) {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    const device = await adapter?.requestDevice();
    if (!device) throw new Error("This browser has no WebGPU.");
    device.pushErrorScope("validation");
    const made = new WebGPUGenerator(device, network, most);
    made.draw(new Float32Array(network.nz));
    const error = await device.popErrorScope();
    if (error) throw new Error(error.message);
    return made;
  }

  /**
   * @param {GPUDevice} device
   * @param {Network} network
   * @param {number} most
   */
  constructor(device, network, most) {
    this.device = device;
    this.network = network;
    this.columns = Math.ceil(Math.sqrt(most));
    this.canvas = new OffscreenCanvas(this.columns * network.side, Math.ceil(most / this.columns) * network.side);
    this.context = /** @type {GPUCanvasContext} */ (this.canvas.getContext("webgpu"));
    const usage = GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.RENDER_ATTACHMENT;
    this.context.configure({ device, format: "rgba8unorm", usage, alphaMode: "opaque" });
    /** @type {Promise<void>} resolves when the browser takes the GPU away */
    this.lost = device.lost.then(() => {});
    this.latents = this.buffer(most * 16 * network.layers[0].inputs);
    this.count = this.buffer(16, GPUBufferUsage.UNIFORM);
    let source = this.latents;
    this.stages = network.layers.map((layer) => {
      const stage = this.makeStage(layer, source, most);
      source = stage.output;
      return stage;
    });
    this.off = "";
    this.switchOff([]);
  }

  /**
   * Draws latents z [count, nz]. Picture i is then on the canvas in column i % columns and row i / columns.
   * @param {Float32Array} z
   * @param {Unit[]} off units that are switched off
   */
  draw(z, off = []) {
    const { device, network } = this;
    const { nz, layers } = network;
    const count = z.length / nz;
    const width = 4 * layers[0].inputs;
    const rows = new Float32Array(count * width);
    for (let picture = 0; picture < count; picture += 1) {
      rows.set(z.subarray(picture * nz, (picture + 1) * nz), picture * width);
    }
    device.queue.writeBuffer(this.latents, 0, rows);
    device.queue.writeBuffer(this.count, 0, new Uint32Array([count]));
    if (this.off !== JSON.stringify(off)) this.switchOff(off);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { pipeline, entries, invocations, layer } of this.stages) {
      const last = layer === layers.at(-1);
      const bound = last
        ? [...entries, { binding: 3, resource: this.context.getCurrentTexture().createView() }]
        : entries;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: bound }));
      const workgroups = Math.ceil((count * invocations) / WORKGROUP);
      pass.dispatchWorkgroups(Math.min(workgroups, 65535), Math.ceil(workgroups / 65535));
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  /** Resolves when everything that was asked for is drawn. */
  async finished() {
    await this.device.queue.onSubmittedWorkDone();
  }

  /** Gives the GPU's memory back. */
  close() {
    this.device.destroy();
  }

  /**
   * @param {Layer} layer
   * @param {GPUBuffer} source its input
   * @param {number} most pictures
   * @returns {Stage}
   */
  makeStage(layer, source, most) {
    const { device, network } = this;
    const last = layer === network.layers.at(-1);
    const code = shader(layer, last ? network.nc : null, this.columns);
    const module = device.createShaderModule({ code });
    const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
    const weights = this.buffer(layer.weight.byteLength);
    device.queue.writeBuffer(weights, 0, /** @type {Float32Array<ArrayBuffer>} */ (layer.weight));
    const norms = this.buffer(2 * layer.factor.byteLength);
    const output = this.buffer(last ? 16 : most * layer.outputs * layer.side ** 2 * 16);
    const resources = [source, weights, norms, last ? null : output, this.count];
    const entries = resources.flatMap((buffer, binding) => (buffer ? [{ binding, resource: { buffer } }] : []));
    const invocations = (layer.outputs * layer.side ** 2) / (layer.first ? 1 : STRIP);
    return { layer, pipeline, norms, output, invocations, entries };
  }

  /**
   * Sets the factors and offsets of units that are off to 0, so that they are 0 everywhere, and restores all others.
   * @param {Unit[]} off
   */
  switchOff(off) {
    for (const [index, { layer, norms }] of this.stages.entries()) {
      const kept = new Float32Array([...layer.factor, ...layer.offset]);
      for (const [number, unit] of off) {
        if (number === index) kept[unit] = kept[layer.factor.length + unit] = 0;
      }
      this.device.queue.writeBuffer(norms, 0, kept);
    }
    this.off = JSON.stringify(off);
  }

  /**
   * @param {number} size in bytes
   * @param {number} usage
   */
  buffer(size, usage = GPUBufferUsage.STORAGE) {
    return this.device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
  }
}
