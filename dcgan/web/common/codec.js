// Latents and faces as text: what links, the shelf's files and the clipboard carry. The same form as dcgan/requests.py
// reads and writes; whatever comes from outside is checked here before it is used.

/** @import { Edit, FaceFields } from "./types.d.ts" */

export const LARGEST = 10; // no number of a latent is larger

/**
 * A latent as a link carries it: base64url of its float16 numbers.
 * @param {number[]} numbers
 */
export function packZ(numbers) {
  const bytes = new Uint8Array(2 * numbers.length),
    view = new DataView(bytes.buffer);
  numbers.forEach((value, index) => {
    view.setUint16(2 * index, toHalf(value), true);
  });
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/**
 * The numbers in such a text; null where it is damaged, or holds what is no number of a latent.
 * @param {unknown} text
 */
export function unpackZ(text) {
  if (typeof text !== "string" || !/^[\w-]+$/.test(text)) return null;
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length % 2) return null;
  const view = new DataView(bytes.buffer);
  const numbers = Array.from({ length: bytes.length / 2 }, (_, index) => fromHalf(view.getUint16(2 * index, true)));
  return numbers.every((value) => Math.abs(value) <= LARGEST) ? numbers : null; // NaN fails as well
}

/**
 * To nearest, ties to even, as NumPy rounds.
 * @param {number} value
 */
function toHalf(value) {
  const size = Math.min(Math.abs(value), LARGEST),
    sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (size < 2 ** -14) return sign | even(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + even((size / 2 ** exponent - 1) * 1024)); // a carry raises the exponent
}

/** @param {number} value */
function even(value) {
  const low = Math.floor(value),
    rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2) ? low + 1 : low;
}

/** @param {number} bits */
function fromHalf(bits) {
  const exponent = (bits >> 10) & 31,
    fraction = bits & 1023;
  const size = exponent === 31 ? NaN : exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
  return bits & 0x8000 ? -size : size;
}

/**
 * @param {unknown} value
 * @param {number} end
 * @returns {value is number}
 */
function whole(value, end) {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < end;
}

/**
 * @param {unknown} value
 * @param {number} low
 * @param {number} high
 * @returns {value is number}
 */
function within(value, low, high) {
  return typeof value === "number" && value >= low && value <= high;
}

/** @param {unknown} raw */
function readSeed(raw) {
  const text = Number.isSafeInteger(raw) ? String(raw) : raw; // seeds end beyond a browser's numbers
  return typeof text === "string" && /^\d{1,19}$/.test(text) && BigInt(text) < 2n ** 63n ? String(BigInt(text)) : null;
}

/**
 * @param {any} raw
 * @param {number} nz
 * @returns {Edit | null}
 */
function readEdit(raw, nz) {
  const { dim, direction, amount } = raw ?? {};
  if (!within(amount, -10, 10)) return null;
  if (direction === undefined && whole(dim, nz)) return { dim, amount };
  return dim === undefined && whole(direction, nz) ? { direction, amount } : null;
}

/**
 * A face out of arbitrary JSON, for a model of `nz` dimensions; null where it is none.
 * @param {any} raw
 * @param {number} nz
 * @returns {FaceFields | null}
 */
export function readFace(raw, nz) {
  const { psi = 1, edits = [], z = null } = raw ?? {};
  const seed = readSeed(raw?.seed ?? (z ? 0 : null));
  if (seed === null || !within(psi, 0, 2) || !Array.isArray(edits) || edits.length > 2048) return null;
  const read = edits.map((edit) => readEdit(edit, nz)).filter((edit) => edit !== null);
  if (read.length < edits.length || (z !== null && unpackZ(z)?.length !== nz)) return null;
  return z === null ? { seed, psi, edits: read } : { seed, psi, edits: read, z };
}

/**
 * A text that is the same for two faces when they are the same picture.
 * @param {FaceFields} face
 */
export function faceKey({ seed, psi, edits, z }) {
  const sums = new Map();
  for (const { dim, direction, amount } of edits) {
    const name = dim === undefined ? `j${direction}` : `d${dim}`;
    sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  const some = [...sums].filter(([, amount]) => amount).map(([name, amount]) => `${name}:${amount.toFixed(4)}`);
  return [z ? `z${z}` : `s${seed}`, psi.toFixed(4), ...some.sort()].join(" ");
}

/**
 * The face of a latent that the server gave as text.
 * @param {string} z
 * @returns {FaceFields}
 */
export const latentFace = (z) => ({ seed: "0", psi: 1, edits: [], z });
