// Taking a face along: as a file, as a link, as a keyframe of the film.
import { ask, events, notice, session } from "./session.js";
import { faceLink } from "./codec.js";

export function take(element, current, say) {
  const find = (name) => element.querySelector(name);

  for (const button of element.querySelectorAll(".save")) {
    button.addEventListener("click", async () => {
      const { face, model } = current();
      const size = Number(button.dataset.size) || session.model.image_size;
      try {
        const answer = await ask("frame", { ...face.request, model, size, format: "png" });
        save(await answer.blob(), `${model.replace(/\W+/g, "-")}-${face.z ? "face" : `seed-${face.seed}`}-${size}.png`);
      } catch (error) {
        say(error instanceof TypeError ? "The server cannot be reached, so nothing was saved." : error.message);
      }
    });
  }

  const link = find(".link");
  link.addEventListener("click", () => copyLink(current().face.request, link));

  const filmIt = () => toFilm(current().face.request);
  const button = find(".tofilm");
  button.addEventListener("click", () => { filmIt(); flash(button, "added"); });
  events.addEventListener("filmdesk", filmIt); // Interpolate asks for the face on the desk
}

/** Puts a face at the end of the film; Interpolate takes it once that tab is there. */
export function toFilm(face) {
  session.forFilm = [...(session.forFilm ?? []), face];
  events.dispatchEvent(new Event("film"));
}

/** Copies the link of a face of the chosen model; the button that was pressed says so. */
export async function copyLink(face, button) {
  const url = new URL(faceLink(session.model.name, face), document.baseURI).href;
  try {
    await navigator.clipboard.writeText(url);
    flash(button, "copied");
  } catch {
    notice(url); // without permission, or without https, the link is shown instead
  }
}

export function save(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

/** Says a word on a button for a moment. */
export function flash(button, word) {
  const text = button.dataset.text ??= button.textContent;
  button.style.minWidth = `${button.offsetWidth}px`; // nothing beside it moves
  button.textContent = word;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = text; }, 1500);
}
