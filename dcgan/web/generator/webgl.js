// Draws the generator's pictures on WebGL2. A layer is one draw call: each fragment computes four channels of one pixel.
// Activations lie in a float32 texture as tiles of side × side, one for each picture and group of four channels.

/** @import { Unit } from "../common/types.d.ts" */
/** @import { Layer, Network } from "./layers.js" */

const WEIGHTS_WIDTH = 1024; // texels; a power of two, and fewer than any WebGL2 offers at most (2048)

const VERTEX = `#version 300 es
void main() { // one triangle that covers everything
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

// INPUTS, OUTPUTS: groups of channels. SIDE: of the output. CHANNELS: of the picture. FIRST, LAST: 1 or 0.
const FRAGMENT = `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D activations; // [picture, input group] tiles of SIDE / 2; for the first layer a row of z a picture
uniform sampler2D weights; // [output group, phase, tap, input channel] in rows of ${WEIGHTS_WIDTH}
uniform sampler2D norms; // row 0: factors, row 1: offsets
uniform int inputTiles; // tiles in a row of the input
uniform int outputTiles; // tiles in a row of the output
uniform int height; // of the output
out vec4 color;

vec4 weight(int index) { return texelFetch(weights, ivec2(index & ${WEIGHTS_WIDTH - 1}, index / ${WEIGHTS_WIDTH}), 0); }

mat4 weightsAt(int index) { return mat4(weight(index), weight(index + 1), weight(index + 2), weight(index + 3)); }

void main() {
  ivec2 place = ivec2(gl_FragCoord.xy);
#if LAST
  place.y = height - 1 - place.y; // a canvas counts its rows from below
#endif
  ivec2 pixel = place % SIDE;
  int tile = place.y / SIDE * outputTiles + place.x / SIDE;
  int picture = tile / OUTPUTS;
  int group = tile % OUTPUTS;
  vec4 sum = vec4(0.0);
#if FIRST
  int index = (group * 16 + pixel.y * 4 + pixel.x) * INPUTS * 4;
  for (int g = 0; g < INPUTS; ++g) sum += weightsAt(index + 4 * g) * texelFetch(activations, ivec2(g, picture), 0);
#else
  ivec2 odd = pixel & 1;
  for (int tap = 0; tap < 4; ++tap) {
    ivec2 at = pixel / 2 + odd - ivec2(tap & 1, tap >> 1);
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, ivec2(SIDE / 2)))) continue;
    int index = ((group * 4 + 2 * odd.y + odd.x) * 4 + tap) * INPUTS * 4;
    for (int g = 0; g < INPUTS; ++g) {
      int source = picture * INPUTS + g;
      ivec2 corner = ivec2(source % inputTiles, source / inputTiles) * (SIDE / 2);
      sum += weightsAt(index + 4 * g) * texelFetch(activations, corner + at, 0);
    }
  }
#endif
  sum = sum * texelFetch(norms, ivec2(group, 0), 0) + texelFetch(norms, ivec2(group, 1), 0);
#if LAST
  vec3 shade = tanh(clamp(sum.rgb, -10.0, 10.0)) * 0.5 + 0.5; // some processors' tanh overflows
  color = vec4(CHANNELS == 1 ? shade.rrr : shade, 1.0);
#else
  color = max(sum, 0.0);
