// Learn: the live figures of the loaded model; everything else on the tab is text.
import { finder } from "../common/dom.js";
import { events, messageOf, session, sessionReady, short } from "../common/session.js";

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  const show = () => {
    const { model, device } = session;
    const facts = [
      ["Name", model.name],
      ["Trained on", model.data || "not recorded"],
      ["Recipe", model.preset || "not recorded"],
      ["Pictures shown to D", model.nimg ? short(model.nimg) : "not recorded"],
      ["z", `${model.nz} numbers, each normal around 0`],
      ["Picture", `${model.image_size} × ${model.image_size}`],
      ["Runs on", device],
    ];
    find(".live").replaceChildren(
      ...facts.flatMap(([name, value]) => {
        const term = document.createElement("dt");
        const fact = document.createElement("dd");
        term.textContent = name;
        fact.textContent = value;
        return [term, fact];
      }),
    );
    find(".radius").textContent = `√${model.nz} ≈ ${Math.sqrt(model.nz).toFixed(1)}`;
  };
  events.addEventListener("model", show);
  try {
    await sessionReady();
    show();
  } catch (error) {
    find(".live").textContent = messageOf(error);
  }
}
