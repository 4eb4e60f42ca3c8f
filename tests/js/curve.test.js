import assert from "node:assert/strict";
import { test } from "node:test";
import { cellWidth, mergePoints, nearestIndex, pointsWithin, smooth } from "../../dcgan/web/common/curve.js";

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

const lines = (count, every = 320) =>
  Array.from({ length: count }, (_, index) => [every * (index + 1), Math.sin(index / 50), index === 777 ? 99 : 1]);
const close = (one, other) => one.every((value, index) => Math.abs(value - other[index]) < 1e-9);

test("cells are powers of two, as small as fits", () => {
  for (const [ends, most] of [
    [[320, 32_000_000], 1500],
    [[0, 10], 3],
    [[5, 5], 10],
  ]) {
    const width = cellWidth(ends, most);
    const cells = (one) => Math.floor(ends[1] / one) - Math.floor(ends[0] / one) + 1;
    assert.ok(Number.isInteger(Math.log2(width)) && cells(width) <= most);
    assert.ok(width === 1 || cells(width / 2) > most);
  }
});

test("a merged point has the last line's place, and the mean, least and greatest value", () => {
  const points = [
    [10, 1, 5],
    [20, 3, null],
    [30, 2, 7],
    [40, 9, null],
  ];
  assert.deepEqual(mergePoints(points, 32, 2), [
    [30, 2, 6, 1, 5, 3, 7],
    [40, 9, null],
  ]);
  assert.deepEqual(mergePoints(points, 64, 2)[0], [40, 3.75, 6, 1, 5, 9, 7]);
  assert.deepEqual(mergePoints([], 64, 2), []);
});

test("a peak among 100,000 points stays, and few points are left", () => {
  const points = lines(100_000);
  const merged = mergePoints(points, cellWidth([points[0][0], points.at(-1)[0]], 1500), 2);
  assert.ok(merged.length <= 1500 && merged.length > 700);
  assert.equal(merged.filter((point) => point[6] === 99).length, 1);
  assert.equal(merged.at(-1)[0], points.at(-1)[0]);
});

test("a page that has read a run in portions comes to the points of one that reads it whole", () => {
  const points = lines(20_000);
  const width = cellWidth([points[0][0], points.at(-1)[0]], 1500);
  let portions = [];
  for (let read = 0; read < points.length; read += 1234) {
    portions = [...portions, ...points.slice(read, read + 1234)];
    portions = mergePoints(portions, cellWidth([portions[0][0], portions.at(-1)[0]], 3000), 2);
  }
  const [whole, portioned] = [points, portions].map((curve) => mergePoints(curve, width, 2));
  assert.equal(portioned.length, whole.length);
  for (const [index, point] of whole.entries()) assert.ok(close(point, portioned[index]), `${point}`);
});
