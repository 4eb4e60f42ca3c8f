// Teach a slider: a sheet of faces, some marked as having a trait and some as not having it; the server learns the
// direction between them with every mark, says how good it is, and shows what it does before it becomes a slider.
/** @import { Face } from "../common/face.js" */
/** @import { Directions } from "./directions.js" */

import { childrenOf, closest, context2d, drawCell, finder, squareCanvas } from "../common/dom.js";
import { Sheets } from "../common/frames.js";
import { debounce, request, sentenceOf } from "../common/session.js";
import { sheetPicture } from "../generator/pictures.js";
import { LONGEST_NAME, tidyName } from "./direction_labels.js";

const SHEET = 48;
const CELL = 64;
const MOST_SHEETS = 8;
const LEAST = 3;
const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const WIDE = 80;
/** @type {Mark[]} */
const MARKS = ["none", "has", "not"]; // in the order in which clicks go through them
/** @type {Record<Mark, string>} */
const SAID = { none: "not marked", has: "has it", not: "has not" };
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
const ADVICE = `Mark at least ${LEAST} faces that have it and ${LEAST} that have not; a dozen of each is better.`;

const TEMPLATE = `
  <div class="head"><h2 id="teach-title">Teach a slider</h2><span class="grow"></span>
    <button type="button" class="icon close" aria-label="Close" title="Close (Esc)">×</button></div>
  <p class="how">Think of a trait, such as a smile. Click a face that <b class="has">has it</b> once, one that
    <b class="not">has not</b> twice;
    a third click takes the mark away. <span class="quiet keys">Keys: arrows, then + or −, 0 for neither.</span></p>
  <div class="sheet" role="group" aria-label="Faces to be marked"></div>
  <div class="row"><button type="button" class="small more">more faces</button>
    <button type="button" class="small clear">clear marks</button>
    <span class="grow"></span><span class="tally" role="status"></span></div>
  <p class="lesson" role="status"></p>
  <div class="before" aria-hidden="true"><canvas width="${WIDE * STEPS.length}" height="${2 * WIDE}"></canvas></div>
  <p class="quiet scale" aria-hidden="true"><span>−3</span><span>the face on the desk above, seed 1
    below</span><span>+3</span></p>
  <form class="row"><label class="field grow">name <input class="called" type="text" maxlength="${LONGEST_NAME}"
    placeholder="such as: smile" autocomplete="off" spellcheck="false" /></label>
    <button type="submit" class="primary add" disabled>Add slider</button></form>
  <p class="quiet held"></p>`;

/** @typedef {"none" | "has" | "not"} Mark */
/**
 * What the server learned: a direction, how well it tells faces apart, from how many of each; that in words, and
 * whether it is sure.
 * @typedef {{ vector: string, accuracy: number, has: number, has_not: number, words: string, sure: boolean }} Lesson
 */

/**
 * @param {HTMLElement} element
 * @param {() => { model: string, face: Face, directions: Directions }} current the desk
 */
