import assert from "node:assert/strict";
import { test } from "node:test";
import { packZ, unpackZ } from "../../../dcgan/web/common/codec.js";

test("a latent read back is the float16 nearest to each of its numbers", () => {
  const z = [0, 1, -1.5, 0.1, 2 ** -24, 6.1e-5, -9.99];
  const read = unpackZ(packZ(z));
  assert.deepEqual(read, z.map(Math.f16round));
});

test("a damaged text is no latent", () => {
  for (const text of ["", "A", "AAA=", "é", null, undefined, 5, packZ([1]).slice(1)]) assert.equal(unpackZ(text), null);
});
