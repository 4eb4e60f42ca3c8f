// Pictures of faces, drawn by this browser or by the server; see `LocalPictures` for which.

import { request, ServerError } from "../common/session.js";
import { picture as fetchPicture } from "../common/socket.js";
import { localPictures } from "./local_pictures.js";

/**
 * One picture, with the milliseconds that drawing took, and the most requests to have in flight. Null where the server
 * dropped the request because a newer one had arrived. Throws as `request` does where the server draws.
 * @param {object} body of dcgan/frame
 * @returns {Promise<{ image: ImageBitmap | Blob, millis: number, most: number } | null>}
 */
export async function picture(body) {
  const drawing = localPictures.frame(body);
  const local = drawing && (await drawing);
  if (local) return { ...local, most: 1 };
  const started = performance.now();
  try {
    const answer = await fetchPicture(body);
    if (!answer) return null;
    localPictures.took.server.add(performance.now() - started);
    return { image: answer.blob, millis: answer.millis, most: answer.most };
  } catch (error) {
    if (!(error instanceof ServerError)) localPictures.serverIsAway();
    throw error;
  }
}

/**
 * A sheet of pictures as a bitmap. Throws as `request` does where the server draws, and an AbortError where it was aborted.
 * @param {object} body of dcgan/sheet
 * @param {AbortSignal} [signal]
 */
export async function sheetPicture(body, signal) {
  const drawing = localPictures.sheet(body, signal);
  const local = drawing && (await drawing);
  if (local) return local;
  return createImageBitmap(await (await request("sheet", body, { signal })).blob());
}
