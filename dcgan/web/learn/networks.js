// The layers of the loaded model's G and D as two tables, and what each layer computes for the face of Explore.
/** @import { FaceFields } from "../common/types.d.ts" */
import { context2d, finder } from "../common/dom.js";
import { request, ServerError, session, wasAborted } from "../common/session.js";

const MAPS = 8; // shown of each layer
/**
 * What is shown below a layer.
 * @type {Record<string, "maps" | "picture">}
 */
const STRIPS = { ReLU: "maps", LeakyReLU: "maps", Tanh: "picture" };

/**
 * A layer; kernel, stride and padding are null where it is no convolution.
 * @typedef {object} Row
 * @property {string} name
 * @property {number | null} kernel
 * @property {number | null} stride
 * @property {number | null} padding
 * @property {number[]} output shape of what it returns
 * @property {number} parameters
 */
/** @typedef {{ layers: Row[], parameters: number }} Network */
/** @typedef {{ G: Network, D: Network, has_discriminator: boolean }} Networks */
/** @typedef {{ side: number, channels: number, units: number[], sheet: string }} Maps a layer's maps side by side */

export class NetworkTables {
  /** The model and the page's link that are shown. */
  shown = "";
  /** @type {AbortController | null} */
  controller = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.find = finder(element);
  }

  /** Fetches what belongs to the chosen model and the face of Explore, unless it is shown already. */
  async update() {
    const key = `${session.model.name} ${location.search}`;
    if (this.shown === key) return;
    this.shown = key;
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    const { signal } = controller;
    try {
      const model = session.model.name;
      const query = new URLSearchParams({ model });
      /** @type {Networks} */
      const networks = await (await request(`learn/networks?${query}`, undefined, { signal })).json();
      this.#tables(networks);
      await this.#maps(await currentFace(signal), model, signal);
    } catch (error) {
      if (wasAborted(error)) return;
      this.shown = ""; // tried again when the tab is next looked at
      if (error instanceof ServerError) this.find(".missing").textContent = error.message;
      else if (!(error instanceof TypeError)) throw error;
    }
  }

  /** @param {Networks} networks */
  #tables({ G, D, has_discriminator }) {
    const { model } = session;
    this.find(".missing").textContent = has_discriminator
      ? ""
      : "D was not kept with this model; the right table shows the D that it was trained with.";
    fill(this.find(".table-g tbody"), G, `z: ${model.nz} random numbers`);
    fill(this.find(".table-d tbody"), D, "a picture, real or generated");
    this.find(".total-g").textContent = `${thousands(G.parameters)} parameters`;
    this.find(".total-d").textContent = `${thousands(D.parameters)} parameters`;
  }

  /**
   * @param {FaceFields} face
   * @param {string} model
   * @param {AbortSignal} signal
   */
  async #maps(face, model, signal) {
    const body = { ...face, model };
    /** @type {{ layers: Maps[], output: string }} */
    const ofG = await (await request("layers", body, { signal })).json();
    await strips(this.find(".table-g"), ofG.layers);
    await this.#picture(ofG.output);
    /** @type {{ layers: Maps[], probability: number | null }} */
    const ofD = await (await request("learn/discriminator", body, { signal })).json();
    await strips(this.find(".table-d"), ofD.layers);
    this.find(".answer").textContent =
      ofD.probability === null ? "" : `D(G(z)) = ${ofD.probability.toFixed(3)} for this picture`;
    this.element.dataset.maps = this.shown;
  }

  /** @param {string} sheet whose first square is the picture as it is */
  async #picture(sheet) {
    const image = await decode(sheet);
    for (const cell of this.element.querySelectorAll(".strip-picture")) {
      const canvas = Object.assign(document.createElement("canvas"), { width: image.height, height: image.height });
      context2d(canvas).drawImage(image, 0, 0);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", "The picture of the face in Explore");
      cell.replaceChildren(canvas);
    }
  }
}

/**
 * The face that Explore shows, as the page's link names it. Until that link follows a change of the model, it is the
 * same seed without the edits, which is what Explore then shows.
 * @param {AbortSignal} signal
 * @returns {Promise<FaceFields>}
 */
async function currentFace(signal) {
  const { model, face } = await (await request(`open${location.search}`, undefined, { signal })).json();
  return model.name === session.model.name ? face : { seed: face.seed, psi: face.psi, edits: [] };
}

/**
 * @param {HTMLElement} body
 * @param {Network} network
 * @param {string} input what the network is given
 */
function fill(body, { layers }, input) {
  const first = document.createElement("tr");
  first.className = "input";
  first.innerHTML = '<th scope="row" colspan="6"></th>';
  finder(first)("th").textContent = input;
  const rows = layers.flatMap((layer) => {
    const what = STRIPS[layer.name];
    return what ? [makeRow(layer), makeStrip(what)] : [makeRow(layer)];
  });
  const picture = body.closest(".table-d") ? [makeStrip("picture")] : [];
  body.replaceChildren(first, ...picture, ...rows);
}

/** @param {Row} layer */
function makeRow({ name, kernel, stride, padding, output, parameters }) {
  const row = document.createElement("tr");
  row.innerHTML = '<th scope="row"></th><td></td><td></td><td></td><td></td><td></td>';
  row.classList.toggle("minor", kernel === null);
  const size = kernel === null ? "" : `${kernel}×${kernel}`;
  const texts = [name, size, stride, padding, output.join("×"), parameters ? thousands(parameters) : ""];
  for (const [index, cell] of [...row.children].entries()) cell.textContent = String(texts[index] ?? "");
  return row;
}

/**
 * An empty row for a layer's maps or the picture.
 * @param {"maps" | "picture"} what
 */
function makeStrip(what) {
  const row = document.createElement("tr");
  row.className = "strip";
  row.append(Object.assign(document.createElement("td"), { colSpan: 6, className: `strip-${what}` }));
  return row;
}

/**
 * Draws the maps of each layer below its row.
 * @param {HTMLElement} table
 * @param {Maps[]} layers
 */
async function strips(table, layers) {
  const images = await Promise.all(layers.map(({ sheet }) => decode(sheet)));
  for (const [index, row] of [...table.querySelectorAll(".strip-maps")].entries()) {
    const layer = layers[index];
    row.replaceChildren(...(layer ? [strip(layer, images[index])] : []));
  }
}

/**
 * The first maps of a sheet, with gaps between them.
 * @param {Maps} layer
 * @param {HTMLImageElement} sheet
 */
function strip({ side, channels, units }, sheet) {
  const count = Math.min(MAPS, units.length);
  const figure = document.createElement("figure");
  for (let index = 0; index < count; index++) {
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    context2d(canvas).drawImage(sheet, index * side, 0, side, side, 0, 0, side, side);
    figure.append(canvas);
  }
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", `${count} of ${channels} channels, ${side} × ${side}`);
  const words = document.createElement("figcaption");
  words.textContent = `${count} of ${channels}`;
  figure.append(words);
  return figure;
}

/** @param {string} url */
async function decode(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/**
 * A number with commas between its thousands.
 * @param {number} value
 */
const thousands = (value) => value.toLocaleString("en");
