import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeZ } from "../../dcgan/web/common/codec.js";
import { readNumbers } from "../../dcgan/web/explore/latent_text.js";

test("numbers are read however they are separated and bracketed", () => {
  for (const text of ["1 -2 0.5", "[1, -2, 0.5]", "(1;-2;.5)", "1\n−2\n5e-1\n", "+1.0,-2.,0.50,"]) {
    assert.deepEqual(readNumbers(text, 3), [1, -2, 0.5], text);
  }
});

test("a latent as links carry it is read as its numbers", () => {
  const numbers = Array.from({ length: 20 }, (_, index) => index / 4);
  assert.deepEqual(readNumbers(` ${encodeZ(numbers)} `, 20), numbers);
});

test("what cannot be used is refused in a sentence", () => {
  const bad = [
    ["", /field is empty: put 3 numbers/],
    ["1 2", /These are 2 numbers; this model has 3/],
    ["1", /This is 1 number; this model has 3/],
    ["1 two 3", /“two” is not a number/],
    ["1 2 Infinity", /“Infinity” is not a number/],
    ["1 2 11", /from −10 to 10; 11 does not/],
    [encodeZ(new Array(20).fill(1)), /This z has 20 numbers; this model has 3/],
    ["?".repeat(30), /damaged or cut short/],
  ];
  for (const [text, sentence] of bad) assert.throws(() => readNumbers(text, 3), sentence);
});
