import assert from "node:assert/strict";
import { test } from "node:test";
import { axisLabel, logTicks, ticks } from "../../dcgan/web/common/axis.js";

test("ticks are round values within the range, no more than wanted", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.5, 1]);
  assert.deepEqual(ticks(0, 2426.5, 5), [0, 1000, 2000]);
  assert.deepEqual(ticks(1000, 40_000, 6), [10_000, 20_000, 30_000, 40_000]);
  assert.deepEqual(ticks(0, 0.3, 4), [0, 0.1, 0.2, 0.3]);
  for (const high of [0.07, 3, 19.9, 512, 77_777]) {
    for (const most of [2, 3, 5, 8]) assert.ok(ticks(0, high, most).length <= most);
  }
});

test("a range of one value has that tick alone", () => {
  assert.deepEqual(ticks(1536, 1536, 5), [1536]);
});

test("labels are exact and short", () => {
  assert.deepEqual([0, 0.05, 250, 1500, 12_000, 2_500_000].map(axisLabel), ["0", "0.05", "250", "1.5k", "12k", "2.5M"]);
});

test("logarithmic marks are 1, 2 and 5 times powers of ten, or fewer, and never more than allowed", () => {
  assert.deepEqual(logTicks(0.4, 3, 5), [0.5, 1, 2]);
  assert.deepEqual(logTicks(0.01, 100, 5), [0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(logTicks(1e-6, 1e6, 5), [1e-6, 0.001, 1, 1000, 1e6]);
  assert.deepEqual(logTicks(1.05, 1.42, 5), [1.1, 1.2, 1.3, 1.4]);
  for (let low = 1e-4; low < 1e3; low *= 1.37) {
    for (let factor = 1.1; factor < 1e9; factor *= 2.3) {
      const marks = logTicks(low, low * factor, 5);
      assert.ok(marks.length >= 1 && marks.length <= 5, `${low} ${factor}: ${marks}`);
      assert.ok(marks.every((mark) => mark >= low * 0.999 && mark <= low * factor * 1.001));
    }
  }
});
