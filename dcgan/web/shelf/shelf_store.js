// The kept pictures: one list per model in the browser's storage. It holds latents and names; the server draws the
// pictures from them. Other tabs of the browser write to the same list, so it is read again before each change. Where
// the storage is blocked or full, the list stays in the page's memory and says so.
/** @import { FaceFields, Item, Picture } from "../common/types.d.ts" */

import { faceKey, readFace } from "../common/codec.js";
import { events, session, storageName } from "../common/session.js";

export const MOST = 100; // pictures on a shelf
const VERSION = 2;
const FORMAT = "dcgan-shelf";
const LONGEST_FILE = 2 ** 21;
const LONGEST_NAME = 60;
const READABLE = [1, VERSION]; // both have the same fields; version 1 could not read every kind of edit that it wrote
const BLOCKED =
  "This browser keeps nothing for this page, so the shelf lasts until the page is closed. Export it to keep it.";
const FULL =
  "The browser’s storage is full, so the shelf’s last changes last until the page is closed. Export it to keep them.";

export class ShelfStore extends EventTarget {
  /** @type {Item[]} */
  items = [];
  unsaved = "";
  problem = "";

  /** @param {{ name: string, nz: number }} model */
  constructor({ name, nz }) {
    super();
    this.model = name;
    this.nz = nz;
    this.storageKey = `dcgan-shelf:${storageName(name)}`;
    this.read();
  }

  /** @param {string} key */
  get(key) {
    return this.items.find((item) => item.key === key);
  }

  /**
   * Adds a face. Returns "", or a sentence that says why it was not added.
   * @param {FaceFields} face
   * @param {string} name
   */
  add(face, name = this.usualName(face)) {
    let problem = "";
    this.change((items) => {
      if (items.some(({ key }) => key === faceKey(face))) problem = "This picture is on the shelf already.";
      else if (items.length >= MOST)
        problem = `The shelf is full: it holds ${MOST} pictures. Export it, or remove some.`;
      else items.push(item(face, name));
    });
    return problem;
  }

  /**
   * @param {string} key
   * @param {string} name
   */
  rename(key, name) {
    this.change((items) => {
      const found = items.find((item) => item.key === key);
      if (found) found.name = tidy(name) || found.name;
    });
  }

  /** @param {string} key */
  remove(key) {
    this.change((items) => {
      const at = place(items, key);
      if (at >= 0) items.splice(at, 1);
    });
  }

  /**
   * @param {string} key
   * @param {number} to
   */
  move(key, to) {
    this.change((items) => {
      const at = place(items, key);
      if (at >= 0) items.splice(to, 0, ...items.splice(at, 1));
    });
  }

  /**
   * Puts a removed picture back in its old place.
   * @param {Item} removed
   * @param {number} at
   */
  restore(removed, at) {
    this.change((items) => {
      if (place(items, removed.key) < 0) items.splice(at, 0, removed);
    });
  }

  /** The shelf as the text of a shelf file. */
  export() {
    return JSON.stringify(
      { format: FORMAT, version: VERSION, model: this.model, nz: this.nz, items: this.items.map(plain) },
      null,
      1,
    );
  }

  /**
   * Adds the pictures of a shelf file, and returns a sentence about the outcome. Throws an Error and changes nothing
   * where the file is invalid or its model has another number of dimensions.
   * @param {string} text
   */
  import(text) {
    const { model, nz, items: raw } = readFile(text);
    if (nz !== this.nz)
      throw new Error(
        `The pictures of this file belong to a model of ${nz} dimensions; ` +
          `${this.model} has ${this.nz} and cannot draw them. Choose a model of ${nz} dimensions first.`,
      );
    const { items: read, bad } = readItems(raw, this.nz);
    const count = { added: 0, there: 0, over: 0, bad };
    this.change((items) => {
      for (const one of read) {
        const outcome = place(items, one.key) >= 0 ? "there" : items.length >= MOST ? "over" : "added";
        count[outcome] += 1;
        if (outcome === "added") items.push(one);
      }
    });
    return outcome(count, typeof model === "string" && model !== this.model ? model.slice(0, 80) : "", this.model);
  }

  /** @param {FaceFields} face */
  usualName({ seed, z, edits, psi, off = [] }) {
    if (z) return `picture ${this.items.length + 1}`;
    return `seed ${seed}${edits.length || off.length || psi !== 1 ? ", edited" : ""}`;
  }

  // ---- storage

  /** @param {(items: Item[]) => void} work */
  change(work) {
    if (!this.unsaved) this.read();
    work(this.items);
    try {
      localStorage.setItem(this.storageKey, JSON.stringify({ version: VERSION, items: this.items.map(plain) }));
      this.unsaved = "";
    } catch (error) {
      this.unsaved = error instanceof Error && error.name === "SecurityError" ? BLOCKED : FULL;
    }
    this.dispatchEvent(new Event("change"));
  }

