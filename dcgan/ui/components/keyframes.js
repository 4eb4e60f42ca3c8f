// The row of faces that a film walks through. A face that came from Explore keeps its truncation and its edits.
import { rest, session } from "./shared.js";
import { Sheets } from "./frames.js";

const CELL = 96, MOST = 16, LEAST = 2;
const random = () => String(Math.floor(Math.random() * 1e6));

export class Keyframes {
  constructor(list, changed) {
    Object.assign(this, { list, changed });
    this.faces = [{ seed: "7", psi: 1, edits: [] }, { seed: "19", psi: 1, edits: [] }];
    this.sheets = new Sheets();
    this.develop = rest(120, () => this.fetch());
    this.show();
  }

  /** Takes the faces that Explore has put aside. */
  takeShelf() {
    const shelf = session.shelf ?? [];
    if (!shelf.length) return;
    this.faces.push(...shelf.splice(0, Infinity));
    this.faces.splice(MOST);
    this.update();
  }

  update() { this.show(); this.changed(); }

  show() {
    const cards = this.faces.map((face, index) => this.card(face, index));
    const add = document.createElement("li");
    add.className = "add";
    add.innerHTML = `<button type="button" class="plus" aria-label="Add a face" title="Add a face">+</button>`;
    add.firstChild.disabled = this.faces.length >= MOST;
    add.firstChild.addEventListener("click", () => { this.faces.push({ seed: random(), psi: 1, edits: [] }); this.update(); });
    const old = [...this.list.querySelectorAll("canvas")];
    this.list.replaceChildren(...cards, add);
    // thumbnails stay until the new ones are there
    this.list.querySelectorAll("canvas").forEach((canvas, index) => {
      if (old[index]?.classList.contains("ready")) { canvas.getContext("2d").drawImage(old[index], 0, 0); canvas.classList.add("ready"); }
    });
    this.develop();
  }

  card(face, index) {
    const item = document.createElement("li");
    const letter = String.fromCharCode(65 + index);
    const edited = face.edits.length || face.psi !== 1;
    item.innerHTML = `
      <canvas width="${CELL}" height="${CELL}" role="img" aria-label="Face ${letter}"></canvas>
      <div class="row"><b>${letter}</b><input class="seed" type="text" inputmode="numeric" maxlength="19" aria-label="Seed of face ${letter}" title="Seed of this face" />
        ${edited ? `<span class="mark" title="Comes from Explore with its edits">✎</span>` : ""}</div>
      <div class="row tools">
        <button type="button" class="icon dice" aria-label="Random seed for face ${letter}" title="Another face">⚄</button>
        <button type="button" class="icon earlier" aria-label="Move face ${letter} earlier" title="Earlier" ${index ? "" : "disabled"}>‹</button>
        <button type="button" class="icon remove" aria-label="Remove face ${letter}" title="Remove" ${this.faces.length > LEAST ? "" : "disabled"}>×</button></div>`;
    const input = item.querySelector(".seed");
    input.value = face.seed;
    const take = (seed) => { this.faces[index] = { ...face, seed }; };
    input.addEventListener("input", () => {
      const fits = /^\d{1,19}$/.test(input.value) && BigInt(input.value) < 2n ** 63n;
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) return;
      face.seed = input.value;
      this.develop();
      this.changed();
    });
    item.querySelector(".dice").addEventListener("click", () => { take(random()); this.update(); });
    item.querySelector(".remove").addEventListener("click", () => { this.faces.splice(index, 1); this.update(); });
    item.querySelector(".earlier").addEventListener("click", () => {
      [this.faces[index - 1], this.faces[index]] = [this.faces[index], this.faces[index - 1]];
      this.update();
    });
    return item;
  }

  async fetch() {
    const count = this.faces.length;
    const sheet = await this.sheets.get({ model: session.model.name, faces: this.faces, cell: CELL, columns: count });
    if (!sheet) return;
    this.list.querySelectorAll("canvas").forEach((canvas, index) => {
      canvas.getContext("2d").drawImage(sheet, index * CELL, 0, CELL, CELL, 0, 0, CELL, CELL);
      canvas.classList.add("ready");
    });
    sheet.close();
  }
}
