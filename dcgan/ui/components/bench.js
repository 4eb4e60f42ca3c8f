// The bench beneath the desk: what is kept, and what is made of it. Behind folds on a phone.
import { shelf } from "./shelf.js";

/** `desk` is the Explore tab's element, `current()` what lies on it, `go(face)` puts a face there, as a step of undo. */
export function bench(desk, current, go) {
  const room = desk.querySelector(".bench"), narrow = matchMedia("(max-width: 760px)").matches;
  const fold = (name) => {
    const details = Object.assign(document.createElement("details"), { className: `fold ${name}`, open: !narrow });
    room.append(details);
    return details;
  };
  shelf(fold("shelf"), desk, current, go);
}
