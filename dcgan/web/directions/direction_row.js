// The row of one direction: its name, buttons to move, rename, lock and remove it, and a slider over a strip of previews.
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
 * Callbacks of a row. `renamed` returns false to refuse a name. A row without `remove` cannot be removed.
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
   * The vector of a taught direction.
   * @type {string}
   */
  vector = "";
  /** @type {HTMLButtonElement | null} */
  remove = null;

  /**
   * @param {string} defaultName shown while it has no name
   * @param {EditKey | null} key its key in an edit
   * @param {() => number} get returns its amount
   * @param {(amount: number) => void} set
   * @param {RowListener} listener
   */
  constructor(defaultName, key, get, set, listener) {
    this.defaultName = defaultName;
    this.key = key;
    this.get = get;
    this.listener = listener;
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
      listener.moved(false);
    });
    this.input.addEventListener("change", () => listener.moved(true));
    this.input.addEventListener("dblclick", () => {
      if (this.input.disabled) return;
      set(0);
      this.show();
      listener.moved(true);
    });
    this.find(".rename").addEventListener("click", () => this.rename());
    this.lock.addEventListener("click", () => {
      this.locked = !this.locked;
      this.setName(this.name);
      listener.locked(this.locked);
    });
    if (listener.remove) this.addRemoveButton(listener.remove);
    this.setName("");
  }

  /**
   * Adds a button that removes the row when it is pressed twice, since teaching it again takes long.
   * @param {() => void} remove
   */
  addRemoveButton(remove) {
    const button = document.createElement("button");
    this.remove = button;
    Object.assign(button, { type: "button", className: "bare remove", textContent: "×" });
    /** @param {boolean} sure */
    const setSure = (sure) => {
      button.classList.toggle("sure", sure);
      button.setAttribute(
        "aria-label",
        `${sure ? "Press again to remove" : "Remove"} ${this.name || this.defaultName}`,
      );
    };
    const reset = () => setSure(false);
    button.addEventListener("click", () => {
      if (button.classList.contains("sure")) remove();
      else setSure(true);
    });
    button.addEventListener("blur", reset);
    button.addEventListener("keydown", (event) => {
      if (event.key === "Escape") reset();
    });
    this.lock.after(button);
  }

  /**
   * Sets the name, and updates every text that shows it.
   * @param {string} name
   */
  setName(name) {
    this.name = name;
    const shownName = name || this.defaultName;
    const { find } = this;
    this.label.textContent = name || this.defaultName.replace(/Direction | slider/, "");
    this.label.title = shownName;
    /** @type {(element: HTMLElement, words: string, title?: string) => void} */
    const setTexts = (element, label, title = label) => {
      element.setAttribute("aria-label", label);
      element.title = title;
    };
    setTexts(
      this.input,
      shownName,
      this.locked ? `${shownName} is locked` : `Drag to move along ${shownName}; double-click for 0`,
    );
    setTexts(find(".grip"), `Move ${shownName}`, "Drag to another position, or press the arrow keys");
    setTexts(find(".rename"), name ? `Rename ${shownName}` : `Name ${shownName}`);
    setTexts(
      this.lock,
      `Lock ${shownName}`,
      this.locked
        ? "Locked: keeps its amount, and is left out of sliders that you teach"
        : "Lock: keep its amount, and leave it out of sliders that you teach",
    );
    if (this.remove) setTexts(this.remove, `Remove ${shownName}`, "Remove; press twice");
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

  /** Replaces the name by a text field. Enter or leaving the field saves the name, Escape does not. */
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
    field.setAttribute("aria-label", `Name of ${this.defaultName}`);
    let open = true;
    /** @param {boolean} save */
    const close = (save) => {
      if (!open) return;
      open = false;
      const name = tidyName(field.value);
      const focused = document.activeElement === field;
      field.replaceWith(this.label);
      if (focused) this.find(".rename").focus();
      if (save && name !== this.name && this.listener.renamed(name) !== false) this.setName(name);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // not a shortcut of the Explore tab
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
   * The edits of each cell of the strip, in addition to those of the face.
   * @returns {Edit[][]}
   */
  get variants() {
    const current = this.get();
    return STEPS.map((step) => (step === current ? [] : [{ ...this.key, amount: step - current }]));
  }

  /** @param {ImageBitmap} sheet the cells of the strip, side by side */
  draw(sheet) {
    context2d(this.canvas).drawImage(sheet, 0, 0);
    this.canvas.classList.add("ready");
    this.row.classList.remove("stale");
  }
}
