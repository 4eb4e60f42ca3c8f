// The distance of the shown face to its nearest training picture: a gauge, a sentence, and the three nearest pictures
// where the server has them. Requested once the sliders are released. The index of the training pictures is built in the
// background, after a press of the button.
/** @import { IndexState, Model, NearestAnswer, NearestState } from "../common/types.d.ts" */
import { drawCell, finder } from "../common/dom.js";
import { request, ServerError, sentenceOf, wait } from "../common/session.js";

const SHOWN = 3;
const FARTHEST = 1; // pictures; distance at the gauge's right end

const TEMPLATE = `
  <span class="gauge" aria-hidden="true"><i class="usual"></i><i class="here"></i></span>
  <span class="report"><span class="distance" role="status">Comparing with the training pictures …</span>
    <progress class="progress" max="1" value="0" aria-label="Progress of the comparison"></progress></span>
  <button type="button" class="small compare">compare</button>
  <span class="prints"></span>`;

/**
 * Builds the panel. `ready()` is called once the index of a model is complete, so that the face can be requested.
 * @param {HTMLElement} element
 * @param {() => void} ready
 */
export function nearest(element, ready) {
  element.innerHTML = TEMPLATE;
  const find = finder(element);
  const line = find(".distance");
  const progress = find(".progress", HTMLProgressElement);
  const compare = find(".compare");
  let model = "";
  let latest = 0; // number of the newest request
  const prints = Array.from({ length: SHOWN }, (_, index) => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Training picture, number ${index + 1} in nearness`);
    return canvas;
  });
  find(".prints").append(...prints);

  /**
   * Shows the state of a model's index.
   * @param {NearestState} answer
   */
  function state({ state, pictures, doing, progress: share, error }) {
    element.hidden = state === "unavailable";
    element.dataset.state = state;
    element.classList.toggle("pictures", state === "ready" && Boolean(pictures));
    progress.value = share;
    if (state === "available")
      line.textContent = error || "How similar is this face to the pictures that the model learned from?";
    if (state === "indexing") line.textContent = `${doing} …`;
    if (state === "unavailable") latest += 1;
  }

  /** @returns {IndexState} */
  const shownState = () => /** @type {IndexState} */ (element.dataset.state);

  /**
   * Polls the progress of the index until it is ready.
   * @param {string} name
   */
  async function follow(name) {
    while (model === name && shownState() === "indexing") {
      await wait(1000);
      if (document.hidden) continue;
      try {
        const answer = await (await request("nearest", { model: name, seed: 0 })).json();
        if (model !== name) return;
        state(answer);
        if (answer.state === "ready") ready();
      } catch (error) {
        if (error instanceof ServerError) return state({ state: "available", error: error.message, progress: 0 });
      }
    }
  }

  compare.addEventListener("click", async () => {
    const name = model;
    try {
      const answer = await (await request("nearest/make", { model: name })).json();
      if (model !== name) return;
      state(answer);
      if (answer.state === "ready") ready();
      follow(name);
    } catch (error) {
      line.textContent = sentenceOf(error, "The server cannot be reached, so nothing was compared.");
    }
  });

  /** @param {NearestAnswer} answer */
  function show({ distance, usual, own, words, count, note }) {
    const [low, high] = usual.map((value) => value.toFixed(2));
    line.innerHTML = `Nearest training picture: <b>${distance.toFixed(2)}</b> away, `;
    line.append(`${words} (${low} – ${high})`);
    /** @param {number} value */
    const position = (value) => `${(100 * Math.min(value, FARTHEST)) / FARTHEST}%`;
    find(".here").style.left = position(distance);
    find(".usual").style.left = position(usual[0]);
    find(".usual").style.width = position(usual[1] - usual[0]);
    const faces = own ? ` This model’s faces lie at ${own.map((value) => value.toFixed(2)).join(" – ")}.` : "";
    element.title =
      `Distance 0 is a copy, ${FARTHEST} is unrelated. The bar holds 90 % of real pictures that the model never saw ` +
      `(${note}). ` +
      `Compared with ${count} training pictures, also mirrored.${faces}`;
  }

  /** @param {string} sheet a row of square pictures, as a data URL */
  async function draw(sheet) {
    const image = new Image();
    image.src = sheet;
    await image.decode();
    const side = image.height;
    prints.forEach((canvas, index) => {
      canvas.width = canvas.height = side;
      canvas.hidden = (index + 1) * side > image.width;
      drawCell(canvas, image, index);
      canvas.classList.add("ready");
    });
  }

  return {
    /**
     * Starts with another model; `chosen.nearest` is the state of its index.
     * @param {Model} chosen
     */
    begin(chosen) {
      model = chosen.name;
      latest += 1;
      for (const canvas of prints) canvas.classList.remove("ready");
      line.textContent = "Comparing with the training pictures …";
      element.classList.add("stale");
      state(chosen.nearest);
      follow(model);
    },
    /** Marks the distance as that of an older face. */
    invalidate() {
      latest += 1;
      element.classList.add("stale");
    },
    /** @param {object} body */
    async update(body) {
      if (shownState() !== "ready") return;
      const own = ++latest;
      try {
        for (const shown of element.classList.contains("pictures") ? [false, true] : [false]) {
          const answer = await (await request("nearest", { ...body, show: shown })).json();
          if (own !== latest) return;
          if (answer.state !== "ready") return state(answer);
          if (answer.sheet) await draw(answer.sheet);
          show(answer);
          if (shown) element.classList.toggle("pictures", Boolean(answer.sheet));
        }
        element.classList.remove("stale");
      } catch (error) {
        // without an answer the line stays grey; the picture's own request reports the reason
        if (!(error instanceof ServerError || error instanceof TypeError)) throw error;
      }
    },
  };
}
