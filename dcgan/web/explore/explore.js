// Explore: the picture, the controls that change it, and the panels that describe it.
/** @import { FaceFields } from "../common/types.d.ts" */

import { finder, typedInto } from "../common/dom.js";
import { Face, History } from "../common/face.js";
import { Frames } from "../common/frames.js";
import {
  debounce,
  events,
  fetchWithRetry,
  messageOf,
  runOf,
  ServerError,
  session,
  sessionReady,
} from "../common/session.js";
import { share } from "../common/share.js";
import { Directions } from "../directions/directions.js";
import { teach } from "../directions/teach.js";
import { Inside } from "../inside/inside.js";
import { nearest } from "../nearest/nearest.js";
import { photo } from "../photo/photo.js";
import { critic } from "./critic.js";
import { Faders } from "./faders.js";
import { LatentText } from "./latent_text.js";
import { Neighbours } from "./neighbours.js";
import { NewestModel } from "./newest_model.js";
import { shelfPanel } from "./shelf_panel.js";

const DIRECTIONS = 8;
const FADERS_EVERY = 150; // ms
const END_OF_SEEDS = 2n ** 63n;
const RUN_PAUSE = 1000; // ms; keys that are pressed in one control with shorter pauses are one step of undo

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  const sentence = find(".sentence");
  /** @param {string} text */
  const showError = (text) => {
    sentence.textContent = text;
    sentence.hidden = !text;
  };
  if (matchMedia("(max-width: 760px)").matches) find(".bank-fold", HTMLDetailsElement).open = false;
  try {
    await sessionReady();
  } catch (error) {
    find(".stage").dataset.state = "empty";
    return showError(messageOf(error));
  }
  new Explore(element, showError).changed(true);
}

/**
 * The face of one model, and the panels built for that model.
 * @typedef {object} Current
 * @property {string} model
 * @property {Face} face
 * @property {History} history
 * @property {Faders} faders
 * @property {Directions} directions
 * @property {Neighbours} neighbours
 * @property {Inside} inside
 */

class Explore {
  crisp = false; // shows the generator's own pixels instead of a smooth picture
  firstStamp = 0; // of the first picture of these weights
  latentOf = ""; // the model and the seed, or z, whose latent the faders show
  /**
   * The keys being pressed in one control; null while the pointer is used.
   * @type {{ target: EventTarget | null, last: number } | null}
   */
  keyRun = null;

  /**
   * @param {HTMLElement} element
   * @param {(sentence: string) => void} showError
   */
  constructor(element, showError) {
    this.element = element;
    this.find = finder(element);
    this.showError = showError;
    this.psi = this.find(".psi", HTMLInputElement);
    this.seed = this.find(".seed", HTMLInputElement);
    this.undoButton = this.find(".undo", HTMLButtonElement);
    this.redoButton = this.find(".redo", HTMLButtonElement);
    this.frames = new Frames(this.find(".picture", HTMLCanvasElement), this.find(".stage"), showError);
    this.critic = critic(this.find(".critic"));
    this.nearest = nearest(this.find(".nearest"), () => this.updatePanels());
    this.updatePanels = debounce(250, () => this.fetchPanels());
    /** @type {() => Current} */
    const current = () => this.current;
    /** @param {FaceFields} face */
    const go = (face) => {
      this.current.face.load(face);
      this.changed(true);
    };
    this.latentText = new LatentText(this.find(".numbers"), current, go);
    this.current = this.build();
    this.wireSeed();
    this.wirePsi();
    this.wireButtons();
    this.wireKeys();
    share(element, current, showError);
    shelfPanel(element, current, go);
    teach(element, current);
    photo(element, current, (z) => go({ seed: this.current.face.seed, psi: 1, edits: [], z }));
    new NewestModel(element);
    events.addEventListener("model", () => this.changeModel());
    events.addEventListener("reconnected", () => this.refetch());
  }

  /**
   * Builds the panels of the chosen model, which shows the face of the page's link.
   * @returns {Current}
   */
  build() {
    const { element, find } = this;
    const { model } = session;
    const face = new Face(model.nz, DIRECTIONS).load(session.face);
    /** @param {boolean} done */
    const changed = (done) => this.changed(done);
    const complete = () => this.changed(true);
    const history = new History(face);
    const faders = new Faders(find(".bank"), find(".reading"), face, changed);
    const directions = new Directions(element, face, model.name, changed, () => this.updatePanels());
    const neighbours = new Neighbours(find(".neighbours .grid"), face, complete);
    const inside = new Inside(find(".inside-fold", HTMLDetailsElement), find(".stage"), face, model, complete);
    this.nearest.begin(model);
    neighbours.model = model.name;
    find(".count").textContent = String(model.nz);
    directions.find();
    this.latentOf = "";
    return { model: model.name, face, history, faders, directions, neighbours, inside };
  }

