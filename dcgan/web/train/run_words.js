// What is said of a run beside its curves: its state, its numbers in one line, and a sentence.
/** @import { Status } from "./run_view.js" */
import { short } from "../common/session.js";

/** @type {Record<string, string>} */
const LABELS = { running: "● running", crashed: "broken off" }; // others are said as they are

/** @param {string} state */
export const stateLabel = (state) => LABELS[state] ?? state;

/**
 * What there is to say about a run beside its numbers.
 * @param {Status} status
 */
export function sentence({ state, alive, message, data, count, facts, snapshot, samples }) {
  if (state === "starting") return `${message || "preparing"} …`;
  const kept = snapshot === null ? "" : `Kept: a model after ${short(snapshot)} pictures, ${samples.length} grids.`;
  const about = `${data}${count ? `, ${short(count)} pictures` : ""}${facts ? ` · ${facts}` : ""}`;
  return alive || !(message || kept) ? message || about : `${message || `${about}.`} ${kept}`.trim();
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
