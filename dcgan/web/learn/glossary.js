// The glossary: the program's words in alphabetical order, one sentence each.

/** @type {[word: string, meaning: string][]} */
export const GLOSSARY = [
  [
    "augmentation",
    "A random change, such as a shift, of every picture that D sees, so that D cannot memorise a small data set.",
  ],
  ["batch", "The pictures that one training step uses together."],
  [
    "BatchNorm",
    "A layer that brings each channel to mean 0 and variance 1 over a batch, and then scales and shifts it.",
  ],
  ["BCE", "Binary cross-entropy, the loss −log p for a picture whose right answer has the probability p."],
  ["channel", "One of the square maps of numbers that a layer computes; a colour picture has three."],
  [
    "checkerboard",
    "A regular pattern in generated pictures, from transposed convolutions that reach some pixels more often than others.",
  ],
  ["checkpoint", "A model in files: G, and with it D and what else belongs to it."],
  [
    "coverage",
    "The share of real pictures that have a generated picture among their nearest ones; low coverage means little variety.",
  ],
  ["D, the discriminator", "The network that is given a picture and estimates the probability that it is real."],
  [
    "D(x), D(G(z))",
    "D’s answer for a real picture x, and for a picture that G generated from z: 1 means real, 0 means generated.",
  ],
  ["data set", "The real pictures that a model is trained on."],
  ["detach()", "PyTorch’s method that cuts a tensor off its history, so that no gradient flows further back."],
  ["direction", "A way to change z that changes the picture in one respect, such as the smile."],
  ["diverge", "To get worse without end, because the steps are too large; such a run stops by itself."],
  ["EMA", "Exponential moving average: the averaged weights of G, which draw steadier pictures than the newest ones."],
  ["epoch", "One pass through all pictures of the data set."],
  ["fake", "A picture that G generated."],
  ["feature", "A number that a network computes to describe a picture; KID and coverage compare features, not pixels."],
  ["G, the generator", "The network that turns z into a picture."],
  ["gradient", "The list of numbers that says how the loss changes when each weight changes a little."],
  ["inversion", "The search for the z whose picture is nearest to a given photograph."],
  ["kernel", "The small square of weights that a convolution moves over its input."],
  [
    "KID",
    "Kernel inception distance, which measures how far generated pictures are from real ones in features; lower is better.",
  ],
  ["latent", "Another word for z, the numbers that a picture is generated from."],
  ["learning rate", "How far one step changes the weights: lr_g is G’s rate, lr_d is D’s."],
  ["lerp", "Linear interpolation: the straight line between two latents."],
  ["logit", "D’s answer before the sigmoid: any number, above 0 if D takes the picture for real."],
  ["loss", "The number that a network’s training step makes smaller."],
  ["mode collapse", "The failure in which G draws nearly the same picture for every z."],
  [
    "nimg, kimg",
    "The number of real pictures that D has seen, singly or in thousands; pictures count each time they are seen.",
  ],
  ["nz", "The number of dimensions of z, usually 100."],
  [
    "padding",
    "In a transposed convolution, the number of rows and columns that are cut off at each edge of the output.",
  ],
  ["ψ (psi), truncation", "A factor of z: below 1 it gives more typical pictures and less variety."],
  ["R1 penalty", "A part of D’s loss that keeps D’s gradient at real pictures small, so that D stays smooth."],
  ["real", "A picture of the data set."],
  [
    "seed",
    "A whole number from which random numbers are computed, so that the same seed gives the same z or the same run.",
  ],
  ["slerp", "Spherical interpolation: the arc between two latents, along which z keeps its length."],
  ["snapshot", "A model that a run saves on its way."],
  ["stride", "In a transposed convolution, how many cells apart the copies of the kernel are put; 2 doubles the side."],
  ["z", "The random numbers that G turns into a picture, each normal with mean 0 and variance 1."],
];

/**
 * Fills a description list.
 * @param {HTMLElement} list
 */
export function fillGlossary(list) {
  list.replaceChildren(
    ...GLOSSARY.map(([word, meaning]) => {
      const entry = document.createElement("div");
      const term = Object.assign(document.createElement("dt"), { textContent: word });
      entry.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
      return entry;
    }),
  );
}
