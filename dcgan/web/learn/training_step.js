// One training step as a graph: which arrows carry gradients and which weights change, in D's step and in G's.
import { finder } from "../common/dom.js";

const SENTENCES = {
  d:
    "D’s step: the loss falls as D(x) rises and D(G(z)) falls. Its gradient changes D’s weights. detach() cuts the graph " +
    "behind the generated pictures, so no gradient is computed for G, which stays as it is.",
  g:
    "G’s step: the loss falls as D(G(z)) rises. Its gradient flows back through D and the pictures into G, and only G’s " +
    "weights change. D is frozen: gradients pass through it, but none is kept for its weights.",
};

/** @param {HTMLElement} element */
export function mountTrainingStep(element) {
  const find = finder(element);
  /** @param {"d" | "g"} step */
  const show = (step) => {
    element.dataset.step = step;
    for (const name of /** @type {const} */ (["d", "g"])) {
      find(`.step-${name}`).setAttribute("aria-pressed", String(name === step));
      find(`.code-${name}`).hidden = name !== step;
    }
    find(".happens").textContent = SENTENCES[step];
    find(".graph", SVGSVGElement).setAttribute("aria-label", SENTENCES[step]);
  };
  for (const name of /** @type {const} */ (["d", "g"]))
    find(`.step-${name}`).addEventListener("click", () => show(name));
  show("d");
}
