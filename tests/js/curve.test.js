import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestIndex, pointsWithin, smooth } from "../../dcgan/web/common/curve.js";

test("the nearest point is the one that comparing all of them finds, also beyond the ends", () => {
  const points = [3, 10, 11, 40, 41, 90].map((nimg) => [nimg, 0]);
  for (let nimg = -5; nimg < 100; nimg += 0.5) {
    const distances = points.map(([other]) => Math.abs(other - nimg));
    assert.equal(nearestIndex(points, nimg), distances.indexOf(Math.min(...distances)), String(nimg));
  }
});

test("without points there is no nearest one", () => {
  assert.equal(nearestIndex([], 5), -1);
});

test("points within a domain include those at its ends, and their place among all is known", () => {
  const points = [1, 2, 3, 4, 5].map((nimg) => [nimg, 0]);
  assert.deepEqual(pointsWithin(points, [2, 4]), [points.slice(1, 4), 1]);
  assert.deepEqual(pointsWithin(points, [2.5, 99]), [points.slice(2), 2]);
  assert.deepEqual(pointsWithin(points, null), [points, 0]);
  assert.deepEqual(pointsWithin(points, [6, 9])[0], []);
  assert.deepEqual(pointsWithin([], [0, 1])[0], []);
});

test("smoothing is TensorBoard's: each value is the mean of those before, weighted by powers of the weight", () => {
  const values = [3, -1, 4, 1, 5, -9, 2, 6];
  const weight = 0.6;
  smooth(values, weight).forEach((value, index) => {
    const weights = values.slice(0, index + 1).map((_, at) => weight ** (index - at));
    const total = weights.reduce((sum, one) => sum + one);
    const mean = weights.reduce((sum, one, at) => sum + one * values[at], 0) / total;
    assert.ok(Math.abs(value - mean) < 1e-12);
  });
});

test("a constant stays what it is however strong the smoothing, and gaps stay gaps", () => {
  smooth([5, null, 5, 5], 0.97).forEach((value, index) => {
    assert.ok(index === 1 ? value === null : Math.abs(value - 5) < 1e-12);
  });
  assert.deepEqual(smooth([1, 2, 3], 0), [1, 2, 3]);
});
