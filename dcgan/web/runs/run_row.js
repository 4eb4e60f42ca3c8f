// One run in the list: its thumbnail, its name, its facts, and what can be done with it.
/** @import { RunRow } from "./two_runs.js" */
import { at } from "../common/session.js";
import { stateLabel } from "../train/run_words.js";
import { facts } from "./two_runs.js";

const LONGEST_NAME = 60;
/** @type {Record<string, string>} */
const ARROWS = { up: "↑", down: "↓" };

/**
 * @typedef {object} RowActions
 * @property {(row: RunRow) => void} open shows the run
 * @property {(row: RunRow, name: string) => void} rename
 * @property {(row: RunRow) => void} remove
 * @property {(row: RunRow, marked: boolean) => void} mark marks the run to be compared
 * @property {(row: RunRow, move: string) => void} move lets the run change places with its neighbour in the queue
 * @property {(row: RunRow) => void} leave takes the run out of the queue
 */

/**
 * @param {RunRow} row
 * @param {boolean} marked
 * @param {RowActions} actions
 */
export function runRow(row, marked, actions) {
  const item = document.createElement("li");
  const title = row.name || row.run;
  item.dataset.run = row.run;
  const mark = Object.assign(document.createElement("input"), { type: "checkbox", checked: marked });
  mark.title = "Mark two runs to compare them";
  mark.setAttribute("aria-label", `Mark ${title} to be compared`);
  mark.addEventListener("change", () => actions.mark(row, mark.checked));
  const thumbnail = Object.assign(document.createElement("img"), { alt: "", loading: "lazy", width: 48, height: 48 });
  if (row.grid !== null) {
    thumbnail.src = `${at("runs/thumbnail")}?${new URLSearchParams({ run: row.run, nimg: String(row.grid) })}`;
  }
  const open = button(title, "open", () => actions.open(row));
  open.title = row.name ? `Show the run ${row.run}` : "Show this run";
  const state = Object.assign(document.createElement("span"), { className: "state quiet" });
  state.textContent = stateLabel(row.state, row.place);
  state.dataset.state = row.state;
  const about = Object.assign(document.createElement("span"), { className: "facts quiet", textContent: facts(row) });
  item.append(mark, thumbnail, open, state, about);
  if (!row.mine) return item;
  const rename = button("rename", "small rename", () => editName(open, row, actions));
  const remove = button("delete", "small delete", () => actions.remove(row));
  rename.setAttribute("aria-label", `Rename ${title}`);
  remove.setAttribute("aria-label", `Delete ${title}`);
  remove.disabled = row.alive;
  remove.title = row.alive ? "Stop the run before you delete it" : "Delete this run; it can be undone";
  if (row.place) item.append(queueButtons(row, title, actions));
  item.append(rename, remove);
  return item;
}

/**
 * The buttons of a run that waits: its moves, and the way out of the queue.
 * @param {RunRow} row
 * @param {string} title
 * @param {RowActions} actions
 */
function queueButtons(row, title, actions) {
  const buttons = Object.assign(document.createElement("span"), { className: "row queue" });
  for (const move of row.moves) {
    const arrow = button(ARROWS[move], "small", () => actions.move(row, move));
    arrow.setAttribute("aria-label", `Move ${title} ${move} in the queue`);
    arrow.title = `Move ${move} in the queue`;
    buttons.append(arrow);
  }
  const leave = button("remove from queue", "small", () => actions.leave(row));
  leave.setAttribute("aria-label", `Remove ${title} from the queue`);
  leave.title = "The run keeps its settings; Resume puts it back";
  buttons.append(leave);
  return buttons;
}

/**
 * Puts a text field in the place of the name. Enter or leaving it renames the run, Escape leaves the name as it is.
 * @param {HTMLElement} name
 * @param {RunRow} row
 * @param {RowActions} actions
 */
function editName(name, row, actions) {
  const input = Object.assign(document.createElement("input"), {
    type: "text",
    className: "new-name",
    value: row.name,
    maxLength: LONGEST_NAME,
    placeholder: row.run,
  });
  input.setAttribute("aria-label", `Name of ${row.run}`);
  let done = false;
  /** @param {boolean} wanted */
  const finish = (wanted) => {
    if (done) return; // taking the field away makes it lose the focus, which ends here again
    done = true;
    input.replaceWith(name);
    actions.rename(row, wanted ? input.value.trim() : row.name);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") {
      event.stopPropagation();
      finish(event.key === "Enter");
      name.focus();
    }
  });
  input.addEventListener("blur", () => finish(true));
  name.replaceWith(input);
  input.select();
}

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} press
 */
function button(text, className, press) {
  const made = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
  made.addEventListener("click", press);
  return made;
}
