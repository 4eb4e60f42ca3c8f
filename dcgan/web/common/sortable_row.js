// Moving the cards of a row: with the mouse by their picture, with a finger by their grip, with the keyboard by the
// grip and the arrow keys. Nothing moves in the list until the card is let go; a line shows where it would go.
const SLACK = 6; // px; less is a click
const EDGE = 40; // px from the row's ends where it scrolls along

/** `move(from, to)` is called with two indices of the row's `.key` elements. */
export function reorder(list, move) {
  const keys = () => [...list.querySelectorAll(".key")];
  let drag = null;

  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.(".grip");
    if (!grip) return;
    const cards = keys(),
      from = cards.indexOf(grip.closest(".key"));
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: cards.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= cards.length) return;
    event.preventDefault();
    move(from, to);
    keys()[to].querySelector(".grip").focus();
  });

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip"),
      picture = event.target.closest("canvas");
    const card = event.target.closest(".key");
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
    drag.to = target(event.clientX);
    mark();
  });

  const from = () => keys().indexOf(drag.card);

  /** The index that the dragged card would have. */
  function target(x) {
    const others = keys().filter((card) => card !== drag.card);
    const after = others.findIndex((card) => {
      const box = card.querySelector(".card").getBoundingClientRect();
      return x < box.left + box.width / 2;
    });
    return after < 0 ? others.length : after;
  }

  function mark() {
    const others = keys().filter((card) => card !== drag.card);
    for (const card of others) card.classList.remove("before", "after");
    if (drag.to === from()) return;
    (others[drag.to] ?? others.at(-1)).classList.add(drag.to < others.length ? "before" : "after");
  }

  function end(event, keep) {
    if (!drag || (event.pointerId !== undefined && drag.id !== event.pointerId)) return;
    const { card, to } = drag,
      start = from();
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
