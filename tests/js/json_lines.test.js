import "./helpers/browser.js";

import assert from "node:assert/strict";
import { test } from "node:test";
import { queueSentence, readJsonLines } from "../../dcgan/web/common/json_lines.js";

async function read(...parts) {
  const found = [];
  for await (const line of readJsonLines(new Response(new Blob(parts)).body)) found.push(line);
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
  for await (const line of readJsonLines(stream)) found.push(line);
  assert.deepEqual(found, [{ a: "é" }, { b: 2 }]);
});

test("a line that was cut off is left out", async () => {
  assert.deepEqual(await read('{"a": 1}\n{"b'), [{ a: 1 }]);
});

test("the sentence about a queue names the place in it", () => {
  const films = { one: "Another film is being made", many: "Other films are being made" };
  assert.equal(queueSentence(1, films), "Another film is being made; yours is next.");
  assert.equal(queueSentence(3, films), "Other films are being made; yours is number 3 in the queue.");
});
