// The latent below the faders: draw it at random, set it to zero, copy and paste it as text, and how usual its length is.
// The server computes it, since directions and psi are part of it. It is requested once the sliders are released.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields } from "../common/types.d.ts" */

import { decodeZ, encodeZ, MAX_Z } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { clamp, messageOf, request, ServerError, sentenceOf, wasAborted } from "../common/session.js";
import { flash } from "../common/share.js";

const MAX_CHARACTERS = 100_000; // of a pasted text

const TEMPLATE = `
  <div class="row tools-of-bank">
    <span class="state"><span class="gauge" aria-hidden="true"><i></i></span><span
      class="quiet summary">&nbsp;</span></span>
    <button type="button" class="small randomise" title="Draw all numbers at random, without edits">randomise</button>
    <button type="button" class="small zero" title="Set all numbers to 0">zero</button>
    <button type="button" class="small copy"
      title="Copy all numbers as text, including what the directions add">copy</button>
    <button type="button" class="small paste" aria-expanded="false"
      title="Set all numbers from text">paste</button></div>
  <div class="as-text" hidden>
    <textarea rows="4" spellcheck="false" autocomplete="off" aria-label="The numbers as text"></textarea>
    <div class="row"><button type="button"
      class="small use">use these</button><button type="button" class="small shut">close</button>
      <span class="quiet word" role="status"></span></div></div>`;

/**
 * The answer of `dcgan/numbers`: the latent, its length ‖z‖, the share of random latents that are shorter, and the range
 * of 99 % of their lengths.
 * @typedef {{ z: number[], length: number, shorter: number, usual: [number, number] }} LatentAnswer
 */

export class LatentText {
  /** @type {LatentAnswer | null} */
  answer = null;
  controller = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {() => { face: Face, model: string }} current
   * @param {(face: FaceFields) => void} go opens a face in Explore
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
    press(".use", () => this.useText());
    press(".shut", () => {
      this.open(false);
      this.find(".paste").focus();
    });
    this.text.addEventListener("paste", () => setTimeout(() => this.useText())); // once the text is in the field
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.open(false);
    });
  }

  get face() {
    return this.current().face;
  }

  /** @param {string} text */
  showMessage(text) {
    this.find(".word").textContent = text;
  }

  /** @param {number[]} numbers */
  put(numbers) {
    this.go({ seed: this.face.seed, psi: 1, edits: [], z: encodeZ(numbers) });
  }

  // ---- length

  /** Marks the length as that of an older face. */
  invalidate() {
    this.controller.abort();
    if (!this.answer) return;
    this.answer = null;
    this.element.classList.add("stale");
  }

  /**
   * Requests the latent of a face and shows its length.
   * @param {object} body
   */
  async update(body) {
    this.invalidate();
    this.controller = new AbortController();
    const { signal } = this.controller;
    try {
      /** @type {LatentAnswer} */
      const answer = await (await request("numbers", body, { signal })).json();
      if (signal.aborted) return;
      this.answer = answer;
      this.show(answer);
    } catch (error) {
      // the picture's own request reports the reason
      if (!wasAborted(error) && !(error instanceof ServerError || error instanceof TypeError)) throw error;
    }
  }

  /** @param {LatentAnswer} answer */
  show({ length, shorter, usual: [low, high] }) {
    const share = (length - (low - (high - low))) / (3 * (high - low));
    const out = length < low || length > high;
    this.element.classList.remove("stale");
    this.find(".state").dataset.out = String(out);
    this.find(".gauge i").style.left = `${100 * clamp(share, 0, 1)}%`;
    const usual = `99 % of random faces lie from ${low.toFixed(1)} to ${high.toFixed(1)}`;
    const [word, effect] =
      length > high
        ? ["unusually long", "stronger features than G was trained on"]
        : ["unusually short", "weaker features and less contrast"];
    const strong = Object.assign(document.createElement("b"), { textContent: out ? word : "as usual" });
    const rest = out
      ? `: ${effect}. ${usual}`
      : `: ${clamp(Math.round(100 * shorter), 1, 99)} % of random faces are shorter`;
    this.find(".summary").replaceChildren(`length ${length.toFixed(1)}, `, strong, rest);
    this.find(".state").title = `The length of z, ‖z‖. ${usual}, the shaded part.`;
  }

  // ---- as text

  /** @param {boolean} wanted */
  open(wanted) {
    this.find(".as-text").hidden = !wanted;
    this.find(".paste").setAttribute("aria-expanded", String(wanted));
    this.showMessage(wanted ? `Put ${this.face.dims.length} numbers here, or the z of a link.` : "");
    this.text.value = "";
    if (wanted) this.text.focus();
  }

  /** @param {HTMLElement} button */
  async copy(button) {
    const { face, model } = this.current();
    let text;
    try {
      const { z } = this.answer ?? (await (await request("numbers", { ...face.request, model })).json());
      text = z.join(", ");
    } catch (error) {
      this.open(true);
      return this.showMessage(sentenceOf(error, "The server cannot be reached, so nothing was copied."));
    }
    try {
      await navigator.clipboard.writeText(text);
      return flash(button, "copied");
    } catch {
      // without permission, or without https
      this.open(true);
      this.text.value = text;
      this.text.select();
      return this.showMessage("Copy the text from here: the browser does not let the page do it.");
    }
  }

  useText() {
    try {
      this.put(readNumbers(this.text.value, this.face.dims.length));
      this.open(false);
    } catch (error) {
      this.showMessage(messageOf(error));
    }
  }
}

/**
 * Reads `count` numbers from a text: a list, or the z of a link. Throws an Error with a sentence.
 * @param {string} text
 * @param {number} count
 */
export function readNumbers(text, count) {
  const trimmed = text
    .slice(0, MAX_CHARACTERS)
    .trim()
    .replace(/^[[({]+|[\])}]+$/g, "")
    .trim()
    .replace(/−/g, "-");
  if (!trimmed) throw new Error(`The field is empty: put ${count} numbers into it.`);
  const words = trimmed.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 1 && words[0].length > 24) {
    const numbers = decodeZ(words[0]);
    if (numbers?.length === count) return numbers;
    throw new Error(
      numbers
        ? `This z has ${numbers.length} numbers; this model has ${count}.`
        : "This z is damaged or cut short: copy the whole text of it.",
    );
  }
  const invalid = words.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word));
  if (invalid !== undefined) throw new Error(`“${invalid.slice(0, 24)}” is not a number, so nothing was changed.`);
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
