// The losses of D and G for one real and one generated picture, and their gradients with respect to D's logits.
// D(x) = σ(a) for the logit a, so dD/da = D · (1 − D), and each gradient has a short form.

/**
 * Loss of D by BCE: −log D(x) − log(1 − D(G(z))).
 * @param {number} real D(x)
 * @param {number} fake D(G(z))
 */
export const lossOfD = (real, fake) => -Math.log(real) - Math.log(1 - fake);

/**
 * The loss that G minimises here: −log D(G(z)).
 * @param {number} fake
 */
export const nonSaturating = (fake) => -Math.log(fake);

/**
 * The last term of the min-max game, which G would minimise by its formula: log(1 − D(G(z))).
 * @param {number} fake
 */
export const saturating = (fake) => Math.log(1 - fake);

/**
 * Sizes of the gradients with respect to D's logit of the picture that each concerns.
 * @param {number} real
 * @param {number} fake
 */
export const gradientSizes = (real, fake) => ({
  real: 1 - real, // of D's loss, at the real picture
  fake, // of D's loss, at the generated picture
  nonSaturating: 1 - fake,
  saturating: fake,
});

/**
 * What the two gradients of G mean at a D(G(z)).
 * @param {number} fake
 */
export function explain(fake) {
  const times = (1 - fake) / fake;
  const size = times >= 10 ? Math.round(times) : Number(times.toFixed(1));
  if (fake < 0.2)
    return (
      `D recognises the generated picture. The saturating loss leaves G a gradient of only ${fake.toFixed(3)}; ` +
      `the non-saturating one is ${size} times as large. G learns most where it is worst.`
    );
  if (fake > 0.8)
    return "D takes the generated picture for real. The non-saturating gradient is small: there is little to improve.";
  return "D is unsure about the generated picture. Both losses give G a gradient of similar size.";
}
