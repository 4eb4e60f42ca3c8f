import "./helpers/browser.js";

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import {
  at,
  debounce,
  fetchWithRetry,
  modelLabel,
  request,
  runOf,
  ServerError,
  sentenceOf,
  short,
  signed,
  storageName,
  wasAborted,
} from "../../dcgan/web/common/session.js";

afterEach(() => mock.reset());

const answer = (status, body) => mock.method(globalThis, "fetch", async () => new Response(body, { status }));

test("addresses lie beside the page, wherever that is mounted", () => {
  assert.equal(at("frame"), "http://page.test/app/dcgan/frame");
});

test("a body is sent as JSON, no body as a GET", async () => {
  const sent = answer(200, "{}");
  await request("models");
  await request("frame", { seed: "7" });
  assert.deepEqual(sent.mock.calls[0].arguments[1], {});
  const [, { method, body }] = sent.mock.calls[1].arguments;
  assert.deepEqual([method, body], ["POST", '{"seed":"7"}']);
});

test("the server's sentence is a refusal", async () => {
  answer(422, '{"error": "No such seed."}');
  await assert.rejects(request("frame"), new ServerError("No such seed."));
  answer(413, "<html>");
  await assert.rejects(request("frame"), new ServerError("The server answered with 413."));
});

test("a proxy without a server behind it is the same as no server", async () => {
  answer(502, "");
  await assert.rejects(request("frame"), TypeError);
});

test("fetchWithRetry tries again while there is no server, and not after a refusal", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const statuses = [503, 502, 422];
  const sent = mock.method(globalThis, "fetch", async () => new Response("{}", { status: statuses.shift() }));
  const asked = assert.rejects(fetchWithRetry("open"), ServerError);
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve().then(() => mock.timers.tick(1000));
    await new Promise((done) => setImmediate(done));
  }
  await asked;
  assert.equal(sent.mock.callCount(), 3);
});

test("a debounced function runs once no call has come for a while", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const work = mock.fn();
  const later = debounce(100, work);
  later();
  mock.timers.tick(99);
  later();
  mock.timers.tick(99);
  assert.equal(work.mock.callCount(), 0);
  mock.timers.tick(1);
  assert.equal(work.mock.callCount(), 1);
});

test("an abort is told from other errors", () => {
  assert.ok(wasAborted(new DOMException("", "AbortError")));
  assert.ok(!wasAborted(new TypeError("away")));
  assert.ok(!wasAborted("AbortError"));
});

test("the sentence of a refusal is the server's, that of other errors is given", () => {
  assert.equal(sentenceOf(new ServerError("No."), "Away."), "No.");
  assert.equal(sentenceOf(new TypeError("fetch"), "Away."), "Away.");
});

test("numbers and names are shortened", () => {
  assert.deepEqual([0, 999, 1000, 1499, 812_000, 1_234_567].map(short), ["0", "999", "1k", "1k", "812k", "1.2M"]);
  assert.deepEqual([0, 1.234, -0.5].map(signed), ["0.00", "+1.23", "−0.50"]);
  assert.deepEqual(["faces", "run:a", "best:a"].map(modelLabel), ["faces", "run a", "best of a"]);
});

test("all models of a run belong to it, and share what the browser keeps", () => {
  const names = ["faces", "run:a", "run:a@2000", "best:a", "faces@2"];
  assert.deepEqual(names.map(runOf), ["", "run:a", "run:a", "", ""]);
  assert.deepEqual(names.map(storageName), ["faces", "run:a", "run:a", "best:a", "faces@2"]);
});
