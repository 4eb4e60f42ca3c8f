// The webcam: shows its mirrored picture in a video element until one is captured. `stop` releases it.

import { context2d } from "../common/dom.js";

/** @type {Record<string, string>} */
const SENTENCES = {
  NotAllowedError: "The browser does not allow the camera: allow it beside the page’s address, or choose a picture.",
  NotFoundError: "This device has no camera; choose a picture instead.",
  OverconstrainedError: "This device has no camera; choose a picture instead.",
  NotReadableError: "The camera cannot be read; perhaps another program uses it. Close that program and try again.",
};
const INSECURE = "Browsers allow the camera only on pages with https or on this machine; choose a picture instead.";
const UNKNOWN = "The camera does not answer; choose a picture instead.";

/** The camera cannot be used; `message` is a sentence for the user. */
export class NoCamera extends Error {}

export class Camera {
  /** @type {MediaStream | null} */
  stream = null;
  starts = 0; // counts starts and stops, so that a slow start notices a later stop

  /**
   * @param {HTMLVideoElement} video shows the live picture
   * @param {() => void} lost is called when the camera is disconnected
   */
  constructor(video, lost) {
    this.video = video;
    this.lost = lost;
  }

  /** Starts the camera. Resolves to true once it is live, to false where it was stopped meanwhile. Throws NoCamera. */
  async start() {
    this.stop();
    const own = this.starts;
    if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(INSECURE);
    const constraints = { video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } }, audio: false };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      throw new NoCamera((error instanceof Error && SENTENCES[error.name]) || UNKNOWN);
    }
    if (own !== this.starts) {
      release(stream);
      return false;
    }
    this.stream = this.video.srcObject = stream;
    for (const track of stream.getTracks())
      track.addEventListener("ended", () => this.stream === stream && this.lost());
    try {
      await this.video.play();
    } catch {
      /* stopped before the first picture */
    }
    return own === this.starts;
  }

  /** The current picture, mirrored as the video shows it. */
  async capture() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const sheet = new OffscreenCanvas(width, height);
    const context = context2d(sheet);
    context.scale(-1, 1);
    context.drawImage(this.video, -width, 0);
    return createImageBitmap(sheet);
  }

  /** Releases the camera, or aborts its start. */
  stop() {
    this.starts += 1;
    if (this.stream) release(this.stream);
    this.stream = this.video.srcObject = null;
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}
