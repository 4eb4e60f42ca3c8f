// Pictures drawn by this browser instead of the server, where that is quicker or where a person chose it.
//
// After the first picture of a model its weights are loaded in the background. The generator is used only once it has
// drawn the server's pictures; see `makeGenerator`. Every function here returns null where the server has to draw.

/** @import { Unit } from "../common/types.d.ts" */
/** @import { BrowserGenerator } from "./generator.js" */
/** @import { LatentSpace } from "./latents.js" */
import { DEFAULT_METHOD, METHOD_NAMES } from "../common/codec.js";
import { events, request } from "../common/session.js";
import { recall, remember } from "../common/storage.js";
import { copyPicture } from "./copy_picture.js";
import { makeGenerator } from "./generator.js";
import { frameLatent, latentOf, sheetLatents } from "./latents.js";
import { readGenerator } from "./layers.js";
import { Median } from "./median.js";

const KEY = "dcgan-drawn-by";
const AT_ONCE = 16; // pictures
const POLL = 5000; // ms between two looks for newer weights of a run’s best model
const IDLE = 1500; // ms after the first picture

/** @typedef {"auto" | "browser" | "server"} Choice */

/**
 * A model that this browser can draw.
 * @typedef {object} LocalModel
 * @property {string} name
 * @property {string} version fingerprint of the weights
 * @property {BrowserGenerator} generator
 * @property {LatentSpace} space its axes are loaded method by method
 */

export class LocalPictures {
  /** @type {Choice} */
  choice = /** @type {Choice} */ (recall(KEY) ?? "auto");
  /** @type {LocalModel | null} */
  model = null;
  /** What is loaded, or why nothing is: for the header. */
  state = "";
  /** Milliseconds of one picture: here, and from the server with the way there and back. */
  took = { browser: new Median(), server: new Median() };
  /** The model of the page. */
  wanted = "";
  loading = false;

  /** @param {Choice} choice */
  choose(choice) {
    this.choice = choice;
    remember(KEY, choice);
    this.load();
    this.tell();
  }

  /**
   * The page shows another model: its weights are loaded once the page is quiet.
   * @param {string} name
   */
  follow(name) {
    this.wanted = name;
    setTimeout(() => this.load(), IDLE);
  }

  /** Begins to look every few seconds whether a run that trains has a better best model. */
  poll() {
    setInterval(() => {
      if (/^best:/.test(this.wanted) && !document.hidden && this.usesBrowser) this.load();
    }, POLL);
  }

  /** Whether the next picture of the page's model is drawn here. */
  get usesBrowser() {
    if (this.choice === "server" || this.model?.name !== this.wanted) return false;
    return this.choice === "browser" || this.took.browser.value <= this.took.server.value;
  }

  get saveData() {
    return /** @type {any} */ (navigator).connection?.saveData === true;
  }

  /** Loads the weights of the page's model, unless they are loaded or a person does not want them. */
  async load() {
    const name = this.wanted;
    if (!name || this.loading || this.choice === "server" || (this.choice === "auto" && this.saveData)) return;
    this.loading = true;
    try {
      const query = new URLSearchParams({ model: name });
      const { version } = await (await request(`version?${query}`)).json();
      if (this.model?.name !== name || this.model.version !== version) await this.open(name, version);
    } catch (error) {
      // without a server the weights that are loaded stay in use
      if (this.model?.name !== name) this.state = error instanceof Error ? error.message : String(error);
    }
    this.loading = false;
    this.tell();
    if (name !== this.wanted) this.load();
  }

  /**
   * @param {string} name
   * @param {string} version
   */
  async open(name, version) {
    const query = new URLSearchParams({ model: name });
    const file = await this.download(`weights?${new URLSearchParams({ model: name, version })}`);
    const [check, axes] = await Promise.all([
      request(`check?${query}`).then((answer) => answer.json()),
      fetchAxes(name, DEFAULT_METHOD),
    ]);
    const network = readGenerator(file);
    /** @type {LatentSpace} */
    const space = { nz: network.nz, axes: { jacobian: axes, sefa: [], pca: [] } };
    const z = Float32Array.from(check.seeds.flatMap((/** @type {string} */ seed) => [...latentOf({ seed }, space)]));
    const pictures = Uint8Array.from(atob(check.pictures), (letter) => letter.charCodeAt(0));
    const generator = await makeGenerator(network, AT_ONCE, { z, pictures });
    this.model?.generator.close();
    this.model = { name, version, generator, space };
    this.state = generator.name;
    this.took.browser = new Median();
    for (let repeat = 0; repeat < 5; repeat += 1) await this.measure(z.subarray(0, network.nz));
    generator.lost.then(() => this.forget(generator));
    this.addOtherAxes(this.model);
  }

