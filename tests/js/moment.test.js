import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestSnapshot } from "../../dcgan/web/train/moment.js";

test("the snapshot nearest to a moment is found, the earlier of two that are as near", () => {
  const snapshots = [1000, 2000, 4000];
  assert.deepEqual(
    [0, 1000, 1500, 2900, 3100, 9000].map((nimg) => nearestSnapshot(snapshots, nimg)),
    [1000, 1000, 1000, 2000, 4000, 4000],
  );
  assert.equal(nearestSnapshot([], 5), undefined);
});
