import assert from "node:assert/strict";
import { test } from "node:test";
import {
  coverageSentence,
  figure,
  kidSentence,
  lossSentence,
  opinionSentence,
} from "../../dcgan/web/train/run_sentences.js";

const BCE = { loss: "bce", equilibrium: Math.log(4), equilibrium_g: Math.log(2) };
const RELATIVISTIC = { loss: "relativistic", equilibrium: Math.log(2), equilibrium_g: Math.log(2) };

test("both losses are compared with those of a D that only guesses", () => {
  assert.equal(
    lossSentence([120_000, 1.2, 1.05], BCE),
    "After 120k pictures: G’s loss 1.20 (D recognises most fakes); D’s loss 1.05 (D mostly tells real from fake).",
  );
  assert.equal(
    lossSentence([900, 0.4, 2], BCE),
    "After 900 pictures: G’s loss 0.40 (D takes most fakes for real); D’s loss 2.00 (D is mostly wrong).",
  );
  assert.equal(
    lossSentence([900, 0.7, 1.4], BCE),
    "After 900 pictures: G’s loss 0.70 (D only guesses); D’s loss 1.40 (D only guesses).",
  );
  assert.match(lossSentence([900, 0.7, 0.7], RELATIVISTIC), /D’s loss 0.70 \(D only guesses\)/);
});

test("the pictures seen are told exactly enough to tell neighbouring points apart", () => {
  const told = [500, 1500, 727_040, 1_917_120].map((nimg) => coverageSentence([nimg, 1, 0.5]).split(":")[0]);
  assert.deepEqual(told, ["After 500 pictures", "After 1.5k pictures", "After 727k pictures", "After 1.917M pictures"]);
});

test("D(x) and D(G(z)) are how sure D is, and of what with the relativistic loss", () => {
  assert.equal(
    opinionSentence([120_000, 1, 1, 0.62, 0.31], BCE),
    "After 120k pictures, on average: D(x) 0.62 (D is 62 % sure that a real picture is real); " +
      "D(G(z)) 0.31 (it is 31 % sure that a fake is real).",
  );
  assert.match(
    opinionSentence([120_000, 1, 1, 0.62, 0.31], RELATIVISTIC),
    /D is 62 % sure that a real picture looks more real than a fake/,
  );
});

test("KID says which way is better, and where it was lowest", () => {
  const scores = [
    [1000, 20.5, 0.5],
    [2000, 12.3, 0.6],
    [3000, 15, 0.7],
  ];
  assert.equal(
    kidSentence(scores[2], scores),
    "After 3k pictures: KID × 1000 is 15.0. Lower is more like the real pictures; the lowest is 12.3, after 2k.",
  );
  assert.match(kidSentence(scores[1], scores), /this is the lowest so far\.$/);
});

test("coverage is a share of the real pictures", () => {
  assert.equal(
    coverageSentence([3000, 15, 0.7]),
    "After 3k pictures: coverage 0.70. G draws something like 70 % of the real pictures.",
  );
});

test("what was not measured has a dash and no meaning", () => {
  assert.equal(lossSentence([5, null, null], BCE), "After 5 pictures: G’s loss –; D’s loss –.");
  assert.equal(opinionSentence([5, 1, 1, null, null], BCE), "After 5 pictures, on average: D(x) –; D(G(z)) –.");
  assert.equal(coverageSentence([5, 1, null]), "After 5 pictures: coverage –.");
  assert.deepEqual([figure(undefined), figure(123.4), figure(-12.34)], ["–", "123", "-12.3"]);
});
