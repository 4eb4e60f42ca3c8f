// Inside the generator: the strongest units of each layer as small maps of where they are active in this picture. A
// click turns a unit off for this picture, and everything on the desk is then drawn without it.
/** @import { Face } from "../common/face.js" */
/** @import { Model, Unit } from "../common/types.d.ts" */

import { drawCell, finder, squareCanvas } from "../common/dom.js";
import { roveFocus } from "../common/roving_focus.js";
import { request, ServerError, wasAborted } from "../common/session.js";

const UNITS = 16;

/**
 * A layer of the generator: its row on the page, the side of its maps, the units that are shown, a button each.
 * @typedef {object} Layer
 * @property {HTMLElement} row
 * @property {number} side
 * @property {number} number
 * @property {number[]} units
 * @property {HTMLButtonElement[]} buttons
 * @property {HTMLButtonElement} these turns all of them off
 */
/**
 * What the server says of a layer: its strongest units, of how many, how much each changes the picture, its mean; maps.
 * @typedef {{ units: number[], channels: number, effects: number[], means: number[], sheet: string }} LayerFields
 */
/** @typedef {{ layers: LayerFields[], output: string, change: number, share: number }} Answer */

export class Inside {
  /** @type {AbortController | null} */
  controller = null;
  /** @type {Layer[]} */
  layers = [];

  /**
   * @param {HTMLDetailsElement} fold maps are asked for only while it is open
   * @param {HTMLElement} stage
   * @param {Face} face
   * @param {Model} model
   * @param {() => void} changed is called after a unit was turned off or on
   */
  constructor(fold, stage, face, model, changed) {
    this.fold = fold;
    this.face = face;
    this.model = model;
    this.changed = changed;
    const find = finder(fold);
    for (let side = 4; side < model.image_size; side *= 2) this.layers.push(this.makeLayer(this.layers.length, side));
    find(".inside").innerHTML = `
      <div class="row telling"><p class="outcome" role="status"></p>
        <button type="button" class="small restore" title="Turn every unit on again">all units on</button></div>
      <div class="layers"></div>
      <div class="layer output">
        <div class="label"><b>${model.image_size} × ${model.image_size}</b><span class="quiet">the picture</span></div>
        <div class="outcomes">${["as it is", "all units on", "the difference"]
          .map(
            (words) => `
          <figure><canvas width="${model.image_size}" height="${model.image_size}" role="img"
            aria-label="The picture, ${words}"></canvas><figcaption>${words}</figcaption></figure>`,
          )
          .join("")}</div></div>
      <p class="quiet">Each map shows where a unit is active, bright where it is most; the bar is how much the picture
        changes without it.
        PNG, link, strips, neighbours and the critic follow; films are drawn with all units on.</p>`;
    find(".layers").append(...this.layers.map(({ row }) => row));
    this.outcome = find(".outcome");
    this.restore = find(".restore", HTMLButtonElement);
    this.output = find(".output");
    this.badge = /** @type {HTMLElement | null} */ (stage.querySelector(".units-off")) ?? makeBadge(stage);
    this.restore.onclick = this.badge.onclick = () => {
      this.face.off = [];
      this.changed();
    };
    fold.ontoggle = () => this.fetchPictures(); // a property, since another model's maps take these ones' place
    this.show();
  }

  /**
   * @param {number} number
   * @param {number} side
   */
  makeLayer(number, side) {
    const row = document.createElement("div");
    row.className = "layer";
    row.innerHTML = `
      <div class="label"><b>${side} × ${side}</b><span class="quiet about">&nbsp;</span><span class="grow"></span>
        <button type="button" class="small these" disabled>turn these off</button></div>
      <div class="maps" role="group" aria-label="Units of the layer ${side} × ${side}"></div>`;
    const these = finder(row)(".these", HTMLButtonElement);
    const buttons = Array.from({ length: UNITS }, () => makeUnit(side));
    /** @type {Layer} */
    const layer = { row, side, number, units: [], buttons, these };
    finder(row)(".maps").append(...layer.buttons);
    layer.buttons.forEach((button, index) => {
      button.addEventListener("click", () => this.toggle(number, [layer.units[index]]));
    });
    roveFocus(layer.buttons);
    these.addEventListener("click", () => this.toggle(number, layer.units));
    return layer;
  }

  /**
   * @param {number} layer
   * @param {number} unit
   */
  isOff(layer, unit) {
    return this.face.off.some(([l, u]) => l === layer && u === unit);
  }

