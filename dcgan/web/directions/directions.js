// The panel "What moves most": sliders for the directions of one method, and above them the taught sliders.

/** @import { Face } from "../common/face.js" */
/** @import { DirectionsAnswer, Labels, Method, Taught } from "../common/types.d.ts" */

import { METHOD_NAMES } from "../common/codec.js";
import { finder } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { fetchWithRetry, ServerError } from "../common/session.js";
import { makeSortable } from "../common/sortable_list.js";
import { recall, remember } from "../common/storage.js";
import { DirectionLabels } from "./direction_labels.js";
import { CELL, DirectionRow } from "./direction_row.js";

const KEY = "dcgan-method";
/** @type {Record<Method, string>} */
const METHOD_LABELS = { jacobian: "Jacobian", sefa: "SeFa", pca: "PCA" };

export class Directions {
  found = false;
  /** @type {number[]} */
  shares = [];
  /**
   * Rows of taught directions.
   * @type {DirectionRow[]}
   */
  taughtRows = [];
  /**
   * Taught directions that were removed, by their vectors.
   * @type {Map<string, Taught>}
   */
  removed = new Map();

  /**
   * @param {HTMLElement} element
   * @param {Face} face
   * @param {string} model
   * @param {(done: boolean) => void} changed called when a slider moves; `done` when it is released
   * @param {() => void} strips called when strips are to be fetched
   */
  constructor(element, face, model, changed, strips) {
    const find = finder(element);
    this.face = face;
    this.model = model;
    this.changed = changed;
    this.strips = strips;
    this.labels = new DirectionLabels(model);
    this.sheets = new Sheets();
    this.select = find(".method", HTMLSelectElement);
    this.hint = find(".found");
    this.taughtList = emptyCopy(find(".directions.own"));
    this.list = emptyCopy(find(".directions.found-rows"));
    this.rows = face.directions.map((_, index) => this.makeRow(index));
    this.list.replaceChildren(...this.rows.map(({ row }) => row));
    makeSortable(this.list, () => this.saveOrder());
    makeSortable(this.taughtList, () => this.labels.sortTaught(this.taughtOrder()));
    face.method = initialMethod(face);
    this.select.value = face.method;
    face.locked = new Set();
    // a property, so that the next model's listener replaces this one
    this.select.onchange = () => this.choose(/** @type {Method} */ (this.select.value));
  }

  // ---- directions that the server found

  /** Requests the directions. The first request of a model takes seconds; nothing else on the page waits for it. */
  async find() {
    const { model } = this;
    const { method } = this.face;
    const current = () => this.list.isConnected && this.face.method === method && this.model === model;
    this.hint.textContent = "computing …";
    try {
      const answer = await (await fetchWithRetry(`directions?${new URLSearchParams({ model, method })}`)).json();
      if (!current()) return;
      this.hint.textContent = "strongest first";
      this.showFound(answer);
      this.strips();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (current()) this.hint.textContent = error.message;
    }
  }

  /**
   * Shows the directions of an answer. The sliders are disabled until then.
   * @param {DirectionsAnswer} answer
   */
  showFound(answer) {
    this.found = true;
    this.shares = answer.shares;
    this.labels.load(answer);
    this.labelRows();
    const ordered = this.labels.order(this.face.method, this.rows.length).map((index) => this.rows[index].row);
    // moved only where they have to: a slider that is moved loses the keyboard
    if (ordered.some((row, place) => row !== this.list.children[place])) this.list.append(...ordered);
    this.show();
  }

  /**
   * Changes to the directions of other weights of the same run. The sliders stay in use meanwhile, at their amounts.
   * @param {string} model
   */
  changeWeights(model) {
    this.model = model;
    this.labels.model = model;
    this.found = false;
    this.sheets.stop();
    for (const { row } of this.rows) row.classList.add("stale");
    this.find();
  }

  /**
   * Changes to the directions of another method. Amounts along the old ones stay in the face.
   * @param {Method} method
   */
  choose(method) {
    this.face.method = method;
    this.found = false;
    remember(KEY, method);
    this.sheets.stop();
    for (const row of this.rows) {
      row.enable(false);
      row.row.classList.add("stale");
    }
    this.show();
    this.find();
  }

