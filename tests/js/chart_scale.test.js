import assert from "node:assert/strict";
import { test } from "node:test";
import { linearRange, logarithmicRange, makeScale } from "../../dcgan/web/common/chart_scale.js";

const BOX = { left: 10, right: 110, top: 0, bottom: 100 };

test("a linear range begins at 0, or below where there are negative values, and holds every reference line", () => {
  assert.deepEqual(linearRange([1, 2], [10], null), [0, 13]);
  assert.deepEqual(linearRange([], [0], null), [0, 1]);
  assert.deepEqual(linearRange([0.2, 5], [0.5], 1), [0, 1]);
  const [bottom, top] = linearRange([-2, 1, 3], [0], null);
  assert.ok(bottom < -2 && top > 3);
});

test("a logarithmic range fits the values above 0 and the reference lines above 0", () => {
  const [bottom, top] = logarithmicRange([-5, 0, 0.01, 100], [0, 200]);
  assert.ok(bottom > 0 && bottom < 0.01 && top > 200);
  assert.deepEqual(logarithmicRange([-1, 0], [0]), [0.1, 1]);
  const [low, high] = logarithmicRange([], [2]);
  assert.ok(0 < low && low < 2 && high > 2);
});

test("pictures seen and pixels are each other's inverse", () => {
  const { x, nimg } = makeScale(BOX, [500, 1500], [0, 1], false);
  assert.deepEqual([x(500), x(1000), x(1500)], [10, 60, 110]);
  for (const seen of [500, 777, 1500]) assert.ok(Math.abs(nimg(x(seen)) - seen) < 1e-9);
});

test("on a logarithmic scale a factor is a distance, and values of 0 and below have no place", () => {
  const { y } = makeScale(BOX, [0, 1], [0.01, 100], true);
  assert.deepEqual(
    [0.01, 0.1, 1, 10, 100].map((value) => Math.round(y(value))),
    [100, 75, 50, 25, 0],
  );
  assert.ok([0, -1, null, undefined].every((value) => Number.isNaN(y(value))));
});

test("a value beyond the range is drawn at its end", () => {
  const { y } = makeScale(BOX, [0, 1], [0, 1], false);
  assert.deepEqual([y(7), y(-7), y(0.25)], [0, 100, 75]);
});
