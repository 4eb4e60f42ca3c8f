// A webcam in the picture's place: what it sees, as in a mirror, until a picture is taken. It is let go of with `stop`.

import { context2d } from "../common/dom.js";

/** @type {Record<string, string>} */
const SENTENCES = {
  NotAllowedError: "The browser may not use the camera: allow it beside the address, or choose a picture.",
  NotFoundError: "There is no camera here; choose a picture instead.",
  OverconstrainedError: "There is no camera here; choose a picture instead.",
  NotReadableError: "The camera cannot be read; perhaps another program has it. Close that one and try again.",
};
const INSECURE = "Browsers lend the camera only to pages on https or on this machine; choose a picture instead.";
const UNKNOWN = "The camera does not answer; choose a picture instead.";

/** A camera that cannot be had, as a sentence. */
export class NoCamera extends Error {}

export class Camera {
  /** @type {MediaStream | null} */
  stream = null;
  wanted = 0; // counts the wishes for it and their ends

  /**
   * @param {HTMLVideoElement} video shows what it sees
   * @param {() => void} lost is called when the camera goes away by itself
   */
  constructor(video, lost) {
    this.video = video;
    this.lost = lost;
  }

  /** Resolves to true once the picture is live, to false when it was stopped meanwhile. Throws NoCamera. */
  async start() {
    this.stop();
    const mine = this.wanted;
    if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(INSECURE);
    const wish = { video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } }, audio: false };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(wish);
    } catch (error) {
      throw new NoCamera((error instanceof Error && SENTENCES[error.name]) || UNKNOWN);
    }
    if (mine !== this.wanted) {
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
    return mine === this.wanted;
  }

  /** The picture of this moment, as it was seen: mirrored. */
  async take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const sheet = new OffscreenCanvas(width, height);
    const context = context2d(sheet);
    context.scale(-1, 1);
    context.drawImage(this.video, -width, 0);
    return createImageBitmap(sheet);
  }

  /** Lets go of the camera, or of the wish for it. */
  stop() {
    this.wanted += 1;
    if (this.stream) release(this.stream);
    this.stream = this.video.srcObject = null;
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}
