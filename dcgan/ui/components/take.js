// Taking a face along: as a file, as a link, as a keyframe of the film.
import { ask, events, notice, session } from "./shared.js";

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
  link.addEventListener("click", async () => {
    const { face, model } = current();
    const url = new URL(face.link(model), document.baseURI).href;
    try {
      await navigator.clipboard.writeText(url);
      flash(link, "copied");
    } catch {
      notice(url); // without permission, or without https, the link is shown instead
    }
  });

  const toFilm = find(".tofilm");
  const shelve = () => {
    const { face } = current();
    session.shelf = [...(session.shelf ?? []), face.request];
    events.dispatchEvent(new Event("shelf"));
  };
  toFilm.addEventListener("click", () => { shelve(); flash(toFilm, "added"); });
  events.addEventListener("shelve", shelve); // Interpolate asks for the face
}

function save(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

function flash(button, word) {
  const text = button.dataset.text ??= button.textContent;
  button.style.minWidth = `${button.offsetWidth}px`; // nothing beside it moves
  button.textContent = word;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = text; }, 1500);
}
