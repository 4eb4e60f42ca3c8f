import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { lines } from "../../dcgan/web/interpolate/film.js";

async function read(...parts) {
  const found = [];
  for await (const line of lines(new Response(new Blob(parts)).body)) found.push(line);
  return found;
}

test("each line of an answer is read as JSON", async () => {
  assert.deepEqual(await read('{"done": 1}\n{"done": 2}\n'), [{ done: 1 }, { done: 2 }]);
});

test("a line may come in parts, even within a letter", async () => {
  const bytes = new TextEncoder().encode('{"a": "é"}\n{"b": 2}\n');
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const found = [];
  for await (const line of lines(stream)) found.push(line);
  assert.deepEqual(found, [{ a: "é" }, { b: 2 }]);
});

test("a line that was cut off is left out", async () => {
  assert.deepEqual(await read('{"a": 1}\n{"b'), [{ a: 1 }]);
});
