// The dialog "Teach a slider". A person marks faces that have a trait and faces that do not. After each mark the server
// fits a direction to them, and the dialog shows its accuracy and a preview. It can then be added as a slider.
/** @import { Face } from "../common/face.js" */
/** @import { Directions } from "./directions.js" */

import { childrenOf, closest, context2d, drawCell, finder, squareCanvas } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { debounce, request, sentenceOf } from "../common/session.js";
import { sheetPicture } from "../generator/pictures.js";
import { LONGEST_NAME, tidyName } from "./direction_labels.js";

const SHEET = 48; // faces that are added at a time
const CELL = 64;
const MAX_SHEETS = 8;
const MIN_EXAMPLES = 3; // of each kind
const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const PREVIEW_CELL = 80;
/** @type {Mark[]} */
const MARKS = ["none", "has", "not"]; // in the order in which clicks change them
/** @type {Record<Mark, string>} */
const MARK_LABELS = { none: "not marked", has: "has it", not: "does not have it" };
/** @type {Record<string, Mark>} */
const KEYS = {
  "+": "has",
  y: "has",
  1: "has",
  "-": "not",
  n: "not",
  2: "not",
  0: "none",
  Delete: "none",
  Backspace: "none",
};
const ADVICE = `Mark at least ${MIN_EXAMPLES} faces with the trait and ${MIN_EXAMPLES} without it; a dozen of each is better.`;

const TEMPLATE = `
  <div class="head"><h2 id="teach-title">Teach a slider</h2><span class="grow"></span>
    <button type="button" class="icon close" aria-label="Close" title="Close (Esc)">×</button></div>
  <p class="how">Choose a trait, such as a smile. Click once on a face that <b class="has">has it</b>, twice on one that
    <b class="not">does not</b>; a third click removes the mark. <span class="quiet keys">Keys: arrows to move, + or − to
    mark, 0 to remove the mark.</span></p>
  <div class="sheet" role="group" aria-label="Faces to mark"></div>
  <div class="row"><button type="button" class="small more">more faces</button>
    <button type="button" class="small clear">clear marks</button>
    <span class="grow"></span><span class="tally" role="status"></span></div>
  <p class="fit-result" role="status"></p>
  <div class="preview" aria-hidden="true"><canvas width="${PREVIEW_CELL * STEPS.length}" height="${2 * PREVIEW_CELL}"></canvas></div>
  <p class="quiet scale" aria-hidden="true"><span>−3</span><span>above: the current face, below:
    seed 1</span><span>+3</span></p>
  <form class="row"><label class="field grow">name <input class="name-field" type="text" maxlength="${LONGEST_NAME}"
    placeholder="for example smile" autocomplete="off" spellcheck="false" /></label>
    <button type="submit" class="primary add" disabled>Add slider</button></form>
  <p class="quiet locked-names"></p>`;

/** @typedef {"none" | "has" | "not"} Mark */
/**
 * A direction that the server fitted: its vector, its accuracy, the numbers of examples, a sentence about it, and whether
 * it is significantly better than guessing.
 * @typedef {object} FittedDirection
 * @property {string} vector
 * @property {number} accuracy
 * @property {number} has
 * @property {number} has_not
 * @property {string} words
 * @property {boolean} sure
 */

/**
 * @param {HTMLElement} element
 * @param {() => { model: string, face: Face, directions: Directions }} current returns what the Explore tab shows
 */
