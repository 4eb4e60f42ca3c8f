// A face as a person dials it: a seed, a truncation, what was added to dimensions and directions. And its past.
// A face that no seed stands for (found in a photo, reckoned from others) has a latent of its own, `z`: text, as the
// server packs it. It takes the seed's place until another seed is chosen.

export class Face {
  constructor(nz, directions) {
    this.seed = "3";
    this.z = null;
    this.psi = 1;
    this.dims = new Array(nz).fill(0);
    this.directions = new Array(directions).fill(0);
    this.off = []; // [layer, unit] of the generator's units that are off
  }

  /** Takes over what the server read out of a link. */
  load({ seed, psi, edits, z = null, off = [] }) {
    Object.assign(this, { seed, psi, z });
    this.clear();
    this.off = off;
    for (const { dim, direction, amount } of edits) {
      const bank = dim === undefined ? this.directions : this.dims;
      const index = dim ?? direction;
      if (index < bank.length) bank[index] += amount;
    }
    return this;
  }

  /** Another face: the seed's own, without a latent from elsewhere. */
  chooseSeed(seed) { Object.assign(this, { seed, z: null }); }

  clear() {
    this.dims.fill(0);
    this.directions.fill(0);
    this.off = [];
  }

  get edits() {
    const some = (bank, key) => bank.flatMap((amount, index) => (amount ? [{ [key]: index, amount }] : []));
    return [...some(this.directions, "direction"), ...some(this.dims, "dim")];
  }

  /** What the server is asked for. */
  get request() {
    const { seed, psi, edits, z, off } = this;
    return { seed, psi, edits, ...(z && { z }), ...(off.length && { off }) };
  }

  /** Query of a link that opens the page on this face; see links.py for its grammar. */
  link(model) {
    const params = [["model", model], this.z ? ["z", this.z] : ["seed", this.seed]];
    if (this.psi !== 1) params.push(["psi", tidy(this.psi)]);
    const edits = this.edits.map(({ dim, direction, amount }) =>
      (dim === undefined ? `j${direction}` : `d${dim}`) + `:${tidy(amount)}`);
    if (edits.length) params.push(["edits", edits.join(",")]);
    if (this.off.length) params.push(["off", this.off.map((unit) => unit.join(".")).join(",")]);
    // colons and commas may stand in a query as they are; such a link can be read
    return "?" + params.map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2C/g, ",")}`).join("&");
  }
}

const tidy = (value) => String(Math.round(value * 100) / 100);

/** Undo and redo over whole faces, which are small. */
export class History {
  constructor(face) { this.face = face; this.restart(); }

  restart() { this.past = [this.now()]; this.place = 0; }

  now() {
    const { seed, z, psi, dims, directions, off } = this.face;
    return JSON.stringify({ seed, z, psi, dims, directions, off });
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
