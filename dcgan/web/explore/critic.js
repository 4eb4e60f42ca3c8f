// D's opinion, asked for when the hand rests: a sentence, and where this face stands among the model's own.
import { finder } from "../common/dom.js";
import { ask, ServerError } from "../common/session.js";

/**
 * What the server makes of a face. A model without a discriminator has no probability; null where it is no probability.
 * @typedef {{ probability?: number | null, percentile: number, bins: number[], place: number }} Opinion
 */

/** @param {HTMLElement} element */
export function critic(element) {
  const bars = finder(element)(".bars");
  const opinion = finder(element)(".opinion");
  let asked = 0;
  let known = ""; // the model whose crowd the server has scored; the first question of a model takes it seconds

  /** @param {Opinion} answer */
  function show({ probability, percentile, bins, place }) {
    if (probability === undefined) {
      bars.replaceChildren();
      opinion.textContent = "This model has no critic.";
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
      opinion.innerHTML = `Critic: ${rank}`;
      return;
    }
    const sure =
      probability > 0.995 ? "above 99 %" : probability < 0.005 ? "below 1 %" : `${Math.round(probability * 100)} %`;
    opinion.innerHTML = `Critic: <b>${sure}</b> real, ${rank}`;
  }

  return {
    /** @param {string} model */
    quick: (model) => model === known,
    wait() {
      asked += 1;
      element.classList.add("stale");
    },
    /** @param {{ model: string }} body */
    async look(body) {
      const mine = ++asked;
      try {
        const answer = await (await ask("score", body)).json();
        if (mine === asked) {
          known = body.model;
          show(answer);
          element.classList.remove("stale");
        }
      } catch (error) {
        // without an opinion the line stays grey; the picture's own request reports the reason
        if (!(error instanceof ServerError || error instanceof TypeError)) throw error;
      }
    },
  };
}
