import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chart } from "../../dcgan/web/common/chart.js";
import { FakeElement } from "./helpers/browser.js";

const LINES = [
  { column: 1, kind: "g", name: "G" },
  { column: 2, kind: "d", name: "D" },
];

function chart(mark, top) {
  const svg = new FakeElement({ clientWidth: 344, clientHeight: 128 }); // 300 × 100 within its margins
  svg.setAttribute("aria-label", "Losses");
  return new Chart(svg, LINES, mark, top);
}

const texts = (one) => one.labels.map(({ textContent }) => textContent);
const path = (one, index) => one.paths[index].getAttribute("d");

test("the axes are marked at their ends and in the middle", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, 0.2, 0.8],
    [2000, 0.4, 0.6],
  ]);
  assert.deepEqual(texts(one), ["0", "0.5", "1.0", "0", "1k", "2k"]);
});

test("a fixed top is kept, and a point above it is drawn at it", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, 0, 5],
    [10, 1, 0.5],
  ]);
  assert.equal(path(one, 0), "M36.0 108.0L336.0 8.0");
  assert.equal(path(one, 1), "M36.0 8.0L336.0 58.0");
});

test("one wild step does not flatten the rest", () => {
  const one = chart(1);
  one.show(Array.from({ length: 100 }, (_, index) => [index, index ? 2 : 1000, 2]));
  assert.equal(texts(one)[2], "2.3");
});

test("the dashed line is always in sight", () => {
  const one = chart(10);
  one.show([
    [0, 1, 1],
    [1, 1, 1],
  ]);
  assert.equal(texts(one)[2], "13.0");
});

test("a value that was not measured leaves no point", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, null, 0.5],
    [1, 0.5, null],
    [2, 0.5, 0.5],
  ]);
  assert.equal(path(one, 0), "M186.0 58.0L336.0 58.0");
  assert.equal(path(one, 1), "M36.0 58.0L336.0 58.0");
});

test("its label says the newest point", () => {
  const one = chart(0.5, 1);
  one.show([]);
  assert.equal(one.svg.getAttribute("aria-label"), "Losses; newest: nothing yet");
  one.show([[1500, 0.25, null]]);
  assert.equal(one.svg.getAttribute("aria-label"), "Losses; newest: 2k: G 0.250  D –");
});

test("nothing is drawn while it cannot be seen", () => {
  const one = chart(0.5, 1);
  one.svg.clientWidth = 0;
  one.show([[0, 1, 1]]);
  assert.equal(path(one, 0), null);
});
