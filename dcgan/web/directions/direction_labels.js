// What a person says of a model's directions: names, locks, an order, and sliders they taught. The server keeps it with
// the model where the machine is one's own; elsewhere it stays in this browser.

/** @import { DirectionsAnswer, EditKey, Labels, Method, DirectionLabelsFields, Taught } from "../common/types.d.ts" */

import { METHOD_NAMES } from "../common/codec.js";
import { notice, request, sentenceOf } from "../common/session.js";
import { recall } from "../common/storage.js";

const KEY = "dcgan-directions";
const MOST_MODELS = 40;
const LOST = "What this browser kept about directions cannot be read, so it is left out.";

export const LONGEST_NAME = 40;
/** @type {(text: string) => string} */
export const tidyName = (text) => text.replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME).trim();

export class DirectionLabels {
  /** @type {Partial<Record<Method, Labels>>} */
  labels = {};
  /** @type {Taught[]} */
  taught = [];
  weights = "";
  local = true;

  /** @param {string} model */
  constructor(model) {
    this.model = model;
  }

  /**
   * Takes over what the server answered for a method's directions. Its notes are null where it keeps none.
   * @param {DirectionsAnswer} answer
   */
  arrive({ weights, notes }) {
    this.weights = weights;
    this.local = notes === null;
    const { labels, taught } = notes ?? this.recall();
    // in place of what was known, since another tab may have changed it
    this.labels = labels ?? {};
    this.taught = taught ?? [];
  }

  /**
   * @param {Method} method
   * @returns {Labels}
   */
  of(method) {
    return this.labels[method] ?? { names: {}, locked: [], order: [] };
  }

  /** @param {string} vector */
  find(vector) {
    return this.taught.find((one) => one.vector === vector);
  }

  /**
   * A method's numbers in the order they are shown.
   * @param {Method} method
   * @param {number} count
   */
  order(method, count) {
    const wanted = this.of(method).order.filter((index) => index < count);
    return [
      ...wanted,
      ...Array.from({ length: count }, (_, index) => index).filter((index) => !wanted.includes(index)),
    ];
  }

  /**
   * All that is locked, whatever found it, as edits name it.
   * @returns {EditKey[]}
   */
  get locked() {
    const found = METHOD_NAMES.flatMap((method) => this.of(method).locked.map((direction) => ({ direction, method })));
    return [...found, ...this.taught.filter(({ locked }) => locked).map(({ vector }) => ({ vector }))];
  }

  // ---- changes: made here at once, then kept

  /**
   * @param {Method} method
   * @param {Partial<Labels>} change
   */
  relabel(method, change) {
    const labels = { ...this.of(method), ...change };
    this.labels[method] = labels;
    return this.keep({ method, labels });
  }

  /**
   * Adds a taught direction, or changes the one with its vector.
   * @param {Taught} one
   */
  teach(one) {
    const place = this.taught.findIndex(({ vector }) => vector === one.vector);
    this.taught.splice(place < 0 ? this.taught.length : place, 1, one);
    return this.keep({ taught: one });
  }

  /** @param {string} vector */
  forget(vector) {
    this.taught = this.taught.filter((one) => one.vector !== vector);
    return this.keep({ forget: vector });
  }

  /** @param {string[]} vectors */
  arrange(vectors) {
    this.taught = vectors.map((vector) => this.find(vector)).filter((one) => one !== undefined);
    return this.keep({ arrange: vectors });
  }

  /** @param {{ method?: Method, labels?: Labels, taught?: Taught, forget?: string, arrange?: string[] }} change */
  async keep(change) {
    if (this.local) {
      this.remember();
      return;
    }
    // kept alive, so that it arrives though the tab be closed; browsers do so up to 64 kB, which an order can exceed
    const options = { keepalive: !change.arrange };
    try {
      await request("notes", { model: this.model, ...change }, options);
    } catch (error) {
      const lost = "The server cannot be reached, so this is not kept: it is lost when the page is closed.";
      notice(sentenceOf(error, lost));
    }
  }

  // ---- the browser's own memory; whatever lies there may be damaged or somebody else's

  remember() {
    const all = DirectionLabels.read();
    delete all[this.model]; // so that it becomes the newest
    all[this.model] = { weights: this.weights, labels: this.labels, taught: this.taught };
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-MOST_MODELS))));
    } catch {
      notice("This browser keeps nothing for this page, so names and taught sliders are lost when it is closed.");
    }
  }

  /** @returns {DirectionLabelsFields} */
  recall() {
    const kept = DirectionLabels.read()[this.model];
    if (kept === undefined) return {};
    try {
      const labels = Object.fromEntries(
        METHOD_NAMES.filter((method) => kept.labels[method]).map((method) => [
          method,
          checkedLabels(kept.labels[method]),
        ]),
      );
      // names belong to the weights they were given for; a vector is a vector
      return { labels: kept.weights === this.weights ? labels : {}, taught: kept.taught.map(checkedTaught) };
    } catch {
      notice(LOST);
      return {};
    }
  }

  /** @returns {Record<string, any>} what is kept, by model; unchecked */
  static read() {
    try {
      const all = JSON.parse(recall(KEY) ?? "{}");
      if (all && typeof all === "object" && !Array.isArray(all)) return all;
    } catch {
      /* as below */
    }
    notice(LOST);
    return {};
  }
}

/** @type {(value: any) => number} */
const number = (value) => {
  if (!Number.isInteger(value) || value < 0 || value > 1023) throw new Error("number");
  return value;
};
/** @type {(value: any) => string} */
const text = (value) => {
  if (typeof value !== "string") throw new Error("text");
  return tidyName(value);
};

/** @type {(raw: any) => Labels} */
const checkedLabels = ({ names, locked, order }) => ({
  names: Object.fromEntries(Object.entries(names).map(([index, name]) => [number(Number(index)), text(name)])),
  locked: locked.map(number),
  order: [...new Set(order.map(number))],
});

/**
 * @param {any} raw
 * @returns {Taught}
 */
function checkedTaught({ vector, name, accuracy, has, has_not, locked, weights }) {
  if (!/^[\w-]{2,2732}$/.test(vector) || !text(name) || !(accuracy >= 0 && accuracy <= 1)) throw new Error("taught");
  return {
    vector,
    name: text(name),
    accuracy,
    has: Math.max(0, Math.floor(has) || 0),
    has_not: Math.max(0, Math.floor(has_not) || 0),
    locked: locked === true,
    weights: String(weights).slice(0, 64),
  };
}
