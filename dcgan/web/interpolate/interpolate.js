// Interpolate: faces in a row, a walk through them by hand, a field between them, and the film of it.

import { context2d, finder } from "../common/dom.js";
import { Frames, Sheets } from "../common/frames.js";
import { debounce, events, messageOf, request, ServerError, session, sessionReady } from "../common/session.js";
import { mark, refusedInput, secondsProblem } from "../common/validity.js";
import { FieldPad } from "./field.js";
import { makeFilm } from "./film.js";
import { Keyframes } from "./keyframes.js";
import { player } from "./player.js";

const CELL = 56;
const LENGTH = { what: "A film lasts", low: 0.1, high: 60 };

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  const sentence = find(".sentence");
  /** @param {string} text */
  const say = (text) => {
    sentence.textContent = text;
    sentence.hidden = !text;
  };
  try {
    await sessionReady();
  } catch (error) {
    find(".stage").dataset.state = "empty";
    return say(messageOf(error));
  }
  const frames = new Frames(find(".picture", HTMLCanvasElement), find(".stage"), say);
  const moments = matchMedia("(max-width: 760px)").matches ? 8 : 24;
  const strip = new Sheets();
  const canvas = Object.assign(find(".film-strip", HTMLCanvasElement), { width: moments * CELL, height: CELL });
  const walker = find(".walker", HTMLInputElement);
  const length = find(".length", HTMLInputElement);
  const loop = find(".loop", HTMLInputElement);
  const loops = () => loop.checked;
  /** @param {string} name */
  const chosen = (name) => find(name, HTMLSelectElement).value;
  const keyframes = new Keyframes(find(".frames-row"), find(".moved"), loops, () => changed());

  const path = () => ({
    model: session.model.name,
    faces: keyframes.faces,
    durations: keyframes.durations,
    mode: chosen(".mode"),
    easing: chosen(".easing"),
    loop: loops(),
  });
  const film = () => ({
    ...path(),
    fps: Number(chosen(".fps")),
    size: Number(chosen(".size")),
    resample: chosen(".resample"),
    grid: Number(chosen(".grid")),
    format: chosen(".format"),
  });
  const corners = () => ({
    model: session.model.name,
    corners: keyframes.faces.slice(0, 4),
    mode: chosen(".mode"),
  });

  const plane = new FieldPad(find(".plane"), corners, (body) => {
    walk.stop();
    frames.show({ ...body, size: 256 });
  });
  const step = () => {
    plane.leave();
    frames.show({ ...path(), t: Number(walker.value), size: 256 });
    find(".clock").textContent = `${(Number(walker.value) * keyframes.seconds).toFixed(1)} s`;
  };
  const walk = player(find(".play"), walker, {
    seconds: () => keyframes.seconds,
    loops,
    step,
    visible: () => element.offsetParent,
  });

  function changed() {
    showTicks();
    if (document.activeElement !== length) {
      length.value = String(Math.round(keyframes.seconds * 100) / 100);
      mark(length, "");
    }
    step();
    plane.show();
    fetchSoon();
    estimate();
  }

  const fetchSoon = debounce(300, async () => {
    const sheet = await strip.get({ ...path(), moments, cell: CELL, columns: moments });
    if (!sheet) return;
    context2d(canvas).drawImage(sheet, 0, 0);
    canvas.classList.add("ready");
    sheet.close();
  });

  // where the keyframes lie along the path
  function showTicks() {
    const marks = keyframes.faces.map((_, index) => String.fromCharCode(65 + index)).concat(loops() ? ["↺"] : []);
    let passed = 0;
    find(".ticks").replaceChildren(
      ...marks.map((mark, index) => {
        const tick = Object.assign(document.createElement("i"), { textContent: mark });
        tick.style.left = `${(100 * passed) / keyframes.seconds}%`;
        passed += keyframes.durations[index] ?? 0;
        return tick;
      }),
    );
  }

  // ---- the film

  const making = makeFilm(find, film, () => refusedInput(element));
  let asked = 0;

  function estimate() {
    if (making.busy) return;
    making.shown = false;
    asked += 1;
    const problem = refusedInput(element)?.dataset.problem;
    if (problem) return making.say(problem, true);
    making.say(`${Math.max(1, Math.round(keyframes.seconds * film().fps))} frames${keyframes.still}`);
    measure();
  }

  /** The server films a few frames: what they take, all will. */
  const measure = debounce(1000, async () => {
    const mine = asked;
    if (!element.offsetParent) return; // asked again when the tab is opened
    let text;
    let wrong = false;
    try {
      const { frames: count, seconds, bytes } = await (await request("film/estimate", film())).json();
      text = `${count} frames, about ${Math.max(1, Math.round(seconds))} s to make, about ${weight(bytes)}${keyframes.still}`;
    } catch (error) {
      if (!(error instanceof ServerError)) return;
      text = error.message;
      wrong = true;
    }
    if (mine === asked && !making.busy) making.say(text, wrong);
  });

  // ---- what can be touched

  walker.addEventListener("input", () => {
    walk.stop();
    step();
  });
  find(".mode").addEventListener("change", changed);
  find(".easing").addEventListener("change", changed);
  loop.addEventListener("change", () => keyframes.update());
  length.addEventListener("input", () => {
    mark(length, secondsProblem(length, LENGTH));
    if (length.dataset.problem) return;
    keyframes.stretchTo(Number(length.value));
    changed();
  });
  length.addEventListener("blur", () => !length.dataset.problem && changed());
  element.addEventListener("input", () => refusedInput(element) && estimate()); // after the inputs' own listeners
  for (const name of [".fps", ".size", ".format", ".resample", ".grid"]) find(name).addEventListener("input", estimate);
  for (const option of find(".size", HTMLSelectElement).options)
    option.disabled = Number(option.value) > session.film.size;
  events.addEventListener("model", () => {
    keyframes.show();
    changed();
  });
  events.addEventListener("film", () => keyframes.takeSent());
  events.addEventListener("reconnected", () => {
    keyframes.fetchSoon();
    changed();
  });
  new IntersectionObserver((entries) => {
    if (entries.at(-1)?.isIntersecting && !making.busy && !making.shown) estimate();
  }).observe(element);
  keyframes.takeSent();
  changed();
}

/** @param {number} bytes */
const weight = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
