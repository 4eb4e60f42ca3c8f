// Sorting a list by hand: its rows are dragged by their grips, or moved by the arrow keys. A dragged row moves at once;
// Escape undoes the drag.
import { childrenOf, closest } from "./dom.js";

const EDGE = 72; // px from the window's edges where a drag scrolls it

/** @typedef {{ row: HTMLElement, id: number, before: HTMLElement[] }} Drag */

/**
 * Makes the rows of `list` sortable; `moved()` is called after the order has changed.
 * @param {HTMLElement} list
 * @param {() => void} moved
 */
export function makeSortable(list, moved) {
  const rows = () => childrenOf(list);
  /** @type {Drag | null} */
  let drag = null;

  list.addEventListener("keydown", (event) => {
    const grip = closest(event, ".grip");
    const row = grip?.closest("li");
    if (!grip || !row) return;
    const all = rows();
    const from = all.indexOf(row);
    const last = all.length - 1;
    const to = {
      ArrowUp: from - 1,
      ArrowLeft: from - 1,
      ArrowDown: from + 1,
      ArrowRight: from + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 || to > last || to === from) return;
    put(row, to);
    grip.focus(); // moving a row in the document removes its focus
    moved();
  });

  list.addEventListener("pointerdown", (event) => {
    const row = closest(event, ".grip")?.closest("li");
    if (!row || event.button) return;
    event.preventDefault();
    list.setPointerCapture(event.pointerId);
    drag = { row, id: event.pointerId, before: rows() };
    addEventListener("keydown", leave);
    row.classList.add("dragged");
  });

  list.addEventListener("pointermove", ({ pointerId, clientX: x, clientY: y }) => {
    if (drag?.id !== pointerId) return;
    if (y < EDGE) scrollBy(0, -8);
    if (y > innerHeight - EDGE) scrollBy(0, 8);
    /** @type {(row: HTMLElement) => number} */
    const distance = (row) => {
      const box = row.getBoundingClientRect();
      return Math.hypot(x - (box.left + box.right) / 2, y - (box.top + box.bottom) / 2);
    };
    const all = rows().filter((row) => !row.hidden);
    const nearest = all.reduce((best, row) => (distance(row) < distance(best) ? row : best));
    if (nearest !== drag.row) put(drag.row, all.indexOf(nearest));
  });

  /**
   * @param {HTMLElement} row
   * @param {number} place
   */
  function put(row, place) {
    const others = rows().filter((other) => other !== row);
    list.insertBefore(row, others[place] ?? null);
  }

  /** @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key === "Escape") end(false);
  }

  /** @param {boolean} keep the new order */
  function end(keep) {
    if (!drag) return;
    const { row, before } = drag;
    removeEventListener("keydown", leave);
    drag = null;
    row.classList.remove("dragged");
    if (!keep) list.append(...before);
    else if (rows().some((one, index) => one !== before[index])) moved();
  }
  list.addEventListener("pointerup", (event) => {
    if (drag?.id === event.pointerId) end(true);
  });
  list.addEventListener("pointercancel", (event) => {
    if (drag?.id === event.pointerId) end(false);
  });
}
