// What moves most: the directions of one method, found by the server, and above them the sliders that were taught.

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
const SAID = { jacobian: "Jacobian", sefa: "SeFa", pca: "PCA" };

export class Directions {
  found = false;
  /** @type {number[]} */
  shares = [];
  /**
   * The sliders that were taught.
   * @type {DirectionRow[]}
   */
  own = [];
  /**
   * Taught ones that were removed, by their vectors.
   * @type {Map<string, Taught>}
   */
  forgotten = new Map();

  /**
   * @param {HTMLElement} element
   * @param {Face} face
   * @param {string} model
   * @param {(done: boolean) => void} changed as for the faders
   * @param {() => void} arrived is called when the server has found them
   */
  constructor(element, face, model, changed, arrived) {
    const find = finder(element);
    this.face = face;
    this.model = model;
    this.changed = changed;
    this.arrived = arrived;
    this.notes = new DirectionLabels(model);
    this.sheets = new Sheets();
    this.select = find(".method", HTMLSelectElement);
    this.hint = find(".found");
    this.ownList = fresh(find(".directions.own"));
    this.list = fresh(find(".directions.found-rows"));
    this.rows = face.directions.map((_, index) => this.make(index));
    this.list.replaceChildren(...this.rows.map(({ row }) => row));
    makeSortable(this.list, () => this.rearranged());
    makeSortable(this.ownList, () => this.notes.arrange(this.ownOrder()));
    face.method = startWith(face);
    this.select.value = face.method;
    face.locked = new Set();
    // a property, since each model's directions take the place of the last one's
    this.select.onchange = () => this.choose(/** @type {Method} */ (this.select.value));
  }

  // ---- what the server found

  /** A model that was never asked before takes seconds; the picture and the faders do not wait for it. */
  async find() {
    const { method } = this.face;
    const current = () => this.list.isConnected && this.face.method === method;
    this.hint.textContent = "looking for them …";
    try {
      const answer = await (
        await fetchWithRetry(`directions?${new URLSearchParams({ model: this.model, method })}`)
      ).json();
      if (!current()) return;
      this.hint.textContent = "strongest first";
      this.arrive(answer);
      this.arrived();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (current()) this.hint.textContent = error.message;
    }
  }

  /**
   * Until then the sliders are there but cannot be moved.
   * @param {DirectionsAnswer} answer
   */
  arrive(answer) {
    this.found = true;
    this.shares = answer.shares;
    this.notes.arrive(answer);
    this.label();
    this.list.append(...this.notes.order(this.face.method, this.rows.length).map((index) => this.rows[index].row));
    this.show();
  }

  /**
   * Other directions under the same sliders; what was moved along the old ones stays in the face.
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
  make(index) {
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
        locked: (yes) =>
          this.relabel(({ locked }) => ({ locked: yes ? [...locked, index] : locked.filter((one) => one !== index) })),
      },
    );
    row.share.title = "Share of all change, to first order, that lies along this direction";
    return row;
  }

  /** @param {(labels: Labels) => Partial<Labels>} change */
  relabel(change) {
    const { method } = this.face;
    this.notes.relabel(method, change(this.notes.of(method)));
    this.hold();
  }

  rearranged() {
    const order = [...this.list.children].map((row) => this.rows.findIndex((one) => one.row === row));
    this.notes.relabel(this.face.method, { order });
  }

  /** Names, locks and shares of the method that is at hand. */
  label() {
    const { names, locked } = this.notes.of(this.face.method);
    this.rows.forEach((row, index) => {
      row.row.hidden = index >= this.shares.length;
      if (row.row.hidden) return;
      row.key = this.face.key(index);
      row.share.textContent = `${(this.shares[index] * 100).toFixed(1)} %`;
      row.locked = locked.includes(index);
      row.ready = true;
      row.call(names[index] ?? "");
    });
    this.hold();
  }

  /** The neighbours keep to what is locked. */
  hold() {
    this.face.locked = new Set(this.notes.of(this.face.method).locked);
  }

  // ---- what was taught, or came with a link from somewhere it was

  ownOrder() {
    return this.own
      .map(({ row, vector }) => ({ row, vector }))
      .sort((a, b) => place(a.row) - place(b.row))
      .map(({ vector }) => vector)
      .filter((vector) => this.notes.find(vector));
  }

  showOwn() {
    const inUse = Object.keys(this.face.taught).filter((vector) => this.face.taught[vector]);
    for (const vector of inUse) this.remember(vector);
    const unknown = inUse.filter((vector) => !this.notes.find(vector));
    const wanted = [...this.notes.taught.map(({ vector }) => vector), ...unknown];
    if (wanted.join() !== this.own.map(({ vector }) => vector).join()) {
      this.own = wanted.map((vector) => this.own.find((row) => row.vector === vector) ?? this.makeOwn(vector));
      this.ownList.replaceChildren(...this.own.map(({ row }) => row));
    }
    for (const row of this.own) this.labelOwn(row);
  }

