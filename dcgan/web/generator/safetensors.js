// Reads the safetensors format: a length, a JSON header, and the tensors' bytes in little-endian order.

/** @typedef {{ dtype: string, shape: number[], data: ArrayBuffer }} Tensor */

/**
 * Reads a file's tensors by name, and the `metadata` of its header. Throws a RangeError or SyntaxError if it is damaged.
 * @param {ArrayBuffer} file
 * @returns {{ tensors: Map<string, Tensor>, metadata: Record<string, string> }}
 */
export function readSafetensors(file) {
  const length = Number(new DataView(file).getBigUint64(0, true));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(file, 8, length)),
  );
  const tensors = new Map();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const [start, end] = offsets.map((/** @type {number} */ offset) => offset + 8 + length);
    if (end > file.byteLength) throw new RangeError(`The tensor ${name} reaches beyond the end of the file.`);
    tensors.set(name, { dtype, shape, data: file.slice(start, end) }); // a copy, since typed arrays need aligned offsets
  }
  return { tensors, metadata };
}

/**
 * The numbers of a tensor of type F16 or F32 as float32.
 * @param {Tensor} tensor
 */
export function toFloat32({ dtype, data }) {
  if (dtype === "F32") return new Float32Array(data);
  if (dtype !== "F16") throw new TypeError(`A tensor of type ${dtype} cannot be read; F16 and F32 can.`);
  return Float32Array.from(new Uint16Array(data), fromHalf);
}

/**
 * The number whose float16 bits are given.
 * @param {number} bits
 */
export function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}