  /** Shows the same seed in another model, without the edits: their directions belong to the model before. */
  changeModel() {
    const { model, face } = this.current;
    if (runOf(model) && runOf(model) === runOf(session.model.name) && face.dims.length === session.model.nz) {
      return this.changeWeights();
    }
    const { seed, psi } = this.current.face;
    this.current = this.build();
    Object.assign(this.current.face, { seed, psi });
    this.current.history.restart();
    this.changed(true);
    this.firstStamp = this.frames.stamp;
  }

  /** Shows the same face in other weights of the same run: sliders and undo stay as they are. */
  changeWeights() {
    const { model } = session;
    const { directions, neighbours, inside } = this.current;
    this.current.model = neighbours.model = model.name;
    inside.model = model;
    this.nearest.begin(model);
    directions.changeWeights(model.name);
    this.changed(true);
    this.firstStamp = this.frames.stamp;
  }

  // ---- the picture and the panels follow the face

  fetchPicture() {
    const { face, model } = this.current;
    this.frames.show({
      ...face.request,
      model,
      size: this.crisp ? session.model.image_size : 256,
      format: this.crisp ? "png" : "jpeg",
    });
  }

  /**
   * Updates the page after a change of the face.
   * @param {boolean} done the pointer was released: this is a step of undo, and the slower panels are updated
   */
  changed(done) {
    const { directions, neighbours, inside, history } = this.current;
    this.fetchPicture();
    // requests for the face before would only delay the server
    directions.sheets.stop();
    neighbours.sheets.stop();
    this.latentText.invalidate();
    inside.stop();
    this.nearest.invalidate();
    if (!done) return this.critic.invalidate();
    history.commit(this.keyRun);
    this.show();
  }

  show() {
    const { face, history, directions, faders, inside } = this.current;
    this.showSeed();
    this.psi.value = String(face.psi);
    this.find(".psiout").textContent = face.psi.toFixed(2);
    this.undoButton.disabled = !history.canUndo;
    this.redoButton.disabled = !history.canRedo;
    const origin = face.z ? "a latent of its own" : `seed ${face.seed}`;
    this.find(".picture").setAttribute("aria-label", `Generated face of ${origin}, ${face.edits.length} edits`);
    directions.show();
    faders.show();
    inside.show();
    this.fetchLatent();
    this.updatePanels();
  }

  /** Requests what describes the face, one after the other, so that a new drag waits for one request at most. */
  async fetchPanels() {
    // nothing that these weights draw is shown beside a picture of those before
    if (this.frames.drawn < this.firstStamp) return this.updatePanels();
    const { face, model, directions, neighbours, inside } = this.current;
    // replaced, not pushed: the browser's Back leaves the page, undo is a button of this tab
    window.history.replaceState(window.history.state, "", face.link(model));
    const body = { ...face.request, model };
    this.latentText.update(body);
    if (this.critic.isPrepared(model)) this.critic.update(body);
    if (!(await inside.fetchPictures())) return;
    if (directions.found && !((await directions.fetchPictures()) && (await neighbours.fetchPictures()))) return;
    if (!this.critic.isPrepared(model)) await this.critic.update(body);
    this.nearest.update(body);
  }

  /** Fetches the latent without edits, of the seed or the face's own, for the faders. */
  async fetchLatent() {
    const { face, model, faders } = this.current;
    /** @type {Record<string, string>} */
    const origin = face.z ? { seed: "0", z: face.z } : { seed: face.seed };
    const key = `${model} ${face.z ?? face.seed}`;
    if (this.latentOf === key) return;
    this.latentOf = key;
    try {
      const answer = await fetchWithRetry(`latent?${new URLSearchParams({ model, ...origin })}`);
      const { z } = await answer.json();
      if (this.latentOf !== key) return;
      faders.z = z;
      faders.show();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.latentOf = ""; // the picture's own answer says what is wrong with the seed
    }
  }

  /** Requests everything again, after a time without a server in which answers may have been lost. */
  refetch() {
    this.fetchPicture();
    this.fetchLatent();
    this.updatePanels();
  }

  // ---- the top row

