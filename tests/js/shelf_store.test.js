import "./helpers/browser.js";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MOST, readItems, ShelfStore } from "../../dcgan/web/shelf/shelf_store.js";
import { FakeStorage } from "./helpers/browser.js";

const face = (seed) => ({ seed: String(seed), psi: 1, edits: [] });
const shelf = (name = "faces", nz = 4) => new ShelfStore({ name, nz });
const names = (kept) => kept.items.map(({ name }) => name);
const file = (change = {}) =>
  JSON.stringify({ format: "dcgan-shelf", version: 1, model: "faces", nz: 4, items: [face(1), face(2)], ...change });

beforeEach(() => {
  globalThis.localStorage = new FakeStorage();
});

test("what is kept is there the next time, for its model only", () => {
  shelf().add(face(1));
  assert.deepEqual(names(shelf()), ["seed 1"]);
  assert.deepEqual(names(shelf("doodles")), []);
});

test("the same picture is kept once, and the shelf has an end", () => {
  const kept = shelf();
  assert.equal(kept.add(face(1)), "");
  assert.match(kept.add(face(1)), /already/);
  for (let seed = 2; seed <= MOST; seed += 1) assert.equal(kept.add(face(seed)), "");
  assert.match(kept.add(face(MOST + 1)), /full/);
  assert.equal(kept.items.length, MOST);
});

test("a name loses its control characters and its length, and an empty one changes nothing", () => {
  const kept = shelf();
  kept.add(face(1));
  const [{ key }] = kept.items;
  kept.rename(key, "  a\u0000b\n c  ");
  assert.deepEqual(names(kept), ["a b c"]);
  kept.rename(key, " \n ");
  assert.deepEqual(names(kept), ["a b c"]);
  kept.rename(key, "x".repeat(99));
  assert.equal(names(kept)[0].length, 60);
});

test("pictures are moved, removed, and put back where they were", () => {
  const kept = shelf();
  for (const seed of [1, 2, 3]) kept.add(face(seed));
  kept.move(kept.items[2].key, 0);
  assert.deepEqual(names(kept), ["seed 3", "seed 1", "seed 2"]);
  const removed = kept.items[1];
  kept.remove(removed.key);
  assert.deepEqual(names(kept), ["seed 3", "seed 2"]);
  kept.restore(removed, 1);
  kept.restore(removed, 1);
  assert.deepEqual(names(kept), ["seed 3", "seed 1", "seed 2"]);
});

test("two tabs that write to one shelf lose nothing of each other", () => {
  const one = shelf();
  const other = shelf();
  one.add(face(1));
  other.add(face(2));
  assert.deepEqual(names(other), ["seed 1", "seed 2"]);
});

test("an exported shelf is the same when it is imported", () => {
  const kept = shelf();
  kept.add({ ...face(1), edits: [{ dim: 2, amount: 1.5 }] }, "mine");
  const text = kept.export();
  globalThis.localStorage = new FakeStorage();
  const other = shelf();
  assert.equal(other.import(text), "1 picture added.");
  assert.deepEqual(other.items, kept.items);
});

test("an import says what it did with each picture", () => {
  const kept = shelf();
  kept.add(face(1));
  const items = [face(1), face(2), { seed: "x" }, ...Array.from({ length: MOST }, (_, index) => face(100 + index))];
  const told = kept.import(file({ items, model: "doodles" }));
  assert.match(told, /^99 pictures added, 1 on the shelf already, 2 left out.*, 1 that could not be read\./);
  assert.match(told, /They belong to doodles; faces draws other pictures from them\./);
});

test("a file that is no shelf of this model is refused in a sentence, and nothing changes", () => {
  const kept = shelf();
  kept.add(face(9));
  const bad = [
    ["{", /not JSON/],
    ["null", /not a shelf file/],
    [file({ format: "else" }), /not a shelf file/],
    [file({ items: {} }), /not a shelf file/],
    [file({ version: 3 }), /has version 3/],
    [file({ nz: "4" }), /how many dimensions/],
    [file({ nz: 100 }), /model of 100 dimensions; faces has 4/],
    [" ".repeat(2 ** 21 + 1), /larger/],
  ];
  for (const [text, sentence] of bad) assert.throws(() => kept.import(text), sentence);
  assert.deepEqual(names(kept), ["seed 9"]);
});

test("a damaged part of the storage is left out, said, and kept aside", () => {
  const text = JSON.stringify({ version: 1, items: [face(1), { seed: "x" }] });
  localStorage.setItem("dcgan-shelf:faces", text);
  const kept = shelf();
  assert.deepEqual(names(kept), ["unnamed"]);
  assert.match(kept.problem, /could not be read/);
  assert.equal(localStorage.getItem("dcgan-shelf:faces:damaged"), text);
});

test("without a storage, or with a full one, the shelf lives on and says so", () => {
  const kept = shelf();
  localStorage.failure = "QuotaExceededError";
  kept.add(face(1));
  assert.match(kept.unsaved, /full/);
  assert.deepEqual(names(kept), ["seed 1"]);
  localStorage.failure = "SecurityError";
  assert.match(shelf().unsaved, /keeps nothing/);
});

test("each change is told", () => {
  const kept = shelf();
  let told = 0;
  kept.addEventListener("change", () => {
    told += 1;
  });
  kept.add(face(1));
  kept.remove(kept.items[0].key);
  assert.equal(told, 2);
});

test("items that are no faces are counted", () => {
  const { items, bad } = readItems([face(1), null, 5, { ...face(2), name: 7 }], 4);
  assert.deepEqual([items.map(({ name }) => name), bad], [["unnamed", "unnamed"], 2]);
});
