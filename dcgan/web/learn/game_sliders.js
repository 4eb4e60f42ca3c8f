// Two sliders, D(x) and D(G(z)): the losses and gradients that follow from them, as numbers and as curves.
import { finder } from "../common/dom.js";
import { explain, gradientSizes, lossOfD, nonSaturating, saturating } from "./game.js";

const LEFT = 32; // px of the chart's axes in its own coordinates
const RIGHT = 308;
const TOP = 10;
const BOTTOM = 140;

/** @param {HTMLElement} element */
export function mountGame(element) {
  const find = finder(element);
  const real = find(".of-real", HTMLInputElement);
  const fake = find(".of-fake", HTMLInputElement);
  const show = () => {
    const [x, gz] = [Number(real.value), Number(fake.value)];
    const sizes = gradientSizes(x, gz);
    write(find, {
      "out-real": x.toFixed(3),
      "out-fake": gz.toFixed(3),
      "loss-d": lossOfD(x, gz).toFixed(3),
      "grad-real": sizes.real.toFixed(3),
      "grad-fake": sizes.fake.toFixed(3),
      "loss-ns": nonSaturating(gz).toFixed(3),
      "grad-ns": sizes.nonSaturating.toFixed(3),
      "loss-s": minus(saturating(gz).toFixed(3)),
      "grad-s": sizes.saturating.toFixed(3),
      meaning: explain(gz),
    });
    const across = String(LEFT + gz * (RIGHT - LEFT));
    const marker = find(".marker", SVGGElement);
    marker.setAttribute("transform", `translate(${across} 0)`);
    place(find(".dot-ns", SVGCircleElement), sizes.nonSaturating);
    place(find(".dot-s", SVGCircleElement), sizes.saturating);
  };
  for (const slider of [real, fake]) slider.addEventListener("input", show);
  show();
}

/**
 * @param {import("../common/types.d.ts").Find} find
 * @param {Record<string, string>} texts by class
 */
function write(find, texts) {
  for (const [name, text] of Object.entries(texts)) find(`.${name}`).textContent = text;
}

/**
 * @param {SVGCircleElement} dot
 * @param {number} size of the gradient, 0 to 1
 */
function place(dot, size) {
  dot.setAttribute("cy", String(BOTTOM - size * (BOTTOM - TOP)));
}

/** @param {string} text with a hyphen as its sign */
const minus = (text) => text.replace("-", "−");
