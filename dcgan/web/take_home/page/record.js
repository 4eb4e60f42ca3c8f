// Records what a canvas shows as a film, with the browser's own MediaRecorder.

const TYPES = ["video/mp4", "video/webm"];

/**
 * A film of the next seconds of a canvas. Throws an Error where the browser cannot record.
 * @param {HTMLCanvasElement} canvas
 * @param {number} seconds
 * @returns {Promise<Blob>}
 */
export function recordCanvas(canvas, seconds) {
  const type = globalThis.MediaRecorder && TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  if (!type) throw new Error("This browser cannot record a film.");
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type, videoBitsPerSecond: 4e6 });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  return new Promise((done, fail) => {
    recorder.addEventListener("stop", () => {
      const film = new Blob(parts, { type: recorder.mimeType });
      if (film.size) done(film);
      else fail(new Error("This device was too slow to record the film; try a longer loop."));
    });
    recorder.addEventListener("error", () => fail(new Error("The browser stopped the recording; try again.")));
    recorder.start();
    setTimeout(() => recorder.stop(), 1000 * seconds);
  });
}
