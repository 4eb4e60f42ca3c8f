// A face as a person dials it: a seed, a truncation, what was added to dimensions and directions. And its past.
// A face that no seed stands for (found in a photo, reckoned from others) has a latent of its own, `z`: text, as the
// server packs it. It takes the seed's place until another seed is chosen.

/** @import { Edit, EditKey, FaceFields, Method, Unit } from "./types.d.ts" */

/**
 * How directions are found, and the letter that stands for it in a link.
 * @type {Record<Method, string>}
 */
export const METHODS = { jacobian: "j", sefa: "s", pca: "p" };
export const METHOD_NAMES = /** @type {Method[]} */ (Object.keys(METHODS));
const USUAL = "jacobian"; // goes without saying

export class Face {
  /** @type {string | null} */
  z = null;
  /**
   * Amounts along directions that are known by their vectors.
   * @type {Record<string, number>}
   */
  taught = {};
  /**
   * The generator's units that are off.
   * @type {Unit[]}
   */
  off = [];
  /**
   * The method whose directions are at hand.
   * @type {Method}
   */
  method = USUAL;
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
    return method === USUAL ? { direction } : { direction, method };
  }

  /**
   * Takes over what the server read out of a link.
   * @param {FaceFields} fields
   */
  load({ seed, psi, edits, z = null, off = [] }) {
    Object.assign(this, { seed, psi, z });
    this.clear();
    this.off = off;
    for (const { dim, direction, method = USUAL, vector, amount } of edits) {
      if (vector) this.taught[vector] = (this.taught[vector] ?? 0) + amount;
      const bank = dim === undefined ? this.banks[method] : this.dims;
      const index = dim ?? direction;
      if (index !== undefined && index < bank.length) bank[index] += amount;
    }
    return this;
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
    this.off = [];
  }

  /** @returns {Edit[]} */
  get edits() {
    /** @type {(bank: number[], key: (index: number) => EditKey) => Edit[]} */
    const some = (bank, key) => bank.flatMap((amount, index) => (amount ? [{ ...key(index), amount }] : []));
    const found = METHOD_NAMES.flatMap((method) => some(this.banks[method], (index) => this.key(index, method)));
    const taught = Object.entries(this.taught).flatMap(([vector, amount]) => (amount ? [{ vector, amount }] : []));
    return [...found, ...taught, ...some(this.dims, (dim) => ({ dim }))];
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
   * Query of a link that opens the page on this face; see links.py for its grammar.
   * @param {string} model
   */
  link(model) {
    const params = [["model", model], this.z ? ["z", this.z] : ["seed", this.seed]];
    if (this.psi !== 1) params.push(["psi", tidy(this.psi)]);
    const edits = this.edits.map(({ dim, direction, method = USUAL, vector, amount }) => {
      const name = vector ? `v${vector}` : dim === undefined ? `${METHODS[method]}${direction}` : `d${dim}`;
      return `${name}:${tidy(amount)}`;
    });
    if (edits.length) params.push(["edits", edits.join(",")]);
    if (this.off.length) params.push(["off", this.off.map((unit) => unit.join(".")).join(",")]);
    // colons and commas may stand in a query as they are; such a link can be read
    /** @type {(value: string) => string} */
    const readable = (value) => encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2C/g, ",");
    return `?${params.map(([key, value]) => `${key}=${readable(value)}`).join("&")}`;
  }
}

/** @type {(value: number) => string} */
const tidy = (value) => String(Math.round(value * 100) / 100);

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
    const { seed, z, psi, dims, banks, taught, off } = this.face;
    return JSON.stringify({ seed, z, psi, dims, banks, taught, off });
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
