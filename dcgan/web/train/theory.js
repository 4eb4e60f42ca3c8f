// The reference lines of a run's charts: what theory says of a D that cannot tell real from fake, and what is ideal.
/** @import { Reference } from "../common/types.d.ts" */

/**
 * The loss function of a run, and the losses of D and of G when D cannot tell real from fake.
 * @typedef {{ loss: string, equilibrium: number, equilibrium_g: number }} Theory
 */

const GUESSES = "D only guesses where it cannot tell real from fake: it then rates all pictures alike";

/** @type {Reference[]} */
export const OPINION_REFERENCES = [{ value: 0.5, label: "½: D only guesses", meaning: `${GUESSES}, at ½.` }];
/** @type {Reference[]} */
export const KID_REFERENCES = [
  {
    value: 0,
    label: "0: no difference",
    meaning: "At 0, generated and real pictures are alike for the network that compares them.",
  },
];
/** @type {Reference[]} */
export const COVERAGE_REFERENCES = [
  { value: 1, label: "1: every kind is drawn", meaning: "At 1, every real picture has a generated one near it." },
];

/**
 * The loss of D where it only guesses.
 * @param {Theory} theory
 * @returns {Reference[]}
 */
export const referencesOfD = ({ equilibrium }) => [
  {
    value: equilibrium,
    label: `${symbol(equilibrium)}: D’s loss if D guesses`,
    meaning: `${GUESSES}, and its loss is ${withValue(equilibrium)}.`,
  },
];

/**
 * The loss of G where D only guesses.
 * @param {Theory} theory
 * @returns {Reference[]}
 */
export const referencesOfG = ({ equilibrium_g }) => [
  {
    value: equilibrium_g,
    label: `${symbol(equilibrium_g)}: G’s loss if D guesses`,
    meaning: `${GUESSES}, and G’s loss is ${withValue(equilibrium_g)}.`,
  },
];

/**
 * Both; one line where both losses are the same.
 * @param {Theory} theory
 * @returns {Reference[]}
 */
export function lossReferences(theory) {
  const { equilibrium, equilibrium_g } = theory;
  if (equilibrium !== equilibrium_g) return [...referencesOfD(theory), ...referencesOfG(theory)];
  return [
    {
      value: equilibrium,
      label: `${symbol(equilibrium)}: both losses if D guesses`,
      meaning: `${GUESSES}, and both losses are ${withValue(equilibrium)}.`,
    },
  ];
}

/**
 * A loss as mathematics writes it.
 * @param {number} value
 */
function symbol(value) {
  const power = [2, 4].find((argument) => Math.abs(Math.log(argument) - value) < 1e-6);
  return power ? `ln ${power}` : String(value);
}

/** @param {number} value */
const withValue = (value) =>
  symbol(value) === String(value) ? symbol(value) : `${symbol(value)} ≈ ${value.toFixed(2)}`;
