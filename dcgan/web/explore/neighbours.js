// Sixteen faces, each a step away in one of the strongest directions; choosing one moves that direction's slider.
/** @import { Face } from "../common/face.js" */

import { drawCell, squareCanvas } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { roveFocus } from "../common/roving_focus.js";
import { clamp } from "../common/session.js";

const CELL = 64;
const COUNT = 16;

export class Neighbours {
  model = "";
  reach = 0.9;
  /**
   * Amounts along each direction, of each neighbour that is shown.
   * @type {number[][]}
   */
  places = [];

  /**
   * @param {HTMLElement} element
   * @param {Face} face
   * @param {() => void} go is called when the face has become one of them
   */
  constructor(element, face, go) {
    this.face = face;
    this.sheets = new Sheets();
    this.steps = this.draw();
    this.cells = Array.from({ length: COUNT }, (_, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "neighbour";
      button.setAttribute("aria-label", `Go to neighbour ${index + 1}`);
      const canvas = squareCanvas(CELL);
      button.append(canvas);
      button.addEventListener("click", () => {
        if (!this.places[index]) return;
        const locked = this.face.locked; // perhaps locked after the picture was made
        this.face.directions.splice(
          0,
          Infinity,
          ...this.places[index].map((amount, direction) =>
            locked.has(direction) ? this.face.directions[direction] : amount,
          ),
        );
        go();
      });
      return { button, canvas };
    });
    roveFocus(this.cells.map(({ button }) => button));
    element.replaceChildren(...this.cells.map(({ button }) => button));
  }

  /** Draws other steps. They stay the same ones while the face moves, so that the grid moves with it. */
  shuffle() {
    this.steps = this.draw();
  }

  draw() {
    return Array.from({ length: COUNT }, () => this.face.directions.map(normal));
  }

  /** Fetches the sixteen. False when the face has moved on meanwhile. */
  async fetchPictures() {
    const own = [...this.face.directions];
    const places = this.steps.map((step) =>
      own.map((amount, index) =>
        this.face.locked.has(index) ? amount : Math.round(clamp(amount + this.reach * step[index], -3, 3) * 20) / 20,
      ),
    );
    const variants = places.map((place) =>
      place.flatMap((amount, direction) =>
        amount === own[direction] ? [] : [{ ...this.face.key(direction), amount: amount - own[direction] }],
      ),
    );
    const sheet = await this.sheets.get({
      ...this.face.request,
      model: this.model,
      variants,
      cell: CELL,
      columns: COUNT,
    });
    if (!sheet) return false;
    this.places = places; // only now: a click goes to the picture that is shown
    this.cells.forEach(({ button, canvas }, index) => {
      drawCell(canvas, sheet, index);
      button.classList.add("ready");
    });
    sheet.close();
    return true;
  }
}

// Box and Muller
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
