// Nine faces as buttons: a sum and its neighbours, or the children of two faces. And a button that shows one picked face.

/** @import { FaceFields, Placed } from "./types.d.ts" */
import { squareCanvas } from "./dom.js";

export class FaceGrid {
  /** @type {FaceFields[]} */
  faces = [];

  /**
   * @param {HTMLElement} element
   * @param {string} label
   * @param {number} cell side of a picture
   * @param {(face: FaceFields, index: number) => void} press is called with the pressed face
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
   * Sets the label of each button.
   * @param {(index: number) => string} title
   */
  name(title) {
    this.places.forEach(({ button }, index) => {
      button.title = title(index);
      button.setAttribute("aria-label", title(index));
    });
  }

  /**
   * Shows other faces: clears the old pictures and returns the canvas of each new one, to be painted.
   * @param {FaceFields[]} faces
   * @returns {Placed[]}
   */
  setFaces(faces) {
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
 * A button that shows a picked face: a dashed square with a letter until one is picked.
 * @param {HTMLElement} element
 * @param {string} letter
 * @param {number} cell side of the picture
 * @param {() => void} press
 */
export function faceButton(element, letter, cell, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "face-button";
  const canvas = squareCanvas(cell);
  button.append(canvas, Object.assign(document.createElement("span"), { className: "letter", textContent: letter }));
  button.addEventListener("click", press);
  element.prepend(button);
  return { button, canvas };
}
