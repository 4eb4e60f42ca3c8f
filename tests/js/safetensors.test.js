import assert from "node:assert/strict";
import { test } from "node:test";

import { cost, readGenerator } from "../../dcgan/web/generator/layers.js";
import { fromHalf, readSafetensors, toFloat32 } from "../../dcgan/web/generator/safetensors.js";

/** The bytes of a safetensors file with one tensor. */
function file(entry, bytes, metadata = {}) {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, one: entry }));
  const content = new Uint8Array(8 + header.length + bytes.length);
  new DataView(content.buffer).setBigUint64(0, BigInt(header.length), true);
  content.set(header, 8);
  content.set(bytes, 8 + header.length);
  return content.buffer;
}

test("float16 numbers are read: normal, subnormal, signed, infinite", () => {
  const bits = [0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x8000, 0x7c00];
  const numbers = [1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, -0, Infinity];
  assert.deepEqual(bits.map(fromHalf), numbers);
  assert.ok(Number.isNaN(fromHalf(0x7e00)));
});

test("a file's tensors and metadata are read by name", () => {
  const bytes = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  const read = readSafetensors(file({ dtype: "F32", shape: [2], data_offsets: [0, 8] }, bytes, { kind: "x" }));
  assert.deepEqual(read.metadata, { kind: "x" });
  assert.deepEqual(toFloat32(read.tensors.get("one")), Float32Array.of(1.5, -2));
});

test("a file that is cut short, or holds something else, is refused", () => {
  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  assert.throws(() => readSafetensors(file(entry, new Uint8Array(4))), RangeError);
  assert.throws(() => readGenerator(file(entry, new Uint8Array(8))), /no generator/);
  assert.throws(() => toFloat32({ dtype: "I64", shape: [1], data: new ArrayBuffer(8) }), /I64/);
});

test("the cost of the tutorial's generator is 105 million multiplications", () => {
  const layer = (inputs, outputs, side, first = false) => ({
    inputs,
    outputs,
    side,
    first,
    weight: new Uint16Array(0),
  });
  const layers = [layer(25, 128, 4, true), layer(128, 64, 8), layer(64, 32, 16), layer(32, 16, 32), layer(16, 1, 64)];
  const { multiplications } = cost({ nz: 100, nc: 3, side: 64, layers });
  assert.ok(Math.abs(multiplications - 105e6) < 5e6, String(multiplications));
});
