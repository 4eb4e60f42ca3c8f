// The card that begins a run: which pictures, which recipe, how long; a look at them; Start.
import { ask, insist, Refusal, spoken } from "../common/session.js";

const WORDS = {
  doodles: "doodles: cartoon faces, built in",
  npy: "arrays: train.npy, test.npy",
  folder: "a folder of pictures",
  zip: "a zip on the server",
  torchvision: "a public data set",
  upload: "upload a zip",
};
const PLACES = { npy: "folder", folder: "folder", zip: "file" };

export class Launch {
  /** `started(run, token)` is called once a run is on its way. */
  constructor(element, started) {
    this.find = (name) => element.querySelector(name);
    this.started = started;
    this.upload = null; // what the server called our zip
    this.looks = 0;
  }

  async begin() {
    const { find } = this;
    this.form = await (await insist("train/form")).json();
    const kinds = [...this.form.kinds, "upload"];
    find(".kind").replaceChildren(...kinds.map((kind) => new Option(WORDS[kind] ?? kind, kind)));
    find(".torchvision").replaceChildren(...this.form.torchvision.map((name) => new Option(name)));
    find(".preset").replaceChildren(...Object.keys(this.form.presets).map((name) => new Option(name)));
    find(".preset").value = this.form.preset;
    find(".fields").replaceChildren(...this.form.fields.map(field));
    this.#fill();
    find(".init").append(...this.form.models.map((name) => new Option(spoken(name), name)));
    find(".init").addEventListener("change", () => this.#init());
    find(".preset").addEventListener("change", () => this.#fill());
    find(".kind").addEventListener("change", () => this.#kind());
    find(".kimg").addEventListener("input", () => this.#estimate());
    find(".torchvision").addEventListener("change", () => this.#forget());
    find(".where").addEventListener("input", () => this.#forget());
    find(".file").addEventListener("change", () => {
      this.upload = null;
      this.#look();
    });
    find(".look").addEventListener("click", () => this.#look());
    find(".start").addEventListener("click", () => this.#start());
    this.#kind();
  }

  #kind() {
    const kind = this.find(".kind").value;
    this.find(".target").hidden = !(kind in PLACES);
    this.find(".what").textContent = PLACES[kind] ?? "";
    this.find(".named").hidden = kind !== "torchvision";
    this.find(".zip").hidden = kind !== "upload";
    this.#forget();
    if (kind === "doodles") this.#look();
  }

  #fill() {
    const values = this.form.presets[this.find(".preset").value];
    for (const input of this.find(".fields").querySelectorAll("[name]")) {
      if (input.type === "checkbox") input.checked = values[input.name];
      else input.value = values[input.name];
      input.dataset.preset = String(input.type === "checkbox" ? input.checked : input.value);
    }
    const most = this.form.most_kimg ?? Infinity;
    // a recipe that counts in epochs is turned into pictures of a data set of ten thousand
    this.find(".kimg").value = Math.min(most, values.kimg || Math.round(values.epochs * 10));
    this.find(".kimg").max = this.form.most_kimg ?? "";
    this.#estimate();
  }

  /** A model brings its networks along: what is built into them cannot be chosen. */
  #init() {
    const begun = this.find(".init").value !== "";
    for (const name of this.form.built_in) {
      const input = this.find(".fields").querySelector(`[name=${name}]`);
      if (input) input.disabled = begun;
    }
  }

  /** How long that will take, from what this recipe last reached here. */
  #estimate() {
    const speed = this.form.speeds[this.find(".preset").value],
      kimg = Number(this.find(".kimg").value);
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
    this.find(".preview").removeAttribute("src");
    this.#about(" ");
  }

  /** The data set's name, once its zip has arrived. */
  async #data() {
    const kind = this.find(".kind").value,
      where = this.find(".where").value.trim();
    if (kind === "doodles") return "doodles";
    if (kind === "torchvision") return `torchvision:${this.find(".torchvision").value}`;
    if (kind !== "upload") {
      if (!where) throw new Refusal(`Write where the pictures are: the path of a ${PLACES[kind]}.`);
      return `${kind}:${where}`;
    }
    const [file] = this.find(".file").files;
    if (!file) throw new Refusal("Choose a zip of pictures first.");
    if (!this.upload) {
      this.#about(`sending ${file.name} …`);
      this.upload = (await (await ask("train/upload", undefined, { method: "POST", body: file })).json()).data;
    }
    return this.upload;
  }

  async #look() {
    await this.#try(this.find(".look"), async () => {
      const look = ++this.looks,
        begun = Date.now();
      const data = await this.#data();
      const clock = setInterval(() => {
        if (look === this.looks) this.#about(`reading pictures … ${Math.round((Date.now() - begun) / 1000)} s`);
      }, 1000);
      this.#about("reading pictures …");
      try {
        const { picture, about } = await (await ask("train/preview", { data })).json();
        if (look !== this.looks) return; // something else was chosen meanwhile
        this.find(".preview").src = picture;
        this.#about(about);
      } finally {
        clearInterval(clock);
      }
    });
  }

  async #start() {
    await this.#try(this.find(".start"), async () => {
      const data = await this.#data(),
        preset = this.find(".preset").value;
      const overrides = { kimg: this.find(".kimg").value },
        init = this.find(".init").value;
      if (init) overrides.init = init;
      for (const input of this.find(".fields").querySelectorAll("[name]")) {
        const value = input.type === "checkbox" ? String(input.checked) : input.value;
        if (!input.disabled && value !== input.dataset.preset) overrides[input.name] = value;
      }
      this.#about("starting the trainer …");
      const { run, token } = await (await ask("train/start", { data, preset, overrides })).json();
      this.#about(" ");
      this.started(run, token);
    });
  }

  #about(text) {
    this.find(".about").textContent = text;
  }

  async #try(button, work) {
    const sentence = this.find(".sentence");
    button.disabled = true;
    try {
      await work();
      sentence.hidden = true;
    } catch (error) {
      sentence.textContent =
        error instanceof Refusal ? error.message : "The server cannot be reached; nothing was started.";
      sentence.hidden = false;
      this.#about(" ");
    } finally {
      button.disabled = false;
    }
  }
}

function field({ name, hint, kind }) {
  const label = Object.assign(document.createElement("label"), { className: "field", title: hint });
  let input;
  if (kind.includes(",")) {
    input = document.createElement("select");
    input.append(...kind.split(",").map((value) => new Option(value)));
  } else {
    input = Object.assign(document.createElement("input"), {
      type: { check: "checkbox", text: "text" }[kind] ?? "number",
      step: "any",
    });
  }
  input.name = name;
  label.append(name, input);
  return label;
}
