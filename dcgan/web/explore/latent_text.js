// The numbers beneath the faders: all of them anew, all zero, as text to take away or to bring; and how usual they are.
// The server reckons them, since directions and truncation are in them too; not before the hand rests.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields } from "../common/types.d.ts" */

import { decodeZ, encodeZ, MAX_Z } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { ask, clamp, messageOf, ServerError, sentenceOf, wasAborted } from "../common/session.js";
import { flash } from "../common/share.js";

const LONGEST = 100_000; // characters that are looked at

const TEMPLATE = `
  <div class="row tools-of-bank">
    <span class="state"><span class="gauge" aria-hidden="true"><i></i></span><span
      class="quiet told">&nbsp;</span></span>
    <button type="button" class="small randomise" title="Draw all of them anew, without edits">randomise</button>
    <button type="button" class="small zero" title="Set all of them to 0: the picture in the middle">zero</button>
    <button type="button" class="small copy"
      title="Copy all of them as text, with what the directions add">copy</button>
    <button type="button" class="small paste" aria-expanded="false"
      title="Set all of them from text">paste</button></div>
  <div class="as-text" hidden>
    <textarea rows="4" spellcheck="false" autocomplete="off" aria-label="The numbers as text"></textarea>
    <div class="row"><button type="button"
      class="small use">use these</button><button type="button" class="small shut">close</button>
      <span class="quiet word" role="status"></span></div></div>`;

/**
 * The numbers of a face, their length, the share of random faces that are shorter, and what 99 % of those are.
 * @typedef {{ z: number[], length: number, shorter: number, usual: [number, number] }} Known
 */

export class Numbers {
  /** @type {Known | null} */
  known = null;
  asking = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {() => { face: Face, model: string }} current the desk
   * @param {(face: FaceFields) => void} go puts a face on it
   */
  constructor(element, current, go) {
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.current = current;
    this.go = go;
    this.find = finder(element);
    this.text = this.find("textarea", HTMLTextAreaElement);
    /** @type {(name: string, work: (button: HTMLElement) => void) => void} */
    const press = (name, work) => {
      const button = this.find(name);
      button.addEventListener("click", () => work(button));
    };
    press(".randomise", () => go({ seed: String(Math.floor(Math.random() * 2 ** 31)), psi: this.face.psi, edits: [] }));
    press(".zero", () => this.put(new Array(this.face.dims.length).fill(0)));
    press(".copy", (button) => this.copy(button));
    press(".paste", () => this.open(Boolean(this.find(".as-text").hidden)));
    press(".use", () => this.take());
    press(".shut", () => {
      this.open(false);
      this.find(".paste").focus();
    });
    this.text.addEventListener("paste", () => setTimeout(() => this.take())); // once it is in the field
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.open(false);
    });
  }

  get face() {
    return this.current().face;
  }

  /** @param {string} text */
  say(text) {
    this.find(".word").textContent = text;
  }

  /** @param {number[]} numbers */
  put(numbers) {
    this.go({ seed: this.face.seed, psi: 1, edits: [], z: encodeZ(numbers) });
  }

  // ---- how usual they are

  /** The face moves: what is said is of the face before. */
  wait() {
    this.asking.abort();
    if (!this.known) return;
    this.known = null;
    this.element.classList.add("stale");
  }

  /**
   * Asks for the numbers of a face at rest.
   * @param {object} body
   */
  async look(body) {
    this.wait();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      /** @type {Known} */
      const told = await (await ask("numbers", body, { signal })).json();
      if (signal.aborted) return;
      this.known = told;
      this.show(told);
    } catch (error) {
      // the picture's own answer says what is wrong; the next look may do better
      if (!wasAborted(error) && !(error instanceof ServerError || error instanceof TypeError)) throw error;
    }
  }

  /** @param {Known} known */
  show({ length, shorter, usual: [low, high] }) {
    const share = (length - (low - (high - low))) / (3 * (high - low));
    const out = length < low || length > high;
    this.element.classList.remove("stale");
    this.find(".state").dataset.out = String(out);
    this.find(".gauge i").style.left = `${100 * clamp(share, 0, 1)}%`;
    const usual = `99 % of random faces lie from ${low.toFixed(1)} to ${high.toFixed(1)}`;
    const [word, effect] =
      length > high
        ? ["unusually long", "bolder than G was taught"]
        : ["unusually short", "calmer, with less contrast"];
    const strong = Object.assign(document.createElement("b"), { textContent: out ? word : "as usual" });
    const rest = out
      ? `: ${effect}. ${usual}`
      : `: ${clamp(Math.round(100 * shorter), 1, 99)} % of random faces are shorter`;
    this.find(".told").replaceChildren(`length ${length.toFixed(1)}, `, strong, rest);
    this.find(".state").title = `The length of z, ‖z‖. ${usual}, the shaded part.`;
  }

  // ---- as text

  /** @param {boolean} wanted */
  open(wanted) {
    this.find(".as-text").hidden = !wanted;
    this.find(".paste").setAttribute("aria-expanded", String(wanted));
    this.say(wanted ? `Put ${this.face.dims.length} numbers here, or a face’s z as links carry it.` : "");
    this.text.value = "";
    if (wanted) this.text.focus();
  }

  /** @param {HTMLElement} button */
  async copy(button) {
    const { face, model } = this.current();
    let text;
    try {
      const { z } = this.known ?? (await (await ask("numbers", { ...face.request, model })).json());
      text = z.join(", ");
    } catch (error) {
      this.open(true);
      return this.say(sentenceOf(error, "The server cannot be reached, so nothing was copied."));
    }
    try {
      await navigator.clipboard.writeText(text);
      return flash(button, "copied");
    } catch {
      // without permission, or without https
      this.open(true);
      this.text.value = text;
      this.text.select();
      return this.say("Copy the text from here: the browser does not let the page do it.");
    }
  }

  take() {
    try {
      this.put(readNumbers(this.text.value, this.face.dims.length));
      this.open(false);
    } catch (error) {
      this.say(messageOf(error));
    }
  }
}

/**
 * So many numbers out of a text, separated or packed. Throws an Error with a sentence.
 * @param {string} text
 * @param {number} count
 */
export function readNumbers(text, count) {
  const trimmed = text
    .slice(0, LONGEST)
    .trim()
    .replace(/^[[({]+|[\])}]+$/g, "")
    .trim()
    .replace(/−/g, "-");
  if (!trimmed) throw new Error(`There is nothing to use yet: put ${count} numbers into the field.`);
  const words = trimmed.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 1 && words[0].length > 24) {
    const numbers = decodeZ(words[0]);
    if (numbers?.length === count) return numbers;
    throw new Error(
      numbers
        ? `This z has ${numbers.length} numbers; this model has ${count}.`
        : "This is no whole z: its text is damaged or cut short.",
    );
  }
  const strange = words.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word));
  if (strange !== undefined) throw new Error(`“${strange.slice(0, 24)}” is not a number, so nothing was changed.`);
  if (words.length !== count)
    throw new Error(
      `${words.length === 1 ? "This is 1 number" : `These are ${words.length} numbers`}; ` +
        `this model has ${count}, so nothing was changed.`,
    );
  const numbers = words.map(Number);
  const far = numbers.find((value) => Math.abs(value) > MAX_Z);
  if (far !== undefined)
    throw new Error(`Each number must lie from −${MAX_Z} to ${MAX_Z}; ${far} does not, so nothing was changed.`);
  return numbers;
}
