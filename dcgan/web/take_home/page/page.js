// The page that one takes home: a generator in one HTML file, which asks nothing of any server.

/** @import { Edit } from "../../common/types.d.ts" */
/** @import { BrowserGenerator } from "../../generator/generator.js" */
/** @import { Vector } from "../../generator/paths.js" */
import { finder } from "../../common/dom.js";
import { copyPicture } from "../../generator/copy_picture.js";
import { makeGenerator } from "../../generator/generator.js";
import { latentOf, pathAt } from "../../generator/latents.js";
import { readGenerator } from "../../generator/layers.js";
import { recordCanvas } from "./record.js";

const SIZE = 512; // of the picture's canvas
const REACH = 4; // of a slider
const MAX_SEED = 2n ** 63n - 1n;

const find = finder(document);
const model = JSON.parse(find("#model", HTMLScriptElement).textContent ?? "");
const space = { nz: model.nz, axes: { jacobian: model.axes, sefa: [], pca: [] } };
const seed = find(".seed", HTMLInputElement);
const psi = find(".psi", HTMLInputElement);
const canvas = find(".picture", HTMLCanvasElement);
const status = find(".status");
/** @type {Map<HTMLInputElement, Omit<Edit, "amount">>} */
const sliders = new Map();
/** @type {BrowserGenerator | null} */
let generator = null;
/** The latent to be drawn next. @type {Vector | null} */
let waiting = null;
let drawing = false;
let playing = 0; // the number of the animation frame; 0 while nothing plays

addSliders();
find(".from", HTMLInputElement).value = seed.value;
find(".to", HTMLInputElement).value = String(Number(seed.value) + 1);
for (const input of [seed, psi, ...sliders.keys()]) input.addEventListener("input", showFace);
find(".dice").addEventListener("click", () => {
  seed.value = String(Math.floor(Math.random() * 1e6));
  showFace();
});
find(".reset").addEventListener("click", () => {
  psi.value = "1";
  for (const slider of sliders.keys()) slider.value = "0";
  showFace();
});
find(".save").addEventListener("click", save);
find(".play").addEventListener("click", () => (playing ? stop() : play()));
find(".record").addEventListener("click", record);
start();