  read() {
    let text = null;
    try {
      text = localStorage.getItem(this.storageKey);
    } catch {
      this.unsaved = BLOCKED;
      return;
    }
    const { items, damaged } = readStored(text, this.nz);
    this.items = items;
    if (!damaged || text === null) return;
    this.problem = "A part of the shelf in this browser could not be read and is left out.";
    try {
      localStorage.setItem(`${this.storageKey}:damaged`, text);
      this.problem += ` A copy is kept as ${this.storageKey}:damaged.`;
    } catch {
      /* storage full: the damaged text stays under its own key until the next change */
    }
  }
}

/** @type {ShelfStore | null} */
let shelf = null;
let following = false;

/** The shelf of the chosen model: one object for all callers. */
export function shelfStore() {
  if (!following) {
    following = true;
    addEventListener("storage", ({ key }) => {
      if (!shelf || shelf.unsaved || (key !== null && key !== shelf.storageKey)) return;
      shelf.read();
      shelf.dispatchEvent(new Event("change"));
    });
  }
  const { name, nz } = session.model;
  if (shelf?.nz === nz && storageName(shelf.model) === storageName(name)) shelf.model = name;
  else shelf = new ShelfStore(session.model);
  return shelf;
}

/**
 * Calls `work` now and whenever the shelf, or the model it belongs to, changes.
 * @param {(kept: ShelfStore) => void} work
 */
export function followShelf(work) {
  const watched = new WeakSet();
  const follow = () => {
    const kept = shelfStore();
    if (!watched.has(kept)) kept.addEventListener("change", () => kept === shelfStore() && work(kept));
    watched.add(kept);
    work(kept);
  };
  events.addEventListener("model", follow);
  follow();
}

/** @type {(items: Item[], key: string) => number} */
const place = (items, key) => items.findIndex((item) => item.key === key);
/** @type {(face: FaceFields, name: unknown) => Item} */
const item = (face, name) => ({ key: faceKey(face), face, name: tidy(name) || "unnamed" });
/** @type {(picture: Picture) => FaceFields & { name: string }} */
export const plain = ({ name, face }) => ({ name, ...face });
/** @param {unknown} name */
const tidy = (name) =>
  (typeof name === "string" ? name : "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME)
    .trim();

/**
 * Reads items from arbitrary JSON; `bad` counts the invalid ones.
 * @param {any[]} raw
 * @param {number} nz
 */
export function readItems(raw, nz) {
  /** @type {Item[]} */
  const items = [];
  let bad = 0;
  for (const one of raw) {
    const { name, ...fields } = one ?? {};
    const face = readFace(fields, nz);
    if (!face) bad += 1;
    else items.push(item(face, name));
  }
  return { items, bad };
}

/**
 * @param {string | null} text
 * @param {number} nz
 * @returns {{ items: Item[], damaged: boolean }}
 */
function readStored(text, nz) {
  if (text === null) return { items: [], damaged: false };
  try {
    const { items: raw } = JSON.parse(text);
    const { items, bad } = readItems(raw, nz);
    const unique = items.filter(({ key }, index) => place(items, key) === index);
    return { items: unique.slice(0, MOST), damaged: bad > 0 || unique.length > MOST };
  } catch {
    return { items: [], damaged: true };
  }
}

/**
 * @param {string} text
 * @returns {{ model: unknown, nz: number, items: any[] }}
 */
function readFile(text) {
  if (text.length > LONGEST_FILE)
    throw new Error("This file is larger than a shelf can be; choose one that was exported here.");
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error(
      "This is not a shelf file: it is not JSON, or it is cut short. Choose a file that was exported here.",
    );
  }
  if (file?.format !== FORMAT || !Array.isArray(file.items))
    throw new Error("This is not a shelf file. Choose a file that was exported here.");
  if (!READABLE.includes(file.version)) {
    const version = String(file.version).slice(0, 20);
    throw new Error(
      `This shelf file has version ${version}; this page reads ${READABLE.join(" and ")}. Reload the page.`,
    );
  }
  if (!Number.isInteger(file.nz))
    throw new Error("This shelf file does not say how many dimensions its model has, so it cannot be imported.");
  return file;
}

/** @param {number} count */
const pictures = (count) => (count === 1 ? "1 picture" : `${count} pictures`);

/**
 * A sentence about an import.
 * @param {{ added: number, there: number, over: number, bad: number }} count
 * @param {string} other the model of the file, where it is another one
 * @param {string} model
 */
function outcome({ added, there, over, bad }, other, model) {
  const parts = [`${pictures(added)} added`];
  if (there) parts.push(`${there} on the shelf already`);
  if (over) parts.push(`${over} left out, since the shelf holds ${MOST}`);
  if (bad) parts.push(`${bad} that could not be read`);
  const difference = other && added ? ` They belong to ${other}; ${model} draws other pictures from them.` : "";
  return `${parts.join(", ")}.${difference}`;
}
