// My photo: the user's picture is cropped to a square, and the server searches the latent whose picture comes nearest.
// Only the square is sent to the server, which keeps nothing.

import { context2d, finder } from "../common/dom.js";
import { Frames } from "../common/frames.js";
import { queueSentence, readJsonLines } from "../common/json_lines.js";
import { request, ServerError, sentenceOf, wasAborted } from "../common/session.js";
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
      title="Shows the model’s mean face over your picture, so that you can align the eyes and the mouth"><input
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

const ADVICE =
  "The faint face shows where the model expects eyes and mouth: move and zoom your picture until they match.";
const AIM = "Move until your eyes and mouth match those of the faint face, then take the picture.";
const PRIVACY =
  "Your picture is cropped in this browser; only the square goes to the server, which keeps nothing of it.";

const QUEUE = { one: "Another picture is being searched for", many: "Other pictures are being searched for" };

/**
 * A line of the answer: an error, the place in the queue, the progress, or the face.
 * @typedef {object} PhotoProgress
 * @property {string} [error]
 * @property {boolean} [waiting]
 * @property {number} [place] in the queue, 1 is next
 * @property {number} [progress] 0 to 1
 * @property {string} [z] the best latent so far, as text
 * @property {number} [rmse] distance of the face that was found
 * @property {number} [start_rmse] distance of the face where the search began
 * @property {string} [words] the distance in words
 */

/** @typedef {"empty" | "camera" | "crop" | "busy" | "found"} State */

/**
 * Builds the dialog and wires the button that opens it.
 * @param {HTMLElement} element
 * @param {() => { model: string }} current
 * @param {(z: string) => void} show opens a latent in Explore
 */
export function photo(element, current, show) {
  const dialog = document.createElement("dialog");
  dialog.className = "dcgan photo";
  dialog.setAttribute("aria-labelledby", "photo-title");
  dialog.innerHTML = TEMPLATE;
  (element.closest(".tabitem") ?? element).append(dialog); // Gradio scopes style sheets to where components lie
  const photoDialog = new PhotoDialog(dialog, current, show);
  finder(element)(".open-photo").addEventListener("click", () => photoDialog.open());
}

