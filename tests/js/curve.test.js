import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestIndex } from "../../dcgan/web/common/curve.js";

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
