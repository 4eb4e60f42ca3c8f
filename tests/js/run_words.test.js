import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers, sentence, stateLabel } from "../../dcgan/web/train/run_words.js";

const RUN = {
  run: "a",
  running: "b",
  state: "queued",
  alive: false,
  message: "",
  data: "doodles",
  count: 0,
  facts: "preset quick",
  nimg: 0,
  total: 0,
  speed: null,
  eta: null,
  elapsed: 0,
  snapshot: null,
  samples: [],
  place: 1,
};

test("a waiting run is labelled with its place, other runs by their state", () => {
  assert.deepEqual(
    [stateLabel("queued", 2), stateLabel("running", 0), stateLabel("crashed", 0), stateLabel("paused", 0)],
    ["queued, place 2", "● running", "crashed", "paused"],
  );
});

test("a waiting run says what it waits for", () => {
  const said = (/** @type {object} */ changes) => sentence(/** @type {any} */ ({ ...RUN, ...changes }));
  assert.equal(said({}), "It begins when the run before it has ended. doodles · preset quick");
  assert.equal(said({ running: null }), "It begins in a moment. doodles · preset quick");
  assert.equal(said({ place: 3 }), "It begins when the 3 runs before it have ended. doodles · preset quick");
  assert.equal(said({ place: 2, running: null }), "It begins when the run before it has ended. doodles · preset quick");
});

test("a run that trains or has ended says its data, its message and what it kept", () => {
  const said = (/** @type {object} */ changes) => sentence(/** @type {any} */ ({ ...RUN, place: 0, ...changes }));
  assert.equal(said({ state: "starting", alive: true, message: "reading pictures" }), "reading pictures …");
  assert.equal(said({ state: "running", alive: true, count: 12000 }), "doodles, 12k pictures · preset quick");
  assert.equal(said({ state: "stopped", message: "It has not begun yet." }), "It has not begun yet.");
  const kept = { state: "paused", snapshot: 64000, samples: [0, 64000] };
  assert.equal(said(kept), "doodles · preset quick. Kept: a model after 64k pictures, 2 grids.");
});

test("numbers tell how far a run is, and how fast and how long only while it trains", () => {
  const told = (/** @type {object} */ changes) => numbers(/** @type {any} */ ({ ...RUN, ...changes }));
  assert.equal(told({}), "");
  const some = { nimg: 2000, total: 60000, speed: 812.4, eta: 71, elapsed: 5000 };
  assert.equal(
    told({ ...some, state: "running", alive: true }),
    "2k of 60k pictures · 812/s · 83 min so far · 71 s left",
  );
  assert.equal(told({ ...some, state: "paused" }), "2k of 60k pictures · 83 min so far");
});
