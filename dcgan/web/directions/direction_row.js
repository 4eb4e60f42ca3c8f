// One direction: its name, what can be done with it, and a slider whose thumb is a loupe over a strip of what it does.
/** @import { Edit, EditKey } from "../common/types.d.ts" */
import { context2d, finder } from "../common/dom.js";
import { signed } from "../common/session.js";
import { LONGEST_NAME, tidyName } from "./direction_labels.js";

export const STEPS = [-3, -2, -1, 0, 1, 2, 3];
export const CELL = 56;

const PADLOCK = `<svg viewBox="0 0 16 16" aria-hidden="true"><rect x="3" y="7" width="10" height="7" rx="1.5" />
  <path class="bow" d="M5 7V5a3 3 0 0 1 6 0v2" /></svg>`;
const PENCIL = `<svg viewBox="0 0 16 16" aria-hidden="true">
  <path class="bow" d="M3 13l.8-3L10.500 3.300a1 1 0 0 1 1.400 0l.8.8a1 1 0 0 1 0 1.400L6 12.200z" /></svg>`;
const TEMPLATE = `
  <div class="label"><button type="button" class="bare grip">⠿</button><span class="name"></span>
    <span class="quiet share">…</span>
    <output class="value">0.00</output>
    <button type="button" class="bare rename">${PENCIL}</button><button type="button" class="bare lock"
      aria-pressed="false">${PADLOCK}</button></div>
  <div class="strip"><canvas width="${CELL * STEPS.length}" height="${CELL}" aria-hidden="true"></canvas>
    <input type="range" min="-3" max="3" step="0.05" value="0" disabled /></div>`;

/**
 * What is called when a person does something to a row; `remove` is there where it can be taken away. A name that
 * `renamed` answers with false is not taken over.
 * @typedef {object} RowListener
 * @property {(done: boolean) => void} moved
 * @property {(name: string) => boolean | void} renamed
 * @property {(locked: boolean) => void} locked
 * @property {() => void} [remove]
 */

export class DirectionRow {
  name = "";
  ready = false;
  locked = false;
  /**
   * The vector of one that was taught.
   * @type {string}
   */
  vector = "";
  /** @type {HTMLButtonElement | null} */
  remove = null;

  /**
   * @param {string} plain what it is called without a name
   * @param {EditKey | null} key how an edit names it
   * @param {() => number} get its amount
   * @param {(amount: number) => void} set
   * @param {RowListener} on
   */
  constructor(plain, key, get, set, on) {
    this.plain = plain;
    this.key = key;
    this.get = get;
    this.on = on;
    const row = document.createElement("li");
    this.row = row;
    row.className = "direction";
    row.innerHTML = TEMPLATE;
    this.find = finder(row);
    this.input = this.find("input", HTMLInputElement);
    this.canvas = this.find("canvas", HTMLCanvasElement);
    this.output = this.find("output");
    this.share = this.find(".share");
    this.label = this.find(".name");
    this.lock = this.find(".lock", HTMLButtonElement);
    this.input.addEventListener("input", () => {
      set(Number(this.input.value));
      this.show();
      on.moved(false);
    });
    this.input.addEventListener("change", () => on.moved(true));
    this.input.addEventListener("dblclick", () => {
      if (this.input.disabled) return;
      set(0);
      this.show();
      on.moved(true);
    });
    this.find(".rename").addEventListener("click", () => this.rename());
    this.lock.addEventListener("click", () => {
      this.locked = !this.locked;
      this.call(this.name);
      on.locked(this.locked);
    });
    if (on.remove) this.addRemove(on.remove);
    this.call("");
  }

  /**
   * A second press takes it away: teaching it again takes longer than pressing twice.
   * @param {() => void} remove
   */
  addRemove(remove) {
    const button = document.createElement("button");
    this.remove = button;
    Object.assign(button, { type: "button", className: "bare remove", textContent: "×" });
    /** @param {boolean} sure */
    const setSure = (sure) => {
      button.classList.toggle("sure", sure);
      button.setAttribute("aria-label", `${sure ? "Press again to remove" : "Remove"} ${this.name || this.plain}`);
    };
    const calm = () => setSure(false);
    button.addEventListener("click", () => {
      if (button.classList.contains("sure")) remove();
      else setSure(true);
    });
    button.addEventListener("blur", calm);
    button.addEventListener("keydown", (event) => {
      if (event.key === "Escape") calm();
    });
    this.lock.after(button);
  }

  /**
   * Says it by its name everywhere.
   * @param {string} name
   */
  call(name) {
    this.name = name;
    const said = name || this.plain;
    const { find } = this;
    this.label.textContent = name || this.plain.replace(/Direction | slider/, "");
    this.label.title = said;
    /** @type {(element: HTMLElement, words: string, title?: string) => void} */
    const tell = (element, words, title = words) => {
      element.setAttribute("aria-label", words);
      element.title = title;
    };
    tell(
      this.input,
      said,
      this.locked ? `${said} is locked: nothing moves it` : `Drag to move along ${said}; double-click for 0`,
    );
    tell(find(".grip"), `Move ${said}`, "Drag to another place, or press the arrow keys");
    tell(find(".rename"), name ? `Rename ${said}` : `Name ${said}`);
    tell(
      this.lock,
      `Lock ${said}`,
      this.locked
        ? "Locked: held as it is, and left out of what you teach"
        : "Lock: hold it as it is, and leave it out of what you teach",
    );
    if (this.remove) tell(this.remove, `Remove ${said}`, "Remove; press twice");
    this.lock.setAttribute("aria-pressed", String(this.locked));
    this.enable(this.ready);
  }

  /** @param {boolean} ready */
  enable(ready) {
    this.ready = ready;
    this.input.disabled = !ready || this.locked;
    this.row.classList.toggle("locked", this.locked);
  }

  show() {
    const amount = this.get();
    this.input.value = String(amount);
    this.output.textContent = signed(amount);
    this.row.classList.toggle("moved", amount !== 0);
  }

  /** The name becomes a field: Enter or going elsewhere keeps what is written, Escape does not. */
  rename() {
    const field = document.createElement("input");
    Object.assign(field, {
      type: "text",
      value: this.name,
      maxLength: LONGEST_NAME,
      placeholder: "name",
      className: "naming",
      autocomplete: "off",
      spellcheck: false,
    });
    field.setAttribute("aria-label", `Name of ${this.plain}`);
    let open = true;
    /** @param {boolean} keep */
    const close = (keep) => {
      if (!open) return;
      open = false;
      const name = tidyName(field.value);
      const back = document.activeElement === field;
      field.replaceWith(this.label);
      if (back) this.find(".rename").focus();
      if (keep && name !== this.name && this.on.renamed(name) !== false) this.call(name);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the desk's keys are not meant here
      if (event.isComposing) return;
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        close(event.key === "Enter");
      }
    });
    field.addEventListener("blur", () => close(true));
    this.label.replaceWith(field);
    field.select();
  }

  /**
   * One cell a step of the strip: what is added to the face as it is.
   * @returns {Edit[][]}
   */
  get variants() {
    const own = this.get();
    return STEPS.map((step) => (step === own ? [] : [{ ...this.key, amount: step - own }]));
  }

  /** @param {ImageBitmap} sheet */
  draw(sheet) {
    context2d(this.canvas).drawImage(sheet, 0, 0);
    this.canvas.classList.add("ready");
    this.row.classList.remove("stale");
  }
}
