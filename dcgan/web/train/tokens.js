// The tokens of the runs that this browser started, which let it stop, rename and delete them.
import { recall, remember } from "../common/storage.js";

const KEY = "dcgan-tokens";
const MOST = 50; // older ones are forgotten

/** @returns {Record<string, string>} */
export const tokens = () => JSON.parse(recall(KEY) ?? "{}");

/** @param {string} run */
export const token = (run) => tokens()[run] ?? "";

/**
 * @param {string} run
 * @param {string} value
 */
export function keepToken(run, value) {
  const kept = Object.entries(tokens()).slice(-MOST);
  remember(KEY, JSON.stringify({ ...Object.fromEntries(kept), [run]: value }));
}
