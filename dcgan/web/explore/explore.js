// Explore: the picture, what moves it, and what can be done with it.
/** @import { FaceFields } from "../common/types.d.ts" */

import { finder, typedInto } from "../common/dom.js";
import { Face, History } from "../common/face.js";
import { Frames } from "../common/frames.js";
import { debounce, events, fetchWithRetry, messageOf, ServerError, session, sessionReady } from "../common/session.js";
import { take } from "../common/share.js";
import { Directions } from "../directions/directions.js";
import { teach } from "../directions/teach.js";
import { Inside } from "../inside/inside.js";
import { nearest } from "../nearest/nearest.js";
import { photo } from "../photo/photo.js";
import { critic } from "./critic.js";
import { Faders } from "./faders.js";
import { Numbers } from "./latent_text.js";
import { Neighbours } from "./neighbours.js";
import { bench } from "./shelf_panel.js";

const DIRECTIONS = 8;
const FADERS_EVERY = 150; // ms

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  const sentence = find(".sentence");
  const psi = find(".psi", HTMLInputElement);
  const seed = find(".seed", HTMLInputElement);
  const undoButton = find(".undo", HTMLButtonElement);
  const redoButton = find(".redo", HTMLButtonElement);
  /** @param {string} text */
  const say = (text) => {
    sentence.textContent = text;
    sentence.hidden = !text;
  };
  if (matchMedia("(max-width: 760px)").matches) find(".bank-fold", HTMLDetailsElement).open = false;
  try {
    await sessionReady();
  } catch (error) {
    find(".stage").dataset.state = "empty";
    return say(messageOf(error));
  }
  const frames = new Frames(find(".picture", HTMLCanvasElement), find(".stage"), say);
  const judge = critic(find(".critic"));
  const near = nearest(find(".nearest"), () => settle());
  let crisp = false; // the generator's own pixels instead of a smooth picture
  /** @param {FaceFields} face */
  const go = (face) => {
    desk.face.load(face);
    changed(true);
  };
  const numbers = new Numbers(find(".numbers"), () => desk, go);
  let desk = furnish();

  // ---- one model's desk; made anew when another model is chosen

  function furnish() {
    const { model } = session;
    const face = new Face(model.nz, DIRECTIONS).load(session.face);
    const history = new History(face);
    const faders = new Faders(find(".bank"), find(".reading"), face, changed);
    const directions = new Directions(element, face, model.name, changed, () => settle());
    const neighbours = new Neighbours(find(".neighbours .grid"), face, () => changed(true));
    const inside = new Inside(find(".inside-fold", HTMLDetailsElement), find(".stage"), face, model, () =>
      changed(true),
    );
    near.begin(model);
    neighbours.model = model.name;
    find(".count").textContent = String(model.nz);
    directions.find();
    const seedShown = ""; // the model and the seed, or z, whose latent the faders rest on
    return { model: model.name, face, history, faders, directions, neighbours, inside, seedShown };
  }

  const body = () => ({
    ...desk.face.request,
    model: desk.model,
    size: crisp ? session.model.image_size : 256,
    format: crisp ? "png" : "jpeg",
  });

  /**
   * Something moved. `done`: the hand has let go, so this is a step of undo, and slower things may be asked for.
   * @param {boolean} done
   */
  function changed(done) {
    frames.want(body());
    // thumbnails of a face that is being left only keep the server from drawing the next one
    desk.directions.sheets.stop();
    desk.neighbours.sheets.stop();
    numbers.wait();
    desk.inside.stop();
    near.wait();
    if (!done) return judge.wait();
    desk.history.commit();
    show();
  }

  function show() {
    const { face, history } = desk;
    showSeed();
    psi.value = String(face.psi);
    find(".psiout").textContent = face.psi.toFixed(2);
    undoButton.disabled = !history.canUndo;
    redoButton.disabled = !history.canRedo;
    const origin = face.z ? "a latent of its own" : `seed ${face.seed}`;
    find(".picture").setAttribute("aria-label", `Generated face of ${origin}, ${face.edits.length} edits`);
    desk.directions.show();
    desk.faders.show();
    desk.inside.show();
    fetchLatent();
    settle();
  }

  const settle = debounce(250, async () => {
    // the address bar is the link; replaced, not pushed: undo is the desk's, Back is the browser's
    window.history.replaceState(window.history.state, "", desk.face.link(desk.model));
    // one after the other, so that the next drag has little to wait for; each stops the rest when the face moves on
    const { face, model, directions, neighbours, inside } = desk;
    const body = { ...face.request, model };
    numbers.look(body);
    if (judge.quick(model)) judge.look(body);
    if (!(await inside.develop())) return;
    if (directions.found && !((await directions.develop()) && (await neighbours.develop()))) return;
    if (!judge.quick(model)) await judge.look(body);
    near.look(body);
  });

  /** The seed's own z, or the face's, which the faders rest on. */
  async function fetchLatent() {
    const { face, model, faders } = desk;
    /** @type {Record<string, string>} */
    const origin = face.z ? { seed: "0", z: face.z } : { seed: face.seed };
    const key = `${model} ${face.z ?? face.seed}`;
    if (desk.seedShown === key) return;
    desk.seedShown = key;
    try {
      const answer = await fetchWithRetry(`latent?${new URLSearchParams({ model, ...origin })}`);
      const { z } = await answer.json();
      if (desk.seedShown === key) {
        faders.z = z;
        faders.show();
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      desk.seedShown = ""; // the picture's own answer says what is wrong with the seed
    }
  }

  // ---- the top row

  function showSeed(always = false) {
    if (!always && document.activeElement === seed) return;
    seed.value = desk.face.z ? "" : desk.face.seed;
    seed.placeholder = desk.face.z ? "none" : "";
  }
  seed.addEventListener("input", () => {
    if (!/^\d{1,19}$/.test(seed.value)) return say("A seed is a whole number from 0 to 9223372036854775807.");
    say("");
    desk.face.chooseSeed(seed.value);
    changed(true);
  });
  seed.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : 0n;
    if (!by || !/^\d+$/.test(desk.face.seed)) return;
    event.preventDefault();
    const next = BigInt(desk.face.seed) + by;
    if (next < 0n || next >= 2n ** 63n) return;
    seed.value = String(next);
    desk.face.chooseSeed(seed.value);
    changed(true);
  });
  seed.addEventListener("blur", () => {
    showSeed(true);
    say("");
  });

  const dice = () => {
    desk.face.chooseSeed(String(Math.floor(Math.random() * 2 ** 31)));
    seed.blur();
    changed(true);
  };
  find(".dice").addEventListener("click", dice);

  // psi moves all hundred, which takes half as long as a picture: now and then is enough while the hand moves
  let fadersDue = false;
  let fadersShown = 0;
  psi.addEventListener("input", () => {
    desk.face.psi = Number(psi.value);
    find(".psiout").textContent = desk.face.psi.toFixed(2);
    fadersDue = true;
    changed(false);
  });
  events.addEventListener("frame", () => {
    if (!fadersDue || performance.now() - fadersShown < FADERS_EVERY) return;
    fadersDue = false;
    fadersShown = performance.now();
    requestAnimationFrame(() => setTimeout(() => desk.faders.show()));
  });
  psi.addEventListener("change", () => {
    desk.faders.show();
    changed(true);
  });
  psi.addEventListener("dblclick", () => {
    desk.face.psi = 1;
    changed(true);
  });

  /** @param {number} by */
  const step = (by) => {
    if (desk.history.step(by)) changed(true);
  };
  undoButton.addEventListener("click", () => step(-1));
  redoButton.addEventListener("click", () => step(1));
  find(".reset").addEventListener("click", () => {
    desk.face.clear();
    desk.face.psi = 1;
    changed(true);
  });
  find(".others").addEventListener("click", () => {
    desk.neighbours.shuffle();
    desk.neighbours.develop();
  });
  const reach = find(".reach input", HTMLInputElement);
  reach.addEventListener("input", () => {
    desk.neighbours.reach = Number(reach.value);
    settle();
  });
  const crispButton = find(".crisp");
  crispButton.addEventListener("click", () => {
    crisp = !crisp;
    crispButton.setAttribute("aria-pressed", String(crisp));
    find(".picture").classList.toggle("crisp", crisp);
    frames.want(body());
  });
  take(element, () => desk, say);
  bench(element, () => desk, go);
  teach(element, () => desk);
  photo(
    element,
    () => desk,
    (z) => {
      desk.face.load({ seed: desk.face.seed, psi: 1, edits: [], z });
      changed(true);
    },
  );

  addEventListener("keydown", (event) => {
    if (!element.offsetParent) return; // another tab is open
    const typing = typedInto(event, "input[type=text], input:not([type]), textarea, select");
    const undo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
    if (undo && !(typing && event.target !== seed)) {
      event.preventDefault();
      seed.blur();
      step(event.shiftKey ? 1 : -1);
    } else if (event.key === "r" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) dice();
  });

  events.addEventListener("model", () => {
    const kept = desk.face;
    desk = furnish();
    // the same seed in another model; edits are the model's own
    Object.assign(desk.face, { seed: kept.seed, psi: kept.psi });
    desk.history.restart();
    changed(true);
  });
  changed(true);
}
