import "./helpers/browser.js";

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ServerError } from "../../dcgan/web/common/session.js";
import { picture } from "../../dcgan/web/common/socket.js";
import { dispatch, FakeSocket, turn } from "./helpers/browser.js";

mock.method(globalThis, "fetch", async () => new Response("fetched", { headers: { "X-Millis": "9" } }));

/** A picture as the socket sends it: microseconds, then the file. */
function bytes(micros, text) {
  const all = new Uint8Array(4 + text.length);
  new DataView(all.buffer).setUint32(0, micros, true);
  all.set(new TextEncoder().encode(text), 4);
  return all.buffer;
}

test("pictures are fetched until a socket is open, then answered in the order they were asked for", async () => {
  const { blob, millis } = await picture({ name: "a" });
  assert.deepEqual([await blob.text(), millis], ["fetched", 9]);
  const [socket] = FakeSocket.opened;
  assert.equal(socket.url, "ws://page.test/app/dcgan/frames");
  socket.readyState = FakeSocket.OPEN;
  const one = picture({ name: "b" });
  const other = picture({ name: "c", format: "png" });
  socket.answer(bytes(2500, "first"));
  socket.answer(bytes(4000, "second"));
  assert.deepEqual([await (await one).blob.text(), (await one).millis], ["first", 2.5]);
  assert.deepEqual([await (await other).blob.text(), (await other).blob.type], ["second", "image/png"]);
  assert.deepEqual(
    socket.sent.map(({ name }) => name),
    ["b", "c"],
  );
});

test("a refusal comes as a sentence", async () => {
  const refused = picture({ name: "d" });
  FakeSocket.opened[0].answer('{"error": "No."}');
  await assert.rejects(refused, new ServerError("No."));
});

test("what a broken socket left unanswered is fetched", async () => {
  const left = picture({ name: "e" });
  await turn();
  dispatch(new Event("offline"));
  assert.equal(await (await left).blob.text(), "fetched");
});

test("a socket is not tried again before its time", async () => {
  const before = FakeSocket.opened.length;
  for (let i = 0; i < 5; i += 1) await picture({ name: "f" });
  assert.equal(FakeSocket.opened.length, before);
});
