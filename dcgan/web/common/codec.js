// Faces and latents as text, in requests, links, shelf files and the clipboard: the same formats as dcgan/schema. Input
// from files, links and storage is validated here.

/** @import { Edit, EditKind, FaceFields, Method, Unit } from "./types.d.ts" */

export const MAX_Z = 10; // largest absolute value of a latent's numbers
const MAX_NZ = 1024;
const MAX_AMOUNT = 10;
const MAX_PSI = 2;
const MAX_EDITS = 2048;
const MAX_OFF = 512;
const MAX_LAYERS = 16;
const MAX_UNITS = 65536;
const LENGTH_TOLERANCE = 0.01; // half precision changes a vector's length by less

/**
 * The methods that find directions, with their letters in links. The first is the default.
 * @type {Record<Method, string>}
 */
export const METHODS = { jacobian: "j", sefa: "s", pca: "p" };
export const METHOD_NAMES = /** @type {Method[]} */ (Object.keys(METHODS));
export const [DEFAULT_METHOD] = METHOD_NAMES;

// ---- latents

/**
 * Encodes a latent for links: base64url of its float16 numbers.
 * @param {number[]} numbers
 */
export function encodeZ(numbers) {
  const bytes = new Uint8Array(2 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((value, index) => {
    view.setUint16(2 * index, toHalf(value), true);
  });
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/**
 * Decodes such a text; null where it is damaged or a number is out of range.
 * @param {unknown} text
 */
export function decodeZ(text) {
  if (typeof text !== "string" || !/^[\w+/-]+=*$/.test(text)) return null;
  let bytes;
  try {
    const standard = text.replace(/=+$/, "").replace(/-/g, "+").replace(/_/g, "/");
    bytes = Uint8Array.from(atob(standard), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length % 2 || bytes.length > 2 * MAX_NZ) return null;
  const view = new DataView(bytes.buffer);
  const numbers = Array.from({ length: bytes.length / 2 }, (_, index) => fromHalf(view.getUint16(2 * index, true)));
  return isLatent(numbers) ? numbers : null;
}

/**
 * Reads a latent of `nz` numbers, given as text or as numbers; null where it is not one.
 * @param {unknown} raw
 * @param {number} nz
 * @returns {number[] | null}
 */
function readLatent(raw, nz) {
  const numbers = typeof raw === "string" ? decodeZ(raw) : raw;
  return Array.isArray(numbers) && numbers.length === nz && isLatent(numbers) ? numbers : null;
}

/** @param {unknown[]} numbers */
const isLatent = (numbers) => numbers.length > 0 && numbers.every((value) => within(value, -MAX_Z, MAX_Z));

/**
 * Rounds to the nearest float16, ties to even, as NumPy does.
 * @param {number} value
 */
function toHalf(value) {
  const size = Math.min(Math.abs(value), MAX_Z);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + roundToEven((size / 2 ** exponent - 1) * 1024)); // a carry raises the exponent
}

/** @param {number} value */
function roundToEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2) ? low + 1 : low;
}

/** @param {number} bits */
function fromHalf(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const normal = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
  const size = exponent === 31 ? NaN : normal;
  return bits & 0x8000 ? -size : size;
}

/**
 * @param {unknown} value
 * @param {number} end
 * @returns {value is number}
 */
function isWhole(value, end) {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < end;
}
/**
 * Whether a value is a number from low to high; NaN is not.
 * @param {unknown} value
 * @param {number} low
 * @param {number} high
 * @returns {value is number}
 */
function within(value, low, high) {
  return typeof value === "number" && value >= low && value <= high;
}

// ---- edits

/**
 * Every kind of edit, by the JSON field that identifies it. `read` returns the fields of its axis, or null where a latent
 * of `nz` dimensions has no such axis. `axis` writes the axis as links do: equal for two edits along the same axis.
 * @type {Record<string, EditKind>}
 */
export const EDIT_KINDS = {
  dim: {
    fields: ["dim"],
    read: ({ dim }, nz) => (isWhole(dim, nz) ? { dim } : null),
    axis: ({ dim }) => `d${dim}`,
  },
  direction: {
    fields: ["direction", "method"],
    read: ({ direction, method = DEFAULT_METHOD }, nz) => {
      if (!isWhole(direction, nz) || typeof method !== "string" || !Object.hasOwn(METHODS, method)) return null;
      return method === DEFAULT_METHOD ? { direction } : { direction, method: /** @type {Method} */ (method) };
    },
    axis: ({ direction, method = DEFAULT_METHOD }) => `${METHODS[/** @type {Method} */ (method)]}${direction}`,
  },
  vector: {
    fields: ["vector"],
    read: ({ vector }, nz) => {
      const numbers = readLatent(vector, nz);
      if (!numbers || Math.abs(Math.hypot(...numbers) - 1) > LENGTH_TOLERANCE) return null;
      return { vector: encodeZ(numbers) };
    },
    axis: ({ vector }) => `v${vector}`,
  },
};

/**
 * @param {unknown} raw
 * @returns {raw is Record<string, unknown>}
 */
function isObject(raw) {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}
/** @type {(raw: object, fields: string[]) => boolean} */
const hasOnly = (raw, fields) => Object.keys(raw).every((field) => fields.includes(field));

/**
 * The kind of an edit; undefined where it has no kind, or several.
 * @param {object} edit
 */
function kindOf(edit) {
  const kinds = Object.keys(EDIT_KINDS).filter((kind) => Object.hasOwn(edit, kind));
  return kinds.length === 1 ? EDIT_KINDS[kinds[0]] : undefined;
}

/**
 * @param {unknown} raw
 * @param {number} nz
 * @returns {Edit | null}
 */
