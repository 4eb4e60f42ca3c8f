// Interpolate: faces in a row, a walk through them by hand, and the film of it.
import { events, opened, rest, session } from "./shared.js";
import { Frames, Sheets } from "./frames.js";
import { makeFilm } from "./film.js";
import { Keyframes } from "./keyframes.js";

const MOMENTS = 12, CELL = 64;

export async function mount(element) {
  const find = (name) => element.querySelector(name);
  const sentence = find(".sentence");
  const say = (text) => { sentence.textContent = text; sentence.hidden = !text; };
  try { await opened(); } catch (error) {
    find(".stage").dataset.state = "empty";
    return say(error.message);
  }
  const frames = new Frames(find(".picture"), find(".stage"), say);
  const strip = new Sheets(), context = find(".film-strip").getContext("2d");
  const walker = find(".walker");
  const keyframes = new Keyframes(find(".frames-row"), () => changed());

  const path = () => ({ model: session.model.name, faces: keyframes.faces, mode: find(".mode").value, loop: find(".loop").checked });
  const film = () => ({ ...path(), seconds: Number(find(".seconds").value), fps: Number(find(".fps").value),
    size: Number(find(".size").value), format: find(".format").value });

  const step = () => frames.want({ ...path(), t: Number(walker.value), size: 256 });

  function changed() {
    showTicks();
    step();
    develop();
    estimate();
  }

  const develop = rest(300, async () => {
    const sheet = await strip.get({ ...path(), moments: MOMENTS, cell: CELL, columns: MOMENTS });
    if (!sheet) return;
    context.drawImage(sheet, 0, 0);
    find(".film-strip").classList.add("ready");
    sheet.close();
  });

  // where the keyframes lie along the path
  function showTicks() {
    const count = keyframes.faces.length, spans = find(".loop").checked ? count : count - 1;
    find(".ticks").replaceChildren(...Array.from({ length: spans + 1 }, (_, index) => {
      const tick = document.createElement("i");
      tick.style.left = `${(100 * index) / spans}%`;
      tick.textContent = index < count ? String.fromCharCode(65 + index) : "↺";
      return tick;
    }));
  }

  function estimate() {
    const { seconds, fps, size } = film();
    const count = Math.round(seconds * fps);
    const most = session.film.frames;
    const text = !(seconds >= 0.2) ? "A film is at least 0.2 seconds long."
      : count > most ? `At most ${most} frames here: ${Math.floor(most / fps)} seconds at ${fps} fps.`
        : `${count} frames, about ${Math.max(1, Math.round(count * (rate.perFrame + (size / 512) ** 2 * 0.006)))} s to make`;
    find(".estimate").textContent = text;
  }

  const rate = makeFilm(find, film);
  walker.addEventListener("input", step);
  for (const name of [".mode", ".loop"]) find(name).addEventListener("change", changed);
  for (const name of [".seconds", ".fps", ".size", ".format"]) find(name).addEventListener("input", estimate);
  for (const option of find(".size").options) option.disabled = Number(option.value) > session.film.size;
  events.addEventListener("model", () => { keyframes.show(); changed(); });
  events.addEventListener("shelf", () => keyframes.takeShelf());
  keyframes.takeShelf();
  changed();
}
