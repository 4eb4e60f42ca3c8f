// Which tab is open, remembered for as long as the browser's own tab lives: a reload comes back to it.
import { closest } from "./dom.js";
import { recall, remember } from "./storage.js";

const KEY = "dcgan-tab";
const own = () => sessionStorage;

/** @returns {HTMLElement[]} */
const buttons = () =>
  [...document.querySelectorAll("#tabs button[role=tab]")].filter((one) => one instanceof HTMLElement);

/**
 * Opens a tab by the name on it.
 * @param {string} name
 */
export function openTab(name) {
  buttons()
    .find((button) => button.textContent?.trim() === name)
    ?.click();
}

/** Goes back to the tab that was open before a reload, and remembers from now on. */
export function rememberTab() {
  const open = recall(KEY, own);
  const [arrival] = performance.getEntriesByType("navigation");
  if (open && arrival instanceof PerformanceNavigationTiming && arrival.type === "reload") openTab(open);
  document.querySelector("#tabs")?.addEventListener("click", (event) => {
    const tab = closest(event, "button[role=tab]");
    if (tab) remember(KEY, tab.textContent?.trim() ?? "", own);
  });
}
