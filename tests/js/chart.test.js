import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chart, shareMarker } from "../../dcgan/web/common/chart.js";
import { FakeElement } from "./helpers/browser.js";

const LINES = [
  { column: 1, kind: "g" },
  { column: 2, kind: "d" },
];
const CURVE = [
  [0, 0.2, 0.8],
  [100, 0.4, 0.6],
  [300, 0.5, null],
];

const reference = (value) => ({ value, label: `at ${value}`, meaning: `It is ${value}.` });

function chart(value, top) {
  const svg = new FakeElement({ clientWidth: 349, clientHeight: 144 }); // 300 × 100 within its margins
  svg.setAttribute("aria-label", "Losses");
  const describe = ([nimg, ...values]) => `${nimg}: ${values.join(" ")}`;
  return new Chart(svg, 2, LINES, new FakeElement(), describe, [reference(value)], top);
}

const send = (one, type, fields) => one.svg.dispatchEvent(Object.assign(new Event(type), fields));
const press = (one, key) => send(one, "keydown", { key });

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

test("reference lines lie at their values, with labels that no other covers, and a tooltip", () => {
  const one = chart(0.5);
  one.references = [reference(1), reference(0.9)];
  one.show(CURVE);
  const heights = one.dashed.map((line) => Number(line.getAttribute("y1")));
  const top = 1.3; // room above the highest line
  for (const [index, value] of [1, 0.9].entries())
    assert.ok(Math.abs(heights[index] - (108 - (100 * value) / top)) < 1e-9);
  assert.deepEqual(texts(one.labels), ["at 1", "at 0.9"]);
  assert.deepEqual(
    one.labels.map((label) => label.getAttribute("text-anchor")),
    ["start", "end"],
  );
  assert.equal(one.labels[0].children[0].textContent, "It is 1.");
  one.references = [reference(0.9)];
  one.show(CURVE);
  assert.deepEqual(
    one.labels.map((label) => label.getAttribute("visibility")),
    ["visible", "hidden"],
  );
});

