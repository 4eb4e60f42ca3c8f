// The shelf: a row of kept pictures below Explore. A click opens one; each can be renamed, moved, linked or filmed.
/** @import { Face } from "../common/face.js" */
/** @import { FaceFields, Item } from "../common/types.d.ts" */
/** @import { ShelfStore } from "./shelf_store.js" */

import { finder, typedInto } from "../common/dom.js";
import { events, messageOf, notice } from "../common/session.js";
import { copyLink, flash, save, toFilm } from "../common/share.js";
import { makeReorderable } from "../common/sortable_row.js";
import { Thumbnails } from "../common/thumbnails.js";
import { followShelf, shelfStore } from "./shelf_store.js";

/**
 * The picture that was removed last, with its old index.
 * @typedef {{ item: Item, at: number }} Removed
 */

const CELL = 112;
const LARGEST_FILE = 2 ** 21;
const EMPTY =
  "Nothing kept yet: “keep” (or the key K) puts the picture here. " +
  "It stays in this browser, also when the page is closed.";

const TEMPLATE = `
  <summary><h3>Shelf</h3><span class="quiet count"></span></summary>
  <div class="row shelf-tools"><span class="quiet hint" role="status"></span><button type="button"
    class="small put-back" hidden>put back</button><span class="grow"></span>
    <button type="button" class="small export"
      title="Save the shelf as a file, to keep it or to take it to another browser">export</button>
    <label class="pick small" title="Add the pictures of a file that was exported here">import
      <input class="file" type="file" accept=".json,application/json" aria-label="Import a shelf" /></label></div>
  <ol class="shelf-row" aria-label="Kept pictures"></ol><span class="sr placed" role="status"></span>`;

const CARD = `
  <div class="card">
    <button type="button" class="go"></button>
    <input class="name" type="text" maxlength="60" spellcheck="false" autocomplete="off" />
    <div class="tools">
      <button type="button" class="grip" title="Drag to another place, or press ← and →">⠿</button>
      <button type="button" class="its-link" title="Copy a link that opens on this picture, anywhere">link</button>
      <button type="button" class="its-film" title="Add this picture to the film on the Interpolate tab">film</button>
      <button type="button" class="remove" title="Take this picture off the shelf">×</button></div>
  </div>`;

/**
 * Builds the shelf.
 * @param {HTMLElement} element the shelf's <details>
 * @param {HTMLElement} explore the element of the Explore tab
 * @param {() => { face: Face }} current
 * @param {(face: FaceFields) => void} go opens a face in Explore
 */
export function shelf(element, explore, current, go) {
  element.innerHTML = TEMPLATE;
  const find = finder(element);
  const list = find(".shelf-row");
  const hint = find(".hint");
  const putBack = find(".put-back");
  const exporting = find(".export", HTMLButtonElement);
  let thumbs = new Thumbnails("", CELL);
  /** @type {Removed | null} */
  let removed = null;
  let lastMessage = "";

  /**
   * Shows what happened last. A problem with the storage stays beside it.
   * @type {(text: string, undo?: Removed | null) => void}
   */
  const showMessage = (text, undo = null) => {
    lastMessage = text;
    removed = undo;
    showHint(shelfStore());
  };
  /** @param {ShelfStore} kept */
  const showHint = (kept) => {
    putBack.hidden = !removed;
    hint.textContent = [lastMessage, kept.unsaved].filter(Boolean).join(" ") || (kept.items.length ? "" : EMPTY);
  };

  /** @param {ShelfStore} kept */
  function show(kept) {
    if (thumbs.model !== kept.model) {
      thumbs = new Thumbnails(kept.model, CELL);
      lastMessage = kept.problem;
      removed = null;
    }
    const { items } = kept;
    const { activeElement } = document;
    const focus = element.contains(activeElement) && activeElement?.closest(".key")?.getAttribute("data-key");
    find(".count").textContent = items.length ? `${items.length} kept in this browser` : "";
    exporting.disabled = !items.length;
    showHint(kept);
    const cards = items.map((item) => card(item));
    list.replaceChildren(...cards.map(({ place }) => place));
    const again = focus && cards.find(({ place }) => place.dataset.key === focus);
    if (again) again.button.focus({ preventScroll: true });
    thumbs.paint(cards.map(({ canvas }, index) => ({ face: items[index].face, canvas })));
  }

  /** @param {Item} item */
  function card({ key, face, name }) {
    const place = document.createElement("li");
    const canvas = thumbs.canvas();
    place.className = "key";
    place.dataset.key = key;
    place.innerHTML = CARD;
    /** @type {(selector: string, label: string) => HTMLElement} */
    const part = (selector, label) => {
      const found = finder(place)(selector);
      found.setAttribute("aria-label", label);
      return found;
    };
    const button = part(".go", `Go to ${name}`);
    button.title = `Show ${name} in Explore`;
    button.append(canvas);
    button.addEventListener("click", () => go(face));
    part(".name", `Name of ${name}`);
    const field = finder(place)(".name", HTMLInputElement);
    field.value = name;
    field.title = name;
    field.addEventListener("change", () => shelfStore().rename(key, field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") field.blur();
    });
    part(".grip", `Move ${name}`);
    const link = part(".its-link", `Copy a link to ${name}`);
    const film = part(".its-film", `Add ${name} to the film`);
    link.addEventListener("click", () => copyLink(face, link));
    film.addEventListener("click", () => {
      toFilm(face);
      flash(film, "added");
    });
    part(".remove", `Remove ${name}`).addEventListener("click", () => {
      const kept = shelfStore();
      const at = kept.items.findIndex((item) => item.key === key);
      showMessage(`Took ${name} off the shelf.`, { item: kept.items[at], at });
      kept.remove(key);
    });
    return { place, canvas, button };
  }

  const keepButton = finder(explore)(".keep");
  function keep() {
    const kept = shelfStore();
    const problem = kept.add(current().face.request);
    showMessage("");
    flash(keepButton, problem ? "kept" : "kept ✓");
    if (problem || kept.unsaved) notice(problem || kept.unsaved);
    else list.lastElementChild?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  keepButton.addEventListener("click", keep);
  putBack.addEventListener("click", () => {
    if (!removed) return;
    const { item, at } = removed;
    showMessage("");
    shelfStore().restore(item, at);
  });
  exporting.addEventListener("click", () => {
    const kept = shelfStore();
    save(new Blob([kept.export()], { type: "application/json" }), `shelf-${kept.model.replace(/\W+/g, "-")}.json`);
  });
  const chooser = find(".file", HTMLInputElement);
  chooser.addEventListener("change", async () => {
    const file = chooser.files?.[0];
    chooser.value = "";
    if (!file) return;
    try {
      if (file.size > LARGEST_FILE)
        throw new Error("This file is larger than a shelf can be; choose one that was exported here.");
      showMessage(shelfStore().import(await file.text()));
    } catch (error) {
      showMessage(messageOf(error));
    }
  });
  makeReorderable(list, (from, to) => {
    const kept = shelfStore();
    kept.move(kept.items[from].key, to);
    find(".placed").textContent = `Moved to place ${to + 1} of ${kept.items.length}.`;
  });
  addEventListener("keydown", (event) => {
    const typing = typedInto(event, "input[type=text], input:not([type]), input[type=number], textarea, select");
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (
      event.key.toLowerCase() === "k" &&
      bare &&
      !typing &&
      explore.offsetParent &&
      !document.querySelector("dialog[open]")
    )
      keep();
  });
  events.addEventListener("model", () => {
    thumbs = new Thumbnails("", CELL);
  }); // also when the same run is opened again, since its weights may have changed
  followShelf(show);
}
