// A smooth curve through several latents, as in dcgan/latent/spline.py: a spherical cubic for the direction (Shoemake,
// SIGGRAPH 1985), a monotone cubic for the norm (Fritsch and Butland 1984).

/** @import { Vector } from "./paths.js" */
import { combine, norm, slerp, turn, unit } from "./paths.js";

const FASTEST = 1.5; // the speed at a point is at most this many times that of its slower stretch

/**
 * The latent at time t in 0 … 1 between points[stretch] and points[stretch + 1].
 * @param {Vector[]} points in a loop the last repeats the first
 * @param {number[]} lengths seconds of each stretch
 * @param {number} stretch
 * @param {number} t
 * @param {boolean} loop
 */
export function spline(points, lengths, stretch, t, loop) {
  const directions = directionsOf(points);
  const norms = points.map(norm);
  const seconds = lengths[stretch];
  const [begin, end] = [directions[stretch], directions[stretch + 1]];
  const [leave, arrive] = [stretch, stretch + 1].map((at) => velocity(directions, lengths, at, loop));
  const control = [
    begin,
    onward(begin, combine([seconds / 3, leave])),
    onward(end, combine([-seconds / 3, arrive])),
    end,
  ];
  const slopes = [stretch, stretch + 1].map((at) => slope(norms, lengths, at, loop) * seconds);
  return combine([hermite([norms[stretch], norms[stretch + 1]], slopes, t), unit(bezier(control, t))]);
}

/**
 * Each point scaled to norm 1; the origin takes the direction of the point before it, or after it.
 * @param {Vector[]} points
 */
function directionsOf(points) {
  const directions = points.map(unit);
  const known = directions.findIndex((direction) => norm(direction) > 0);
  let last = directions[Math.max(known, 0)];
  return directions.map((direction) => {
    if (norm(direction) > 0) last = direction;
    return last;
  });
}

/**
 * The stretches that end and begin at a point; null where there is none.
 * @param {number} count of points
 * @param {number} at
 * @param {boolean} loop
 */
const neighbours = (count, at, loop) => ({
  before: at > 0 ? at - 1 : loop ? count - 2 : null,
  after: at < count - 1 ? at : loop ? 0 : null,
});

/**
 * The angular velocity at a point, per second.
 * @param {Vector[]} directions
 * @param {number[]} lengths
 * @param {number} at
 * @param {boolean} loop
 */
function velocity(directions, lengths, at, loop) {
  const { before, after } = neighbours(directions.length, at, loop);
  const toward = (/** @type {Vector} */ other, /** @type {number} */ sign, /** @type {number} */ seconds) => {
    const { angle, across } = turn(directions[at], other);
    return combine([(sign * angle) / seconds, across]);
  };
  const arriving = before === null ? null : toward(directions[before], -1, lengths[before]);
  const leaving = after === null ? null : toward(directions[after + 1], 1, lengths[after]);
  if (before === null || after === null || !arriving || !leaving) return /** @type {Vector} */ (arriving ?? leaving);
  const both = lengths[before] + lengths[after];
  const mean = combine([lengths[after] / both, arriving], [lengths[before] / both, leaving]);
  const most = FASTEST * Math.min(norm(arriving), norm(leaving));
  return combine([Math.min(most / Math.max(norm(mean), 1e-12), 1), mean]);
}

/**
 * Rotates the unit vector u by a step that is orthogonal to it.
 * @param {Vector} u
 * @param {Vector} step
 */
function onward(u, step) {
  const angle = norm(step);
  return combine([Math.cos(angle), u], [Math.sin(angle), unit(step)]);
}

/**
 * De Casteljau's algorithm with slerp.
 * @param {Vector[]} control
 * @param {number} t
 * @returns {Vector}
 */
function bezier(control, t) {
  if (control.length === 1) return control[0];
  return bezier(
    control.slice(1).map((point, index) => slerp(control[index], point, t)),
    t,
  );
}

/**
 * The slope of the norm at a point, per second; zero at a local extremum.
 * @param {number[]} norms
 * @param {number[]} lengths
 * @param {number} at
 * @param {boolean} loop
 */
function slope(norms, lengths, at, loop) {
  const slopes = lengths.map((length, index) => (norms[index + 1] - norms[index]) / length);
  const { before, after } = neighbours(norms.length, at, loop);
  if (before === null || after === null) return slopes[before ?? after ?? 0];
  const [a, b, h, k] = [slopes[before], slopes[after], lengths[before], lengths[after]];
  return a * b <= 0 ? 0 : (3 * (h + k)) / ((2 * k + h) / a + (k + 2 * h) / b);
}

/**
 * The cubic with these values and slopes at 0 and 1.
 * @param {number[]} ends
 * @param {number[]} slopes
 * @param {number} t
 */
function hermite(ends, slopes, t) {
  const r = 1 - t;
  return r * r * ((1 + 2 * t) * ends[0] + t * slopes[0]) + t * t * ((1 + 2 * r) * ends[1] - r * slopes[1]);
}
