// The bar on top: which model, what it runs on, dark or light, and one line for notices.

/** @import { Choice } from "../generator/local_pictures.js" */
import { watchConnection } from "../common/connection.js";
import { finder } from "../common/dom.js";
import {
  chooseModel,
  events,
  messageOf,
  modelLabel,
  notice,
  request,
  ServerError,
  session,
  sessionReady,
  short,
} from "../common/session.js";
import { recall, remember } from "../common/storage.js";
import { rememberTab } from "../common/tabs.js";
import { guardSliders } from "../common/touch.js";
import { localPictures } from "../generator/local_pictures.js";
import { mountShortcuts } from "../shortcuts/shortcuts.js";

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  theme(find(".theme"));
  rememberTab();
  guardSliders(document);
  showNotices(find(".notice"));
  showLoss(find(".lost"));
  watchConnection();
  mountShortcuts(element);
  const select = find(".model", HTMLSelectElement);
  const show = () => {
    const { models, model } = session;
    fill(select, models, model.newest_of || model.name);
    const seen = model.nimg ? `${short(model.nimg)} pictures seen · ` : "";
    find(".facts").textContent = `${seen}${model.nz} dimensions · ${model.image_size} × ${model.image_size}`;
    showSource(find(".machine"));
    localPictures.follow(model.name);
  };
  chooseSource(find(".drawn-by", HTMLSelectElement), find(".machine"));
  let written = 0;
  events.addEventListener("frame", ({ detail }) => {
    showSource(find(".machine"));
    // four times a second can be read, and a drag has better things to do than to lay the header out
    if (!(detail > 0) || performance.now() - written < 250) return;
    written = performance.now();
    find(".millis").textContent = `${Math.round(detail)} ms`;
  });
  events.addEventListener("model", show);
  select.addEventListener("change", async () => {
    try {
      await chooseModel(select.value);
    } catch (error) {
      notice(messageOf(error));
    }
  });
  // the list is read anew when it is about to be opened: a run may have begun or a model been put there
  const refresh = async () => {
    try {
      fill(select, await (await request("models")).json(), select.value);
    } catch (error) {
      if (error instanceof ServerError) notice(error.message); // without a server the old list stays
    }
  };
  select.addEventListener("pointerenter", refresh);
  select.addEventListener("focus", refresh);
  events.addEventListener("reconnected", refresh);
  try {
    await sessionReady();
    // Gradio imports a tab's module when the tab is first opened, which fails for good where no server answers then
    for (const tab of ["interpolate", "runs", "train", "learn"]) import(`../${tab}/${tab}.js`).catch(() => {});
    show();
  } catch (error) {
    notice(messageOf(error));
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} names
 * @param {string} chosen
 */
function fill(select, names, chosen) {
  const list = names.includes(chosen) ? names : [chosen, ...names];
  if (list.join() !== [...select.options].map((option) => option.value).join()) {
    select.replaceChildren(...list.map((name) => new Option(modelLabel(name), name)));
  }
  select.value = chosen;
}

/**
 * Where pictures are drawn, as chosen and as it is.
 * @param {HTMLSelectElement} select
 * @param {HTMLElement} machine
 */
function chooseSource(select, machine) {
  select.value = localPictures.choice;
  select.addEventListener("change", () => localPictures.choose(/** @type {Choice} */ (select.value)));
  events.addEventListener("source", () => showSource(machine));
  localPictures.poll();
}

/** @param {HTMLElement} machine */
function showSource(machine) {
  const { state, usesBrowser, choice } = localPictures;
  const source = usesBrowser ? `this browser · ${state}` : (session?.device ?? "");
  if (machine.textContent !== source) machine.textContent = source;
  machine.title = choice === "server" || usesBrowser ? "" : state;
}

/** @param {HTMLElement} line */
function showNotices(line) {
  let timer = 0;
  const hide = () => {
    line.hidden = true;
  };
  events.addEventListener("notice", ({ detail }) => {
    line.textContent = detail;
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(hide, 12000);
  });
  line.addEventListener("click", hide);
}

/** @param {HTMLElement} line is shown while no server answers */
function showLoss(line) {
  events.addEventListener("lost", () => {
    line.textContent = "The server does not answer; the page keeps trying, and then shows everything anew.";
    line.hidden = false;
  });
  events.addEventListener("reconnected", () => {
    line.hidden = true;
  });
}

/**
 * The system decides until a person does.
 * @param {HTMLElement} button
 */
function theme(button) {
  const KEY = "dcgan-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = recall(KEY);
  const apply = () => {
    const wanted = chosen ?? (system.matches ? "dark" : "light");
    document.body.classList.toggle("dark", wanted === "dark");
    document.documentElement.style.colorScheme = wanted;
    button.setAttribute("aria-pressed", String(wanted === "dark"));
  };
  button.addEventListener("click", () => {
    chosen = document.body.classList.contains("dark") ? "light" : "dark";
    remember(KEY, chosen);
    apply();
  });
  system.addEventListener("change", () => setTimeout(apply)); // after Gradio's own listener
  apply();
}
