// How near this face comes to the pictures that the model learned from, asked for when the hand rests: a gauge, a
// sentence, and the nearest three where they are at hand. Where nobody has compared them yet, a button does, in the
// background.
/** @import { IndexState, Model, NearestState, Verdict } from "../common/types.d.ts" */
import { drawCell, finder } from "../common/dom.js";
import { ask, ServerError, sentenceOf, wait } from "../common/session.js";

const SHOWN = 3;
const FARTHEST = 1; // pictures; distance at the gauge's right end

const TEMPLATE = `
  <span class="gauge" aria-hidden="true"><i class="usual"></i><i class="here"></i></span>
  <span class="saying"><span class="said" role="status">Comparing with the training pictures …</span>
    <progress class="progress" max="1" value="0" aria-label="Progress of the comparison"></progress></span>
  <button type="button" class="small compare">compare</button>
  <span class="prints"></span>`;

/**
 * `settled()` is called once a model's training pictures have been compared: the face can be asked for again.
 * @param {HTMLElement} element
 * @param {() => void} settled
 */
export function nearest(element, settled) {
  element.innerHTML = TEMPLATE;
  const find = finder(element);
  const said = find(".said");
  const progress = find(".progress", HTMLProgressElement);
  const compare = find(".compare");
  let model = "";
  let asked = 0;
  const prints = Array.from({ length: SHOWN }, (_, index) => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Training picture, number ${index + 1} in nearness`);
    return canvas;
  });
  find(".prints").append(...prints);

  /**
   * Shows what the server says of a model.
   * @param {NearestState} news
   */
  function state({ state, pictures, doing, progress: share, error }) {
    element.hidden = state === "none";
    element.dataset.state = state;
    element.classList.toggle("pictures", state === "ready" && Boolean(pictures));
    progress.value = share;
    if (state === "could") said.textContent = error || "How near is it to the pictures that the model learned from?";
    if (state === "making") said.textContent = `${doing} …`;
    if (state === "none") asked += 1;
  }

  /** @returns {IndexState} */
  const shownState = () => /** @type {IndexState} */ (element.dataset.state);

  /**
   * Asks how far it is until the index is there.
   * @param {string} name
   */
  async function follow(name) {
    while (model === name && shownState() === "making") {
      await wait(1000);
      if (document.hidden) continue;
      try {
        const news = await (await ask("nearest", { model: name, seed: 0 })).json();
        if (model !== name) return;
        state(news);
        if (news.state === "ready") settled();
      } catch (error) {
        if (error instanceof ServerError) return state({ state: "could", error: error.message, progress: 0 });
      }
    }
  }

  compare.addEventListener("click", async () => {
    const name = model;
    try {
      const news = await (await ask("nearest/make", { model: name })).json();
      if (model !== name) return;
      state(news);
      if (news.state === "ready") settled();
      follow(name);
    } catch (error) {
      said.textContent = sentenceOf(error, "The server cannot be reached; nothing was begun.");
    }
  });

  /** @param {Verdict} verdict */
  function show({ distance, usual, own, words, count, note }) {
    const [low, high] = usual.map((value) => value.toFixed(2));
    said.innerHTML = `Nearest training picture: <b>${distance.toFixed(2)}</b> away, `;
    said.append(`${words} (${low} – ${high})`);
    /** @param {number} value */
    const place = (value) => `${(100 * Math.min(value, FARTHEST)) / FARTHEST}%`;
    find(".here").style.left = place(distance);
    find(".usual").style.left = place(usual[0]);
    find(".usual").style.width = place(usual[1] - usual[0]);
    const faces = own ? ` This model’s faces lie at ${own.map((value) => value.toFixed(2)).join(" – ")}.` : "";
    element.title =
      `0 is a copy, ${FARTHEST} is far. The bar is where 90 % of new pictures lie, ` +
      `which the model never saw (${note}). ` +
      `Compared with ${count} training pictures, mirrored ones too.${faces}`;
  }

  /** @param {string} sheet a picture of pictures, as data URL */
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
     * Another model: `model.nearest` is what is known of its training pictures.
     * @param {Model} chosen
     */
    begin(chosen) {
      model = chosen.name;
      asked += 1;
      for (const canvas of prints) canvas.classList.remove("ready");
      said.textContent = "Comparing with the training pictures …";
      element.classList.add("stale");
      state(chosen.nearest);
      follow(model);
    },
    wait() {
      asked += 1;
      element.classList.add("stale");
    },
    /** @param {object} body */
    async look(body) {
      if (shownState() !== "ready") return;
      const mine = ++asked;
      try {
        for (const shown of element.classList.contains("pictures") ? [false, true] : [false]) {
          const answer = await (await ask("nearest", { ...body, show: shown })).json();
          if (mine !== asked) return;
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
