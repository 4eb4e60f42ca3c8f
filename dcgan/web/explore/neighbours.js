// Sixteen faces a step away in the strongest directions; going to one moves the sliders, so one sees what it was.

import { Sheets } from "../common/frames.js";
import { clamp } from "../common/session.js";

const CELL = 64,
  COUNT = 16;

export class Neighbours {
  constructor(element, face, go) {
    Object.assign(this, { face });
    this.reach = 0.9;
    this.sheets = new Sheets();
    this.buttons = Array.from({ length: COUNT }, (_, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "neighbour";
      button.setAttribute("aria-label", `Go to neighbour ${index + 1}`);
      button.innerHTML = `<canvas width="${CELL}" height="${CELL}"></canvas>`;
      button.addEventListener("click", () => {
        if (!this.places[index]) return;
        const held = this.face.held; // perhaps locked after the picture was made
        this.face.directions.splice(
          0,
          Infinity,
          ...this.places[index].map((amount, direction) =>
            held?.has(direction) ? this.face.directions[direction] : amount,
          ),
        );
        go();
      });
      return button;
    });
    element.replaceChildren(...this.buttons);
    this.places = [];
    this.shuffle();
  }

  /** Draws other steps. They stay the same ones while the face moves, so that the grid moves with it. */
  shuffle() {
    this.steps = Array.from({ length: COUNT }, () => this.face.directions.map(normal));
  }

  /** Fetches the sixteen. False when the face has moved on meanwhile. */
  async develop() {
    const own = [...this.face.directions];
    const places = this.steps.map((step) =>
      own.map((amount, index) =>
        this.face.held?.has(index) ? amount : Math.round(clamp(amount + this.reach * step[index], -3, 3) * 20) / 20,
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
    this.buttons.forEach((button, index) => {
      button.firstChild.getContext("2d").drawImage(sheet, index * CELL, 0, CELL, CELL, 0, 0, CELL, CELL);
      button.classList.add("ready");
    });
    sheet.close();
    return true;
  }
}

// Box and Muller
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
