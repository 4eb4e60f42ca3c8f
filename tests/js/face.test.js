import assert from "node:assert/strict";
import { test } from "node:test";

import { Face, History } from "../../dcgan/web/common/face.js";

const loaded = (fields) => new Face(4, 2).load({ seed: "7", psi: 1, edits: [], ...fields });

test("edits of a dimension, of each method's directions and of vectors are read and told again", () => {
  const edits = [
    { direction: 1, amount: 0.5 },
    { direction: 0, method: "sefa", amount: -1 },
    { vector: "abc", amount: 2 },
    { dim: 3, amount: 1.5 },
  ];
  assert.deepEqual(loaded({ edits }).edits, edits);
});

test("edits of the same place add up", () => {
  const face = loaded({
    edits: [
      { dim: 1, amount: 1 },
      { dim: 1, amount: 0.5 },
    ],
  });
  assert.deepEqual(face.edits, [{ dim: 1, amount: 1.5 }]);
});

test("an edit of a direction that has no slider is left out", () => {
  assert.deepEqual(loaded({ edits: [{ direction: 2, amount: 1 }] }).edits, []);
});

test("a link says only what is unusual, rounded, in letters that can be read", () => {
  assert.equal(loaded({}).link("faces"), "?model=faces&seed=7");
  const edits = [
    { dim: 3, amount: 1.23456 },
    { direction: 0, method: "pca", amount: -2 },
    { vector: "v_-", amount: 1 },
  ];
  const face = loaded({
    psi: 0.8,
    edits,
    off: [
      [0, 137],
      [2, 5],
    ],
  });
  assert.equal(face.link("run:1"), "?model=run:1&seed=7&psi=0.8&edits=p0:-2,vv_-:1,d3:1.2346&off=0.137,2.5");
});

test("a latent of its own takes the seed's place until another seed is chosen", () => {
  const face = loaded({ z: "AAAA" });
  assert.equal(face.link("faces"), "?model=faces&z=AAAA");
  assert.equal(face.request.z, "AAAA");
  face.chooseSeed("8");
  assert.equal(face.link("faces"), "?model=faces&seed=8");
  assert.ok(!("z" in face.request));
});

test("clearing takes every edit away and leaves the seed and psi", () => {
  const face = loaded({
    psi: 0.5,
    edits: [
      { dim: 0, amount: 1 },
      { vector: "a", amount: 1 },
    ],
    off: [[0, 1]],
  });
  face.clear();
  assert.deepEqual(face.request, { seed: "7", psi: 0.5, edits: [] });
});

test("undo and redo go through whole faces", () => {
  const face = loaded({});
  const history = new History(face);
  assert.ok(!history.commit(), "nothing has changed");
  face.dims[2] = 1;
  assert.ok(history.commit());
  face.chooseSeed("8");
  history.commit();
  history.step(-1);
  assert.deepEqual([face.seed, face.dims], ["7", [0, 0, 1, 0]]);
  history.step(-1);
  assert.deepEqual(face.edits, []);
  assert.ok(!history.step(-1));
  assert.ok(history.step(1));
  assert.equal(face.dims[2], 1);
});

test("a change after undo takes the place of what was undone", () => {
  const face = loaded({});
  const history = new History(face);
  for (const seed of ["8", "9"]) {
    face.chooseSeed(seed);
    history.commit();
  }
  history.step(-1);
  face.chooseSeed("10");
  history.commit();
  assert.ok(!history.canRedo);
  history.step(-1);
  assert.equal(face.seed, "8");
});

test("changes of one run are one step, and undo ends the run", () => {
  const face = loaded({});
  const history = new History(face);
  const run = {};
  for (const amount of [1, 2, 3]) {
    face.dims[0] = amount;
    history.commit(run);
  }
  history.step(-1);
  assert.equal(face.dims[0], 0);
  history.step(1);
  assert.equal(face.dims[0], 3);
  face.dims[0] = 4;
  history.commit(run);
  face.dims[0] = 5;
  history.commit({});
  history.step(-1);
  assert.equal(face.dims[0], 4);
  history.step(-1);
  assert.equal(face.dims[0], 3);
});

test("the past is 300 faces long", () => {
  const face = loaded({});
  const history = new History(face);
  for (let seed = 0; seed < 400; seed += 1) {
    face.chooseSeed(String(seed));
    history.commit();
  }
  let steps = 0;
  while (history.step(-1)) steps += 1;
  assert.deepEqual([steps, face.seed], [299, "100"]);
});
