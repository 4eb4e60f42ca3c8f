// A face as a person dials it: a seed, a truncation, what was added to dimensions and directions. And its past.
// A face that no seed stands for (found in a photo, added up from others) has a latent of its own, `z`: text, as the
// server encodes it. It takes the seed's place until another seed is chosen.

/** @import { Edit, EditKey, FaceFields, Method, Unit } from "./types.d.ts" */

import { DEFAULT_METHOD, editAxis, faceLink, METHOD_NAMES } from "./codec.js";

export class Face {
  /** @type {string | null} */
  z = null;
  /**
   * Amounts along directions that are known by their vectors.
   * @type {Record<string, number>}
   */
  taught = {};
  /**
   * Edits of kinds that have no slider here, by their axes.
   * @type {Record<string, Edit>}
   */
  others = {};
  /**
   * The generator's units that are off.
   * @type {Unit[]}
   */
  off = [];
  /**
   * The method whose directions are at hand.
   * @type {Method}
   */
  method = DEFAULT_METHOD;
  /**
   * Those of its directions that are locked.
   * @type {Set<number>}
   */
  held = new Set();

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
    this.banks = { jacobian: bank(), sefa: bank(), pca: bank() };
  }

  /** Amounts along the directions that are at hand. */
  get directions() {
    return this.banks[this.method];
  }

  /**
   * How an edit names a direction that is at hand.
   * @param {number} direction
   * @returns {EditKey}
   */
  key(direction, method = this.method) {
    return method === DEFAULT_METHOD ? { direction } : { direction, method };
  }

  /**
   * Takes over a face as the codec or the server reads it.
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
   * Another face: the seed's own, without a latent from elsewhere.
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
   * What the server is asked for.
   * @returns {FaceFields}
   */
  get request() {
    const { seed, psi, edits, z, off } = this;
    return { seed, psi, edits, ...(z && { z }), ...(off.length && { off }) };
  }

  /**
   * Query of a link that opens the page on this face.
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

/** Undo and redo over whole faces, which are small. */
export class History {
  /** @param {Face} face */
  constructor(face) {
    this.face = face;
    this.past = [this.now()];
    this.place = 0;
  }

  restart() {
    this.past = [this.now()];
    this.place = 0;
  }

  now() {
    const { seed, z, psi, dims, banks, taught, others, off } = this.face;
    return JSON.stringify({ seed, z, psi, dims, banks, taught, others, off });
  }

  /** Remembers the face as it is, once a change is complete. */
  commit() {
    if (this.now() === this.past[this.place]) return false;
    this.past.splice(this.place + 1, Infinity, this.now());
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
    Object.assign(this.face, JSON.parse(this.past[this.place]));
    return true;
  }
}
