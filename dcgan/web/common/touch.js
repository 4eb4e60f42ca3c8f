// Touch on sliders. A vertical swipe scrolls the page and moves no slider; a tap or a horizontal movement sets its value.
// The style sheets allow the browser that swipe (touch-action: pan-y), and it then sends pointercancel.

const SLACK = 6; // px; less is a tap

/** Decides whether a pointer that went down on a control moves the control. A mouse always does. */
export class Gesture {
  /** @param {PointerEvent} event the pointerdown */
  constructor({ clientX, clientY, pointerType }) {
    this.x = clientX;
    this.y = clientY;
    this.drags = pointerType === "mouse";
  }

  /**
   * Whether the control follows the pointer: from the first movement that is horizontal rather than vertical.
   * @param {PointerEvent} event
   */
  follows({ clientX, clientY }) {
    const across = Math.abs(clientX - this.x);
    this.drags ||= across > SLACK && across > Math.abs(clientY - this.y);
    return this.drags;
  }

  /**
   * Whether the pointer, which goes up here, has only tapped. A mouse never does: it drags from the start.
   * @param {PointerEvent} event
   */
  taps(event) {
    return !this.drags && this.distance(event) <= SLACK;
  }

  /**
   * Pixels from where the pointer went down.
   * @param {PointerEvent} event
   */
  distance({ clientX, clientY }) {
    return Math.hypot(clientX - this.x, clientY - this.y);
  }
}

/**
 * A touch on a range input: its value before, and the value that the browser gave it before the gesture was clear.
 * @typedef {{ input: HTMLInputElement, id: number, before: string, tapped: string | null, gesture: Gesture }} Touch
 */

/**
 * Keeps vertical swipes from moving the range inputs below `root`: browsers set the value as soon as a finger is down.
 * @param {Document} root
 */
export function guardSliders(root) {
  /** @type {Touch | null} */
  let touch = null;

  /** @param {PointerEvent} event */
  function down(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "range" || input.disabled) return;
    if (event.pointerType === "mouse" || !event.isPrimary) return;
    touch = { input, id: event.pointerId, before: input.value, tapped: null, gesture: new Gesture(event) };
  }

  /** @param {Event} event */
  function input(event) {
    if (!touch || event.target !== touch.input || touch.gesture.drags) return;
    event.stopImmediatePropagation();
    touch.tapped = touch.input.value;
    touch.input.value = touch.before;
  }

  /**
   * @param {PointerEvent} event
   * @returns {Touch | null} the touch that this event ends
   */
  function ended({ pointerId }) {
    if (touch?.id !== pointerId) return null;
    const last = touch;
    touch = null;
    return last;
  }

  /** @type {(type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel", listener: (event: PointerEvent) => void) => void} */
  const on = (type, listener) => root.addEventListener(type, listener, { capture: true, passive: true });
  on("pointerdown", down);
  on("pointermove", (event) => {
    if (touch?.id === event.pointerId) touch.gesture.follows(event);
  });
  on("pointerup", (event) => {
    const last = ended(event);
    if (last?.gesture.taps(event) && last.tapped !== null) enter(last.input, last.tapped);
  });
  on("pointercancel", (event) => {
    const last = ended(event);
    if (last && last.input.value !== last.before) enter(last.input, last.before);
  });
  root.addEventListener("input", input, { capture: true });
}

/**
 * Gives an input a value, with the events of a person who entered it.
 * @param {HTMLInputElement} input
 * @param {string} value
 */
function enter(input, value) {
  input.value = value;
  for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
}