  /** @param {number} index */
  makeRow(index) {
    const amounts = () => this.face.directions;
    const row = new DirectionRow(
      `Direction ${index + 1}`,
      null,
      () => amounts()[index],
      (value) => {
        amounts()[index] = value;
      },
      {
        moved: this.changed,
        renamed: (name) => this.relabel((labels) => ({ names: { ...labels.names, [index]: name } })),
        locked: (lock) =>
          this.relabel(({ locked }) => ({
            locked: lock ? [...locked, index] : locked.filter((other) => other !== index),
          })),
      },
    );
    row.share.title = "Share of all change, to first order, that lies along this direction";
    return row;
  }

  /** @param {(labels: Labels) => Partial<Labels>} change */
  relabel(change) {
    const { method } = this.face;
    this.labels.relabel(method, change(this.labels.of(method)));
    this.updateLocked();
  }

  saveOrder() {
    const order = [...this.list.children].map((row) => this.rows.findIndex((other) => other.row === row));
    this.labels.relabel(this.face.method, { order });
  }

  /** Shows the names, locks and shares of the chosen method's directions. */
  labelRows() {
    const { names, locked } = this.labels.of(this.face.method);
    this.rows.forEach((row, index) => {
      row.row.hidden = index >= this.shares.length;
      if (row.row.hidden) return;
      row.key = this.face.key(index);
      row.share.textContent = `${(this.shares[index] * 100).toFixed(1)} %`;
      row.locked = locked.includes(index);
      row.ready = true;
      row.setName(names[index] ?? "");
    });
    this.updateLocked();
  }

  /** Tells the face which of its directions are locked; neighbours keep their amounts. */
  updateLocked() {
    this.face.locked = new Set(this.labels.of(this.face.method).locked);
  }

  // ---- taught directions, and unnamed ones that came with a link

  taughtOrder() {
    return this.taughtRows
      .map(({ row, vector }) => ({ row, vector }))
      .sort((a, b) => position(a.row) - position(b.row))
      .map(({ vector }) => vector)
      .filter((vector) => this.labels.find(vector));
  }

  showTaught() {
    const inUse = Object.keys(this.face.taught).filter((vector) => this.face.taught[vector]);
    for (const vector of inUse) this.restoreRemoved(vector);
    const unknown = inUse.filter((vector) => !this.labels.find(vector));
    const wanted = [...this.labels.taught.map(({ vector }) => vector), ...unknown];
    if (wanted.join() !== this.taughtRows.map(({ vector }) => vector).join()) {
      this.taughtRows = wanted.map(
        (vector) => this.taughtRows.find((row) => row.vector === vector) ?? this.makeTaughtRow(vector),
      );
      this.taughtList.replaceChildren(...this.taughtRows.map(({ row }) => row));
    }
    for (const row of this.taughtRows) this.labelTaughtRow(row);
  }

  /** @param {string} vector */
  makeTaughtRow(vector) {
    const { face, labels } = this;
    /** @type {DirectionRow} */
    const row = new DirectionRow(
      "unnamed slider",
      { vector },
      () => face.taught[vector] ?? 0,
      (value) => {
        face.taught[vector] = value;
      },
      {
        moved: this.changed,
        renamed: (name) => this.renameTaught(vector, name),
        locked: (locked) => {
          const direction = labels.find(vector);
          if (direction) labels.addTaught({ ...direction, locked });
          else this.labelTaughtRow(row);
        },
        remove: () => this.removeTaughtRow(vector),
      },
    );
    row.vector = vector;
    row.ready = true;
    return row;
  }