test("the label of a line at the top of the chart is below it, and that of any other above", () => {
  const one = chart(1, 1);
  const height = () => Number(one.labels[0].getAttribute("y")) - Number(one.dashed[0].getAttribute("y1"));
  one.show(CURVE);
  assert.ok(height() > 0);
  one.references = [reference(0.5)];
  one.show(CURVE);
  assert.ok(height() < 0);
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

test("the newest point is described until the marker is moved, and again once the pointer has left", () => {
  const one = chart(0.5, 1);
  one.show([]);
  assert.equal(one.reading.textContent, "");
  one.show(CURVE);
  assert.equal(one.reading.textContent, "300: 0.5 ");
  assert.equal(one.hairline.getAttribute("visibility"), "hidden");
  send(one, "pointermove", { clientX: 33 + 120 });
  assert.equal(one.reading.textContent, "100: 0.4 0.6");
  assert.deepEqual([one.hairline.getAttribute("visibility"), one.hairline.getAttribute("x1")], ["visible", "133"]);
  assert.deepEqual([one.dots[0].getAttribute("cx"), one.dots[0].getAttribute("cy")], ["133", "68"]);
  send(one, "pointerleave", { pointerType: "mouse" });
  assert.equal(one.reading.textContent, "300: 0.5 ");
  assert.equal(one.hairline.getAttribute("visibility"), "hidden");
});

test("a finger's marker stays when it is lifted, and goes when something else is touched", () => {
  const one = chart(0.5, 1);
  one.show(CURVE);
  send(one, "pointerdown", { clientX: 33 });
  send(one, "pointerleave", { pointerType: "touch" });
  assert.equal(one.reading.textContent, "0: 0.2 0.8");
  send(one, "blur", {});
  assert.equal(one.reading.textContent, "300: 0.5 ");
});

test("a value that was not measured has no dot at the marker", () => {
  const one = chart(0.5, 1);
  one.show(CURVE);
  one.moveTo(300);
  assert.deepEqual(
    one.dots.map((dot) => dot.getAttribute("visibility")),
    ["visible", "hidden"],
  );
});

test("keys move the marker from point to point, by tenths and to the ends, and never beyond them", () => {
  const one = chart(0.5, 1);
  one.show(Array.from({ length: 401 }, (_, index) => [index, 0.5, 0.5]));
  const at = (key) => {
    press(one, key);
    return one.position;
  };
  assert.deepEqual(
    ["ArrowLeft", "ArrowLeft", "ArrowRight", "PageDown", "Home", "ArrowLeft", "PageUp", "End", "ArrowRight"].map(at),
    [396, 392, 396, 356, 0, 0, 40, 400, 400],
  );
  assert.equal(at("x"), 400);
  assert.equal(at("Escape"), null);
  one.show(CURVE);
  assert.deepEqual(["ArrowLeft", "ArrowLeft", "ArrowRight"].map(at), [100, 0, 100]);
});

test("charts share the marker, each at its own nearest point, and only keys announce what they read", () => {
  const [first, second] = [chart(0.5, 1), chart(0.5, 1)];
  const announcement = new FakeElement();
  shareMarker([first, second], announcement);
  first.show(CURVE);
  second.show([
    [90, 0.9, 0.1],
    [290, 0.8, 0.2],
  ]);
  send(first, "pointermove", { clientX: 33 });
  assert.equal(second.reading.textContent, "90: 0.9 0.1");
  assert.equal(announcement.textContent, "");
  press(first, "ArrowRight");
  assert.deepEqual([first.reading.textContent, second.reading.textContent], ["100: 0.4 0.6", "90: 0.9 0.1"]);
  assert.equal(announcement.textContent, "100: 0.4 0.6");
  press(first, "Escape");
  assert.deepEqual([first.position, second.position, announcement.textContent], [null, null, ""]);
});

test("a smoothed line is drawn over what was measured, and is not bent by the left end of the part that is shown", () => {
  const one = chart(0.5, 1);
  one.show(CURVE);
  assert.equal(one.measured[0].getAttribute("d"), "");
  const measured = path(one, 0);
  one.smoothing = 0.5;
  one.show(CURVE);
  assert.equal(one.measured[0].getAttribute("d"), measured);
  assert.equal(path(one, 0), "M33.0 88.0L133.0 74.7L333.0 65.1"); // 0.2, 0.333, 0.429
  one.domain = [100, 300];
  one.show(CURVE);
  assert.equal(path(one, 0), "M33.0 74.7L333.0 65.1");
});

test("a smoothed line that lies far from what was measured is in sight", () => {
  const one = chart(0);
  one.smoothing = 0.99;
  one.domain = [50, 99];
  one.show(Array.from({ length: 100 }, (_, index) => [index, index < 50 ? 1000 : 1, 1]));
  const heights = [...path(one, 0).matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
  assert.ok(Math.min(...heights) > 8 && new Set(heights).size > 20);
});

test("a logarithmic scale has round marks, and leaves out values without a logarithm", () => {
  const one = chart(0);
  one.logarithmic = true;
  one.show([
    [0, 0, 0.02],
    [10, 0.1, -3],
    [20, 10, 1],
  ]);
  assert.deepEqual(texts(one.down), ["0.1", "1", "10"]);
  assert.match(path(one, 0), /^M183\.0 [\d.]+L333\.0 [\d.]+$/);
  assert.match(path(one, 1), /^M33\.0 [\d.]+L333\.0 [\d.]+$/);
  assert.equal(one.dashed[0].getAttribute("visibility"), "hidden");
});

test("of very many points few are drawn, and a peak stays as a band around the mean", () => {
  const one = chart(0.5, 1);
  one.show(Array.from({ length: 100_000 }, (_, index) => [index, 0.5, index === 70_000 ? 1 : 0]));
  assert.ok(path(one, 1).split("L").length <= 1500);
  const heights = [...one.bands[1].getAttribute("d").matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
  assert.equal(Math.min(...heights), 8, "the top of the chart");
  one.show(CURVE);
  assert.equal(one.bands[1].getAttribute("d"), "");
});

test("a part of the run without a point says so", () => {
  const one = chart(0.5, 1);
  one.domain = [400, 500];
  one.show(CURVE);
  assert.equal(one.reading.textContent, "Nothing was measured in this part of the run.");
  press(one, "Home");
  send(one, "pointermove", { clientX: 100 });
  assert.equal(one.position, null);
});

test("the ends of the axis can be given, so that charts lie over each other", () => {
  const one = chart(0.5, 1);
  one.domain = [0, 600];
  one.show(CURVE);
  assert.equal(path(one, 0), "M33.0 88.0L83.0 68.0L183.0 58.0");
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
  assert.ok(Number.isFinite(Number(one.dashed[0].getAttribute("y1"))));
});
