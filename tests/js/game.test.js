import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, gradientSizes, lossOfD, nonSaturating, saturating } from "../../dcgan/web/learn/game.js";

const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));
const logit = (p) => Math.log(p / (1 - p));

/** Size of the slope of a loss of a probability, at the logit of that probability. */
const slope = (loss, p) => {
  const [a, h] = [logit(p), 1e-5];
  return Math.abs((loss(sigmoid(a + h)) - loss(sigmoid(a - h))) / (2 * h));
};
const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-6, `${value} is not ${expected}`);

test("where D cannot tell, its loss is ln 4 and G's is ln 2", () => {
  near(lossOfD(0.5, 0.5), Math.log(4));
  near(nonSaturating(0.5), Math.log(2));
  near(saturating(0.5), -Math.log(2));
});

test("the gradients are the slopes of the losses at D's logits", () => {
  for (const p of [0.005, 0.02, 0.3, 0.5, 0.9, 0.995]) {
    const sizes = gradientSizes(p, p);
    near(
      sizes.real,
      slope((real) => lossOfD(real, 0.5), p),
    );
    near(
      sizes.fake,
      slope((fake) => lossOfD(0.5, fake), p),
    );
    near(sizes.nonSaturating, slope(nonSaturating, p));
    near(sizes.saturating, slope(saturating, p));
  }
});

test("the sentence says how many times larger the non-saturating gradient is where D recognises the fake", () => {
  assert.match(explain(0.02), /recognises.*only 0\.020.* 49 times/);
  assert.match(explain(0.15), / 5\.7 times/);
  assert.match(explain(0.5), /unsure/);
  assert.match(explain(0.95), /for real/);
});
