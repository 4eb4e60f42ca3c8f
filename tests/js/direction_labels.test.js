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

/** DirectionLabels of a model on a server that saves none, so that this browser keeps them. */
function local(weights = "w1", model = "faces") {
  const labels = new DirectionLabels(model);
  labels.load({ shares: [], weights, saved: null });
  return labels;
}

test("names, locks, an order and taught sliders survive a reload", () => {
  const labels = local();
  labels.relabel("jacobian", { names: { 2: "hair" } });
  labels.relabel("jacobian", { locked: [2], order: [2, 0] });
  labels.addTaught(smile);
  const again = local();
  assert.deepEqual(again.of("jacobian"), { names: { 2: "hair" }, locked: [2], order: [2, 0] });
  assert.deepEqual(again.taught, [smile]);
  assert.deepEqual(again.of("pca"), { names: {}, locked: [], order: [] });
});

test("new weights of a model drop the names and keep the taught sliders", () => {
  const labels = local();
  labels.relabel("sefa", { names: { 0: "age" } });
  labels.addTaught(smile);
  const other = local("w2");
  assert.deepEqual(other.byMethod, {});
  assert.deepEqual(other.taught, [smile]);
});

test("directions without a place in the order come after those with one", () => {
  const labels = local();
  labels.relabel("jacobian", { order: [3, 9, 1] });
  assert.deepEqual(labels.order("jacobian", 5), [3, 1, 0, 2, 4]);
});

test("locked directions have the keys of edits", () => {
  const labels = local();
  labels.relabel("pca", { locked: [1] });
  labels.addTaught({ ...smile, locked: true });
  assert.deepEqual(labels.locked, [{ direction: 1, method: "pca" }, { vector: "smile" }]);
});

test("a slider that is taught again replaces the old one; taught sliders can be removed and sorted", () => {
  const labels = local();
  for (const vector of ["a", "b", "c"]) labels.addTaught({ ...smile, vector });
  labels.addTaught({ ...smile, vector: "b", name: "grin" });
  labels.sortTaught(["c", "b", "a"]);
  labels.removeTaught("a");
  assert.deepEqual(
    labels.taught.map(({ vector, name }) => [vector, name]),
    [
      ["c", "smile"],
      ["b", "grin"],
    ],
  );
});

test("damaged storage is left out and reported", () => {
  const damaged = [
    "{",
    "[]",
    JSON.stringify({ faces: { weights: "w1", labels: {}, taught: [{ ...smile, accuracy: 2 }] } }),
    JSON.stringify({ faces: { weights: "w1", labels: { pca: { names: {}, locked: [-1], order: [] } }, taught: [] } }),
  ];
  for (const text of damaged) {
    localStorage.setItem("dcgan-directions", text);
    const labels = local();
    assert.deepEqual([labels.byMethod, labels.taught], [{}, []], text);
    assert.match(notices.pop(), /cannot be read/);
  }
});

test("a browser that stores nothing is reported", () => {
  localStorage.failure = "QuotaExceededError";
  local().addTaught(smile);
  assert.match(notices.at(-1), /stores nothing/);
});

test("each change is sent to a server that saves labels", async () => {
  const sent = mock.method(globalThis, "fetch", async () => new Response("{}"));
  const labels = new DirectionLabels("faces");
  labels.load({ shares: [], weights: "w1", saved: { taught: [smile] } });
  await labels.removeTaught("smile");
  const [, { body, keepalive }] = sent.mock.calls[0].arguments;
  assert.deepEqual([JSON.parse(body), keepalive], [{ model: "faces", remove: "smile" }, true]);
  assert.equal(localStorage.getItem("dcgan-directions"), null);
});

test("a name is one line of at most 40 letters", () => {
  assert.equal(tidyName("  a \n b "), "a b");
  assert.equal(tidyName("x".repeat(50)).length, 40);
});