export function teach(element, current) {
  const dialog = document.createElement("dialog");
  dialog.className = "dcgan teach";
  dialog.setAttribute("aria-labelledby", "teach-title");
  dialog.innerHTML = TEMPLATE;
  (element.closest(".tabitem") ?? element).append(dialog); // Gradio limits style sheets to the tab's elements
  const find = finder(dialog);
  const sheet = find(".sheet");
  const result = find(".fit-result");
  const previewCanvas = find(".preview canvas", HTMLCanvasElement);
  const nameField = find(".name-field", HTMLInputElement);
  const addButton = find(".add", HTMLButtonElement);
  const sheets = new Sheets();
  const moreButton = find(".more", HTMLButtonElement);
  let model = "";
  let latest = 0; // number of the newest fit
  /**
   * Seed → "has" or "not", in the order of marking.
   * @type {Map<string, Mark>}
   */
  let marks = new Map();
  /** @type {FittedDirection | null} */
  let fitted = null;
  /** @type {Promise<void> | null} */
  let fitting = null;

  finder(element)(".open-teach").addEventListener("click", () => {
    if (model !== current().model) reset();
    showLocked();
    dialog.showModal();
    childrenOf(sheet)
      .find((face) => face.tabIndex === 0)
      ?.focus();
    fit(); // the face or the locks may have changed
  });
  find(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // not a shortcut of the Explore tab
  dialog.addEventListener("close", () => sheets.stop());

  /** Starts again without marks. */
  function reset() {
    latest++; // a running fit belongs to the old marks
    model = current().model;
    marks = new Map();
    nameField.value = "";
    sheet.replaceChildren();
    addFaces();
  }

  // ---- the faces of seeds 1, 2, …

  async function addFaces() {
    const first = sheet.children.length + 1;
    const requested = model;
    const seeds = Array.from({ length: SHEET }, (_, index) => first + index);
    const faces = seeds.map(makeFace);
    sheet.append(...faces);
    if (first === 1) faces[0].tabIndex = 0;
    moreButton.disabled = sheet.children.length >= SHEET * MAX_SHEETS;
    try {
      const body = { model, faces: seeds.map((seed) => ({ seed })), cell: CELL, columns: SHEET };
      const picture = await sheetPicture(body);
      if (requested !== model) return;
      faces.forEach((face, index) => {
        drawCell(finder(face)("canvas", HTMLCanvasElement), picture, index);
        face.classList.add("ready");
      });
      picture.close();
    } catch (error) {
      for (const face of faces) face.remove();
      moreButton.disabled = false;
      const unreachable = "The server cannot be reached, so no faces are added; press “more faces” to try again.";
      showMessage(sentenceOf(error, unreachable), true);
    }
  }

  /** @param {number} seed */
  function makeFace(seed) {
    const face = document.createElement("button");
    Object.assign(face, { type: "button", className: "face", tabIndex: -1 });
    face.dataset.seed = String(seed);
    face.append(squareCanvas(CELL));
    showMark(face);
    return face;
  }

  /** @param {HTMLElement} face */
  const markOf = (face) => marks.get(face.dataset.seed ?? "") ?? "none";

  /** @param {HTMLElement} face */
  function showMark(face) {
    const mark = markOf(face);
    face.dataset.mark = mark;
    face.setAttribute("aria-label", `Face of seed ${face.dataset.seed}: ${MARK_LABELS[mark]}`);
    face.title = `seed ${face.dataset.seed}: ${MARK_LABELS[mark]}`;
  }

  /**
   * @param {HTMLElement} face
   * @param {Mark} mark
   */
  function setMark(face, mark) {
    if (!face.classList.contains("ready")) return;
    const { seed = "" } = face.dataset;
    marks.delete(seed);
    if (mark !== "none") marks.set(seed, mark);
    showMark(face);
    showCounts();
    fitSoon();
  }

  /** @param {HTMLElement} face */
  const nextMark = (face) => MARKS[(MARKS.indexOf(markOf(face)) + 1) % MARKS.length];
  sheet.addEventListener("click", (event) => {
    const face = closest(event, ".face");
    if (!face) return;
    setTabStop(face);
    setMark(face, nextMark(face));
  });
  sheet.addEventListener("keydown", (event) => {
    const face = closest(event, ".face");
    if (!face || event.ctrlKey || event.metaKey || event.altKey) return;
    const faces = childrenOf(sheet);
    const index = faces.indexOf(face);
    const columns = faces.filter((other) => other.offsetTop === faces[0].offsetTop).length;
    const to = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index - columns,
      ArrowDown: index + columns,
      Home: 0,
      End: faces.length - 1,
    }[event.key];
    if (to === undefined && !(event.key in KEYS)) return;
    event.preventDefault();
    if (to === undefined) setMark(face, KEYS[event.key]);
    else if (faces[to]) {
      setTabStop(faces[to]);
      faces[to].focus();
    }
  });

  /**
   * Makes a face the one that the Tab key reaches.
   * @param {HTMLElement} face
   */
  function setTabStop(face) {
    sheet.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    face.tabIndex = 0;
  }

  moreButton.addEventListener("click", addFaces);
  find(".clear").addEventListener("click", () => {
    marks.clear();
    for (const face of childrenOf(sheet)) showMark(face);
    fit();
  });

  // ---- fitting the direction

  /** @param {Mark} kind */
  const seeds = (kind) => [...marks].filter(([, mark]) => mark === kind).map(([seed]) => seed);
  const showCounts = () => {
    find(".tally").innerHTML =
      `<b class="has">${seeds("has").length}</b> have it · <b class="not">${seeds("not").length}</b> do not`;
  };
  /** @type {(text: string, bad?: boolean) => void} */
  const showMessage = (text, bad = false) => {
    result.textContent = text;
    result.classList.toggle("doubtful", bad);
  };
  const fitSoon = debounce(250, () => fit());

  /** Fits a direction to the marks. One request runs at a time; marks made meanwhile are fitted after it. */
  function fit() {
    latest++;
    showCounts();
    if (Math.min(seeds("has").length, seeds("not").length) < MIN_EXAMPLES) {
      clearFit();
      return showMessage(ADVICE);
    }
    dialog.classList.add("fitting");
    if (!fitted) showMessage("Computing the direction …");
    if (!fitting)
      fitting = fitUntilCurrent().finally(() => {
        fitting = null;
        dialog.classList.remove("fitting");
      });
  }

  async function fitUntilCurrent() {
    let done = 0;
    while (done !== latest) {
      done = latest;
      await fitOnce(done);
    }
  }

  /** @param {number} number of this fit; its answer is ignored if a newer one was requested */
  async function fitOnce(number) {
    const has = seeds("has");
    const has_not = seeds("not");
    if (Math.min(has.length, has_not.length) < MIN_EXAMPLES) return;
    const { face, directions } = current();
    const { locked } = directions.labels;
    try {
      /** @type {FittedDirection} */
      const answer = await (await request("teach", { model, has, has_not, locked })).json();
      if (number !== latest) return;
      fitted = answer;
      showMessage(answer.words, !answer.sure);
      updateAddButton();
      await preview([{ ...face.request }, { seed: 1 }], answer.vector);
    } catch (error) {
      if (number !== latest) return;
      clearFit();
      const unreachable = "The server cannot be reached; your marks are kept. Mark another face to try again.";
      showMessage(sentenceOf(error, unreachable), true);
    }
  }

  function clearFit() {
    fitted = null;
    sheets.stop();
    previewCanvas.classList.remove("ready");
    updateAddButton();
  }

  /**
   * Draws what the slider would do to each face, from −3 to +3.
   * @param {object[]} faces
   * @param {string} vector
   */
  async function preview(faces, vector) {
    const variants = STEPS.map((amount) => (amount ? [{ vector, amount }] : []));
    for (const [row, face] of faces.entries()) {
      const picture = await sheets.get({ ...face, model, variants, cell: PREVIEW_CELL });
      if (!picture) return;
      context2d(previewCanvas).drawImage(picture, 0, row * PREVIEW_CELL);
      previewCanvas.classList.add("ready");
      picture.close();
    }
  }

  // ---- the slider

  const updateAddButton = () => {
    addButton.disabled = !fitted || !tidyName(nameField.value);
  };
  nameField.addEventListener("input", updateAddButton);
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (addButton.disabled || !fitted) return;
    const { vector, accuracy, has, has_not } = fitted;
    const { directions } = current();
    dialog.close();
    directions.add({
      vector,
      accuracy,
      has,
      has_not,
      name: tidyName(nameField.value),
      locked: false,
      weights: directions.labels.weights,
    });
    reset();
    clearFit();
  });

  /** Shows which directions are left out of the fit. */
  function showLocked() {
    const { directions } = current();
    const names = directions.lockedNames;
    find(".locked-names").textContent = names.length
      ? `Left out, because they are locked: ${names.join(", ")}.`
      : "Directions that you lock in the list are left out of a new slider.";
  }
}
