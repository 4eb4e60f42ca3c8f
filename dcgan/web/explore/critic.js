// The critic: D(x) of the shown picture as a sentence, and its rank among the model's random faces. Requested once the
// sliders are released.
import { finder } from "../common/dom.js";
import { request, ServerError } from "../common/session.js";

/**
 * The answer of `dcgan/score`. `probability` is missing where the model has no D, null where D's output is not a
 * probability. `bins` is a histogram of random faces, `place` this face's position in it (0 to 1).
 * @typedef {{ probability?: number | null, percentile: number, bins: number[], place: number }} Score
 */

/** @param {HTMLElement} element */
export function critic(element) {
  const bars = finder(element)(".bars");
  const words = finder(element)(".score");
  let latest = 0; // number of the newest request
  let prepared = ""; // the model whose random faces the server has scored; the first request of a model takes seconds

  /** @param {Score} answer */
  function show({ probability, percentile, bins, place }) {
    if (probability === undefined) {
      bars.replaceChildren();
      words.textContent = "This model was saved without its critic (D).";
      return;
    }
    bars.replaceChildren(
      ...bins.map((height, index) => {
        const bar = document.createElement("i");
        bar.style.height = `${Math.max(6, height * 100)}%`;
        bar.classList.toggle("here", index === Math.min(bins.length - 1, Math.floor(place * bins.length)));
        return bar;
      }),
    );
    const rank = `more convincing than <b>${percentile} %</b> of this model’s faces`;
    if (probability === null) {
      words.innerHTML = `Critic: ${rank}`;
      return;
    }
    const sure =
      probability > 0.995 ? "above 99 %" : probability < 0.005 ? "below 1 %" : `${Math.round(probability * 100)} %`;
    words.innerHTML = `Critic: <b>${sure}</b> real, ${rank}`;
  }

  return {
    /** @param {string} model */
    isPrepared: (model) => model === prepared,
    /** Marks the score as that of an older picture. */
    invalidate() {
      latest += 1;
      element.classList.add("stale");
    },
    /** @param {{ model: string }} body */
    async update(body) {
      const own = ++latest;
      try {
        const answer = await (await request("score", body)).json();
        if (own === latest) {
          prepared = body.model;
          show(answer);
          element.classList.remove("stale");
        }
      } catch (error) {
        // without an answer the line stays grey; the picture's own request reports the reason
        if (!(error instanceof ServerError || error instanceof TypeError)) throw error;
      }
    },
  };
}
