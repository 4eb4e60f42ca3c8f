// My photo: a picture of one's own, cut to a square here, and the face of the model that is nearest to it. Only the
// square goes to the server, which keeps nothing.

import { context2d, finder } from "../common/dom.js";
import { Frames } from "../common/frames.js";
import { request, ServerError, sentenceOf, wasAborted } from "../common/session.js";
import { lines } from "../interpolate/film.js";
import { Camera, NoCamera } from "./camera.js";
import { Crop } from "./crop.js";
import { meanFace } from "./mean_face.js";

const TEMPLATE = `
  <div class="head"><h2 id="photo-title">My photo</h2><span class="grow"></span>
    <button type="button" class="icon close" aria-label="Close" title="Close (Esc)">×</button></div>
  <div class="pair">
    <figure><div class="well">
      <canvas class="crop" tabindex="0" role="img"
        aria-label="Your picture. Arrow keys move it, plus and minus zoom."></canvas>
      <div class="choose"><span>Drop a picture here, or</span>
        <label class="pick">Choose a picture <input class="file" type="file" accept="image/*" /></label>
        <label class="pick camera">Take a photo
          <input class="file" type="file" accept="image/*" capture="user" /></label>
        <button type="button" class="webcam">Use the camera</button></div>
      <div class="viewfinder"><video playsinline muted aria-label="What the camera sees"></video><canvas class="aim"
        width="256" height="256" aria-hidden="true"></canvas>
        <span class="shutter"><button type="button"
          class="shoot primary">Take it</button><button type="button"
          class="small leave">not now</button></span></div></div>
      <figcaption>your picture</figcaption></figure>
    <figure><div class="stage" data-state="empty">
      <svg class="ghost" viewBox="0 0 100 100" aria-hidden="true"><ellipse cx="50" cy="46" rx="22" ry="28" />
        <path d="M14 100c2-20 18-26 36-26s34 6 36 26z" /></svg>
      <canvas class="picture found" width="256" height="256" role="img"
        aria-label="The model’s nearest face"></canvas></div>
      <figcaption>the model’s nearest face</figcaption></figure>
  </div>
  <div class="row fitting">
    <label class="field grow" title="How much of the picture fills the square">zoom
      <input class="zoom plain" type="range" min="0" max="1" step="0.005" value="0" aria-label="Zoom" /></label>
    <label class="field"
      title="Lays the model’s mean face over yours, so that eyes and mouth can be brought to the same places"><input
      class="guide" type="checkbox" checked /> guide</label>
    <label class="pick small">another
      <input class="file" type="file" accept="image/*" aria-label="Choose another picture" /></label>
    <button type="button" class="small webcam" aria-label="Use the camera">camera</button>
  </div>
  <div class="row">
    <button type="button" class="find primary" disabled>Find this face</button>
    <progress class="progress" max="1" value="0" aria-label="Progress of the search"></progress>
    <button type="button" class="small cancel" disabled>cancel</button><span class="grow"></span>
    <button type="button" class="use">To the sliders</button>
  </div>
  <p class="verdict" role="status"></p>`;

const ADVICE = "The model knows faces as in the faint one: move and zoom yours until eyes and mouth lie over it.";
const AIM = "Bring your eyes and mouth to where the faint face has them, then take the picture.";
const PRIVACY = "Your picture is cut here; only the square goes to the server, which keeps nothing of it.";

/**
 * A line of the answer: why there is no face, that another search is first, how far it is, the face as it is found.
 * @typedef {object} PhotoNews
 * @property {string} [error]
 * @property {boolean} [waiting]
 * @property {number} [progress]
 * @property {string} [z]
 * @property {number} [rmse] distance of the face that was found
 * @property {number} [start_rmse] that of the face where the search began
 * @property {string} [words]
 */

/**
 * @param {HTMLElement} element
 * @param {() => { model: string }} current the desk
 * @param {(z: string) => void} show puts a found face on it
 */
