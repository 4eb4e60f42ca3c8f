// The mean of a model's faces, as a guide for aligning a photo. It is a mean of pictures, not the picture of z = 0, which
// G is never trained on and which can be almost flat.
import { context2d } from "../common/dom.js";
import { sheetPicture } from "../generator/pictures.js";

const COUNT = 64;
const SIDE = 128;
const COLUMNS = 8;

/**
 * The mean of the first seeds' pictures.
 * @param {string} model
 */
export async function meanFace(model) {
  const faces = Array.from({ length: COUNT }, (_, seed) => ({ seed: String(seed) }));
  const sheet = await sheetPicture({ model, faces, cell: SIDE, columns: COLUMNS });
  const context = context2d(new OffscreenCanvas(sheet.width, sheet.height));
  context.drawImage(sheet, 0, 0);
  sheet.close();
  const sum = new Float32Array(SIDE * SIDE * 4);
  for (let cell = 0; cell < COUNT; cell++) {
    const x = (cell % COLUMNS) * SIDE;
    const y = Math.floor(cell / COLUMNS) * SIDE;
    context.getImageData(x, y, SIDE, SIDE).data.forEach((value, index) => {
      sum[index] += value;
    });
  }
  return createImageBitmap(
    new ImageData(
      Uint8ClampedArray.from(sum, (value) => value / COUNT),
      SIDE,
      SIDE,
    ),
  );
}
