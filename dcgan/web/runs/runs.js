// The list of all runs on the Train tab: names, filter, deletion with undo, and the comparison of two.
/** @import { RunRow } from "./two_runs.js" */
/** @import { RowActions } from "./run_row.js" */
import { finder } from "../common/dom.js";
import { events, fetchWithRetry, notice, request, sentenceOf } from "../common/session.js";
import { token, tokens } from "../train/tokens.js";
import { Comparison } from "./comparison.js";
import { runRow } from "./run_row.js";
import { matches } from "./two_runs.js";

const UNREACHABLE = "The server cannot be reached.";

class RunList {
  /** @type {RunRow[]} */
  rows = [];
  /**
   * Ids of the runs that are marked to be compared, at most two.
   * @type {string[]}
   */
  marked = [];
  loads = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.find = finder(element);
    this.list = this.find(".list");
    this.filter = this.find(".filter", HTMLInputElement);
    this.compareButton = this.find(".compare", HTMLButtonElement);
    this.comparison = new Comparison(this.find(".comparison"));
    /** @type {RowActions} */
    this.actions = {
      open: ({ run }) => events.dispatchEvent(new CustomEvent("run-chosen", { detail: run })),
      rename: (row, name) => this.rename(row, name),
      remove: (row) => this.remove(row),
      mark: ({ run }, marked) => this.mark(run, marked),
      move: ({ run }, move) => this.changeQueue("move_in_queue", { run, token: token(run), move }),
      leave: ({ run }) => this.changeQueue("leave_queue", { run, token: token(run) }),
    };
    this.filter.addEventListener("input", () => this.show());
    this.compareButton.addEventListener("click", () => this.compare());
  }

  async load() {
    const load = ++this.loads;
    /** @type {{ runs: RunRow[] }} */
    const { runs } = await (await fetchWithRetry("runs", { tokens: tokens() })).json();
    if (load !== this.loads) return; // asked anew meanwhile
    this.rows = runs;
    const names = Object.fromEntries(runs.filter(({ name }) => name).map(({ run, name }) => [run, name]));
    events.dispatchEvent(new CustomEvent("run-names", { detail: names }));
    if (!this.list.querySelector(".new-name")) this.show(); // a name that is being written stays until it is done
  }

  show() {
    const shown = this.rows.filter((row) => matches(row, this.filter.value));
    this.find(".all-runs").hidden = !this.rows.length && !this.find(".deleted").textContent;
    this.find(".count").textContent =
      shown.length === this.rows.length ? String(shown.length) : `${shown.length} of ${this.rows.length}`;
    this.list.replaceChildren(...shown.map((row) => runRow(row, this.marked.includes(row.run), this.actions)));
    this.compareButton.disabled = this.marked.length < 2;
  }

  /**
   * @param {string} run
   * @param {boolean} marked
   */
  mark(run, marked) {
    const others = this.marked.filter((one) => one !== run);
    this.marked = marked ? [...others.slice(-1), run] : others; // a third one takes the place of the first
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll("li"))) {
      finder(item)("input[type=checkbox]", HTMLInputElement).checked = this.marked.includes(item.dataset.run ?? "");
    }
    this.compareButton.disabled = this.marked.length < 2;
  }

  /**
   * @param {RunRow} row
   * @param {string} name
   */
  async rename({ run, name: before }, name) {
    if (name !== before) await this.#order("runs/rename", { run, token: token(run), name });
    await this.load();
  }

  /** @param {RunRow} row */
  async remove({ run, name }) {
    if (!(await this.#order("runs/delete", { run, token: token(run) }))) return;
    this.mark(run, false);
    this.comparison.forget(run);
    events.dispatchEvent(new CustomEvent("run-deleted", { detail: run }));
    const line = this.find(".deleted");
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "small undo" });
    undo.textContent = "Undo";
    undo.addEventListener("click", () => this.restore(run));
    line.replaceChildren(`Deleted ${name || run}. `, undo);
    undo.focus();
    await this.load();
  }

  /** @param {string} run */
  async restore(run) {
    if (!(await this.#order("runs/restore", { run, token: token(run) }))) return;
    this.find(".deleted").textContent = "";
    await this.load();
  }

  /**
   * @param {"move_in_queue" | "leave_queue"} what
   * @param {Record<string, string>} body
   */
  async changeQueue(what, body) {
    if (await this.#order(`train/${what}`, body)) await this.load();
  }

  async compare() {
    const [first, second] = this.marked;
    try {
      this.comparison.show(await (await request("runs/compare", { first, second, tokens: tokens() })).json());
    } catch (error) {
      notice(sentenceOf(error, UNREACHABLE));
    }
  }

  /**
   * Asks for a change, and shows why where it was refused. Resolves to whether it was made.
   * @param {string} route
   * @param {Record<string, string>} body
   */
  async #order(route, body) {
    try {
      await request(route, body);
      return true;
    } catch (error) {
      notice(sentenceOf(error, UNREACHABLE));
      return false;
    }
  }
}

/** @param {HTMLElement} element */
export async function mount(element) {
  const list = new RunList(element);
  const load = () => list.load().catch((error) => notice(sentenceOf(error, UNREACHABLE)));
  events.addEventListener("runs", load);
  events.addEventListener("reconnected", load);
  await load();
}
