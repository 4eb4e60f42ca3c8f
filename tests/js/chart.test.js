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
  const svg = new FakeElement({ clientWidth: 349, clientHeight: 144 }); // 300 × 100 within its margins
  svg.setAttribute("aria-label", "Losses");
  return new Chart(svg, LINES, mark, top);
}

const texts = (labels) => labels.map(({ textContent }) => textContent).filter(Boolean);
const path = (one, index) => one.paths[index].getAttribute("d");

test("the axes are marked by round values, and the lower one has a unit", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, 0.2, 0.8],
    [2000, 0.4, 0.6],
  ]);
  assert.deepEqual(texts(one.down), ["0", "0.5", "1"]);
  assert.deepEqual(texts(one.across), ["0", "500", "1k", "1.5k", "2k"]);
  assert.equal(one.unit.textContent, "pictures seen");
});

test("large values are written whole within the chart", () => {
  const one = chart(0);
  one.show([
    [0, 2110, 1],
    [1000, 1055, 1],
  ]);
  assert.deepEqual(texts(one.down), ["0", "1k", "2k"]);
  const kid = chart(0);
  kid.show([[0, 123.456, 1]]);
  for (const node of kid.down.filter(({ textContent }) => textContent)) {
    assert.ok(node.getAttribute("x") - 7 * node.textContent.length > 0, `${node.textContent} is cut off`);
  }
});

test("marks below the chart lie apart, however few pictures were seen and however narrow it is", () => {
  for (const [width, last] of [
    [349, 1536],
    [349, 3],
    [280, 987_654],
    [900, 40_000],
  ]) {
    const one = chart(0.5, 1);
    one.svg.clientWidth = width;
    one.show([
      [0, 0.2, 0.8],
      [last, 0.4, 0.6],
    ]);
    const marks = one.across.filter(({ textContent }) => textContent);
    assert.ok(marks.length >= 2);
    assert.equal(new Set(texts(one.across)).size, marks.length);
    const ends = marks.map((node) => [Number(node.getAttribute("x")), 3.5 * node.textContent.length]);
    for (const [index, [x, half]] of ends.entries()) {
      assert.ok(x + half <= width, "within the chart");
      if (index) assert.ok(x - half > ends[index - 1][0] + ends[index - 1][1], "apart from the one before");
    }
  }
});

test("a fixed top is kept, and a point above it is drawn at it", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, 0, 5],
    [10, 1, 0.5],
  ]);
  assert.equal(path(one, 0), "M33.0 108.0L333.0 8.0");
  assert.equal(path(one, 1), "M33.0 8.0L333.0 58.0");
});

test("one wild step does not flatten the rest", () => {
  const one = chart(1);
  one.show(Array.from({ length: 100 }, (_, index) => [index, index ? 2 : 1000, 2]));
  assert.deepEqual(texts(one.down), ["0", "1", "2"]);
});

test("the dashed line is always in sight", () => {
  const one = chart(10);
  one.show([
    [0, 1, 1],
    [1, 1, 1],
  ]);
  assert.deepEqual(texts(one.down), ["0", "5", "10"]);
});

test("a value that was not measured leaves no point", () => {
  const one = chart(0.5, 1);
  one.show([
    [0, null, 0.5],
    [1, 0.5, null],
    [2, 0.5, 0.5],
  ]);
  assert.equal(path(one, 0), "M183.0 58.0L333.0 58.0");
  assert.equal(path(one, 1), "M33.0 58.0L333.0 58.0");
});

test("its label says the newest point", () => {
  const one = chart(0.5, 1);
  one.show([]);
  assert.equal(one.svg.getAttribute("aria-label"), "Losses; newest: nothing yet");
  one.show([[1500, 0.25, null]]);
  assert.equal(one.svg.getAttribute("aria-label"), "Losses; newest: 1.5k: G 0.250  D –");
});

test("nothing is drawn while it cannot be seen", () => {
  const one = chart(0.5, 1);
  one.svg.clientWidth = 0;
  one.show([[0, 1, 1]]);
  assert.equal(path(one, 0), null);
});

test("a chart without points and without a reference line is drawn from 0 to 1", () => {
  const one = chart(0);
  one.show([]);
  assert.deepEqual(texts(one.down), ["0", "0.5", "1"]);
  assert.ok(Number.isFinite(Number(one.dashed.getAttribute("y1"))));
});
