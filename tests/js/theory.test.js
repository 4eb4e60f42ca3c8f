import assert from "node:assert/strict";
import { test } from "node:test";
import { lossReferences, OPINION_REFERENCES, referencesOfD, referencesOfG } from "../../dcgan/web/train/theory.js";

const BCE = { loss: "bce", equilibrium: Math.log(4), equilibrium_g: Math.log(2) };
const HINGE = { loss: "hinge", equilibrium: 2, equilibrium_g: 0 };
const RELATIVISTIC = { loss: "relativistic", equilibrium: Math.log(2), equilibrium_g: Math.log(2) };
const labels = (references) => references.map(({ label }) => label);

test("BCE has a line at ln 4 for D and at ln 2 for G", () => {
  assert.deepEqual(labels(lossReferences(BCE)), ["ln 4: D’s loss if D guesses", "ln 2: G’s loss if D guesses"]);
  assert.match(referencesOfD(BCE)[0].meaning, /rates all pictures alike, and its loss is ln 4 ≈ 1\.39\.$/);
});

test("hinge has them at 2 and at 0", () => {
  assert.deepEqual(labels(lossReferences(HINGE)), ["2: D’s loss if D guesses", "0: G’s loss if D guesses"]);
  assert.match(referencesOfG(HINGE)[0].meaning, /G’s loss is 0\.$/);
});

test("where both losses are the same there is one line", () => {
  assert.deepEqual(labels(lossReferences(RELATIVISTIC)), ["ln 2: both losses if D guesses"]);
});

test("D(x) has a line at one half", () => {
  assert.deepEqual(
    OPINION_REFERENCES.map(({ value, label }) => [value, label]),
    [[0.5, "½: D only guesses"]],
  );
});
