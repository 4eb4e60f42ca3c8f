// The latents of what a request shows: of faces, of moments of a path, of places in a field; as dcgan/schema computes them.

/** @import { Edit, FaceFields, Method } from "../common/types.d.ts" */
/** @import { Vector } from "./paths.js" */
import { DEFAULT_METHOD, decodeZ } from "../common/codec.js";
import { combine, lerp, norm, slerp, unit } from "./paths.js";
import { zFromSeed } from "./seeds.js";
import { spline } from "./spline.js";

const DEFAULT_SECONDS = 4;

/**
 * What latents of a model are made of: `axes` holds each method's directions.
 * @typedef {{ nz: number, axes: Record<Method, number[][]> }} LatentSpace
 */

/**
 * @typedef {object} PathFields
 * @property {FaceFields[]} faces
 * @property {number[]} [durations]
 * @property {number} [seconds]
 * @property {string} [mode]
 * @property {string} [easing]
 * @property {boolean} [loop]
 */

/** @typedef {{ corners: FaceFields[], mode?: string }} FieldFields */

/**
 * A face's latent: psi · z + Σ amount · axis. Throws a RangeError where the model lacks an axis.
 * @param {Partial<FaceFields>} face
 * @param {LatentSpace} space
 */
export function latentOf({ seed = "0", psi = 1, edits = [], z = null }, space) {
  const start = z ? decodeZ(z) : zFromSeed(seed, space.nz);
  if (start?.length !== space.nz) throw new RangeError("The latent is of another model.");
  const sum = combine([psi, start]);
  for (const edit of edits) {
    if (edit.dim !== undefined) {
      if (edit.dim >= space.nz) throw new RangeError(`There is no dimension ${edit.dim}.`);
      sum[edit.dim] += edit.amount;
    } else {
      const axis = axisOf(edit, space);
      for (let index = 0; index < sum.length; index += 1) sum[index] += edit.amount * axis[index];
    }
  }
  return sum;
}

/**
 * @param {Edit} edit of a direction or a vector
 * @param {LatentSpace} space
 */
function axisOf({ direction = 0, method = DEFAULT_METHOD, vector }, { nz, axes }) {
  const axis = vector === undefined ? axes[method][direction] : decodeZ(vector);
  if (axis?.length !== nz) throw new RangeError("The model has no such direction.");
  return axis;
}

/**
 * The latent at time t in 0 … 1 of a path.
 * @param {PathFields} path
 * @param {number} t
 * @param {LatentSpace} space
 * @returns {Vector}
 */
export function pathAt(
  { faces, durations, seconds = DEFAULT_SECONDS, mode = "slerp", easing, loop = false },
  t,
  space,
) {
  const points = faces.map((face) => latentOf(face, space));
  const ring = loop ? [...points, points[0]] : points;
  const count = ring.length - 1;
  const lengths = durations?.slice(0, count) ?? new Array(count).fill(seconds / count);
  const { stretch, rest } = placeAt(t, lengths);
  const eased = easing === "ease" ? rest * rest * (3 - 2 * rest) : rest;
  if (eased === 0 || eased === 1) return ring[stretch + eased];
  if (mode === "cubic") return spline(ring, lengths, stretch, eased, loop);
  return (mode === "lerp" ? lerp : slerp)(ring[stretch], ring[stretch + 1], eased);
}

/**
 * The stretch of a time in 0 … 1, and how much of the stretch has passed, 0 … 1.
 * @param {number} t
 * @param {number[]} lengths
 */
function placeAt(t, lengths) {
  const now = t * lengths.reduce((sum, length) => sum + length, 0);
  let [stretch, start] = [0, 0];
  while (stretch < lengths.length - 1 && now >= start + lengths[stretch]) {
    start += lengths[stretch];
    stretch += 1;
  }
  return { stretch, rest: t === 1 ? 1 : Math.min(1, Math.max(0, (now - start) / lengths[stretch])) };
}

/**
 * The latent at x, y in 0 … 1 of the surface through three or four corners; flat where the mode is "lerp".
 * @param {FieldFields} field
 * @param {number} x
 * @param {number} y
 * @param {LatentSpace} space
 */
export function fieldAt({ corners, mode }, x, y, space) {
  const [a, b, c, fourth] = corners.map((face) => latentOf(face, space));
  const between = mode === "lerp" ? lerp : slerp;
  const d = fourth ?? fourthCorner(a, b, c, mode === "lerp");
  return between(between(a, b, x), between(c, d, x), y);
}

/**
 * @param {Vector} a
 * @param {Vector} b
 * @param {Vector} c
 * @param {boolean} flat
 */
function fourthCorner(a, b, c, flat) {
  const d = combine([1, b], [1, c], [-1, a]);
  return flat ? d : combine([(norm(b) + norm(c)) / 2, unit(d)]);
}

/**
 * What a request for one picture shows: {"faces", "t"} a moment of a path, {"corners", "x", "y"} a place in a field, or
 * a face.
 * @param {any} body
 * @param {LatentSpace} space
 * @returns {Vector}
 */
export function frameLatent(body, space) {
  if (body.faces) return pathAt(body, body.t, space);
  if (body.corners) return fieldAt(body, body.x, body.y, space);
  return latentOf(body, space);
}

/**
 * What a request for a sheet shows: {"moments"} of a path, {"side"} a field in rows, {"faces"}, or a face with
 * {"variants"}.
 * @param {any} body
 * @param {LatentSpace} space
 * @returns {Vector[]}
 */
export function sheetLatents(body, space) {
  if (body.moments) {
    const steps = body.loop ? body.moments : body.moments - 1;
    return range(body.moments).map((moment) => pathAt(body, moment / steps, space));
  }
  if (body.corners) {
    const places = range(body.side).map((index) => index / (body.side - 1));
    return places.flatMap((y) => places.map((x) => fieldAt(body, x, y, space)));
  }
  if (body.faces) return body.faces.map((/** @type {FaceFields} */ face) => latentOf(face, space));
  const origin = latentOf(body, space);
  return body.variants.map((/** @type {Edit[]} */ edits) =>
    combine([1, origin], [1, latentOf({ psi: 0, edits }, space)]),
  );
}

/** @param {number} count */
const range = (count) => Array.from({ length: count }, (_, index) => index);
