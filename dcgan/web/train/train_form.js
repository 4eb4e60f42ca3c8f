// The card that begins a run: which pictures, which preset, how long; a look at them; Start.
import { finder } from "../common/dom.js";
import {
  events,
  fetchWithRetry,
  modelLabel,
  notice,
  request,
  ServerError,
  sentenceOf,
  wait,
} from "../common/session.js";

/**
 * What the server says of the form: one setting, and everything that it offers.
 * @typedef {{ name: string, label: string, hint: string, kind: string, choices: (string | number)[] }} Setting
 */
/**
 * @typedef {object} Form
 * @property {Setting[]} fields
 * @property {Record<string, Record<string, any>>} presets values of each preset
 * @property {string} preset
 * @property {string[]} kinds
 * @property {string[]} torchvision
 * @property {number | null} most_kimg
 * @property {string[]} models
 * @property {Record<string, number>} speeds pictures a second of each preset here; missing until it is measured
 * @property {string[]} built_in settings that are built into a network
 */

/** @type {Record<string, string>} */
const WORDS = {
  doodles: "doodles: cartoon faces, built in",
  npy: "arrays: train.npy, test.npy",
  folder: "a folder of pictures",
  zip: "a zip on the server",
  torchvision: "a public data set",
  upload: "upload a zip",
};
/** @type {Record<string, string>} */
const PLACES = { npy: "folder", folder: "folder", zip: "file" };

/**
 * The settings of a run that is duplicated; `values` are those of the form's fields that differ from the preset's.
 * @typedef {object} RunSettings
 * @property {string} data empty where these pictures cannot be read again
 * @property {string} preset
 * @property {number} kimg
 * @property {Record<string, unknown>} values
 * @property {Record<string, unknown>} others
 */

export class TrainForm {
  /**
   * What the server called our zip.
   * @type {string | null}
   */
  upload = null;
  looks = 0;
  /** The data set of the run that is duplicated, until other pictures are chosen. */
  copied = "";
  /**
   * Settings of the run that is duplicated for which there is no field, until another preset is chosen.
   * @type {Record<string, unknown>}
   */
  others = {};

  /**
   * @param {HTMLElement} element
   * @param {(run: string, token: string) => void} started is called once a run is on its way
   */
  constructor(element, started) {
    const find = finder(element);
    this.find = find;
    this.started = started;
    this.kind = find(".kind", HTMLSelectElement);
    this.set = find(".torchvision", HTMLSelectElement);
    this.preset = find(".preset", HTMLSelectElement);
    this.init = find(".init", HTMLSelectElement);
    this.where = find(".where", HTMLInputElement);
    this.file = find(".file", HTMLInputElement);
    this.kimg = find(".kimg", HTMLInputElement);
    this.preview = find(".preview", HTMLImageElement);
    this.lookButton = find(".look", HTMLButtonElement);
    this.startButton = find(".start", HTMLButtonElement);
    this.form = /** @type {Form} */ (/** @type {unknown} */ (null)); // until it has come, nothing here can be pressed
  }