  /** @param {DirectionRow} row */
  labelTaughtRow(row) {
    const direction = this.labels.find(row.vector);
    const { accuracy, has, has_not, weights } = direction ?? { accuracy: 0, has: 0, has_not: 0, weights: "" };
    const share = `${Math.round(accuracy * 100)} %`;
    row.locked = direction?.locked ?? false;
    row.lock.disabled = !direction;
    row.share.textContent = !direction ? "name it to keep" : has ? `${share} right` : "";
    row.share.title = has
      ? `Taught by ${has + has_not} examples; ${share} of held-out ones are classified correctly (guessing: 50 %)` +
        (weights && weights !== this.labels.weights ? ". It was taught on other weights of this model" : "")
      : "";
    row.setName(direction?.name ?? "");
    row.show();
  }

  /**
   * @param {string} vector
   * @param {string} name
   */
  renameTaught(vector, name) {
    if (!name) return false; // a taught direction must have a name
    const known = this.labels.find(vector) ?? {
      vector,
      accuracy: 0,
      has: 0,
      has_not: 0,
      locked: false,
      weights: this.labels.weights,
    };
    this.labels.addTaught({ ...known, name });
    this.showTaught();
    return true;
  }

  /** @param {string} vector */
  removeTaughtRow(vector) {
    const moved = this.face.taught[vector];
    const direction = this.labels.find(vector);
    if (direction) this.removed.set(vector, direction);
    this.labels.removeTaught(vector);
    delete this.face.taught[vector];
    if (moved) this.changed(true);
    else this.showTaught();
  }

  /**
   * Restores a removed slider when undo brings back a face that it had moved.
   * @param {string} vector
   */
  restoreRemoved(vector) {
    const direction = this.removed.get(vector);
    if (direction) this.labels.addTaught(direction);
    this.removed.delete(vector);
  }

  /**
   * Adds a slider for a direction that was just taught.
   * @param {Taught} direction
   */
  add(direction) {
    this.labels.addTaught(direction);
    this.showTaught();
    this.strips();
    this.taughtRows.find(({ vector }) => vector === direction.vector)?.input.focus();
  }

  /** The names of all locked directions, those of every method and taught ones. */
  get lockedNames() {
    return this.labels.locked.map(({ vector = "", direction = 0, method = this.face.method }) => {
      if (vector) return this.labels.find(vector)?.name ?? "";
      const name = this.labels.of(method).names[direction];
      return name ?? `direction ${direction + 1}${method === this.face.method ? "" : ` (${METHOD_LABELS[method]})`}`;
    });
  }

  // ---- the sliders and strips of the face

  show() {
    for (const row of this.rows) row.show();
    this.showTaught();
    for (const option of this.select.options) {
      const method = /** @type {Method} */ (option.value);
      const moved = method !== this.face.method && this.face.banks[method].some(Boolean);
      option.textContent = option.text.replace(/ ·.*/, "") + (moved ? " · moved" : "");
    }
  }

  /**
   * Fetches and draws the strips of the current face, one after the other. An old strip stays until the new one arrives.
   * Returns false when the face changed meanwhile.
   */
  async fetchPictures() {
    const { face, model } = this;
    const request = face.request;
    const { method } = face;
    for (const row of [...this.taughtRows, ...this.inOrder()]) {
      const sheet = await this.sheets.get({ ...request, model, variants: row.variants, cell: CELL });
      if (!sheet || face.method !== method) return false;
      row.draw(sheet);
      sheet.close();
    }
    return true;
  }

  inOrder() {
    return this.rows.filter(({ row }) => !row.hidden).sort((a, b) => position(a.row) - position(b.row));
  }
}

/** @param {HTMLElement} row */
const position = (row) => [...(row.parentElement?.children ?? [])].indexOf(row);

/**
 * Replaces a list by an empty copy, which has none of the listeners that the last model's sliders added.
 * @param {HTMLElement} list
 */
function emptyCopy(list) {
  const copy = /** @type {HTMLElement} */ (list.cloneNode(false));
  list.replaceWith(copy);
  return copy;
}

/**
 * The method that is shown first: that of the face's edits, or the one that was chosen last.
 * @param {Face} face
 */
function initialMethod(face) {
  const moved = METHOD_NAMES.find((method) => face.banks[method].some(Boolean));
  const last = recall(KEY);
  return moved ?? METHOD_NAMES.find((method) => method === last) ?? "jacobian";
}