export function teach(element, current) {
  const dialog = document.createElement("dialog");
  dialog.className = "dcgan teach";
  dialog.setAttribute("aria-labelledby", "teach-title");
  dialog.innerHTML = TEMPLATE;
  (element.closest(".tabitem") ?? element).append(dialog); // Gradio scopes style sheets to where components lie
  const find = finder(dialog);
  const sheet = find(".sheet");
  const verdict = find(".lesson");
  const strip = find(".before canvas", HTMLCanvasElement);
  const called = find(".called", HTMLInputElement);
  const add = find(".add", HTMLButtonElement);
  const sheets = new Sheets();
  const moreButton = find(".more", HTMLButtonElement);
  let model = "";
  let asked = 0;
  /**
   * Seed → "has" or "not", in the order they were made.
   * @type {Map<string, Mark>}
   */
  let marks = new Map();
  /** @type {Lesson | null} */
  let lesson = null;
  /** @type {Promise<void> | null} */
  let learning = null;

  finder(element)(".open-teach").addEventListener("click", () => {
    if (model !== current().model) start();
    showHeld();
    dialog.showModal();
    childrenOf(sheet)
      .find((face) => face.tabIndex === 0)
      ?.focus();
    learn(); // what is locked may have changed, and so has the face
  });
  find(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the desk's keys are not meant here
  dialog.addEventListener("close", () => sheets.stop());

  function start() {
    asked++; // what is being learned from the old marks is not wanted any more
    model = current().model;
    marks = new Map();
    called.value = "";
    sheet.replaceChildren();
    more();
  }

  // ---- the sheet: the same faces each time, 48 more on request

  async function more() {
    const first = sheet.children.length + 1;
    const mine = model;
    const seeds = Array.from({ length: SHEET }, (_, index) => first + index);
    const faces = seeds.map(make);
    sheet.append(...faces);
    if (first === 1) faces[0].tabIndex = 0;
    moreButton.disabled = sheet.children.length >= SHEET * MOST_SHEETS;
    try {
      const body = { model, faces: seeds.map((seed) => ({ seed })), cell: CELL, columns: SHEET };
      const picture = await sheetPicture(body);
      if (mine !== model) return;
      faces.forEach((face, index) => {
        drawCell(finder(face)("canvas", HTMLCanvasElement), picture, index);
        face.classList.add("ready");
      });
      picture.close();
    } catch (error) {
      for (const face of faces) face.remove();
      moreButton.disabled = false;
      const away = "The server cannot be reached, so there are no more faces; press “more faces” to try again.";
      say(sentenceOf(error, away), true);
    }
  }

  /** @param {number} seed */
  function make(seed) {
    const face = document.createElement("button");
    Object.assign(face, { type: "button", className: "face", tabIndex: -1 });
    face.dataset.seed = String(seed);
    face.append(squareCanvas(CELL));
    show(face);
    return face;
  }

  /** @param {HTMLElement} face */
  const markOf = (face) => marks.get(face.dataset.seed ?? "") ?? "none";

  /** @param {HTMLElement} face */
  function show(face) {
    const mark = markOf(face);
    face.dataset.mark = mark;
    face.setAttribute("aria-label", `Face of seed ${face.dataset.seed}: ${SAID[mark]}`);
    face.title = `seed ${face.dataset.seed}: ${SAID[mark]}`;
  }

  /**
   * @param {HTMLElement} face
   * @param {Mark} wanted
   */
  function mark(face, wanted) {
    if (!face.classList.contains("ready")) return;
    const { seed = "" } = face.dataset;
    marks.delete(seed);
    if (wanted !== "none") marks.set(seed, wanted);
    show(face);
    tally();
    learnSoon();
  }

  /** @param {HTMLElement} face */
  const next = (face) => MARKS[(MARKS.indexOf(markOf(face)) + 1) % MARKS.length];
  sheet.addEventListener("click", (event) => {
    const face = closest(event, ".face");
    if (!face) return;
    roam(face);
    mark(face, next(face));
  });
  sheet.addEventListener("keydown", (event) => {
    const face = closest(event, ".face");
    if (!face || event.ctrlKey || event.metaKey || event.altKey) return;
    const faces = childrenOf(sheet);
    const place = faces.indexOf(face);
    const columns = faces.filter((other) => other.offsetTop === faces[0].offsetTop).length;
    const to = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      ArrowUp: place - columns,
      ArrowDown: place + columns,
      Home: 0,
      End: faces.length - 1,
    }[event.key];
    if (to === undefined && !(event.key in KEYS)) return;
    event.preventDefault();
    if (to === undefined) mark(face, KEYS[event.key]);
    else if (faces[to]) {
      roam(faces[to]);
      faces[to].focus();
    }
  });

  /**
   * One face at a time is reached by the Tab key.
   * @param {HTMLElement} face
   */
  function roam(face) {
    sheet.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    face.tabIndex = 0;
  }

  moreButton.addEventListener("click", more);
  find(".clear").addEventListener("click", () => {
    marks.clear();
    for (const face of childrenOf(sheet)) show(face);
    learn();
  });

  // ---- what is learned from it

  /** @param {Mark} kind */
  const seeds = (kind) => [...marks].filter(([, mark]) => mark === kind).map(([seed]) => seed);
  const tally = () => {
    find(".tally").innerHTML =
      `<b class="has">${seeds("has").length}</b> have it · <b class="not">${seeds("not").length}</b> have not`;
  };
  /** @type {(text: string, bad?: boolean) => void} */
  const say = (text, bad = false) => {
    verdict.textContent = text;
    verdict.classList.toggle("doubt", bad);
  };
  const learnSoon = debounce(250, () => learn());

  /** One lesson at a time: what is marked meanwhile is learned after it. */
  function learn() {
    asked++;
    tally();
    if (Math.min(seeds("has").length, seeds("not").length) < LEAST) {
      forget();
      return say(ADVICE);
    }
    dialog.classList.add("learning");
    if (!lesson) say("Learning what tells them apart …");
    if (!learning)
      learning = keepUp().finally(() => {
        learning = null;
        dialog.classList.remove("learning");
      });
  }

  async function keepUp() {
    let done = 0;
    while (done !== asked) {
      done = asked;
      await study(done);
    }
  }

  /** @param {number} mine */
  async function study(mine) {
    const has = seeds("has");
    const has_not = seeds("not");
    if (Math.min(has.length, has_not.length) < LEAST) return;
    const { face, directions } = current();
    const { locked } = directions.notes;
    try {
      /** @type {Lesson} */
      const found = await (await request("teach", { model, has, has_not, locked })).json();
      if (mine !== asked) return;
      lesson = found;
      say(found.words, !found.sure);
      allow();
      await preview([{ ...face.request }, { seed: 1 }], found.vector);
    } catch (error) {
      if (mine !== asked) return;
      forget();
      const away = "The server cannot be reached; your marks are kept. Mark another face to try again.";
      say(sentenceOf(error, away), true);
    }
  }

  function forget() {
    lesson = null;
    sheets.stop();
    strip.classList.remove("ready");
    allow();
  }

  /**
   * What the slider would do, from −3 to +3: to the face on the desk, and to another.
   * @param {object[]} faces
   * @param {string} vector
   */
  async function preview(faces, vector) {
    const variants = STEPS.map((amount) => (amount ? [{ vector, amount }] : []));
    for (const [row, face] of faces.entries()) {
      const picture = await sheets.get({ ...face, model, variants, cell: WIDE });
      if (!picture) return;
      context2d(strip).drawImage(picture, 0, row * WIDE);
      strip.classList.add("ready");
      picture.close();
    }
  }

  // ---- the slider

  const allow = () => {
    add.disabled = !lesson || !tidyName(called.value);
  };
  called.addEventListener("input", allow);
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (add.disabled || !lesson) return;
    const { vector, accuracy, has, has_not } = lesson;
    const { directions } = current();
    dialog.close();
    directions.add({
      vector,
      accuracy,
      has,
      has_not,
      name: tidyName(called.value),
      locked: false,
      weights: directions.notes.weights,
    });
    start(); // the next one begins with a clean sheet
    forget();
  });

  /** Which directions stay out of it. */
  function showHeld() {
    const { directions } = current();
    const names = directions.lockedNames;
    find(".held").textContent = names.length
      ? `Left out of it, because locked: ${names.join(", ")}.`
      : "Directions that you lock on the desk are left out of it.";
  }
}
