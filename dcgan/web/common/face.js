// The face that the sliders describe, and its history for undo: a seed, psi, and amounts along dimensions and directions.
// A face without a seed (found in a photo, or a sum of others) has a latent of its own, `z`: text, as the server encodes
// it. It replaces the seed until another seed is chosen.

/** @import { Edit, EditKey, FaceFields, Method, Unit } from "./types.d.ts" */

import { DEFAULT_METHOD, editAxis, faceLink, METHOD_NAMES } from "./codec.js";

export class Face {
  /** @type {string | null} */
  z = null;
  /**
   * Amounts along taught directions, by their vectors.
   * @type {Record<string, number>}
   */
  taught = {};
  /**
   * Edits of kinds without a slider, by their axes.
   * @type {Record<string, Edit>}
   */
  others = {};
  /**
   * Units of the generator that are switched off.
   * @type {Unit[]}
   */
  off = [];
  /**
   * The method whose directions the sliders show.
   * @type {Method}
   */
  method = DEFAULT_METHOD;
  /**
   * Its locked directions: neighbours keep their amounts.
   * @type {Set<number>}
   */
  locked = new Set();

  /**
   * @param {number} nz
   * @param {number} directions of each method
   */
  constructor(nz, directions) {
    this.seed = "27";
    this.psi = 1;
    /** @type {number[]} */
    this.dims = new Array(nz).fill(0);
    const bank = () => /** @type {number[]} */ (new Array(directions).fill(0));
    /** @type {Record<Method, number[]>} */
    this.banks = /** @type {any} */ (Object.fromEntries(METHOD_NAMES.map((method) => [method, bank()])));
  }

  /** Amounts along the directions of the chosen method. */
  get directions() {
    return this.banks[this.method];
  }

  /**
   * The axis of a direction, as an edit names it.
   * @param {number} direction
   * @returns {EditKey}
   */
  key(direction, method = this.method) {
    return method === DEFAULT_METHOD ? { direction } : { direction, method };
  }

  /**
   * Replaces everything by the fields of another face.
   * @param {FaceFields} fields
   */
  load({ seed, psi, edits, z = null, off = [] }) {
    Object.assign(this, { seed, psi, z });
    this.clear();
    this.off = off;
    for (const edit of edits) this.add(edit);
    return this;
  }

  /** @param {Edit} edit */
  add(edit) {
    const { dim, direction, method = DEFAULT_METHOD, vector, amount } = edit;
    if (vector !== undefined) this.taught[vector] = (this.taught[vector] ?? 0) + amount;
    else if (dim !== undefined) addTo(this.dims, dim, amount);
    else if (direction !== undefined) addTo(this.banks[method], direction, amount);
    else this.addOther(edit);
  }

  /** @param {Edit} edit */
  addOther(edit) {
    const axis = editAxis(edit);
    this.others[axis] = { ...edit, amount: edit.amount + (this.others[axis]?.amount ?? 0) };
  }

  /**
   * Chooses a seed, and drops a latent that replaced it.
   * @param {string} seed
   */
  chooseSeed(seed) {
    Object.assign(this, { seed, z: null });
  }

  clear() {
    this.dims.fill(0);
    for (const bank of Object.values(this.banks)) bank.fill(0);
    this.taught = {};
    this.others = {};
    this.off = [];
  }

  /** @returns {Edit[]} */
  get edits() {
    /** @type {(bank: number[], key: (index: number) => EditKey) => Edit[]} */
    const some = (bank, key) => bank.flatMap((amount, index) => (amount ? [{ ...key(index), amount }] : []));
    const found = METHOD_NAMES.flatMap((method) => some(this.banks[method], (index) => this.key(index, method)));
    const taught = Object.entries(this.taught).flatMap(([vector, amount]) => (amount ? [{ vector, amount }] : []));
    const others = Object.values(this.others).filter(({ amount }) => amount);
    return [...found, ...taught, ...others, ...some(this.dims, (dim) => ({ dim }))];
  }

  /**
   * The fields that requests send.
   * @returns {FaceFields}
   */
  get request() {
    const { seed, psi, edits, z, off } = this;
    return { seed, psi, edits, ...(z && { z }), ...(off.length && { off }) };
  }

  /**
   * Query string of a link that opens the page on this face.
   * @param {string} model
   */
  link(model) {
    return faceLink(model, this.request);
  }
}

/** @type {(bank: number[], index: number, amount: number) => void} */
function addTo(bank, index, amount) {
  if (index < bank.length) bank[index] += amount;
}

/** Undo and redo. Each step holds the whole face, which is small. */
export class History {
  /** @param {Face} face */
  constructor(face) {
    this.face = face;
    this.past = [this.now()];
    this.place = 0;
    /** @type {object | null} */
    this.run = null;
  }

  restart() {
    this.past = [this.now()];
    this.place = 0;
  }

  now() {
    const { seed, z, psi, dims, banks, taught, others, off } = this.face;
    return JSON.stringify({ seed, z, psi, dims, banks, taught, others, off });
  }

  /**
   * Adds the face as it is now as a step, unless nothing changed.
   * @param {object | null} run of changes: those that follow each other in one run are one step
   */
  commit(run = null) {
    if (this.now() === this.past[this.place]) return false;
    const same = run !== null && run === this.run;
    this.run = run;
    this.past.splice(this.place + (same ? 0 : 1), Infinity, this.now());
    if (this.past.length > 300) this.past.shift();
    this.place = this.past.length - 1;
    return true;
  }

  get canUndo() {
    return this.place > 0;
  }
  get canRedo() {
    return this.place < this.past.length - 1;
  }

  /** @param {number} by -1 or 1 */
  step(by) {
    if (by < 0 ? !this.canUndo : !this.canRedo) return false;
    this.place += by;
    this.run = null;
    Object.assign(this.face, JSON.parse(this.past[this.place]));
    return true;
  }
}
