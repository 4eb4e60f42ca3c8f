import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalPictures } from "../../dcgan/web/generator/local_pictures.js";
import { Median } from "../../dcgan/web/generator/median.js";

globalThis.document = { baseURI: "http://page.test/", hidden: false };
globalThis.location = { search: "" };

/** What loading asks the server for, which refuses everything. */
async function asked(pictures) {
  const paths = [];
  globalThis.fetch = async (address) => {
    paths.push(new URL(address).pathname);
    return new Response(JSON.stringify({ error: "no" }), { status: 422 });
  };
  await pictures.load();
  return paths;
}

function savingData(saves) {
  Object.defineProperty(globalThis.navigator, "connection", { value: { saveData: saves }, configurable: true });
}

test("weights are loaded unless the server was chosen, or data is to be saved and nothing was chosen", async () => {
  for (const [choice, saves, loads] of [
    ["auto", false, true],
    ["auto", true, false],
    ["browser", true, true],
    ["server", false, false],
  ]) {
    savingData(saves);
    const pictures = Object.assign(new LocalPictures(), { choice, wanted: "faces" });
    assert.deepEqual(await asked(pictures), loads ? ["/dcgan/version"] : [], `${choice} ${saves}`);
    assert.equal(pictures.state, loads ? "no" : "");
  }
});

test("the quicker of both draws, unless one was chosen", () => {
  const pictures = Object.assign(new LocalPictures(), { wanted: "faces", model: { name: "faces" } });
  pictures.took.server.add(20);
  for (const [millis, choice, browser] of [
    [10, "auto", true],
    [30, "auto", false],
    [30, "browser", true],
    [10, "server", false],
  ]) {
    pictures.took.browser = new Median();
    pictures.took.browser.add(millis);
    pictures.choice = choice;
    assert.equal(pictures.usesBrowser, browser, `${millis} ms, ${choice}`);
  }
});

test("without a server the browser draws, however long it takes; and not another model than the page's", () => {
  const pictures = Object.assign(new LocalPictures(), { wanted: "faces", model: { name: "faces" } });
  pictures.took.server.add(20);
  pictures.took.browser.add(300);
  assert.equal(pictures.usesBrowser, false);
  pictures.serverIsAway();
  assert.equal(pictures.usesBrowser, true);
  pictures.wanted = "doodles";
  assert.equal(pictures.usesBrowser, false);
  assert.equal(pictures.frame({ model: "doodles" }), null);
});

test("one slow picture among nine does not change the median", () => {
  const median = new Median();
  assert.equal(median.value, Infinity);
  for (const millis of [9, 10, 11, 10, 2000, 9, 10]) median.add(millis);
  assert.equal(median.value, 10);
});
