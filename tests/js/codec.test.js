import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeZ, encodeZ, faceKey, latentFace, MAX_Z, readFace } from "../../dcgan/web/common/codec.js";

const plain = { seed: "7", psi: 1, edits: [] };

test("numbers are rounded to float16, to nearest and ties to even", () => {
  const numbers = Array.from({ length: 4000 }, (_, index) => ((index * 7919) % 20011) / 1000.55 - 10);
  const tiny = [0, -0, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 2 ** -14, 1023.5 * 2 ** -24, 1 + 2 ** -11, 1 + 3 * 2 ** -11];
  for (const value of [...numbers, ...tiny]) assert.deepEqual(decodeZ(encodeZ([value])), [Math.f16round(value)]);
});

test("a latent's text is base64url and keeps the order of its numbers", () => {
  const text = encodeZ([1, -2, 0.5, MAX_Z]);
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(decodeZ(text), [1, -2, 0.5, MAX_Z]);
});

test("a number beyond the largest is packed as the largest", () => {
  assert.deepEqual(decodeZ(encodeZ([1e9, -1e9])), [MAX_Z, -MAX_Z]);
});

test("a text that is no latent is read as null", () => {
  const [nan, beyond, odd] = [[0, 0x7e], [0, 0x50], [0]].map((bytes) => btoa(String.fromCharCode(...bytes)));
  for (const text of [null, 5, "", "a b", "%%%", nan.replace(/=/g, ""), beyond.replace(/=/g, ""), odd.slice(0, 2)]) {
    assert.equal(decodeZ(text), null, String(text));
  }
});

test("a face's seed is read as text, with no zeros before it, up to 2^63 - 1", () => {
  assert.equal(readFace({ seed: 7 }, 4).seed, "7");
  assert.equal(readFace({ seed: "007" }, 4).seed, "7");
  assert.equal(readFace({ seed: "9223372036854775807" }, 4).seed, "9223372036854775807");
  for (const seed of ["9223372036854775808", "-1", "1.5", "", 2 ** 60, null]) {
    assert.equal(readFace({ seed }, 4), null, String(seed));
  }
});

test("a face without psi or edits has the usual ones", () => {
  assert.deepEqual(readFace({ seed: "7" }, 4), plain);
});

test("a face with one bad part is no face", () => {
  const bad = [
    { psi: 2.1 },
    { psi: "1" },
    { edits: {} },
    { edits: new Array(2049).fill({ dim: 0, amount: 0 }) },
    { edits: [{ dim: 4, amount: 1 }] },
    { edits: [{ dim: 0, amount: 11 }] },
    { edits: [{ dim: 0, direction: 0, amount: 1 }] },
    { edits: [{ amount: 1 }] },
    { edits: [null] },
    { z: encodeZ([1, 2, 3]) },
  ];
  for (const part of bad) assert.equal(readFace({ ...plain, ...part }, 4), null, JSON.stringify(part).slice(0, 80));
  for (const raw of [null, undefined, 7, "face"]) assert.equal(readFace(raw, 4), null);
});

test("a face with a latent of its own needs no seed", () => {
  const z = encodeZ([1, 2, 3, 4]);
  assert.deepEqual(readFace({ z }, 4), { ...latentFace(z), seed: "0" });
});

test("faces have the same key when they are the same picture", () => {
  const one = {
    ...plain,
    edits: [
      { dim: 1, amount: 1 },
      { direction: 1, amount: 2 },
      { dim: 3, amount: 0 },
    ],
  };
  const other = {
    ...plain,
    edits: [
      { direction: 1, amount: 2 },
      { dim: 1, amount: 0.25 },
      { dim: 1, amount: 0.75 },
    ],
  };
  assert.equal(faceKey(one), faceKey(other));
  assert.notEqual(faceKey(one), faceKey(plain));
  assert.notEqual(faceKey(plain), faceKey({ ...plain, psi: 0.5 }));
  assert.notEqual(faceKey(plain), faceKey(latentFace(encodeZ([0]))));
});
