// What is said of a run beside its curves: its state, its numbers in one line, and a sentence.
/** @import { Status } from "./run_view.js" */
import { short } from "../common/session.js";

/**
 * @param {string} state
 * @param {number} place in the queue, 1 is next; 0 where the run does not wait
 */
export const stateLabel = (state, place) =>
  place ? `${state}, place ${place}` : state === "running" ? "● running" : state;

/**
 * What there is to say about a run beside its numbers.
 * @param {Status} status
 */
export function sentence({ state, alive, message, data, count, facts, snapshot, samples, place, running }) {
  if (state === "starting") return `${message || "preparing"} …`;
  const kept = snapshot === null ? "" : `Kept: a model after ${short(snapshot)} pictures, ${samples.length} grids.`;
  const about = `${data}${count ? `, ${short(count)} pictures` : ""}${facts ? ` · ${facts}` : ""}`;
  if (state === "queued") return `${waiting(place, running !== null)} ${about}`;
  return alive || !(message || kept) ? message || about : `${message || `${about}.`} ${kept}`.trim();
}

/**
 * When a run in the queue begins.
 * @param {number} place
 * @param {boolean} isBusy another run trains
 */
function waiting(place, isBusy) {
  const before = place - 1 + Number(isBusy);
  if (!before) return "It begins in a moment.";
  return `It begins when the ${before === 1 ? "run before it has" : `${before} runs before it have`} ended.`;
}

/** @param {Status} status */
export function numbers({ state, nimg, total, speed, eta, alive, elapsed }) {
  if (state === "starting" || !total) return "";
  const parts = [`${short(nimg)} of ${short(total || 0)} pictures`];
  if (alive && speed) parts.push(`${speed.toFixed(0)}/s`);
  if (elapsed) parts.push(`${span(elapsed)} so far`);
  if (alive && eta) parts.push(`${span(eta)} left`);
  return parts.join(" · ");
}

/** @param {number} seconds */
const span = (seconds) =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