function readEdit(raw, nz) {
  if (!isObject(raw)) return null;
  const kind = kindOf(raw);
  if (!kind || !hasOnly(raw, ["amount", ...kind.fields]) || !within(raw.amount, -MAX_AMOUNT, MAX_AMOUNT)) return null;
  const axis = kind.read(raw, nz);
  return axis && { ...axis, amount: raw.amount };
}

/**
 * The axis of an edit, as links write it.
 * @param {Edit} edit of one of EDIT_KINDS
 */
export function editAxis(edit) {
  const kind = kindOf(edit);
  if (!kind) throw new Error("This edit has no known kind.");
  return kind.axis(edit);
}

// ---- faces

/** @param {unknown} raw */
function readSeed(raw) {
  const text = Number.isSafeInteger(raw) ? String(raw) : raw; // seeds exceed Number.MAX_SAFE_INTEGER
  const isSeed = typeof text === "string" && /^\d{1,19}$/.test(text) && BigInt(text) < 2n ** 63n;
  return isSeed ? String(BigInt(text)) : null;
}

/**
 * @param {unknown} pair
 * @returns {pair is Unit}
 */
function isUnit(pair) {
  return Array.isArray(pair) && pair.length === 2 && isWhole(pair[0], MAX_LAYERS) && isWhole(pair[1], MAX_UNITS);
}

/**
 * Reads the units that are off, [[layer, unit], …]: sorted and without duplicates; null where they are invalid.
 * @param {unknown} raw
 * @returns {Unit[] | null}
 */
function readOff(raw) {
  if (!Array.isArray(raw) || raw.length > MAX_OFF) return null;
  if (!raw.every(isUnit)) return null;
  const sorted = [...raw].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return sorted.filter(
    ([layer, unit], index) => !index || layer !== sorted[index - 1][0] || unit !== sorted[index - 1][1],
  );
}

const FACE_FIELDS = ["seed", "psi", "edits", "z", "off"];

/**
 * Reads a face from arbitrary JSON, for a model of `nz` dimensions; null where it is invalid. It needs a seed or a
 * latent. The result has `z` and `off` only where the face has them.
 * @param {unknown} raw
 * @param {number} nz
 * @returns {FaceFields | null}
 */
export function readFace(raw, nz) {
  if (!isObject(raw) || !hasOnly(raw, FACE_FIELDS)) return null;
  const psi = raw.psi === undefined ? 1 : raw.psi;
  const hasLatent = (raw.z ?? "") !== "";
  const latent = hasLatent ? readLatent(raw.z, nz) : null;
  const seed = raw.seed === undefined && hasLatent ? "0" : readSeed(raw.seed);
  if (seed === null || (hasLatent && !latent) || !within(psi, 0, MAX_PSI)) return null;
  const edits = raw.edits ?? [];
  if (!Array.isArray(edits) || edits.length > MAX_EDITS) return null;
  const read = edits.map((edit) => readEdit(edit, nz)).filter((edit) => edit !== null);
  const off = readOff(raw.off ?? []);
  if (read.length < edits.length || off === null) return null;
  return { seed, psi, edits: read, ...(latent && { z: encodeZ(latent) }), ...(off.length && { off }) };
}

/**
 * The face of a latent that the server sent as text.
 * @type {(z: string) => FaceFields}
 */
export const latentFace = (z) => ({ seed: "0", psi: 1, edits: [], z });

/** @param {number} value */
const tenThousandths = (value) => Math.floor(value * 1e4 + 0.5);

/**
 * A key that is equal for two faces exactly when their pictures are the same, as `Face.key` in dcgan/schema/face.py.
 * Amounts along one axis are summed; numbers are rounded to ten-thousandths.
 * @param {FaceFields} face
 */
export function faceKey({ seed, psi = 1, edits = [], z, off = [] }) {
  /** @type {Map<string, number>} */
  const amounts = new Map();
  for (const edit of edits) amounts.set(editAxis(edit), (amounts.get(editAxis(edit)) ?? 0) + edit.amount);
  const rounded = [...amounts].map(([axis, amount]) => ({ axis, amount: tenThousandths(amount) }));
  const moved = rounded.filter(({ amount }) => amount).map(({ axis, amount }) => `${axis}:${amount}`);
  const units = (readOff(off) ?? []).map(([layer, unit]) => `off${layer}.${unit}`);
  return [z ? `z${z}` : `seed${readSeed(seed)}`, `psi${tenThousandths(psi)}`, ...moved.sort(), ...units].join(" ");
}

// ---- links

/** @param {number} value */
const tidy = (value) => String(tenThousandths(value) / 1e4);

/**
 * Query string of a link that opens the page on a face of a model; dcgan/schema/link.py defines its grammar.
 * @param {string} model
 * @param {FaceFields} face
 */
export function faceLink(model, { seed, psi = 1, edits = [], z, off = [] }) {
  const params = [["model", model], z ? ["z", z] : ["seed", String(seed)]];
  if (tenThousandths(psi) !== tenThousandths(1)) params.push(["psi", tidy(psi)]);
  const moved = edits.filter(({ amount }) => tenThousandths(amount));
  if (moved.length) params.push(["edits", moved.map((edit) => `${editAxis(edit)}:${tidy(edit.amount)}`).join(",")]);
  if (off.length) params.push(["off", off.map((unit) => unit.join(".")).join(",")]);
  // a query may contain colons and commas; unescaped, the link stays readable
  /** @param {string} value */
  const escaped = (value) => encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2C/g, ",");
  return `?${params.map(([name, value]) => `${name}=${escaped(value)}`).join("&")}`;
}
