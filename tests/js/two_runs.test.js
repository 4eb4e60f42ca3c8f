import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { facts, gridAt, matches, megabytes, mergeCurves, moments } from "../../dcgan/web/runs/two_runs.js";

const ROW = {
  run: "20261129-doodles",
  name: "Many hats",
  state: "finished",
  data: "doodles",
  preset: "quick",
  nimg: 4000,
  total: 200_000,
  kid: 20.5,
  size: 35_400_000,
};

test("two curves become one with a column for each, and null where a run has no point", () => {
  const first = [
    [10, 1, 5],
    [20, 2, 6],
  ];
  const second = [
    [15, 3, 7],
    [20, 4, null],
    [30, 5, 9],
  ];
  assert.deepEqual(mergeCurves(first, second, 2), [
    [10, 5, null],
    [15, null, 7],
    [20, 6, null],
    [30, null, 9],
  ]);
  assert.deepEqual(mergeCurves([], [], 1), []);
});

test("at each moment of either run each shows its newest grid so far", () => {
  assert.deepEqual(moments([0, 100, 300], [0, 200]), [0, 100, 200, 300]);
  assert.equal(gridAt([0, 100, 300], 200), 100);
  assert.equal(gridAt([0, 100, 300], 300), 300);
  assert.equal(gridAt([50, 100], 0), 50);
  assert.equal(gridAt([], 0), undefined);
});

test("a run matches when it has every word", () => {
  for (const text of ["", "HATS", "quick doodles", "  many  finished "]) assert.ok(matches(ROW, text), text);
  for (const text of ["hat5", "hats stopped"]) assert.ok(!matches(ROW, text), text);
});

test("facts are one line, without what is not known", () => {
  assert.equal(facts(ROW), "doodles · quick · 4k of 200k pictures · KID × 1000: 20.5 · 35 MB");
  assert.equal(facts({ ...ROW, data: "", kid: null, total: 4000 }), "quick · 4k pictures · 35 MB");
});

test("sizes have a unit that leaves them few digits", () => {
  assert.deepEqual([0, 999_999, 1_000_000, 1_240_000_000].map(megabytes), [
    "under 1 MB",
    "under 1 MB",
    "1 MB",
    "1.2 GB",
  ]);
});
