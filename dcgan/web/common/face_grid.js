// Nine places for pictures that can be pressed: a sum and what lies beside it, or the children of two faces.

/** @import { FaceFields, Placed } from "./types.d.ts" */
import { squareCanvas } from "./dom.js";

export class FaceGrid {
  /** @type {FaceFields[]} */
  faces = [];

  /**
   * @param {HTMLElement} element
   * @param {string} label
   * @param {number} cell side of a picture
   * @param {(face: FaceFields, index: number) => void} press is called with the face that lies where one pressed
   */
  constructor(element, label, cell, press) {
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
    this.places = Array.from({ length: 9 }, (_, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cell";
      const canvas = squareCanvas(cell);
      button.append(canvas);
      button.addEventListener("click", () => this.faces[index] && press(this.faces[index], index));
      return { button, canvas };
    });
    element.replaceChildren(...this.places.map(({ button }) => button));
  }

  /**
   * What each place is called.
   * @param {(index: number) => string} title
   */
  name(title) {
    this.places.forEach(({ button }, index) => {
      button.title = title(index);
      button.setAttribute("aria-label", title(index));
    });
  }

  /**
   * Lays out other faces; returns where each is to be painted. The old pictures are gone at once.
   * @param {FaceFields[]} faces
   * @returns {Placed[]}
   */
  offer(faces) {
    this.faces = faces;
    return this.places.flatMap(({ button, canvas }, index) => {
      const face = faces[index];
      canvas.classList.remove("ready", "lost");
      button.disabled = !face;
      return face ? [{ canvas, face }] : [];
    });
  }
}

/**
 * A place for one picture that is picked: a dashed square with a letter until there is one.
 * @param {HTMLElement} element
 * @param {string} letter
 * @param {number} cell side of the picture
 * @param {() => void} press
 */
export function slot(element, letter, cell, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "slot";
  const canvas = squareCanvas(cell);
  button.append(canvas, Object.assign(document.createElement("span"), { className: "letter", textContent: letter }));
  button.addEventListener("click", press);
  element.prepend(button);
  return { button, canvas };
}
