// Paths between two latents, as in dcgan/latent/paths.py, and vectors as arrays of numbers.

/** @typedef {ArrayLike<number>} Vector */

/** @type {(a: Vector, b: Vector) => number} */
export const dot = (a, b) => {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index] * b[index];
  return sum;
};

/** @param {Vector} v */
export const norm = (v) => Math.sqrt(dot(v, v));

/**
 * The sum of vectors, each times a number.
 * @param {...[number, Vector]} terms
 */
export function combine(...terms) {
  const sum = new Float64Array(terms[0][1].length);
  for (const [factor, v] of terms) for (let index = 0; index < sum.length; index += 1) sum[index] += factor * v[index];
  return sum;
}

/**
 * Scales to norm 1; zero stays zero.
 * @param {Vector} v
 */
export const unit = (v) => combine([1 / Math.max(norm(v), 1e-300), v]);

/**
 * On the straight line from a to b.
 * @param {Vector} a
 * @param {Vector} b
 * @param {number} t
 */
export const lerp = (a, b, t) => combine([1 - t, a], [t, b]);

/**
 * On the sphere from a to b: the direction turns at constant speed, the norm changes linearly.
 * @param {Vector} a
 * @param {Vector} b
 * @param {number} t
 */
export function slerp(a, b, t) {
  const [aNorm, bNorm] = [norm(a), norm(b)];
  const u = unit(aNorm > 0 ? a : b);
  const v = unit(bNorm > 0 ? b : a);
  const { angle, across } = turn(u, v);
  const length = (1 - t) * aNorm + t * bNorm;
  return combine([length * Math.cos(angle * t), u], [length * Math.sin(angle * t), across]);
}

/**
 * The rotation from u to v, unit vectors: its angle, and the unit vector orthogonal to u in its plane.
 * @param {Vector} u
 * @param {Vector} v
 */
export function turn(u, v) {
  const cosine = dot(u, v);
  const rest = combine([1, v], [-cosine, u]);
  const sine = norm(rest);
  const across = sine > 1e-7 ? combine([1 / sine, rest]) : perpendicular(u);
  return { angle: Math.atan2(sine, cosine), across };
}

/**
 * A unit vector orthogonal to u: the axis of u's smallest component, projected.
 * @param {Vector} u
 */
function perpendicular(u) {
  let least = 0;
  for (let index = 1; index < u.length; index += 1) if (Math.abs(u[index]) < Math.abs(u[least])) least = index;
  const axis = new Float64Array(u.length);
  axis[least] = 1;
  return unit(combine([1, axis], [-u[least], u]));
}
