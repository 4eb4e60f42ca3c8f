// The strongest directions: each a native slider whose thumb is a loupe over a strip of what it does to this face.
import { signed } from "./shared.js";
import { Sheets } from "./frames.js";

export const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const CELL = 56;

export class Directions {
  /** `changed(done)` as for the faders. */
  constructor(element, face, changed) {
    Object.assign(this, { face, changed, found: false });
    this.sheets = new Sheets();
    this.rows = face.directions.map((_, index) => this.make(index));
    element.replaceChildren(...this.rows.map(({ row }) => row));
  }

  /** The server has found them; until then the sliders are there but cannot be moved. */
  arrive(shares) {
    this.found = true;
    this.rows.forEach(({ row, input }, index) => {
      row.hidden = index >= shares.length;
      input.disabled = row.hidden;
      if (!row.hidden) row.querySelector(".share").textContent = `${(shares[index] * 100).toFixed(1)} %`;
    });
  }

  make(index) {
    const row = document.createElement("div");
    row.className = "direction";
    row.innerHTML = `
      <div class="label"><span>${index + 1}</span><span class="quiet share" title="Share of all change, to first order, that lies along this direction">…</span>
        <output class="value">0.00</output></div>
      <div class="strip"><canvas width="${CELL * STEPS.length}" height="${CELL}" aria-hidden="true"></canvas>
        <input type="range" min="-3" max="3" step="0.05" value="0" disabled aria-label="Direction ${index + 1}"
          title="Drag to move along direction ${index + 1}; double-click for 0" /></div>`;
    const input = row.querySelector("input"), canvas = row.querySelector("canvas"), output = row.querySelector("output");
    input.addEventListener("input", () => { this.face.directions[index] = Number(input.value); this.showOne(index); this.changed(false); });
    input.addEventListener("change", () => this.changed(true));
    input.addEventListener("dblclick", () => { this.face.directions[index] = 0; this.showOne(index); this.changed(true); });
    return { row, input, canvas, output };
  }

  show() { this.rows.forEach((_, index) => this.showOne(index)); }

  showOne(index) {
    const { row, input, output } = this.rows[index], amount = this.face.directions[index];
    input.value = amount;
    output.textContent = signed(amount);
    row.classList.toggle("moved", amount !== 0);
  }

  /**
   * Fetches the strips for the face as it is now, one after the other; an old one stays until the new one is there.
   * False when the face has moved on meanwhile.
   */
  async develop() {
    const face = this.face.request, own = [...this.face.directions];
    for (const [index, { row, canvas }] of this.rows.entries()) {
      if (row.hidden) continue;
      const variants = STEPS.map((step) => (step === own[index] ? [] : [{ direction: index, amount: step - own[index] }]));
      const sheet = await this.sheets.get({ ...face, model: this.model, variants, cell: CELL });
      if (!sheet) return false;
      canvas.getContext("2d").drawImage(sheet, 0, 0);
      canvas.classList.add("ready");
      sheet.close();
    }
    return true;
  }
}
