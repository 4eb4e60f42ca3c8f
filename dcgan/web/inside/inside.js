// Inside the generator: the strongest units of each layer as small maps of where they are active in this picture. A
// click turns a unit off for this picture, and everything on the desk is then drawn without it.
import { ask, Refusal } from "../common/session.js";

const UNITS = 16;

export class Inside {
  /** `changed()` is called after a unit was turned off or on. Maps are asked for only while `fold` is open. */
  constructor(fold, stage, face, model, changed) {
    Object.assign(this, { fold, face, model, changed, controller: null });
    this.layers = [];
    for (let side = 4; side < model.image_size; side *= 2) this.layers.push(this.makeLayer(this.layers.length, side));
    fold.querySelector(".inside").innerHTML = `
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
    fold.querySelector(".layers").append(...this.layers.map(({ row }) => row));
    this.outcome = fold.querySelector(".outcome");
    this.restore = fold.querySelector(".restore");
    this.output = fold.querySelector(".output");
    this.badge = stage.querySelector(".units-off") ?? makeBadge(stage);
    this.restore.onclick = this.badge.onclick = () => {
      this.face.off = [];
      this.changed();
    };
    fold.ontoggle = () => this.develop(); // a property, since another model's maps take these ones' place
    this.show();
  }

  makeLayer(number, side) {
    const row = document.createElement("div");
    row.className = "layer";
    row.innerHTML = `
      <div class="label"><b>${side} × ${side}</b><span class="quiet about">&nbsp;</span><span class="grow"></span>
        <button type="button" class="small these" disabled>turn these off</button></div>
      <div class="maps" role="group" aria-label="Units of the layer ${side} × ${side}"></div>`;
    const layer = { row, side, number, units: [], buttons: Array.from({ length: UNITS }, () => makeUnit(side)) };
    row.querySelector(".maps").append(...layer.buttons);
    layer.buttons.forEach((button, index) => {
      button.addEventListener("click", () => this.toggle(number, [layer.units[index]]));
      button.addEventListener("keydown", (event) => walk(event, layer.buttons, index));
    });
    layer.buttons[0].tabIndex = 0;
    row.querySelector(".these").addEventListener("click", () => this.toggle(number, layer.units));
    return layer;
  }

  isOff(layer, unit) {
    return this.face.off.some(([l, u]) => l === layer && u === unit);
  }

  /** Turns units of one layer off; on again if all of them are off. */
  toggle(layer, units) {
    const on = units.filter((unit) => !this.isOff(layer, unit));
    this.face.off = on.length
      ? [...this.face.off, ...on.map((unit) => [layer, unit])]
      : this.face.off.filter(([l, u]) => l !== layer || !units.includes(u));
    this.changed();
  }

  /** Which units are off, on the maps and over the picture. */
  show() {
    const count = this.face.off.length,
      words = `${count} unit${count === 1 ? "" : "s"} off`;
    this.badge.hidden = !count;
    this.badge.textContent = `${words} · all on`;
    this.restore.disabled = !count;
    for (const { row, number, side, units, buttons } of this.layers) {
      units.forEach((unit, index) => {
        const off = this.isOff(number, unit);
        buttons[index].setAttribute("aria-pressed", String(off));
        buttons[index].setAttribute("aria-label", `Unit ${unit} of the layer ${side} × ${side}, ${off ? "off" : "on"}`);
      });
      const all = units.length > 0 && units.every((unit) => this.isOff(number, unit));
      row.querySelector(".these").textContent = all ? "turn these on" : "turn these off";
    }
  }

  stop() {
    this.controller?.abort();
    this.fold.classList.add("stale");
  }

  /** Fetches the maps of the face as it is now, if they can be seen. False when the face has moved on meanwhile. */
  async develop() {
    this.controller?.abort();
    if (!this.fold.open) return true;
    const controller = new AbortController();
    this.controller = controller;
    try {
      const body = { ...this.face.request, model: this.model.name };
      const answer = await (await ask("layers", body, { signal: controller.signal })).json();
      const pictures = await Promise.all([...answer.layers.map(({ sheet }) => sheet), answer.output].map(decode));
      if (controller.signal.aborted) return false;
      for (const [index, layer] of this.layers.entries()) fill(layer, answer.layers[index], pictures[index]);
      this.tell(answer, pictures.at(-1));
      this.show();
      this.fold.classList.remove("stale");
      return true;
    } catch (error) {
      if (error.name === "AbortError") return false;
      if (error instanceof Refusal) this.outcome.textContent = error.message;
      else if (!(error instanceof TypeError)) throw error;
      return true; // without a server the maps stay grey; the picture's own request says so
    }
  }

  /** What the units that are off have changed. */
  tell({ change, share }, sheet) {
    const count = this.face.off.length;
    this.outcome.textContent = !count
      ? "All units are on. Click a map to turn its unit off."
      : `${count} unit${count === 1 ? " is" : "s are"} off: the picture has changed by ${change.toFixed(3)}, ` +
        `and ${Math.round(share * 100)} % of it visibly.`;
    this.output.classList.toggle("changed", count > 0);
    for (const [index, canvas] of this.output.querySelectorAll("canvas").entries()) cut(canvas, sheet, index);
  }
}

function fill(layer, { units, channels, effects, means }, sheet) {
  layer.units = units;
  layer.row.querySelector(".about").textContent = `${channels} units, strongest first`;
  layer.row.querySelector(".these").disabled = false;
  layer.buttons.forEach((button, index) => {
    button.hidden = index >= units.length;
    if (button.hidden) return;
    button.disabled = false;
    button.querySelector("span").textContent = units[index];
    button.querySelector("i").style.width = `${(100 * effects[index]) / Math.max(effects[0], 1e-6)}%`;
    const without = `without it alone the picture changes by ${effects[index].toFixed(3)}`;
    button.title = `Unit ${units[index]}: mean ${means[index].toFixed(2)}; ${without}`;
    cut(button.firstElementChild, sheet, index);
  });
}

function makeUnit(side) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "unit", disabled: true, tabIndex: -1 });
  button.innerHTML = `<canvas width="${side}" height="${side}"></canvas><i></i><span>&nbsp;</span>`;
  return button;
}

/** A button over the picture: wherever one has scrolled to, it says that this is not the whole generator's picture. */
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

/** Left and right go from map to map; a row is one stop of the tab key. */
function walk(event, buttons, index) {
  const next = buttons[index + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? NaN)];
  if (!next || next.hidden || next.disabled) return;
  event.preventDefault();
  buttons[index].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

async function decode(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** One cell of a sheet that is a row of squares. */
function cut(canvas, sheet, index) {
  const side = canvas.width;
  canvas.getContext("2d").drawImage(sheet, index * side, 0, side, side, 0, 0, side, side);
}
