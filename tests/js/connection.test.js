import "./helpers/browser.js";

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { watchConnection } from "../../dcgan/web/common/connection.js";
import { events, request } from "../../dcgan/web/common/session.js";
import { dispatch, turn } from "./helpers/browser.js";

let answers = false; // whether the server does
const reported = [];
for (const type of ["lost", "reconnected"]) events.addEventListener(type, () => reported.push(type));
mock.method(globalThis, "fetch", async () => {
  if (!answers) throw new TypeError("fetch failed");
  return new Response("[]");
});
watchConnection();

async function pass(ms) {
  for (let i = 0; i < 5; i += 1) await turn();
  mock.timers.tick(ms);
  for (let i = 0; i < 5; i += 1) await turn();
}

test("a request without an answer is reported once, and the next answer as well", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await assert.rejects(request("score", {}), TypeError);
  await assert.rejects(request("sheet", {}), TypeError);
  await pass(500);
  await pass(500);
  assert.deepEqual(reported, ["lost"]);
  answers = true;
  await pass(500);
  assert.deepEqual(reported, ["lost", "reconnected"]);
  mock.timers.reset();
});

test("a socket that closed while the server answers is no loss, and nothing is asked for anew", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  reported.length = 0;
  events.dispatchEvent(new Event("socket-closed"));
  await pass(1000);
  await pass(1000);
  assert.deepEqual(reported, []);
  mock.timers.reset();
});

test("without a network the server is lost before anything is asked for", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  reported.length = 0;
  answers = false;
  dispatch(new Event("offline"));
  await pass(2000);
  await pass(2000);
  assert.deepEqual(reported, ["lost"]);
  answers = true;
  await pass(4000);
  assert.deepEqual(reported, ["lost", "reconnected"]);
  mock.timers.reset();
});