async function start() {
  try {
    const network = readGenerator(bytesOf(find("#weights", HTMLScriptElement).textContent ?? "").buffer);
    const seeds = /** @type {string[]} */ (model.check.seeds);
    const z = Float32Array.from(seeds.flatMap((one) => [...latentOf({ seed: one }, space)]));
    generator = await makeGenerator(network, 16, { z, pictures: bytesOf(model.check.pictures) });
    status.textContent = `Drawn on this device (${generator.name}), without a server.`;
    document.body.dataset.state = "ready";
    showFace();
  } catch (error) {
    problem(`This browser cannot draw the pictures. ${error instanceof Error ? error.message : ""}`);
    status.textContent = "";
  }
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function addSliders() {
  for (const [direction, name] of model.names.entries()) addSlider(find(".directions"), name, { direction });
  for (let dim = 0; dim < model.nz; dim += 1) addSlider(find(".dimensions"), `z ${dim}`, { dim });
}

/**
 * @param {HTMLElement} parent
 * @param {string} name
 * @param {Omit<Edit, "amount">} edit
 */
function addSlider(parent, name, edit) {
  const label = document.createElement("label");
  label.className = "slider";
  const text = Object.assign(document.createElement("span"), { textContent: name });
  const slider = Object.assign(document.createElement("input"), { type: "range" });
  Object.assign(slider, { min: String(-REACH), max: String(REACH), step: "0.05", value: "0" });
  label.append(text, slider, document.createElement("output"));
  parent.append(label);
  sliders.set(slider, edit);
}

/** The face that the controls describe; null, with a sentence on the page, where a seed is no seed. */
function face() {
  const edits = [...sliders].map(([slider, edit]) => ({ ...edit, amount: Number(slider.value) }));
  const chosen = seedOf(seed);
  return chosen === null ? null : { seed: chosen, psi: Number(psi.value), edits: edits.filter(({ amount }) => amount) };
}

/** @param {HTMLInputElement} input */
function seedOf(input) {
  const text = input.value.trim();
  if (/^\d{1,19}$/.test(text) && BigInt(text) <= MAX_SEED) {
    problem("");
    return text;
  }
  problem("A seed is a whole number from 0 to 9223372036854775807.");
  return null;
}

/** @param {string} sentence the empty one hides it */
function problem(sentence) {
  find(".problem").textContent = sentence;
  find(".problem").hidden = !sentence;
}

function showFace() {
  stop();
  for (const slider of sliders.keys()) {
    if (slider.nextElementSibling) slider.nextElementSibling.textContent = Number(slider.value).toFixed(2);
  }
  const shown = face();
  if (shown) draw(latentOf(shown, space));
}

/**
 * Draws a latent, in place of one that still waits.
 * @param {Vector} z
 */
async function draw(z) {
  waiting = z;
  if (drawing || !generator) return;
  drawing = true;
  while (waiting) {
    const next = Float32Array.from(waiting);
    waiting = null;
    const context = canvas.getContext("2d");
    if (context) {
      context.imageSmoothingQuality = "high";
      context.drawImage(pictureOf(generator, next), 0, 0, SIZE, SIZE);
    }
    canvas.dataset.shown = String(Number(canvas.dataset.shown ?? 0) + 1);
    await generator.finished();
  }
  drawing = false;
}

/**
 * The picture of a latent, at the generator's own size.
 * @param {BrowserGenerator} drawer
 * @param {Float32Array} z
 */
function pictureOf(drawer, z) {
  const { side } = drawer.network;
  const own = new OffscreenCanvas(side, side);
  const context = own.getContext("2d");
  drawer.draw(z);
  if (context) copyPicture(context, drawer, 0);
  return own;
}

/** Saves the picture at the generator's own size. */
async function save() {
  const shown = face();
  if (!generator || !shown) return;
  const picture = pictureOf(generator, Float32Array.from(latentOf(shown, space)));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await picture.convertToBlob({ type: "image/png" }));
  link.download = `${model.name}-seed${shown.seed}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The loop from one seed to the other and back, as a function of time 0 … 1; null where a seed is no seed. */
function loop() {
  const ends = [seedOf(find(".from", HTMLInputElement)), seedOf(find(".to", HTMLInputElement))];
  if (ends.includes(null)) return null;
  const faces = ends.map((end) => ({ seed: String(end), psi: Number(psi.value), edits: [] }));
  return (/** @type {number} */ t) => pathAt({ faces, loop: true, easing: "ease" }, t, space);
}

/** The loop's length in seconds, within its limits. */
function seconds() {
  const input = find(".seconds", HTMLInputElement);
  const length = Math.min(20, Math.max(1, Number(input.value) || 4));
  input.value = String(length);
  return length;
}

function play() {
  const at = loop();
  if (!at) return;
  const length = 1000 * seconds();
  const begun = performance.now();
  const frame = (/** @type {number} */ now) => {
    draw(at((Math.max(0, now - begun) / length) % 1));
    playing = requestAnimationFrame(frame);
  };
  playing = requestAnimationFrame(frame);
  find(".play").setAttribute("aria-pressed", "true");
  find(".play").textContent = "Stop";
}

function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  find(".play").setAttribute("aria-pressed", "false");
  find(".play").textContent = "Play the loop";
}

/** Plays one loop and records the picture; the film is offered as a link. */
async function record() {
  const button = find(".record", HTMLButtonElement);
  const film = find(".film", HTMLAnchorElement);
  stop();
  play();
  if (!playing) return;
  button.disabled = true;
  film.hidden = true;
  try {
    const blob = await recordCanvas(canvas, seconds());
    URL.revokeObjectURL(film.href);
    film.href = URL.createObjectURL(blob);
    film.download = `${model.name}-loop.${blob.type.includes("mp4") ? "mp4" : "webm"}`;
    film.hidden = false;
  } catch (error) {
    problem(error instanceof Error ? error.message : String(error));
  }
  button.disabled = false;
}