export function photo(element, current, show) {
  const dialog = document.createElement("dialog");
  dialog.className = "dcgan photo";
  dialog.setAttribute("aria-labelledby", "photo-title");
  dialog.innerHTML = TEMPLATE;
  (element.closest(".tabitem") ?? element).append(dialog); // Gradio scopes style sheets to where components lie
  const find = finder(dialog);
  const verdict = find(".verdict");
  const button = find(".find", HTMLButtonElement);
  const progress = find(".progress", HTMLProgressElement);
  const cancel = find(".cancel", HTMLButtonElement);
  const guideBox = find(".guide", HTMLInputElement);
  /** @param {string} text */
  const say = (text) => {
    verdict.textContent = text;
  };
  /** @param {"empty" | "camera" | "crop" | "busy" | "found"} name */
  const state = (name) => {
    dialog.dataset.state = name;
    if (name !== "camera") camera.stop();
    button.classList.toggle("primary", name !== "found"); // the next step is the one that stands out
    find(".use").classList.toggle("primary", name === "found");
    button.disabled = name !== "crop" && name !== "found";
    cancel.disabled = name !== "busy";
    progress.classList.toggle("on", name === "busy");
    guide();
  };
  const crop = new Crop(find(".crop", HTMLCanvasElement), find(".zoom", HTMLInputElement), () => {
    if (dialog.dataset.state !== "crop") {
      controller?.abort();
      state("crop");
      say(ADVICE);
    }
  });
  const camera = new Camera(find("video", HTMLVideoElement), () =>
    leaveCamera("The camera has gone; choose a picture instead."),
  );
  const frames = new Frames(find(".found", HTMLCanvasElement), find(".stage"), (text) => text && say(text));
  /** @type {AbortController | null} */
  let controller = null;
  let guideOf = ""; // the model whose mean face is there, or on its way

  finder(element)(".open-photo").addEventListener("click", () => {
    if (!crop.image) {
      state("empty");
      say(PRIVACY);
    } else if (dialog.dataset.state === "camera") leaveCamera(ADVICE);
    dialog.showModal();
    guide();
  });
  find(".close").addEventListener("click", () => dialog.close());
  find(".use").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    controller?.abort();
    camera.stop();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the desk's keys are not meant here

  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll(".file"))) {
    input.addEventListener("change", () => {
      take(input.files?.[0]);
      input.value = "";
    });
  }
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });
  guideBox.addEventListener("change", guide);
  cancel.addEventListener("click", () => controller?.abort());

  for (const wish of dialog.querySelectorAll(".webcam")) wish.addEventListener("click", useCamera);
  find(".shoot").addEventListener("click", async () => {
    crop.load(await camera.take());
    find(".crop").focus();
  });
  find(".leave").addEventListener("click", () => leaveCamera(PRIVACY));

  async function useCamera() {
    controller?.abort();
    controller = null; // what was looked for is no longer wanted, and has nothing to say about it
    if (dialog.dataset.state === "busy") state("crop");
    say("Waiting for the camera …");
    try {
      if (!(await camera.start())) return;
      state("camera");
      say(AIM);
      const aim = context2d(find(".aim", HTMLCanvasElement));
      aim.clearRect(0, 0, 256, 256);
      if (crop.guide && guideBox.checked) aim.drawImage(crop.guide, 0, 0, 256, 256);
      find(".shoot").focus();
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      say(error.message);
    }
  }

  /** @param {string} words */
  function leaveCamera(words) {
    state(crop.image ? "crop" : "empty");
    say(words);
  }

  /** @param {File | undefined} file */
  async function take(file) {
    if (!file) return;
    camera.stop();
    try {
      crop.load(await createImageBitmap(file));
      find(".crop").focus();
    } catch {
      say("The browser cannot read this file as a picture; choose a JPEG, PNG or WebP.");
    }
  }

  /** Lays the model's mean face over the photograph where the box is checked, so that it can be laid straight. */
  function guide() {
    const wanted = guideBox.checked;
    if (wanted && dialog.open) fetchGuide(current().model);
    // while it is looked for, and beside what was found, the picture is shown as it is
    crop.guided = wanted && dialog.dataset.state === "crop";
    crop.draw();
  }

  /** @param {string} model */
  async function fetchGuide(model) {
    if (guideOf === model) return;
    guideOf = model;
    crop.guide = null;
    const face = await meanFace(model).catch(() => null); // without it one can still crop
    if (guideOf !== model) return; // the model was changed meanwhile
    crop.guide = face;
    if (!face) guideOf = ""; // asked for again the next time
    crop.draw();
  }

  button.addEventListener("click", async () => {
    const { model } = current();
    const mine = new AbortController();
    controller = mine;
    state("busy");
    progress.value = 0;
    say("Looking …");
    try {
      const body = await crop.blob();
      const query = new URLSearchParams({ model });
      const answer = await request(`photo?${query}`, undefined, { method: "POST", body, signal: mine.signal });
      for await (const news of lines(answer.body)) report(news, model);
    } catch (error) {
      if (mine !== controller) return; // another search has begun
      const lost = "The connection was lost, so the face was not found. Try again.";
      const sentence = wasAborted(error) ? "Cancelled." : sentenceOf(error, lost);
      if (dialog.dataset.state === "busy") {
        state("crop");
        say(sentence);
      }
    }
  });

  /**
   * @param {PhotoNews} news
   * @param {string} model
   */
  function report(news, model) {
    if (news.error) throw new ServerError(news.error);
    if (news.waiting) say("Another picture is being looked for; yours is next.");
    if (news.progress) {
      progress.value = news.progress;
      say("Looking …");
    }
    if (news.z) frames.show({ model, seed: 0, z: news.z, size: 256 });
    if (news.rmse === undefined || !news.z) return;
    state("found");
    say(
      `Distance ${news.rmse.toFixed(3)}: ${news.words}. ` +
        `(0 is the same picture; the search began at ${news.start_rmse?.toFixed(3)}.) ` +
        "It is on the desk now: every slider moves it, undo leaves it.",
    );
    show(news.z);
  }
}
