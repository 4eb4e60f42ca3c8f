// How the state of a run is said.

/** @type {Record<string, string>} */
const LABELS = { running: "● running", crashed: "broken off" }; // others are said as they are

/** @param {string} state */
export const stateLabel = (state) => LABELS[state] ?? state;
