// Make film: one request whose answer is the progress, line by line; aborting it cancels the film.
import { ask, Refusal } from "../common/session.js";

/** Wires the button. Returns {busy, shown}: whether a film is being made, and whether the line shows one's progress. */
export function makeFilm(find, film) {
  const state = { busy: false, shown: false };
  const make = find(".make"), cancel = find(".cancel"), progress = find(".progress"), line = find(".estimate");
  let controller = null;

  make.addEventListener("click", async () => {
    controller = new AbortController();
    Object.assign(state, { busy: true, shown: true });
    make.disabled = true;
    cancel.disabled = false;
    progress.classList.add("on");
    progress.value = 0;
    try {
      const answer = await ask("film", film(), { signal: controller.signal });
      for await (const news of lines(answer.body)) report(news);
    } catch (error) {
      line.textContent = error.name === "AbortError" ? "Cancelled." : error instanceof Refusal ? error.message
        : "The connection was lost, so the film was not finished. Try again.";
    } finally {
      state.busy = false;
      make.disabled = false;
      cancel.disabled = true;
      progress.classList.remove("on");
    }
  });
  cancel.addEventListener("click", () => controller?.abort());

  function report(news) {
    if (news.error) throw new Refusal(news.error);
    if (news.waiting) line.textContent = news.place === 1 ? "Another film is being made; yours is next."
      : `Other films are being made; yours is number ${news.place} in the queue.`;
    if (news.total) {
      progress.value = news.done / news.total;
      const left = news.left === null ? "" : `, ${Math.max(1, Math.round(news.left))} s left`;
      line.textContent = `${news.done} of ${news.total} frames${left}`;
    }
    if (news.film) {
      progress.value = 1;
      const size = Math.round(news.bytes / 1024), took = news.seconds.toFixed(1);
      line.textContent = `${news.frames} frames, ${size} kB, made in ${took} s; kept for an hour`;
      present(news.film);
    }
  }

  function present(address) {
    const url = new URL(address, document.baseURI).href;
    find(".result .show").replaceChildren(...playing(url));
    find(".save-film").href = `${url}?download=1`;
    find(".result").hidden = false;
  }
  return state;
}

/** The elements that show a film: a video, an animated picture, or none for a zip. */
function playing(url) {
  if (url.endsWith(".zip")) return [];
  const video = /\.(mp4|webm)$/.test(url);
  const shown = video ? document.createElement("video") : new Image();
  if (video) Object.assign(shown, { controls: true, loop: true, muted: true, autoplay: true, playsInline: true });
  else shown.alt = "The film";
  shown.src = url;
  return [shown];
}

/** The lines of a streamed answer, each parsed as JSON. */
export async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}
