// The bench beneath the desk: what is kept, and what is made of it. Behind folds on a phone.

import { Sums } from "../arithmetic/arithmetic.js";
import { Breeding } from "../breeding/breeding.js";
import { shelf } from "../shelf/shelf.js";

/** `desk` is the Explore tab's element, `current()` what lies on it, `go(face)` puts a face there, a step of undo. */
export function bench(desk, current, go) {
  const room = desk.querySelector(".shelf-panel"),
    narrow = matchMedia("(max-width: 760px)").matches;
  const workshop = Object.assign(document.createElement("div"), { className: "workshop" });
  const fold = (where, name) => {
    const details = Object.assign(document.createElement("details"), { className: `fold ${name}`, open: !narrow });
    where.append(details);
    return details;
  };
  shelf(fold(room, "shelf"), desk, current, go);
  room.append(workshop);
  new Sums(fold(workshop, "sums"), current, go);
  new Breeding(fold(workshop, "breeding"), current, go);
}
