import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { Crop } from "../../dcgan/web/photo/crop.js";
import { FakeElement } from "./helpers/browser.js";

function crop(width, height) {
  let changes = 0;
  const one = new Crop(new FakeElement(), new FakeElement(), () => {
    changes += 1;
  });
  one.load({ width, height, close() {} });
  return Object.assign(one, { changes: () => changes });
}

const square = ({ x, y, side }) => [x, y, side];

test("a picture is loaded whole and centred", () => {
  assert.deepEqual(square(crop(200, 100)), [100, 50, 100]);
  assert.equal(crop(200, 100).zoom.value, "0");
});

test("the square never leaves the picture", () => {
  const one = crop(200, 100);
  one.shift(9, 9);
  assert.deepEqual(square(one), [150, 50, 100]);
  one.shift(-9, -9);
  assert.deepEqual(square(one), [50, 50, 100]);
});

test("the square grows back into the picture", () => {
  const one = crop(200, 100);
  one.resize(80);
  one.shift(9, 9);
  assert.deepEqual(square(one), [160, 60, 80]);
  one.resize(100);
  assert.deepEqual(square(one), [150, 50, 100]);
});

test("zoom ends at 64 pixels or a twelfth of the picture, and the slider goes all the way", () => {
  const large = crop(4000, 3000);
  large.resize(1);
  assert.equal(large.side, 250);
  const one = crop(640, 480);
  one.resize(1);
  assert.equal(one.side, 64);
  assert.equal(Number(one.zoom.value), 1);
  one.resize(1e6);
  assert.equal(one.side, 480);
});

test("a picture that is smaller than the closest zoom is shown whole", () => {
  const one = crop(8, 12);
  one.resize(1);
  assert.deepEqual(square(one), [4, 6, 8]);
  assert.equal(one.zoom.value, "0");
});

test("the arrows move the picture to where they point, the signs zoom, other keys do nothing", () => {
  const one = crop(200, 100);
  const press = (key) => one.key({ key, preventDefault() {} });
  press("ArrowRight");
  assert.equal(one.x, 98);
  press("-");
  assert.equal(one.side, 100);
  press("+");
  assert.ok(one.side < 100);
  const before = one.changes();
  press("a");
  assert.equal(one.changes(), before);
});
