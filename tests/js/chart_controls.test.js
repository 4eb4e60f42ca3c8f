import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { domainOf, readSettings } from "../../dcgan/web/train/chart_controls.js";

const AT_FIRST = { smoothing: 0, logarithmic: false, part: "whole" };

test("settings are read as they were stored", () => {
  const settings = { smoothing: 0.85, logarithmic: true, part: "last" };
  assert.deepEqual(readSettings(JSON.stringify(settings)), settings);
});

test("what is missing or damaged is as at first", () => {
  for (const text of [null, "", "{", "null", "[]", "7", '{"smoothing": 1, "logarithmic": "yes", "part": "first"}']) {
    assert.deepEqual(readSettings(text), AT_FIRST, String(text));
  }
});

test("the last part is a fifth of the pictures", () => {
  assert.deepEqual(domainOf([500, 10_500], "whole"), [500, 10_500]);
  assert.deepEqual(domainOf([500, 10_500], "last"), [8500, 10_500]);
});
