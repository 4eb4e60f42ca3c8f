import "./helpers/browser.js";

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { player } from "../../dcgan/web/interpolate/player.js";
import { FakeElement } from "./helpers/browser.js";

let now;
let next; // ms; what the browser calls at its next frame

beforeEach(() => {
  now = 0;
  next = null;
  mock.method(performance, "now", () => now);
  globalThis.requestAnimationFrame = (work) => {
    next = work;
  };
});

function frame(ms) {
  now += ms;
  const work = next;
  next = null;
  work(now);
}

function walk(film = {}) {
  const button = new FakeElement();
  const slider = new FakeElement({ value: "0" });
  const step = mock.fn();
  const { stop } = player(button, slider, { seconds: () => 4, loops: () => false, visible: () => true, step, ...film });
  return { button, slider, step, stop, press: () => button.dispatchEvent(new Event("click")) };
}

test("the slider goes along with the time", () => {
  const one = walk();
  one.press();
  frame(1000);
  assert.equal(one.slider.value, "0.25");
  frame(1000);
  assert.equal(one.slider.value, "0.5");
  assert.equal(one.step.mock.callCount(), 2);
  assert.equal(one.button.getAttribute("aria-label"), "Pause");
});

test("it stops at the end, and begins anew when it is pressed there", () => {
  const one = walk();
  one.press();
  frame(9000);
  assert.equal(one.slider.value, "1");
  assert.equal(next, null);
  assert.equal(one.button.getAttribute("aria-label"), "Play");
  one.press();
  assert.equal(one.slider.value, "0");
});

test("a loop goes on from the start", () => {
  const one = walk({ loops: () => true });
  one.press();
  frame(5000);
  assert.equal(one.slider.value, "0.25");
  assert.notEqual(next, null);
});

test("pressing again, stopping, or leaving the tab ends it", () => {
  for (const end of [(one) => one.press(), (one) => one.stop()]) {
    const one = walk();
    one.press();
    end(one);
    frame(1000);
    assert.equal(one.slider.value, "0");
  }
  let seen = true;
  const one = walk({ visible: () => seen });
  one.press();
  seen = false;
  frame(1000);
  assert.equal(next, null);
});
