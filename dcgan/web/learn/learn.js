// Learn: the live figures of the loaded model; everything else on the tab is text.
import { events, opened, session, short } from "../common/session.js";

export async function mount(element) {
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
    element.querySelector(".live").replaceChildren(
      ...facts.flatMap(([name, value]) => {
        const term = document.createElement("dt"),
          fact = document.createElement("dd");
        term.textContent = name;
        fact.textContent = value;
        return [term, fact];
      }),
    );
    element.querySelector(".radius").textContent = `√${model.nz} ≈ ${Math.sqrt(model.nz).toFixed(1)}`;
  };
  events.addEventListener("model", show);
  try {
    await opened();
    show();
  } catch (error) {
    element.querySelector(".live").textContent = error.message;
  }
}
