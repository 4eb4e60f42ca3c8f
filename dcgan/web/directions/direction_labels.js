// The labels that a person gives to a model's directions: names, locks, an order, and taught sliders. A private server
// saves them with the model; with a shared server this browser keeps them.

/** @import { DirectionsAnswer, EditKey, Labels, Method, DirectionLabelsFields, Taught } from "../common/types.d.ts" */

import { METHOD_NAMES } from "../common/codec.js";
import { notice, request, sentenceOf, storageName } from "../common/session.js";
import { recall } from "../common/storage.js";

const KEY = "dcgan-directions";
const MOST_MODELS = 40;
const UNREADABLE = "The names and taught sliders that this browser keeps cannot be read, so they are left out.";

export const LONGEST_NAME = 40;
/** @type {(text: string) => string} */
export const tidyName = (text) => text.replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME).trim();

export class DirectionLabels {
  /** @type {Partial<Record<Method, Labels>>} */
  byMethod = {};
  /** @type {Taught[]} */
  taught = [];
  weights = "";
  local = true; // this browser keeps the labels, not the server

  /** @param {string} model */
  constructor(model) {
    this.model = model;
  }

  /**
   * Loads the labels from the server's answer for a method, or from this browser where the server saves none.
   * @param {DirectionsAnswer} answer
   */
  load({ weights, saved }) {
    this.weights = weights;
    this.local = saved === null;
    const { labels, taught } = saved ?? this.readLocal();
    // replaced, not merged: another tab may have changed them
    this.byMethod = labels ?? {};
    this.taught = taught ?? [];
  }

  /**
   * The labels of the directions that a method found.
   * @param {Method} method
   * @returns {Labels}
   */
  of(method) {
    return this.byMethod[method] ?? { names: {}, locked: [], order: [] };
  }

  /**
   * The taught direction with this vector.
   * @param {string} vector
   */
  find(vector) {
    return this.taught.find((direction) => direction.vector === vector);
  }

  /**
   * The numbers of a method's directions in the order in which they are shown.
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
   * The keys of all locked directions, those of every method and taught ones.
   * @returns {EditKey[]}
   */
  get locked() {
    const found = METHOD_NAMES.flatMap((method) => this.of(method).locked.map((direction) => ({ direction, method })));
    return [...found, ...this.taught.filter(({ locked }) => locked).map(({ vector }) => ({ vector }))];
  }

  // ---- changes: shown at once, then saved

  /**
   * Changes the labels of a method's directions.
   * @param {Method} method
   * @param {Partial<Labels>} change
   */
  relabel(method, change) {
    const labels = { ...this.of(method), ...change };
    this.byMethod[method] = labels;
    return this.save({ method, labels });
  }

  /**
   * Adds a taught direction, or replaces the one with the same vector.
   * @param {Taught} direction
   */
  addTaught(direction) {
    const index = this.taught.findIndex(({ vector }) => vector === direction.vector);
    this.taught.splice(index < 0 ? this.taught.length : index, 1, direction);
    return this.save({ taught: direction });
  }

  /**
   * Removes the taught direction with this vector.
   * @param {string} vector
   */
  removeTaught(vector) {
    this.taught = this.taught.filter((direction) => direction.vector !== vector);
    return this.save({ remove: vector });
  }

  /**
   * Puts the taught directions into the order of these vectors.
   * @param {string[]} vectors
   */
  sortTaught(vectors) {
    this.taught = vectors.map((vector) => this.find(vector)).filter((direction) => direction !== undefined);
    return this.save({ sort: vectors });
  }

  /** @param {{ method?: Method, labels?: Labels, taught?: Taught, remove?: string, sort?: string[] }} change */
  async save(change) {
    if (this.local) {
      this.saveLocally();
      return;
    }
    // keepalive lets the request finish after the tab is closed, but only up to 64 kB, which an order can exceed
    const options = { keepalive: !change.sort };
    try {
      await request("directions/save", { model: this.model, ...change }, options);
    } catch (error) {
      const lost = "The server cannot be reached, so this change is not saved: it is lost when the page is closed.";
      notice(sentenceOf(error, lost));
    }
  }

  // ---- the browser's storage, whose content may be damaged

  saveLocally() {
    const all = DirectionLabels.readStorage();
    const key = storageName(this.model);
    delete all[key]; // the last key is the newest, and the oldest are dropped
    all[key] = { weights: this.weights, labels: this.byMethod, taught: this.taught };
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-MOST_MODELS))));
    } catch {
      notice("This browser stores nothing for this page, so names and taught sliders are lost when it is closed.");
    }
  }

  /** @returns {DirectionLabelsFields} */
  readLocal() {
    const stored = DirectionLabels.readStorage()[storageName(this.model)];
    if (stored === undefined) return {};
    try {
      const labels = Object.fromEntries(
        METHOD_NAMES.filter((method) => stored.labels[method]).map((method) => [
          method,
          checkedLabels(stored.labels[method]),
        ]),
      );
      // names are valid only for the weights that they were given for, vectors for any
      return { labels: stored.weights === this.weights ? labels : {}, taught: stored.taught.map(checkedTaught) };
    } catch {
      notice(UNREADABLE);
      return {};
    }
  }

  /** @returns {Record<string, any>} unchecked labels, by model */
  static readStorage() {
    try {
      const all = JSON.parse(recall(KEY) ?? "{}");
      if (all && typeof all === "object" && !Array.isArray(all)) return all;
    } catch {
      /* reported below */
    }
    notice(UNREADABLE);
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
