import "./helpers/browser.js";

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Frames, Sheets } from "../../dcgan/web/common/frames.js";
import { deferred, FakeElement, turn } from "./helpers/browser.js";

let requests; // [{ body, signal, answer }], in the order they were sent

beforeEach(() => {
  requests = [];
  mock.method(globalThis, "fetch", (_, { body, signal }) => {
    const answer = deferred();
    requests.push({ body: JSON.parse(body), answer });
    signal?.addEventListener("abort", () => answer.reject(signal.reason));
    return answer.done;
  });
  globalThis.createImageBitmap = async (blob) => ({ width: 64, text: await blob.text(), close() {} });
});

const names = () => requests.map(({ body }) => body.name);

async function answer(index, response = new Response(names()[index])) {
  requests[index].answer.resolve(response);
  for (let i = 0; i < 5; i += 1) await turn();
}

function frames() {
  const said = [];
  const one = new Frames(new FakeElement({ width: 64 }), new FakeElement(), (sentence) => said.push(sentence));
  const shown = () => one.canvas.dataset.stamp ?? null;
  return Object.assign(one, { said, shownStamp: shown });
}

test("while a picture is on its way, only the newest request waits", async () => {
  const one = frames();
  for (const name of ["a", "b", "c"]) one.show({ name });
  await turn();
  assert.deepEqual(names(), ["a"]);
  await answer(0);
  assert.deepEqual(names(), ["a", "c"]);
  await answer(1);
  assert.equal(one.shownStamp(), "3");
  assert.equal(one.stage.dataset.state, "live");
  assert.equal(one.shown, 2);
});

test("a second request is sent once the server answers quickly", async () => {
  const one = frames();
  one.show({ name: "a" });
  await answer(0);
  one.show({ name: "b" });
  one.show({ name: "c" });
  await turn();
  assert.deepEqual(names(), ["a", "b", "c"]);
  await answer(2);
  await answer(1);
  assert.equal(one.shownStamp(), "3", "the older picture came later and does not cover the newer one");
  assert.equal(one.shown, 2);
});

test("a refusal is shown, and no request waits any more", async () => {
  const one = frames();
  one.show({ name: "a" });
  await answer(0, new Response('{"error": "No."}', { status: 422 }));
  assert.deepEqual(one.said, ["No."]);
  assert.equal(one.canvas.dataset.wanted, "0");
  assert.equal(one.inFlight, 0);
});

test("without a server the stage says so, and the newest picture is requested again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const one = frames();
  one.show({ name: "a" });
  await turn();
  requests[0].answer.reject(new TypeError("fetch failed"));
  for (let i = 0; i < 5; i += 1) await turn();
  assert.equal(one.stage.dataset.state, "loading");
  one.show({ name: "b" });
  mock.timers.tick(800);
  mock.timers.reset();
  await turn();
  assert.deepEqual(names(), ["a", "b"]);
  await answer(1);
  assert.equal(one.stage.dataset.state, "live");
});

test("of two sheets the newer one wins, and the older one is null", async () => {
  const sheets = new Sheets();
  const older = sheets.get({ name: "a" });
  const newer = sheets.get({ name: "b" });
  await answer(1);
  assert.equal(await older, null);
  assert.equal((await newer).text, "b");
});

test("a sheet that is decoded after it was given up is null", async () => {
  const sheets = new Sheets();
  const decoding = deferred();
  globalThis.createImageBitmap = () => decoding.done;
  const older = sheets.get({ name: "a" });
  await answer(0);
  sheets.stop();
  decoding.resolve({ width: 64 });
  assert.equal(await older, null);
});

test("a sheet that was stopped, refused or has no server is null", async () => {
  const sheets = new Sheets();
  const stopped = sheets.get({ name: "a" });
  sheets.stop();
  assert.equal(await stopped, null);
  const refused = sheets.get({ name: "b" });
  await answer(1, new Response("{}", { status: 422 }));
  assert.equal(await refused, null);
  const away = sheets.get({ name: "c" });
  requests[2].answer.reject(new TypeError("fetch failed"));
  assert.equal(await away, null);
});
