// Reordering the cards of a row: with the mouse by their pictures, by touch at their grips, with the arrow keys on a
// grip. The order changes when the card is released; a line shows its new place before that.
import { closest, finder } from "./dom.js";

const SLACK = 6; // px; less is a click
const EDGE = 40; // px from the row's ends where a drag scrolls it

/** @typedef {{ card: HTMLElement, id: number, x: number, scroll: number, to: number | null }} Drag */

/**
 * Makes the `.key` elements of `list` movable; `move(from, to)` is called with two of their indices.
 * @param {HTMLElement} list
 * @param {(from: number, to: number) => void} move
 */
export function makeReorderable(list, move) {
  const keys = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".key")]);
  /** @type {Drag | null} */
  let drag = null;

  list.addEventListener("keydown", (event) => {
    const card = closest(event, ".grip") && closest(event, ".key");
    if (!card) return;
    const cards = keys();
    const from = cards.indexOf(card);
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: cards.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= cards.length) return;
    event.preventDefault();
    move(from, to);
    finder(keys()[to])(".grip").focus();
  });

  list.addEventListener("pointerdown", (event) => {
    const grip = closest(event, ".grip");
    const picture = closest(event, "canvas");
    const card = closest(event, ".key");
    if (!card || event.button || !(grip || (picture && event.pointerType === "mouse"))) return;
    drag = { card, id: event.pointerId, x: event.clientX, scroll: list.scrollLeft, to: null };
  });

  list.addEventListener("pointermove", (event) => {
    if (drag?.id !== event.pointerId) return;
    if (drag.to === null && Math.abs(event.clientX - drag.x) < SLACK) return;
    if (drag.to === null) {
      list.setPointerCapture(drag.id);
      drag.card.classList.add("dragged");
    }
    const box = list.getBoundingClientRect();
    if (event.clientX < box.left + EDGE) list.scrollLeft -= 8;
    if (event.clientX > box.right - EDGE) list.scrollLeft += 8;
    drag.card.style.transform = `translateX(${event.clientX - drag.x + list.scrollLeft - drag.scroll}px)`;
    drag.to = target(drag.card, event.clientX);
    mark(drag.card, drag.to);
  });

  /**
   * The index that the dragged card would have.
   * @param {HTMLElement} dragged
   * @param {number} x
   */
  function target(dragged, x) {
    const others = keys().filter((card) => card !== dragged);
    const after = others.findIndex((card) => {
      const box = finder(card)(".card").getBoundingClientRect();
      return x < box.left + box.width / 2;
    });
    return after < 0 ? others.length : after;
  }

  /**
   * @param {HTMLElement} dragged
   * @param {number} to
   */
  function mark(dragged, to) {
    const others = keys().filter((card) => card !== dragged);
    for (const card of others) card.classList.remove("before", "after");
    if (to === keys().indexOf(dragged)) return;
    (others[to] ?? others.at(-1))?.classList.add(to < others.length ? "before" : "after");
  }

  /**
   * @param {PointerEvent | KeyboardEvent} event
   * @param {boolean} keep the new place
   */
  function end(event, keep) {
    if (!drag || (event instanceof PointerEvent && drag.id !== event.pointerId)) return;
    const { card, to } = drag;
    const start = keys().indexOf(card);
    drag = null;
    card.style.transform = "";
    for (const key of keys()) key.classList.remove("dragged", "before", "after");
    if (keep && to !== null) move(start, to);
  }
  list.addEventListener("pointerup", (event) => end(event, true));
  list.addEventListener("pointercancel", (event) => end(event, false));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(event, false);
  });
}
