import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { boundCurve } from "../../dcgan/web/train/run_charts.js";

test("the curve of a page that stays open for days keeps its ends and its peaks, and does not grow without end", () => {
  let curve = [];
  for (let line = 1; line <= 100_000; line += 1) {
    curve.push([16 * line, 1, 1, 0.5, line === 5000 ? 0.99 : 0.5]);
    curve = boundCurve(curve);
    assert.ok(curve.length <= 12_000);
  }
  assert.ok(curve.length > 3000);
  assert.equal(curve.at(-1)[0], 1_600_000);
  assert.equal(Math.max(...curve.map((point) => point[12] ?? point[4])), 0.99);
});