  showSeed(always = false) {
    const { face } = this.current;
    if (!always && document.activeElement === this.seed) return;
    this.seed.value = face.z ? "" : face.seed;
    this.seed.placeholder = face.z ? "none" : "";
  }

  /** @param {string} seed */
  chooseSeed(seed) {
    this.current.face.chooseSeed(seed);
    this.changed(true);
  }

  chooseRandomSeed() {
    this.seed.blur();
    this.chooseSeed(String(Math.floor(Math.random() * 2 ** 31)));
  }

  wireSeed() {
    const { seed } = this;
    seed.addEventListener("input", () => {
      if (!/^\d{1,19}$/.test(seed.value))
        return this.showError("A seed is a whole number from 0 to 9223372036854775807.");
      this.showError("");
      this.chooseSeed(seed.value);
    });
    seed.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : 0n;
      if (!by || !/^\d+$/.test(this.current.face.seed)) return;
      event.preventDefault();
      const next = BigInt(this.current.face.seed) + by;
      if (next < 0n || next >= END_OF_SEEDS) return;
      seed.value = String(next);
      this.chooseSeed(seed.value);
    });
    seed.addEventListener("blur", () => {
      this.showSeed(true);
      this.showError("");
    });
    this.find(".dice").addEventListener("click", () => this.chooseRandomSeed());
  }

  wirePsi() {
    const { psi } = this;
    // psi moves every fader, and drawing them all takes half as long as a picture: do it only now and then in a drag
    let fadersDue = false;
    let fadersShown = 0;
    psi.addEventListener("input", () => {
      this.current.face.psi = Number(psi.value);
      this.find(".psiout").textContent = this.current.face.psi.toFixed(2);
      fadersDue = true;
      this.changed(false);
    });
    events.addEventListener("frame", () => {
      if (!fadersDue || performance.now() - fadersShown < FADERS_EVERY) return;
      fadersDue = false;
      fadersShown = performance.now();
      requestAnimationFrame(() => setTimeout(() => this.current.faders.show()));
    });
    psi.addEventListener("change", () => {
      this.current.faders.show();
      this.changed(true);
    });
    psi.addEventListener("dblclick", () => {
      this.current.face.psi = 1;
      this.changed(true);
    });
  }

  wireButtons() {
    const { find } = this;
    this.undoButton.addEventListener("click", () => this.step(-1));
    this.redoButton.addEventListener("click", () => this.step(1));
    find(".reset").addEventListener("click", () => {
      this.current.face.clear();
      this.current.face.psi = 1;
      this.changed(true);
    });
    find(".others").addEventListener("click", () => {
      this.current.neighbours.shuffle();
      this.current.neighbours.fetchPictures();
    });
    const reach = find(".reach input", HTMLInputElement);
    reach.addEventListener("input", () => {
      this.current.neighbours.reach = Number(reach.value);
      this.updatePanels();
    });
    const crispButton = find(".crisp");
    crispButton.addEventListener("click", () => {
      this.crisp = !this.crisp;
      crispButton.setAttribute("aria-pressed", String(this.crisp));
      find(".picture").classList.toggle("crisp", this.crisp);
      this.fetchPicture();
    });
  }

  /** @param {number} by -1 undoes, 1 redoes */
  step(by) {
    if (this.current.history.step(by)) this.changed(true);
  }

  /**
   * Keeps track of runs of keys, before the controls themselves see them.
   * @param {KeyboardEvent} event
   */
  followKeys(event) {
    const { target, timeStamp } = event;
    if (event.ctrlKey || event.metaKey || !typedInto(event, "input, .fader")) this.keyRun = null;
    else if (this.keyRun?.target === target && timeStamp - this.keyRun.last < RUN_PAUSE) this.keyRun.last = timeStamp;
    else this.keyRun = { target, last: timeStamp };
  }

  wireKeys() {
    this.element.addEventListener("keydown", (event) => this.followKeys(event), { capture: true });
    this.element.addEventListener("pointerdown", () => {
      this.keyRun = null;
    });
    this.find(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.find(".directions input:enabled", HTMLInputElement).focus();
    });
    addEventListener("keydown", (event) => {
      if (!this.element.offsetParent) return; // another tab is open
      const typing = typedInto(event, "input[type=text], input:not([type]), textarea, select");
      const undo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
      if (undo && !(typing && event.target !== this.seed)) {
        event.preventDefault();
        this.seed.blur();
        this.step(event.shiftKey ? 1 : -1);
      } else if (event.key === "r" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        this.chooseRandomSeed();
      }
    });
  }
}
