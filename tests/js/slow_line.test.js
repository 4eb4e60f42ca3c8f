import "./helpers/browser.js";

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Frames } from "../../dcgan/web/common/frames.js";
import { FakeElement, FakeSocket, turn } from "./helpers/browser.js";

const EVERY = 16; // ms between two events of a drag
const EVENTS = 120;

mock.timers.enable({ apis: ["setTimeout"] });
let now = 0;
mock.method(performance, "now", () => now);
mock.method(globalThis, "fetch", async () => new Response("fetched", { headers: { "X-Millis": "15" } }));
globalThis.createImageBitmap = async (blob) => ({ width: 64, text: await blob.text(), close() {} });

/** Lets virtual milliseconds pass, and all that happens in each. */
async function pass(ms) {
  for (let i = 0; i < ms; i += 1) {
    now += 1;
    mock.timers.tick(1);
    await turn();
  }
}

/** The server's end of a socket: one picture in work, the newest message waits, and older ones are dropped. */
class Line {
  working = false;
  waiting = null;
  dropped = 0; // that are to be told before the next picture
  superseded = 0;

  constructor(socket, delay, drawing) {
    Object.assign(this, { socket, delay, drawing });
    socket.send = (text) => setTimeout(() => this.receive(JSON.parse(text)), delay);
  }

  receive(body) {
    if (this.waiting) this.dropped += 1;
    this.waiting = body;
    if (!this.working) this.draw();
  }

  draw() {
    const { name } = this.waiting;
    for (; this.dropped; this.dropped -= 1) {
      this.superseded += 1;
      this.answer('{"superseded": true}');
    }
    Object.assign(this, { working: true, waiting: null });
    setTimeout(() => {
      this.answer(bytes(this.drawing * 1000, name));
      this.working = false;
      if (this.waiting) this.draw();
    }, this.drawing);
  }

  answer(data) {
    setTimeout(() => this.socket.answer(data), this.delay);
  }
}

/** A picture as the socket sends it: microseconds, then the file. */
function bytes(micros, text) {
  const all = new Uint8Array(4 + text.length);
  new DataView(all.buffer).setUint32(0, micros, true);
  all.set(new TextEncoder().encode(text), 4);
  return all.buffer;
}

/** The line of the page's only socket, opened by a first picture. */
async function openLine(delay, drawing) {
  const one = new Frames(new FakeElement({ width: 64 }), new FakeElement(), () => {});
  const order = [];
  one.context = { drawImage: ({ text }) => order.push(text) };
  if (!FakeSocket.opened.length) {
    one.show({ name: "first" });
    await pass(5);
    FakeSocket.opened[0].readyState = FakeSocket.OPEN;
  }
  const line = new Line(FakeSocket.opened[0], delay, drawing);
  one.show({ name: "0" }); // from here on the round trip is known
  await pass(2 * delay + drawing + 5);
  return { one, line, order };
}

async function drag({ one, order }, rest) {
  const before = order.length;
  for (let event = 1; event <= EVENTS; event += 1) {
    one.show({ name: String(event) });
    await pass(EVERY);
  }
  await pass(rest);
  return order.slice(before).map(Number);
}

for (const [delay, drawing, least] of [
  [100, 15, 60], // a line of 200 ms
  [2, 12, 110], // the same machine
  [100, 60, 25], // a server that draws slowly, so that it drops what is superseded
]) {
  test(`a drag over a line of ${2 * delay} ms shows ${least} of ${EVENTS} pictures, in order, the newest last`, async () => {
    const page = await openLine(delay, drawing);
    const shown = await drag(page, 1000);
    assert.ok(shown.length >= least, `${shown.length} pictures are shown`);
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => a - b),
    );
    assert.equal(shown.at(-1), EVENTS);
    assert.equal(page.one.inFlight, 0);
  });
}

test("a newest request that was dropped for another picture's is sent again", async () => {
  const page = await openLine(5, 20);
  const other = new Frames(new FakeElement({ width: 64 }), new FakeElement(), () => {});
  const third = new Frames(new FakeElement({ width: 64 }), new FakeElement(), () => {});
  page.one.show({ name: "1" });
  other.show({ name: "2" });
  third.show({ name: "3" });
  await pass(200);
  assert.ok(page.line.superseded > 0);
  for (const frames of [page.one, other, third])
    assert.equal(frames.canvas.dataset.stamp, frames.canvas.dataset.wanted);
});
