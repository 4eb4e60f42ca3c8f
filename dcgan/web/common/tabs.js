// Remembers the open tab of the page, so that a reload returns to it.
import { closest } from "./dom.js";
import { recall, remember } from "./storage.js";

const KEY = "dcgan-tab";
const own = () => sessionStorage;

/** @returns {HTMLElement[]} */
const buttons = () =>
  [...document.querySelectorAll("#tabs button[role=tab]")].filter((one) => one instanceof HTMLElement);

/**
 * Opens a tab by its label.
 * @param {string} name
 */
export function openTab(name) {
  buttons()
    .find((button) => button.textContent?.trim() === name)
    ?.click();
}

/** Whether the page was loaded again, and not opened by its address. */
export function wasReloaded() {
  const [arrival] = performance.getEntriesByType("navigation");
  return arrival instanceof PerformanceNavigationTiming && arrival.type === "reload";
}

/** Reopens the tab that was open before a reload, and stores every later choice. */
export function rememberTab() {
  const open = recall(KEY, own);
  if (open && wasReloaded()) openTab(open);
  document.querySelector("#tabs")?.addEventListener("click", (event) => {
    const tab = closest(event, "button[role=tab]");
    if (tab) remember(KEY, tab.textContent?.trim() ?? "", own);
  });
}