#endif
}`;

/**
 * A layer on the GPU.
 * @typedef {object} Stage
 * @property {Layer} layer
 * @property {WebGLProgram} program
 * @property {WebGLTexture} weights
 * @property {WebGLTexture} norms
 * @property {WebGLTexture | null} output null for the last, which draws on the canvas
 * @property {WebGLFramebuffer | null} frame of the output
 * @property {number} columns tiles in a row of the output
 */

export class WebGLGenerator {
  name = "WebGL2";

  /**
   * Uploads a network. Throws an Error where the browser cannot draw into float32 textures with WebGL2.
   * @param {Network} network
   * @param {number} most pictures drawn at a time
   */
  constructor(network, most) {
    this.network = network;
    this.columns = Math.ceil(Math.sqrt(most));
    const rows = Math.ceil(most / this.columns);
    this.canvas = new OffscreenCanvas(this.columns * network.side, rows * network.side);
    const options = { alpha: false, antialias: false, depth: false, powerPreference: "high-performance" };
    const gl = /** @type {WebGL2RenderingContext | null} */ (this.canvas.getContext("webgl2", options));
    if (!gl?.getExtension("EXT_color_buffer_float")) throw new Error("This browser has no WebGL2 with float textures.");
    this.gl = gl;
    /** @type {Promise<void>} resolves when the browser takes the GPU away */
    this.lost = new Promise((done) => this.canvas.addEventListener("webglcontextlost", () => done(), { once: true }));
    this.latents = this.texture(network.layers[0].inputs, most, gl.RGBA32F);
    this.stages = network.layers.map((layer) => this.makeStage(layer, most));
    this.off = "";
  }

  /**
   * Draws latents z [count, nz]. Picture i is then on the canvas in column i % columns and row i / columns.
   * @param {Float32Array} z
   * @param {Unit[]} off units that are switched off
   */
  draw(z, off = []) {
    const { gl } = this;
    const { nz, layers } = this.network;
    const count = z.length / nz;
    const rows = new Float32Array(count * 4 * layers[0].inputs);
    for (let picture = 0; picture < count; picture += 1) {
      rows.set(z.subarray(picture * nz, (picture + 1) * nz), picture * 4 * layers[0].inputs);
    }
    this.fill(this.latents, 0, 0, layers[0].inputs, count, gl.FLOAT, rows);
    if (this.off !== JSON.stringify(off)) this.switchOff(off);
    let source = this.latents;
    let inputTiles = 1;
    for (const stage of this.stages) {
      this.run(stage, source, inputTiles, count);
      inputTiles = stage.columns;
      source = stage.output ?? source;
    }
  }

  /** Resolves when everything that was asked for is drawn. */
  async finished() {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (fence && !gl.isContextLost() && gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED) await nextTask();
    gl.deleteSync(fence);
  }

  /** Gives the GPU's memory back. */
  close() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /**
   * @param {Stage} stage
   * @param {WebGLTexture} source
   * @param {number} inputTiles
   * @param {number} count of pictures
   */
  run({ layer, program, weights, norms, frame, output, columns }, source, inputTiles, count) {
    const { gl } = this;
    const rows = Math.ceil((count * layer.outputs) / columns);
    const height = output ? rows * layer.side : this.canvas.height;
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.viewport(0, height - rows * layer.side, columns * layer.side, rows * layer.side);
    gl.useProgram(program);
    for (const [unit, texture] of [source, weights, norms].entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    }
    const integers = { activations: 0, weights: 1, norms: 2, inputTiles, outputTiles: columns, height };
    for (const [name, value] of Object.entries(integers)) gl.uniform1i(gl.getUniformLocation(program, name), value);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /**
   * @param {Layer} layer
   * @param {number} most pictures
   * @returns {Stage}
   */
  makeStage(layer, most) {
    const { gl, network } = this;
    const last = layer === network.layers.at(-1);
    const columns = last ? this.columns : Math.ceil(Math.sqrt(most * layer.outputs));
    const rows = Math.ceil((most * layer.outputs) / columns);
    const output = last ? null : this.texture(columns * layer.side, rows * layer.side, gl.RGBA32F);
    const norms = this.texture(layer.outputs, 2, gl.RGBA32F);
    this.fill(norms, 0, 0, layer.outputs, 1, gl.FLOAT, layer.factor);
    this.fill(norms, 0, 1, layer.outputs, 1, gl.FLOAT, layer.offset);
    const program = this.link({
      INPUTS: layer.inputs,
      OUTPUTS: layer.outputs,
      SIDE: layer.side,
      CHANNELS: network.nc,
      FIRST: Number(layer.first),
      LAST: Number(last),
    });
    return { layer, program, weights: this.weights(layer.weight), norms, output, frame: this.frame(output), columns };
  }

  /** @param {Uint16Array | Float32Array} numbers float16 bits or float32 */
  weights(numbers) {
    const { gl } = this;
    const half = numbers instanceof Uint16Array;
    const rows = Math.ceil(numbers.length / 4 / WEIGHTS_WIDTH);
    const texture = this.texture(WEIGHTS_WIDTH, rows, half ? gl.RGBA16F : gl.RGBA32F);
    const padded = half ? new Uint16Array(rows * WEIGHTS_WIDTH * 4) : new Float32Array(rows * WEIGHTS_WIDTH * 4);
    padded.set(numbers);
    this.fill(texture, 0, 0, WEIGHTS_WIDTH, rows, half ? gl.HALF_FLOAT : gl.FLOAT, padded);
    return texture;
  }

  /**
   * Sets the factors and offsets of units that are off to 0, so that they are 0 everywhere, and restores all others.
   * @param {Unit[]} off
   */
  switchOff(off) {
    for (const [index, { layer, norms }] of this.stages.entries()) {
      for (const [row, numbers] of [layer.factor, layer.offset].entries()) {
        const kept = numbers.slice();
        for (const [number, unit] of off) if (number === index) kept[unit] = 0;
        this.fill(norms, 0, row, layer.outputs, 1, this.gl.FLOAT, kept);
      }
    }
    this.off = JSON.stringify(off);
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} format
   */
  texture(width, height, format) {
    const { gl } = this;
    if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error("The network is too large.");
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST); // float32 textures cannot be filtered
    }
    return texture;
  }

  /**
   * @param {WebGLTexture} texture
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {number} type of the numbers
   * @param {Float32Array | Uint16Array} numbers
   */
  fill(texture, x, y, width, height, type, numbers) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RGBA, type, numbers);
  }

  /** @param {WebGLTexture | null} texture */
  frame(texture) {
    const { gl } = this;
    if (!texture) return null;
    const frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return frame;
  }

  /** @param {Record<string, number>} constants */
  link(constants) {
    const { gl } = this;
    const defines = Object.entries(constants).map(([name, value]) => `#define ${name} ${value}`);
    const program = gl.createProgram();
    for (const [type, source] of /** @type {const} */ ([
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, ["#version 300 es", ...defines, FRAGMENT].join("\n")],
    ])) {
      const shader = gl.createShader(type);
      if (!shader) throw new Error("The browser took the GPU away.");
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS))
      throw new Error(gl.getProgramInfoLog(program) ?? "no program");
    return program;
  }
}

/** Resolves in the next task: sooner than a timer, which browsers round up to 4 ms. */
function nextTask() {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  });
}
