// Taking a face along: as a file, as a link, as a keyframe of the film.

import { faceLink } from "./codec.js";
/** @import { Face } from "./face.js" */
/** @import { FaceFields } from "./types.d.ts" */

import { finder } from "./dom.js";
import { ask, events, messageOf, notice, session } from "./session.js";

/** @type {WeakMap<HTMLElement, number>} */
const flashing = new WeakMap(); // timers of buttons that say a word

/**
 * Wires the buttons of the Explore tab.
 * @param {HTMLElement} element
 * @param {() => { face: Face, model: string }} current the desk
 * @param {(sentence: string) => void} say
 */
export function take(element, current, say) {
  const find = finder(element);

  for (const button of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".save"))) {
    button.addEventListener("click", async () => {
      const { face, model } = current();
      const size = Number(button.dataset.size) || session.model.image_size;
      try {
        const answer = await ask("frame", { ...face.request, model, size, format: "png" });
        save(await answer.blob(), `${model.replace(/\W+/g, "-")}-${face.z ? "face" : `seed-${face.seed}`}-${size}.png`);
      } catch (error) {
        say(error instanceof TypeError ? "The server cannot be reached, so nothing was saved." : messageOf(error));
      }
    });
  }

  const link = find(".link");
  link.addEventListener("click", () => copyLink(current().face.request, link));

  const filmIt = () => toFilm(current().face.request);
  const button = find(".tofilm");
  button.addEventListener("click", () => {
    filmIt();
    flash(button, "added");
  });
  events.addEventListener("filmdesk", filmIt); // Interpolate asks for the face on the desk
}

/**
 * Puts a face at the end of the film; Interpolate takes it once that tab is there.
 * @param {FaceFields} face
 */
export function toFilm(face) {
  session.forFilm = [...(session.forFilm ?? []), face];
  events.dispatchEvent(new Event("film"));
}

/**
 * Copies the link of a face of the chosen model; the button that was pressed says so.
 * @param {FaceFields} face
 * @param {HTMLElement} button
 */
export async function copyLink(face, button) {
  const url = new URL(faceLink(session.model.name, face), document.baseURI).href;
  try {
    await navigator.clipboard.writeText(url);
    flash(button, "copied");
  } catch {
    notice(url); // without permission, or without https, the link is shown instead
  }
}

/**
 * Saves a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

/**
 * Says a word on a button for a moment.
 * @param {HTMLElement} button
 * @param {string} word
 */
export function flash(button, word) {
  button.dataset.text ??= button.textContent ?? "";
  button.style.minWidth = `${button.offsetWidth}px`; // nothing beside it moves
  button.textContent = word;
  clearTimeout(flashing.get(button));
  const timer = setTimeout(() => {
    button.textContent = button.dataset.text ?? "";
  }, 1500);
  flashing.set(button, timer);
}