  /** @param {string} vector */
  makeOwn(vector) {
    const { face, notes } = this;
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
        renamed: (name) => this.renameOwn(vector, name),
        locked: (locked) => {
          const one = notes.find(vector);
          if (one) notes.teach({ ...one, locked });
          else this.labelOwn(row);
        },
        remove: () => this.removeOwn(vector),
      },
    );
    row.vector = vector;
    row.ready = true;
    return row;
  }

  /** @param {DirectionRow} row */
  labelOwn(row) {
    const one = this.notes.find(row.vector);
    row.locked = one?.locked ?? false;
    row.lock.disabled = !one;
    row.share.textContent = !one ? "name it to keep" : one.has ? `${Math.round(one.accuracy * 100)} % right` : "";
    row.share.title = !one?.has
      ? ""
      : `Taught by ${one.has + one.has_not} examples; ${Math.round(one.accuracy * 100)} % of held-out ones ` +
        "are classified correctly (guessing: 50 %)" +
        (one.weights && one.weights !== this.notes.weights ? ". It was taught on other weights of this model" : "");
    row.call(one?.name ?? "");
    row.show();
  }

  /**
   * @param {string} vector
   * @param {string} name
   */
  renameOwn(vector, name) {
    if (!name) return false; // one that was taught has nothing else to be called by
    const known = this.notes.find(vector) ?? {
      vector,
      accuracy: 0,
      has: 0,
      has_not: 0,
      locked: false,
      weights: this.notes.weights,
    };
    this.notes.teach({ ...known, name });
    this.showOwn();
    return true;
  }

  /** @param {string} vector */
  removeOwn(vector) {
    const moved = this.face.taught[vector];
    const one = this.notes.find(vector);
    if (one) this.forgotten.set(vector, one);
    this.notes.forget(vector);
    delete this.face.taught[vector];
    if (moved) this.changed(true);
    else this.showOwn();
  }

  /**
   * Undo went back to a face that a removed slider had moved: the slider comes back with it.
   * @param {string} vector
   */
  remember(vector) {
    const one = this.forgotten.get(vector);
    if (one) this.notes.teach(one);
    this.forgotten.delete(vector);
  }

  /**
   * A direction that was just taught.
   * @param {Taught} one
   */
  add(one) {
    this.notes.teach(one);
    this.showOwn();
    this.arrived(); // its strip is to be drawn
    this.own.find(({ vector }) => vector === one.vector)?.input.focus();
  }

  /** All that is locked, whatever found it, as a person would call it. */
  get lockedNames() {
    return this.notes.locked.map(({ vector = "", direction = 0, method = this.face.method }) => {
      if (vector) return this.notes.find(vector)?.name ?? "";
      const known = this.notes.of(method).names[direction];
      return known ?? `direction ${direction + 1}${method === this.face.method ? "" : ` (${SAID[method]})`}`;
    });
  }

  // ---- the face's part

  show() {
    for (const row of this.rows) row.show();
    this.showOwn();
    for (const option of this.select.options) {
      const method = /** @type {Method} */ (option.value);
      const moved = method !== this.face.method && this.face.banks[method].some(Boolean);
      option.textContent = option.text.replace(/ ·.*/, "") + (moved ? " · moved" : "");
    }
  }

  /**
   * Fetches the strips for the face as it is now, one after the other; an old one stays until the new one is there.
   * False when the face has moved on meanwhile.
   */
  async develop() {
    const { face, model } = this;
    const request = face.request;
    const { method } = face;
    for (const row of [...this.own, ...this.inOrder()]) {
      const sheet = await this.sheets.get({ ...request, model, variants: row.variants, cell: CELL });
      if (!sheet || face.method !== method) return false;
      row.draw(sheet);
      sheet.close();
    }
    return true;
  }

  inOrder() {
    return this.rows.filter(({ row }) => !row.hidden).sort((a, b) => place(a.row) - place(b.row));
  }
}

/** @param {HTMLElement} row */
const place = (row) => [...(row.parentElement?.children ?? [])].indexOf(row);

/**
 * An empty copy of a list, without the last model's listeners.
 * @param {HTMLElement} list
 */
function fresh(list) {
  const copy = /** @type {HTMLElement} */ (list.cloneNode(false));
  list.replaceWith(copy);
  return copy;
}

/**
 * The method of a link's edits, or the one that was chosen last.
 * @param {Face} face
 */
function startWith(face) {
  const moved = METHOD_NAMES.find((method) => face.banks[method].some(Boolean));
  const last = recall(KEY);
  return moved ?? METHOD_NAMES.find((method) => method === last) ?? "jacobian";
}
