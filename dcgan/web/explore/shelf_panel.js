// The panel below the Explore tab: the shelf, and arithmetic and breeding with its pictures. Folded up on a phone.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields } from "../common/types.d.ts" */

import { Arithmetic } from "../arithmetic/arithmetic.js";
import { Breeding } from "../breeding/breeding.js";
import { finder } from "../common/dom.js";
import { shelf } from "../shelf/shelf.js";

/**
 * Builds the panel.
 * @param {HTMLElement} explore the element of the Explore tab
 * @param {() => { face: Face, model: string }} current
 * @param {(face: FaceFields) => void} go opens a face in Explore, as one step of undo
 */
export function shelfPanel(explore, current, go) {
  const panel = finder(explore)(".shelf-panel");
  const narrow = matchMedia("(max-width: 760px)").matches;
  const combine = Object.assign(document.createElement("div"), { className: "combine" });
  /** @type {(where: HTMLElement, name: string) => HTMLDetailsElement} */
  const fold = (where, name) => {
    const details = Object.assign(document.createElement("details"), { className: `fold ${name}`, open: !narrow });
    where.append(details);
    return details;
  };
  shelf(fold(panel, "shelf"), explore, current, go);
  panel.append(combine);
  new Arithmetic(fold(combine, "arithmetic"), current, go);
  new Breeding(fold(combine, "breeding"), current, go);
}
