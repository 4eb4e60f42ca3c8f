// The list of keyboard shortcuts: a part of the Learn tab, and a dialog that "?" opens everywhere.
import { finder, typedInto } from "../common/dom.js";
import { SHORTCUTS } from "./shortcut_table.js";

const FIELDS =
  "input:not([type=range], [type=checkbox], [type=radio], [type=file], [type=button]), textarea, select, [contenteditable]";

/**
 * Fills an element with the shortcuts, a table for each place.
 * @param {HTMLElement} element
 */
export function fillShortcuts(element) {
  element.replaceChildren(
    ...SHORTCUTS.map(({ place, keys }) => {
      const group = document.createElement("section");
      const list = document.createElement("dl");
      for (const [combination, does] of keys) {
        const entry = document.createElement("div");
        const term = document.createElement("dt");
        for (const key of combination.split(", "))
          term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
        entry.append(term, Object.assign(document.createElement("dd"), { textContent: does }));
        list.append(entry);
      }
      group.append(Object.assign(document.createElement("h3"), { textContent: place }), list);
      return group;
    }),
  );
}

/**
 * Lets "?" open the list, unless a text is being typed or another dialog is open.
 * @param {HTMLElement} home where the dialog is put while it is open
 */
export function mountShortcuts(home) {
  addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || typedInto(event, FIELDS)) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    openShortcuts(home);
  });
}

/** @param {HTMLElement} home */
function openShortcuts(home) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = "dcgan shortcuts";
  dialog.setAttribute("aria-label", "Keyboard shortcuts");
  dialog.innerHTML = `
    <div class="head"><h2>Keyboard shortcuts</h2><span class="grow"></span>
      <button type="button" class="icon close" aria-label="Close">×</button></div>
    <div class="shortcut-list"></div>`;
  const find = finder(dialog);
  fillShortcuts(find(".shortcut-list"));
  find(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // on the backdrop
  });
  // else the keys of the tabs would act behind the dialog
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  home.append(dialog);
  dialog.showModal();
}
