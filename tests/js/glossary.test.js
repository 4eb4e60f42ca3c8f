import assert from "node:assert/strict";
import { test } from "node:test";
import { GLOSSARY } from "../../dcgan/web/learn/glossary.js";

test("the glossary has 25 to 40 words in alphabetical order", () => {
  const first = GLOSSARY.map(([word]) =>
    word
      .replace("ψ (psi)", "psi")
      .match(/[A-Za-z0-9]+/)[0]
      .toLowerCase(),
  );
  assert.deepEqual(first, [...first].sort());
  assert.ok(first.length >= 25 && first.length <= 40, String(first.length));
  assert.equal(new Set(GLOSSARY.map(([word]) => word)).size, GLOSSARY.length);
});

test("each word is explained in one sentence", () => {
  for (const [word, meaning] of GLOSSARY) {
    assert.match(meaning, /^[A-ZÄÖÜD][^.!?]*(\b[a-z]\.[^.!?]*)*\.$/u, word);
    assert.ok(meaning.split(" ").length <= 25, word);
  }
});