  /** The settings behind "more". */
  get inputs() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.find(".fields").querySelectorAll("[name]"));
  }

  async begin() {
    const { find } = this;
    this.form = await (await fetchWithRetry("train/form")).json();
    const kinds = [...this.form.kinds, "upload"];
    this.kind.replaceChildren(...kinds.map((kind) => new Option(WORDS[kind] ?? kind, kind)));
    this.set.replaceChildren(...this.form.torchvision.map((name) => new Option(name)));
    this.preset.replaceChildren(...Object.keys(this.form.presets).map((name) => new Option(name)));
    this.preset.value = this.form.preset;
    find(".fields").replaceChildren(...this.form.fields.map(field));
    this.#fill();
    this.init.append(...this.form.models.map((name) => new Option(modelLabel(name), name)));
    this.init.addEventListener("change", () => this.#init());
    this.preset.addEventListener("change", () => this.#fill());
    for (const input of [this.kind, this.set, this.where, this.file]) {
      input.addEventListener("input", () => {
        this.copied = "";
      });
    }
    this.kind.addEventListener("change", () => this.#kind());
    find(".new").addEventListener("input", () => this.#refuse("")); // what was wrong is being corrected
    this.kimg.addEventListener("input", () => this.#estimate());
    this.set.addEventListener("change", () => this.#forget());
    this.where.addEventListener("input", () => this.#forget());
    this.file.addEventListener("change", () => {
      this.upload = null;
      this.#look();
    });
    this.lookButton.addEventListener("click", () => this.#look());
    this.startButton.addEventListener("click", () => this.#start());
    events.addEventListener("reconnected", () => {
      if (this.kind.value === "doodles" && !this.preview.src) this.#look();
    });
    this.#kind();
    this.#readSpeeds().catch(() => {}); // without them the form shows no estimate
  }

  /** Asks again for the speeds that the server is still measuring, for a minute at most. */
  async #readSpeeds() {
    for (let tries = 0; tries < 12; tries++) {
      if (Object.keys(this.form.presets).every((preset) => preset in this.form.speeds)) return;
      await wait(5000);
      this.form.speeds = (await (await request("train/form")).json()).speeds;
      this.#estimate();
    }
  }

  /**
   * Fills the form with the settings of a run, to be changed and started with one of its models.
   * @param {RunSettings} settings
   * @param {string} model
   */
  async duplicate({ data, preset, kimg, values, others }, model) {
    this.preset.value = preset;
    this.#fill();
    this.others = others;
    for (const input of this.inputs) {
      if (!(input.name in values)) continue;
      if (input.type === "checkbox") input.checked = values[input.name] === true;
      else input.value = String(values[input.name]);
    }
    if (kimg) this.kimg.value = String(Math.min(kimg, this.form.most_kimg ?? Infinity));
    this.#estimate();
    if (![...this.init.options].some(({ value }) => value === model))
      this.init.add(new Option(modelLabel(model), model));
    this.init.value = model;
    this.#init();
    this.find(".more", HTMLDetailsElement).open = true;
    if (data) await this.#copy(data);
    else this.#refuse("Choose the pictures again: those of this run cannot be found by their name here.");
  }

  /**
   * Chooses a data set by its name, and shows its pictures.
   * @param {string} data
   */
  async #copy(data) {
    const [kind] = data.split(/[:?]/, 1);
    const rest = data.slice(kind.length + 1).split("?")[0];
    this.copied = data;
    this.kind.value = kind;
    if (kind in PLACES) this.where.value = rest;
    if (kind === "torchvision") this.set.value = rest;
    this.#kind();
    if (kind !== "doodles") await this.#look(); // doodles are shown at once
  }

  #kind() {
    const kind = this.kind.value;
    this.find(".target").hidden = !(kind in PLACES);
    this.find(".what").textContent = PLACES[kind] ?? "";
    this.find(".named").hidden = kind !== "torchvision";
    this.find(".zip").hidden = kind !== "upload";
    this.#forget();
    if (kind === "doodles") this.#look();
  }

  #fill() {
    this.others = {};
    const values = this.form.presets[this.preset.value];
    for (const input of this.inputs) {
      if (input.type === "checkbox") input.checked = values[input.name];
      else input.value = values[input.name];
      input.dataset.preset = String(input.type === "checkbox" ? input.checked : input.value);
    }
    const most = this.form.most_kimg ?? Infinity;
    // a preset whose length is in epochs is turned into pictures of a data set of ten thousand
    this.kimg.value = String(Math.min(most, values.kimg || Math.round(values.epochs * 10)));
    this.kimg.max = String(this.form.most_kimg ?? "");
    this.#estimate();
  }

  /** A model brings its networks along: what is built into them cannot be chosen. */
  #init() {
    const begun = this.init.value !== "";
    for (const name of this.form.built_in) {
      for (const input of this.inputs) if (input.name === name) input.disabled = begun;
    }
  }

  /** How long that will take, at the speed that this preset usually reached here. */
  #estimate() {
    const speed = this.form.speeds[this.preset.value];
    const kimg = Number(this.kimg.value);
    const minutes = (kimg * 1000) / speed / 60;
    this.find(".estimate").textContent = !(minutes > 0)
      ? ""
      : minutes < 100
        ? `, about ${Math.max(1, Math.round(minutes))} min at ${Math.round(speed)}/s`
        : `, about ${(minutes / 60).toFixed(1)} h at ${Math.round(speed)}/s`;
  }

  /** Other pictures were chosen: what is shown of the last ones no longer counts. */
  #forget() {
    this.looks += 1;
    this.preview.removeAttribute("src");
    this.#about(" ");
  }

  /**
   * The data set's name, once its zip has arrived.
   * @returns {Promise<string>}
   */
  async #data() {
    const kind = this.kind.value;
    const where = unquoted(this.where.value);
    if (this.copied) return this.copied;
    if (kind === "doodles") return "doodles";
    if (kind === "torchvision") return `torchvision:${this.set.value}`;
    if (kind !== "upload") {
      if (!where) throw new ServerError(`Write where the pictures are: the path of a ${PLACES[kind]}.`);
      return `${kind}:${where}`;
    }
    const file = this.file.files?.[0];
    if (!file) throw new ServerError("Choose a zip of pictures first.");
    if (!this.upload) {
      this.#about(`sending ${file.name} …`);
      const path = `train/upload?${new URLSearchParams({ name: file.name })}`;
      const answer = await request(path, undefined, { method: "POST", body: file });
      /** @type {{ data: string }} */
      const { data } = await answer.json();
      this.upload = data;
    }
    return this.upload;
  }

  async #look() {
    await this.#try(this.lookButton, async () => {
      const look = ++this.looks;
      const begun = Date.now();
      const data = await this.#data();
      const clock = setInterval(() => {
        if (look === this.looks) this.#about(`reading pictures … ${Math.round((Date.now() - begun) / 1000)} s`);
      }, 1000);
      this.#about("reading pictures …");
      try {
        const { picture, about } = await (await request("train/preview", { data })).json();
        if (look !== this.looks) return; // something else was chosen meanwhile
        this.preview.src = picture;
        this.#about(about);
      } catch (error) {
        if (look === this.looks) throw error;
      } finally {
        clearInterval(clock);
      }
    });
  }

  async #start() {
    await this.#try(this.startButton, async () => {
      const data = await this.#data();
      const preset = this.preset.value;
      /** @type {Record<string, unknown>} */
      const overrides = { ...this.others, kimg: this.kimg.value };
      const init = this.init.value;
      if (init) overrides.init = init;
      for (const input of this.inputs) {
        const value = input.type === "checkbox" ? String(input.checked) : input.value;
        if (!input.disabled && value !== input.dataset.preset) overrides[input.name] = value;
      }
      this.#about("starting the trainer …");
      const { run, token, place } = await (await request("train/start", { data, preset, overrides })).json();
      this.#about(" ");
      if (place) notice(`Another run trains now, so this one is queued, place ${place}.`);
      this.started(run, token);
    });
  }

  /** @param {string} text */
  #about(text) {
    this.find(".about").textContent = text;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {() => Promise<void>} work
   */
  async #try(button, work) {
    button.disabled = true;
    this.#refuse("");
    try {
      await work();
    } catch (error) {
      this.#refuse(sentenceOf(error, "The server cannot be reached; nothing was started."));
      this.#about(" ");
    } finally {
      button.disabled = false;
    }
  }

  /**
   * Shows why nothing was begun; an empty sentence hides that.
   * @param {string} problem
   */
  #refuse(problem) {
    const sentence = this.find(".sentence");
    sentence.textContent = problem;
    sentence.hidden = !problem;
  }
}

/**
 * A path without the quotation marks that file managers copy around it.
 * @param {string} path
 */
const unquoted = (path) => path.trim().replace(/^(["'])(.*)\1$/, "$2");

/**
 * A labelled input, with the setting's key in small print.
 * @param {Setting} setting
 */
function field({ name, label: text, hint, kind, choices }) {
  const label = Object.assign(document.createElement("label"), { className: "field", title: `${hint} (${name})` });
  const words = Object.assign(document.createElement("span"), { className: "words", textContent: text });
  words.append(Object.assign(document.createElement("small"), { textContent: name }));
  let input;
  if (kind === "list") {
    input = document.createElement("select");
    input.append(...choices.map((value) => new Option(String(value))));
  } else {
    input = Object.assign(document.createElement("input"), {
      type: { check: "checkbox", text: "text" }[kind] ?? "number",
      step: "any",
    });
  }
  input.name = name;
  label.append(words, input);
  return label;
}
