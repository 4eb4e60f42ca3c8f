// The bench beneath the desk: what is kept, and what is made of it. Behind folds on a phone.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields } from "../common/types.d.ts" */

import { Arithmetic } from "../arithmetic/arithmetic.js";
import { Breeding } from "../breeding/breeding.js";
import { finder } from "../common/dom.js";
import { shelf } from "../shelf/shelf.js";

/**
 * @param {HTMLElement} desk the Explore tab's element
 * @param {() => { face: Face, model: string }} current what lies on it
 * @param {(face: FaceFields) => void} go puts a face there, a step of undo
 */
export function bench(desk, current, go) {
  const room = finder(desk)(".shelf-panel");
  const narrow = matchMedia("(max-width: 760px)").matches;
  const workshop = Object.assign(document.createElement("div"), { className: "workshop" });
  /** @type {(where: HTMLElement, name: string) => HTMLDetailsElement} */
  const fold = (where, name) => {
    const details = Object.assign(document.createElement("details"), { className: `fold ${name}`, open: !narrow });
    where.append(details);
    return details;
  };
  shelf(fold(room, "shelf"), desk, current, go);
  room.append(workshop);
  new Arithmetic(fold(workshop, "sums"), current, go);
  new Breeding(fold(workshop, "breeding"), current, go);
}
