// Learn: a text on DCGANs with places to try things. Each part of it that can be used has a module of its own.
import { finder } from "../common/dom.js";
import { events, messageOf, session, sessionReady, short } from "../common/session.js";
import { fillShortcuts } from "../shortcuts/shortcuts.js";
import { mountContents } from "./contents.js";
import { mountExperiments } from "./experiments.js";
import { mountGame } from "./game_sliders.js";
import { fillGlossary } from "./glossary.js";
import { NetworkTables } from "./networks.js";
import { mountTrainingStep } from "./training_step.js";
import { TransposedSteps } from "./transposed_steps.js";

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  mountContents(element, find(".contents"));
  mountGame(find(".game"));
  mountTrainingStep(find(".training-step"));
  new TransposedSteps(find(".transposed"));
  fillGlossary(find(".glossary"));
  fillShortcuts(find(".shortcut-list"));
  mountExperiments(element).catch(() => {}); // without its button an experiment is still explained
  const tables = new NetworkTables(find(".networks"));
  try {
    await sessionReady();
    showModel(find);
    // the maps are of the face in Explore, so they are looked at anew whenever this part comes into view
    new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && tables.update()).observe(find(".networks"));
  } catch (error) {
    find(".live").textContent = messageOf(error);
  }
  const update = () => element.offsetParent && tables.update();
  events.addEventListener("reconnected", update);
  events.addEventListener("model", () => {
    showModel(find);
    update();
  });
}

/**
 * The facts of the chosen model.
 * @param {import("../common/types.d.ts").Find} find
 */
function showModel(find) {
  const { model, device } = session;
  const facts = [
    ["Name", model.name],
    ["Trained on", model.data || "not recorded"],
    ["Preset", model.preset || "not recorded"],
    ["Pictures shown to D", model.nimg ? short(model.nimg) : "not recorded"],
    ["z", `${model.nz} numbers, each normal around 0`],
    ["Picture", `${model.image_size} × ${model.image_size}`],
    ["Runs on", device],
  ];
  find(".live").replaceChildren(
    ...facts.flatMap(([name, value]) => {
      const term = Object.assign(document.createElement("dt"), { textContent: name });
      return [term, Object.assign(document.createElement("dd"), { textContent: value })];
    }),
  );
  find(".radius").textContent = `√${model.nz} ≈ ${Math.sqrt(model.nz).toFixed(1)}`;
}
