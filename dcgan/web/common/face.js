// A face as a person dials it: a seed, a truncation, what was added to dimensions and directions. And its past.
// A face that no seed stands for (found in a photo, added up from others) has a latent of its own, `z`: text, as the
// server encodes it. It takes the seed's place until another seed is chosen.
import { DEFAULT_METHOD, METHODS, editAxis, faceLink } from "./codec.js";

export class Face {
  constructor(nz, directions) {
    this.seed = "27";
    this.z = null;
    this.psi = 1;
    this.dims = new Array(nz).fill(0);
    this.method = DEFAULT_METHOD; // whose directions are at hand
    this.banks = Object.fromEntries(Object.keys(METHODS).map((method) => [method, new Array(directions).fill(0)]));
    this.taught = {}; // amounts along directions that are known by their vectors
    this.others = {}; // edits of kinds that have no sliders here, by their axes
    this.off = []; // [layer, unit] of the generator's units that are off
  }

  /** Amounts along the directions that are at hand. */
  get directions() { return this.banks[this.method]; }

  /** How an edit names a direction that is at hand. */
  key(direction, method = this.method) { return method === DEFAULT_METHOD ? { direction } : { direction, method }; }

  /** Takes over a face as the codec or the server reads it. */
  load({ seed, psi, edits, z = null, off = [] }) {
    Object.assign(this, { seed, psi, z });
    this.clear();
    this.off = off;
    for (const edit of edits) this.add(edit);
    return this;
  }

  add(edit) {
    const { dim, direction, method = DEFAULT_METHOD, vector, amount } = edit;
    if (vector !== undefined) this.taught[vector] = (this.taught[vector] ?? 0) + amount;
    else if (dim !== undefined) this.addTo(this.dims, dim, amount);
    else if (direction !== undefined) this.addTo(this.banks[method], direction, amount);
    else this.addOther(edit);
  }

  addTo(bank, index, amount) { if (index < bank.length) bank[index] += amount; }

  addOther(edit) {
    const axis = editAxis(edit);
    this.others[axis] = { ...edit, amount: edit.amount + (this.others[axis]?.amount ?? 0) };
  }

  /** Another face: the seed's own, without a latent from elsewhere. */
  chooseSeed(seed) { Object.assign(this, { seed, z: null }); }

  clear() {
    this.dims.fill(0);
    for (const bank of Object.values(this.banks)) bank.fill(0);
    this.taught = {};
    this.others = {};
    this.off = [];
  }

  get edits() {
    const some = (bank, key) => bank.flatMap((amount, index) => (amount ? [{ ...key(index), amount }] : []));
    const found = Object.entries(this.banks).flatMap(([method, bank]) => some(bank, (index) => this.key(index, method)));
    const taught = Object.entries(this.taught).flatMap(([vector, amount]) => (amount ? [{ vector, amount }] : []));
    const others = Object.values(this.others).filter(({ amount }) => amount);
    return [...found, ...taught, ...others, ...some(this.dims, (dim) => ({ dim }))];
  }

  /** What the server is asked for. */
  get request() {
    const { seed, psi, edits, z, off } = this;
    return { seed, psi, edits, ...(z && { z }), ...(off.length && { off }) };
  }

  /** Query of a link that opens the page on this face. */
  link(model) { return faceLink(model, this.request); }
}

/** Undo and redo over whole faces, which are small. */
export class History {
  constructor(face) { this.face = face; this.restart(); }

  restart() { this.past = [this.now()]; this.place = 0; }

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

  get canUndo() { return this.place > 0; }
  get canRedo() { return this.place < this.past.length - 1; }

  step(by) {
    if (by < 0 ? !this.canUndo : !this.canRedo) return false;
    this.place += by;
    Object.assign(this.face, JSON.parse(this.past[this.place]));
    return true;
  }
}