class PhotoDialog {
  /** @type {AbortController | null} */
  controller = null;
  guideOf = ""; // the model whose mean face is shown or on its way

  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => { model: string }} current
   * @param {(z: string) => void} show
   */
  constructor(dialog, current, show) {
    const find = finder(dialog);
    this.dialog = dialog;
    this.current = current;
    this.showInExplore = show;
    this.find = find;
    this.findButton = find(".find", HTMLButtonElement);
    this.progress = find(".progress", HTMLProgressElement);
    this.cancelButton = find(".cancel", HTMLButtonElement);
    this.guideBox = find(".guide", HTMLInputElement);
    this.crop = new Crop(find(".crop", HTMLCanvasElement), find(".zoom", HTMLInputElement), () => this.cropChanged());
    this.camera = new Camera(find("video", HTMLVideoElement), () =>
      this.leaveCamera("The camera was disconnected; choose a picture instead."),
    );
    this.frames = new Frames(
      find(".found", HTMLCanvasElement),
      find(".stage"),
      (text) => text && this.showMessage(text),
    );
    this.wireDialog();
    this.wireFiles();
    this.wireCamera();
    this.guideBox.addEventListener("change", () => this.showGuide());
    this.findButton.addEventListener("click", () => this.search());
    this.cancelButton.addEventListener("click", () => this.controller?.abort());
  }

  wireDialog() {
    const { dialog } = this;
    for (const name of [".close", ".use"]) this.find(name).addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      this.controller?.abort();
      this.camera.stop();
    });
    // else the keys of the Explore tab would act behind the dialog
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }

  open() {
    if (!this.crop.image) {
      this.setState("empty");
      this.showMessage(PRIVACY);
    } else if (this.state === "camera") this.leaveCamera(ADVICE);
    this.dialog.showModal();
    this.showGuide();
  }

  /** @param {string} text */
  showMessage(text) {
    this.find(".verdict").textContent = text;
  }

  get state() {
    return /** @type {State} */ (this.dialog.dataset.state);
  }

  /** @param {State} state */
  setState(state) {
    this.dialog.dataset.state = state;
    if (state !== "camera") this.camera.stop();
    this.findButton.classList.toggle("primary", state !== "found"); // only the next step is emphasised
    this.find(".use").classList.toggle("primary", state === "found");
    this.findButton.disabled = state !== "crop" && state !== "found";
    this.cancelButton.disabled = state !== "busy";
    this.progress.classList.toggle("on", state === "busy");
    this.showGuide();
  }

  cropChanged() {
    if (this.state === "crop") return;
    this.controller?.abort();
    this.setState("crop");
    this.showMessage(ADVICE);
  }

  // ---- a picture from a file

  wireFiles() {
    const { dialog } = this;
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll(".file"))) {
      input.addEventListener("change", () => {
        this.loadFile(input.files?.[0]);
        input.value = "";
      });
    }
    dialog.addEventListener("dragover", (event) => event.preventDefault());
    dialog.addEventListener("drop", (event) => {
      event.preventDefault();
      this.loadFile(event.dataTransfer?.files[0]);
    });
  }

  /** @param {File | undefined} file */
  async loadFile(file) {
    if (!file) return;
    this.camera.stop();
    try {
      this.crop.load(await createImageBitmap(file));
      this.find(".crop").focus();
    } catch {
      this.showMessage("The browser cannot read this file as a picture; choose a JPEG, PNG or WebP.");
    }
  }

  // ---- a picture from the camera

  wireCamera() {
    for (const button of this.dialog.querySelectorAll(".webcam"))
      button.addEventListener("click", () => this.useCamera());
    this.find(".shoot").addEventListener("click", async () => {
      this.crop.load(await this.camera.capture());
      this.find(".crop").focus();
    });
    this.find(".leave").addEventListener("click", () => this.leaveCamera(PRIVACY));
  }

  async useCamera() {
    this.controller?.abort();
    this.controller = null; // so that the aborted search does not overwrite the message
    if (this.state === "busy") this.setState("crop");
    this.showMessage("Waiting for the camera …");
    try {
      if (!(await this.camera.start())) return;
      this.setState("camera");
      this.showMessage(AIM);
      const aim = context2d(this.find(".aim", HTMLCanvasElement));
      aim.clearRect(0, 0, 256, 256);
      if (this.crop.guide && this.guideBox.checked) aim.drawImage(this.crop.guide, 0, 0, 256, 256);
      this.find(".shoot").focus();
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      this.showMessage(error.message);
    }
  }

  /** @param {string} message */
  leaveCamera(message) {
    this.setState(this.crop.image ? "crop" : "empty");
    this.showMessage(message);
  }

  // ---- the guide: the model's mean face over the picture

  /** Shows the guide while a picture is cropped and the box is checked. */
  showGuide() {
    const wanted = this.guideBox.checked;
    if (wanted && this.dialog.open) this.fetchGuide(this.current().model);
    this.crop.guided = wanted && this.state === "crop";
    this.crop.draw();
  }

  /** @param {string} model */
  async fetchGuide(model) {
    if (this.guideOf === model) return;
    this.guideOf = model;
    this.crop.guide = null;
    const face = await meanFace(model).catch(() => null); // cropping works without the guide
    if (this.guideOf !== model) return; // the model was changed meanwhile
    this.crop.guide = face;
    if (!face) this.guideOf = ""; // so that the next opening tries again
    this.crop.draw();
  }

  // ---- the search

  async search() {
    const { model } = this.current();
    const own = new AbortController();
    this.controller = own;
    this.setState("busy");
    this.progress.value = 0;
    this.showMessage("Searching …");
    try {
      const body = await this.crop.blob();
      const query = new URLSearchParams({ model });
      const answer = await request(`photo?${query}`, undefined, { method: "POST", body, signal: own.signal });
      for await (const line of readJsonLines(answer.body)) this.showProgress(line, model);
    } catch (error) {
      if (own !== this.controller || this.state !== "busy") return; // another search or another picture took its place
      const lost = "The connection was lost, so the face was not found. Try again.";
      this.setState("crop");
      this.showMessage(wasAborted(error) ? "Cancelled." : sentenceOf(error, lost));
    }
  }

  /**
   * @param {PhotoProgress} line
   * @param {string} model
   */
  showProgress(line, model) {
    if (line.error) throw new ServerError(line.error);
    if (line.waiting) this.showMessage(queueSentence(line.place ?? 1, QUEUE));
    if (line.progress) {
      this.progress.value = line.progress;
      this.showMessage("Searching …");
    }
    if (line.z) this.frames.show({ model, seed: 0, z: line.z, size: 256 });
    if (line.rmse !== undefined && line.z) this.showFound({ ...line, rmse: line.rmse, z: line.z });
  }

  /** @param {PhotoProgress & { rmse: number, z: string }} found */
  showFound({ rmse, start_rmse, words, z }) {
    this.setState("found");
    this.showMessage(
      `Distance ${rmse.toFixed(3)}, ${words}. ` +
        `(0 is the same picture; the search began at ${start_rmse?.toFixed(3)}.) ` +
        "Explore shows the face now: every slider changes it, undo brings the old one back.",
    );
    this.showInExplore(z);
  }
}
