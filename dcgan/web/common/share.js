// Sharing a face: saved as a picture, copied as a link, added to the film.

import { faceLink } from "./codec.js";
/** @import { Face } from "./face.js" */
/** @import { FaceFields } from "./types.d.ts" */

import { finder } from "./dom.js";
import { at, events, messageOf, notice, request, session } from "./session.js";

/** @type {WeakMap<HTMLElement, number>} */
const flashing = new WeakMap(); // timers of buttons that show another text for a moment

/**
 * Wires the PNG, HTML, link and film buttons of the Explore tab.
 * @param {HTMLElement} element
 * @param {() => { face: Face, model: string }} current
 * @param {(sentence: string) => void} showError
 */
export function share(element, current, showError) {
  const find = finder(element);

  for (const button of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".save"))) {
    button.addEventListener("click", async () => {
      const { face, model } = current();
      const size = Number(button.dataset.size) || session.model.image_size;
      try {
        const answer = await request("frame", { ...face.request, model, size, format: "png" });
        save(await answer.blob(), `${model.replace(/\W+/g, "-")}-${face.z ? "face" : `seed-${face.seed}`}-${size}.png`);
      } catch (error) {
        showError(
          error instanceof TypeError ? "The server cannot be reached, so nothing was saved." : messageOf(error),
        );
      }
    });
  }

  const home = find(".take-home", HTMLAnchorElement);
  const showHome = () => {
    home.href = at(`take_home?${new URLSearchParams({ model: session.model.name })}`);
  };
  showHome();
  events.addEventListener("model", showHome);

  const link = find(".link");
  link.addEventListener("click", () => copyLink(current().face.request, link));

  const addToFilm = () => toFilm(current().face.request);
  const button = find(".tofilm");
  button.addEventListener("click", () => {
    addToFilm();
    flash(button, "added");
  });
  events.addEventListener("film-current", addToFilm); // the button "+ from Explore" of Interpolate
}

/**
 * Adds a face to the end of the film. Interpolate reads it from the session, also when its tab is built later.
 * @param {FaceFields} face
 */
export function toFilm(face) {
  session.forFilm = [...(session.forFilm ?? []), face];
  events.dispatchEvent(new Event("film"));
}

/**
 * Copies the link of a face of the chosen model, and shows that on the button.
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
 * Saves a blob as a download.
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
 * Shows another text on a button for a moment.
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