  /**
   * Loads a file and tells how much of it has come.
   * @param {string} path
   */
  async download(path) {
    const response = await request(path);
    const total = Number(response.headers.get("Content-Length"));
    const parts = [];
    let loaded = 0;
    for await (const part of /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body)) {
      parts.push(part);
      loaded += part.length;
      if (total) this.state = `loading ${Math.round((100 * loaded) / total)} %`;
      this.tell();
    }
    return new Blob(parts).arrayBuffer();
  }

  /** @param {Float32Array} z */
  async measure(z) {
    const { generator } = /** @type {LocalModel} */ (this.model);
    const started = performance.now();
    generator.draw(z);
    await generator.finished();
    this.took.browser.add(performance.now() - started);
  }

  /** @param {LocalModel} model */
  async addOtherAxes({ name, space }) {
    for (const method of METHOD_NAMES.filter((one) => one !== DEFAULT_METHOD)) {
      space.axes[method] = await fetchAxes(name, method).catch(() => []);
    }
  }

  /**
   * The browser took the GPU away: the server draws from the next picture on.
   * @param {BrowserGenerator} generator
   */
  forget(generator) {
    if (this.model?.generator !== generator) return;
    this.model = null;
    this.state = "the browser took the GPU away";
    this.tell();
  }

  /** No server answers: until one does, any picture of this browser comes sooner. */
  serverIsAway() {
    this.took.server = new Median();
  }

  tell() {
    events.dispatchEvent(new Event("source"));
  }

  /**
   * One picture as a bitmap of the wanted size.
   * @param {any} body as for dcgan/frame
   * @returns {Promise<{ image: ImageBitmap, millis: number } | null> | null} null also where newer weights came meanwhile
   */
  frame(body) {
    const z = this.latents(body, (space) => [frameLatent(body, space)]);
    if (!z || !this.model) return null;
    const started = performance.now();
    const { generator } = this.model;
    const own = drawOne(generator, z, body.off ?? []);
    const size = body.size ?? 256;
    return generator.finished().then(async () => {
      if (this.model?.generator !== generator) return null;
      const millis = performance.now() - started;
      this.took.browser.add(millis);
      const resizeQuality = body.resample === "nearest" ? "pixelated" : "high";
      return { image: await createImageBitmap(own, { resizeWidth: size, resizeHeight: size, resizeQuality }), millis };
    });
  }

  /**
   * A sheet of pictures, row by row.
   * @param {any} body as for dcgan/sheet
   * @param {AbortSignal} [signal]
   * @returns {Promise<ImageBitmap | null> | null} as `frame`; rejects with an AbortError where it was aborted
   */
  sheet(body, signal) {
    const z = this.latents(body, (space) => sheetLatents(body, space));
    if (!z || !this.model) return null;
    const { generator } = this.model;
    // a generator that was closed in the middle leaves empty cells
    return drawSheet(generator, z, body, signal).then((sheet) => (this.model?.generator === generator ? sheet : null));
  }

  /**
   * @param {any} body
   * @param {(space: LatentSpace) => ArrayLike<number>[]} compute
   */
  latents(body, compute) {
    if (!this.usesBrowser || !this.model || body.model !== this.model.name) return null;
    try {
      return Float32Array.from(compute(this.model.space).flatMap((z) => Array.from(z)));
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) return null; // axes that are not loaded: the server knows
      throw error;
    }
  }
}

/**
 * @param {string} model
 * @param {string} method
 * @returns {Promise<number[][]>}
 */
async function fetchAxes(model, method) {
  return (await (await request(`axes?${new URLSearchParams({ model, method })}`)).json()).axes;
}

/**
 * @param {BrowserGenerator} generator
 * @param {Float32Array} z
 * @param {Unit[]} off
 */
function drawOne(generator, z, off) {
  const { side } = generator.network;
  const own = new OffscreenCanvas(side, side);
  const context = own.getContext("2d");
  generator.draw(z, off);
  if (context) copyPicture(context, generator, 0);
  return own;
}

/**
 * @param {BrowserGenerator} generator
 * @param {Float32Array} z
 * @param {{ cell?: number, columns?: number, off?: Unit[] }} body
 * @param {AbortSignal} [signal]
 */
async function drawSheet(generator, z, body, signal) {
  const { nz, side } = generator.network;
  const count = z.length / nz;
  const { cell = 48, columns = count, off = [] } = body;
  const sheet = new OffscreenCanvas(cell * columns, cell * Math.ceil(count / columns));
  const one = new OffscreenCanvas(side, side);
  const [context, single] = [sheet.getContext("2d"), one.getContext("2d")];
  if (!context || !single) throw new Error("The browser has no more canvases.");
  context.imageSmoothingQuality = "high";
  for (let start = 0; start < count; start += AT_ONCE) {
    signal?.throwIfAborted();
    const end = Math.min(count, start + AT_ONCE);
    generator.draw(z.subarray(start * nz, end * nz), off);
    for (let index = start; index < end; index += 1) {
      copyPicture(single, generator, index - start);
      context.drawImage(one, cell * (index % columns), cell * Math.floor(index / columns), cell, cell);
    }
    await generator.finished();
  }
  return sheet.transferToImageBitmap();
}

/** The one of this page. */
export const localPictures = new LocalPictures();
