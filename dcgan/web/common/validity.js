// Inputs whose text is refused: each keeps the text and a sentence that says what is wrong, until it is corrected.

/**
 * Marks an input as refused with a sentence, or as accepted with an empty one.
 * @param {HTMLInputElement} input
 * @param {string} problem
 */
export function mark(input, problem) {
  input.setAttribute("aria-invalid", String(problem !== ""));
  input.dataset.problem = problem;
}

/**
 * The first refused input below `root`.
 * @param {ParentNode} root
 * @returns {HTMLInputElement | null}
 */
export const refusedInput = (root) => root.querySelector('input[aria-invalid="true"]');

/**
 * What is wrong with a time; "" where nothing is.
 * @param {HTMLInputElement} input of type "number"
 * @param {{ what: string, low: number, high: number }} range
 */
export function secondsProblem({ value }, { what, low, high }) {
  const fits = value !== "" && Number(value) >= low && Number(value) <= high;
  return fits ? "" : `${what} ${low} to ${high} seconds${value === "" ? "" : `, not ${value}`}.`;
}
