import "./helpers/browser.js";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { recall, remember, tab } from "../../dcgan/web/common/storage.js";
import { FakeStorage } from "./helpers/browser.js";

beforeEach(() => {
  globalThis.localStorage = new FakeStorage();
  globalThis.sessionStorage = new FakeStorage();
});

test("what is remembered is recalled, and nothing else is null", () => {
  remember("a", "text");
  assert.deepEqual([recall("a"), recall("b")], ["text", null]);
});

test("a blocked or full storage is the same as an empty one", () => {
  localStorage.failure = "QuotaExceededError";
  remember("a", "text");
  assert.equal(recall("a"), null);
  localStorage.failure = "SecurityError";
  assert.equal(recall("a"), null);
});

test("a tab remembers any JSON, apart from what the browser remembers", () => {
  tab.remember("a", { trail: [1, null] });
  assert.deepEqual(tab.recall("a"), { trail: [1, null] });
  assert.equal(recall("a"), null);
});

test("a tab's damaged memory is null", () => {
  sessionStorage.setItem("a", "{");
  assert.equal(tab.recall("a"), null);
  assert.equal(tab.recall("b"), null);
});
