// Nine places for pictures that can be pressed: a sum and what lies beside it, or the children of two faces.

export class Places {
  /** `press(face, index)` is called with the face that lies where one pressed. */
  constructor(element, label, cell, press) {
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
    this.faces = [];
    this.buttons = Array.from({ length: 9 }, (_, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cell";
      button.append(Object.assign(document.createElement("canvas"), { width: cell, height: cell }));
      button.addEventListener("click", () => this.faces[index] && press(this.faces[index], index));
      return button;
    });
    element.replaceChildren(...this.buttons);
  }

  /** What each place is called. */
  name(title) {
    this.buttons.forEach((button, index) => {
      button.title = title(index);
      button.setAttribute("aria-label", title(index));
    });
  }

  /** Lays out other faces; returns where each is to be painted. The old pictures are gone at once. */
  offer(faces) {
    this.faces = faces;
    return this.buttons.flatMap((button, index) => {
      const canvas = button.firstChild,
        face = faces[index];
      canvas.classList.remove("ready", "lost");
      button.disabled = !face;
      return face ? [{ canvas, face }] : [];
    });
  }
}

/** A place for one picture that is picked: a dashed square with a letter until there is one. */
export function slot(element, letter, cell, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "slot";
  button.innerHTML = `<canvas width="${cell}" height="${cell}"></canvas><span class="letter">${letter}</span>`;
  button.addEventListener("click", press);
  element.prepend(button);
  return { button, canvas: button.firstChild };
}