  /**
   * Turns units of one layer off; on again if all of them are off.
   * @param {number} layer
   * @param {number[]} units
   */
  toggle(layer, units) {
    const on = units.filter((unit) => !this.isOff(layer, unit));
    /** @type {(unit: number) => Unit} */
    const named = (unit) => [layer, unit];
    this.face.off = on.length
      ? [...this.face.off, ...on.map(named)]
      : this.face.off.filter(([l, u]) => l !== layer || !units.includes(u));
    this.changed();
  }

  /** Which units are off, on the maps and over the picture. */
  show() {
    const count = this.face.off.length;
    const words = `${count} unit${count === 1 ? "" : "s"} off`;
    this.badge.hidden = !count;
    this.badge.textContent = `${words} · all on`;
    this.restore.disabled = !count;
    for (const { number, side, units, buttons, these } of this.layers) {
      units.forEach((unit, index) => {
        const off = this.isOff(number, unit);
        buttons[index].setAttribute("aria-pressed", String(off));
        buttons[index].setAttribute("aria-label", `Unit ${unit} of the layer ${side} × ${side}, ${off ? "off" : "on"}`);
      });
      const all = units.length > 0 && units.every((unit) => this.isOff(number, unit));
      these.textContent = all ? "turn these on" : "turn these off";
    }
  }

  stop() {
    this.controller?.abort();
    this.fold.classList.add("stale");
  }

  /** Fetches the maps of the face as it is now, if they can be seen. False when the face has moved on meanwhile. */
  async fetchPictures() {
    this.controller?.abort();
    if (!this.fold.open) return true;
    const controller = new AbortController();
    this.controller = controller;
    try {
      const body = { ...this.face.request, model: this.model.name };
      /** @type {Answer} */
      const answer = await (await request("layers", body, { signal: controller.signal })).json();
      const pictures = await Promise.all([...answer.layers.map(({ sheet }) => sheet), answer.output].map(decode));
      if (controller.signal.aborted) return false;
      for (const [index, layer] of this.layers.entries()) fill(layer, answer.layers[index], pictures[index]);
      this.tell(answer, pictures[pictures.length - 1]);
      this.show();
      this.fold.classList.remove("stale");
      return true;
    } catch (error) {
      if (wasAborted(error)) return false;
      if (error instanceof ServerError) this.outcome.textContent = error.message;
      else if (!(error instanceof TypeError)) throw error;
      return true; // without a server the maps stay grey; the picture's own request says so
    }
  }

  /**
   * What the units that are off have changed.
   * @param {Answer} answer
   * @param {HTMLImageElement} sheet
   */
  tell({ change, share }, sheet) {
    const count = this.face.off.length;
    this.outcome.textContent = !count
      ? "All units are on. Click a map to turn its unit off."
      : `${count} unit${count === 1 ? " is" : "s are"} off: the picture has changed by ${change.toFixed(3)}, ` +
        `and ${Math.round(share * 100)} % of it visibly.`;
    this.output.classList.toggle("changed", count > 0);
    for (const [index, canvas] of this.output.querySelectorAll("canvas").entries()) drawCell(canvas, sheet, index);
  }
}

/**
 * @param {Layer} layer
 * @param {LayerFields} fields
 * @param {HTMLImageElement} sheet
 */
function fill(layer, { units, channels, effects, means }, sheet) {
  layer.units = units;
  finder(layer.row)(".about").textContent = `${channels} units, strongest first`;
  layer.these.disabled = false;
  layer.buttons.forEach((button, index) => {
    button.hidden = index >= units.length;
    if (button.hidden) return;
    button.disabled = false;
    const find = finder(button);
    find("span").textContent = String(units[index]);
    find("i").style.width = `${(100 * effects[index]) / Math.max(effects[0], 1e-6)}%`;
    const without = `without it alone the picture changes by ${effects[index].toFixed(3)}`;
    button.title = `Unit ${units[index]}: mean ${means[index].toFixed(2)}; ${without}`;
    drawCell(find("canvas", HTMLCanvasElement), sheet, index);
  });
}

/** @param {number} side */
function makeUnit(side) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "unit", disabled: true });
  button.innerHTML = "<i></i><span>&nbsp;</span>";
  button.prepend(squareCanvas(side));
  return button;
}

/**
 * A button over the picture: wherever one has scrolled to, it says that this is not the whole generator's picture.
 * @param {HTMLElement} stage
 */
function makeBadge(stage) {
  const badge = document.createElement("button");
  Object.assign(badge, {
    type: "button",
    className: "small units-off",
    hidden: true,
    title: "Turn every unit on again",
  });
  stage.append(badge);
  return badge;
}

/** @param {string} url */
async function decode(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
