import "./helpers/browser.js";

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { events } from "../../dcgan/web/common/session.js";
import { DirectionLabels, tidyName } from "../../dcgan/web/directions/direction_labels.js";
import { FakeStorage } from "./helpers/browser.js";

const smile = { vector: "smile", name: "smile", accuracy: 0.9, has: 5, has_not: 6, locked: false, weights: "w1" };
const notices = [];
events.addEventListener("notice", ({ detail }) => notices.push(detail));

beforeEach(() => {
  globalThis.localStorage = new FakeStorage();
  notices.length = 0;
});

/** DirectionLabels of a model whose server keeps none: they stay in this browser. */
function local(weights = "w1", model = "faces") {
  const notes = new DirectionLabels(model);
  notes.arrive({ shares: [], weights, notes: null });
  return notes;
}

test("names, locks, an order and taught sliders are there the next time", () => {
  const notes = local();
  notes.relabel("jacobian", { names: { 2: "hair" } });
  notes.relabel("jacobian", { locked: [2], order: [2, 0] });
  notes.teach(smile);
  const again = local();
  assert.deepEqual(again.of("jacobian"), { names: { 2: "hair" }, locked: [2], order: [2, 0] });
  assert.deepEqual(again.taught, [smile]);
  assert.deepEqual(again.of("pca"), { names: {}, locked: [], order: [] });
});

test("other weights of a model lose the names and keep what was taught", () => {
  const notes = local();
  notes.relabel("sefa", { names: { 0: "age" } });
  notes.teach(smile);
  const other = local("w2");
  assert.deepEqual(other.labels, {});
  assert.deepEqual(other.taught, [smile]);
});

test("directions without a place in the order come after those with one", () => {
  const notes = local();
  notes.relabel("jacobian", { order: [3, 9, 1] });
  assert.deepEqual(notes.order("jacobian", 5), [3, 1, 0, 2, 4]);
});

test("what is locked is named as edits name it", () => {
  const notes = local();
  notes.relabel("pca", { locked: [1] });
  notes.teach({ ...smile, locked: true });
  assert.deepEqual(notes.locked, [{ direction: 1, method: "pca" }, { vector: "smile" }]);
});

test("a slider that is taught again takes the old one's place; one can be forgotten, and all arranged", () => {
  const notes = local();
  for (const vector of ["a", "b", "c"]) notes.teach({ ...smile, vector });
  notes.teach({ ...smile, vector: "b", name: "grin" });
  notes.arrange(["c", "b", "a"]);
  notes.forget("a");
  assert.deepEqual(
    notes.taught.map(({ vector, name }) => [vector, name]),
    [
      ["c", "smile"],
      ["b", "grin"],
    ],
  );
});

test("a damaged memory is left out and said", () => {
  const damaged = [
    "{",
    "[]",
    JSON.stringify({ faces: { weights: "w1", labels: {}, taught: [{ ...smile, accuracy: 2 }] } }),
    JSON.stringify({ faces: { weights: "w1", labels: { pca: { names: {}, locked: [-1], order: [] } }, taught: [] } }),
  ];
  for (const text of damaged) {
    localStorage.setItem("dcgan-directions", text);
    const notes = local();
    assert.deepEqual([notes.labels, notes.taught], [{}, []], text);
    assert.match(notices.pop(), /cannot be read/);
  }
});

test("a browser that keeps nothing is said", () => {
  localStorage.failure = "QuotaExceededError";
  local().teach(smile);
  assert.match(notices.at(-1), /keeps nothing/);
});

test("where the server keeps them, each change is sent to it", async () => {
  const sent = mock.method(globalThis, "fetch", async () => new Response("{}"));
  const notes = new DirectionLabels("faces");
  notes.arrive({ shares: [], weights: "w1", notes: { taught: [smile] } });
  await notes.forget("smile");
  const [, { body, keepalive }] = sent.mock.calls[0].arguments;
  assert.deepEqual([JSON.parse(body), keepalive], [{ model: "faces", forget: "smile" }, true]);
  assert.equal(localStorage.getItem("dcgan-directions"), null);
});

test("a name is one line of at most 40 letters", () => {
  assert.equal(tidyName("  a \n b "), "a b");
  assert.equal(tidyName("x".repeat(50)).length, 40);
});
