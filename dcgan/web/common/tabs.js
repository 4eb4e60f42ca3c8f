// Which tab is open, remembered for as long as the browser's own tab lives: a reload comes back to it.
import { recall, remember } from "./storage.js";

const KEY = "dcgan-tab",
  own = () => sessionStorage;

const buttons = () => [...document.querySelectorAll("#tabs button[role=tab]")];

/** Opens a tab by the name on it. */
export function openTab(name) {
  buttons()
    .find((button) => button.textContent.trim() === name)
    ?.click();
}

/** Goes back to the tab that was open before a reload, and remembers from now on. */
export function rememberTab() {
  const open = recall(KEY, own);
  if (open && performance.getEntriesByType("navigation")[0]?.type === "reload") openTab(open);
  document.querySelector("#tabs")?.addEventListener("click", (event) => {
    const tab = event.target.closest?.("button[role=tab]");
    if (tab) remember(KEY, tab.textContent.trim(), own);
  });
}
