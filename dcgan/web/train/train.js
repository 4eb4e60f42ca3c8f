// Train: the card that begins a run, and the run as its folder tells it, once a second while the tab is looked at.

import { Chart } from "../common/chart.js";
import { ask, at, chooseModel, notice, Refusal, session, short, wait } from "../common/session.js";
import { recall, remember } from "../common/storage.js";
import { openTab } from "../common/tabs.js";
import { Launch } from "./train_form.js";

const TOKENS = "dcgan-tokens";
const tokens = () => JSON.parse(recall(TOKENS) ?? "{}");
const token = (run) => tokens()[run] ?? "";

function keepToken(run, value) {
  const kept = Object.entries(tokens()).slice(-50);
  remember(TOKENS, JSON.stringify({ ...Object.fromEntries(kept), [run]: value }));
}

export async function mount(element) {
  const find = (name) => element.querySelector(name);
  const losses = new Chart(
    find(".losses"),
    [
      { column: 1, kind: "g", name: "G" },
      { column: 2, kind: "d", name: "D" },
    ],
    Math.log(4),
  );
  const opinions = new Chart(
    find(".opinions"),
    [
      { column: 3, kind: "d", name: "D(x)" },
      { column: 4, kind: "g", name: "D(G(z))" },
    ],
    0.5,
    1,
  );
  const kid = new Chart(find(".kid"), [{ column: 1, kind: "amber", name: "KID × 1000" }], 0);
  const coverage = new Chart(find(".coverage"), [{ column: 2, kind: "amber", name: "coverage" }], 1, 1);
  const time = find(".time");
  let run = "",
    curve = [],
    status = null,
    following = true,
    choosing = false;

  const launch = new Launch(element, (started, value) => {
    keepToken(started, value);
    choosing = false;
    watchRun(started);
  });

  function watchRun(name) {
    run = name;
    curve = [];
    following = true;
    find(".whole").value = 0;
    for (const image of [".samples", ".reals"]) {
      find(image).removeAttribute("src");
      delete find(image).dataset.of;
    }
    return look();
  }

  async function look() {
    const asked = run,
      after = curve.at(-1)?.[0] ?? -1;
    const query = new URLSearchParams({ run, after, token: token(run) });
    const told = await (await ask(`train/status?${query}`)).json();
    if (asked !== run) return; // another run was chosen meanwhile
    find(".card").hidden = !(choosing || !told.run);
    find(".run-view").hidden = choosing || !told.run;
    if (!told.run) return;
    status = told;
    if (!run) {
      run = told.run;
      if (token(run)) setTimeout(look);
    }
    if (told.state === "running" && told.nimg < after) {
      // a resumed run goes back to its last state: its curve is read again, and the old one stays until that is here
      curve = [];
      return look();
    }
    // two looks may have crossed: each point counts once
    const last = curve.at(-1)?.[0] ?? -1;
    curve.push(...told.curve.filter(([nimg]) => nimg > last));
    show();
  }

  function show() {
    fill(find(".runs"), status.runs, run);
    const badge = find(".badge");
    badge.textContent = { running: "● running", crashed: "broken off" }[status.state] ?? status.state;
    badge.dataset.state = status.state;
    find(".numbers").textContent = numbers(status);
    if (status.total) find(".whole").value = status.nimg / status.total;
    const word = find(".word");
    word.textContent = [status.alarm, sentence(status)].filter(Boolean).join(" ");
    element.classList.remove("away");
    word.classList.toggle("bad", Boolean(status.alarm) || ["failed", "crashed"].includes(status.state));
    find(".stop").hidden = !status.alive || !status.mine;
    find(".stop").disabled = status.state === "stopping";
    find(".resume").hidden = !status.can_resume || !status.mine;
    find(".open-explore").disabled = status.snapshot === null;
    find(".again").hidden = status.running !== null;
    find(".watching").hidden = !status.alive || status.mine;
    losses.mark = status.draw;
    losses.show(curve);
    opinions.show(curve);
    find(".scores").hidden = status.scores.length < 2;
    kid.show(status.scores);
    coverage.show(status.scores);
    // the newest model is often not the best: GANs get worse again
    find(".best").hidden = status.best === null || status.best === status.snapshot;
    find(".best").textContent = `Open its best, ${short(status.best ?? 0)}`;
    time.max = Math.max(0, status.samples.length - 1);
    if (following) time.value = time.max;
    if (status.state !== "starting" || status.count) picture(find(".reals"), "reals");
    showMoment();
  }

  function showMoment() {
    const nimg = status.samples[Number(time.value)];
    if (nimg === undefined) return;
    find(".moment").textContent = `after ${short(nimg)} pictures`;
    picture(find(".samples"), nimg);
  }

  // the next picture is decoded before it takes the old one's place
  async function picture(image, nimg) {
    const key = `${run}/${nimg}`;
    if (image.dataset.of === key) return;
    image.dataset.of = key;
    const next = new Image();
    next.src = `${at("train/picture")}?${new URLSearchParams({ run, nimg })}`;
    try {
      await next.decode();
      if (image.dataset.of === key) image.src = next.src;
    } catch {
      if (image.dataset.of === key) delete image.dataset.of;
    } // asked again at the next look
  }

  const order = (name) => async () => {
    const button = find(`.${name}`);
    button.disabled = true;
    try {
      await ask(`train/${name}`, { run, token: token(run) });
      await look();
    } catch (error) {
      notice(error instanceof Refusal ? error.message : "The server cannot be reached.");
    } finally {
      button.disabled = false;
    }
  };
  find(".stop").addEventListener("click", order("stop"));
  find(".resume").addEventListener("click", order("resume"));
  find(".again").addEventListener("click", () => {
    choosing = true;
    find(".card").hidden = false;
    find(".run-view").hidden = true;
  });
  find(".runs").addEventListener("change", ({ target }) => watchRun(target.value).catch(() => {}));
  time.addEventListener("input", () => {
    following = time.value === time.max;
    showMoment();
  });
  const open = (kind) => async () => {
    const model = `${kind}:${run}`;
    try {
      if (!session) return location.assign(`?${new URLSearchParams({ model })}`); // the first model of all
      await chooseModel(model);
      openTab("Explore");
    } catch (error) {
      notice(error.message);
    }
  };
  find(".open-explore").addEventListener("click", open("run"));
  find(".best").addEventListener("click", open("best"));

  let away = false;
  launch.begin().catch(() => notice("The Train tab could not be loaded; reload the page."));
  for (;;) {
    const seen = element.offsetParent !== null && !document.hidden;
    if (seen) {
      try {
        await look();
        away = false;
      } catch (error) {
        if (!away && status) {
          element.classList.add("away"); // everything stays, greyed
          find(".badge").textContent = "reconnecting …";
          if (error instanceof Refusal) find(".word").textContent = error.message;
        }
        away = true;
        if (error instanceof Refusal) {
          run = "";
          curve = [];
        }
      }
    }
    await wait(seen ? 1000 : 300);
  }
}

/** What there is to say about a run beside its numbers. */
function sentence({ state, alive, message, data, count, facts, snapshot, samples }) {
  if (state === "starting") return `${message || "preparing"} …`;
  const kept = snapshot === null ? "" : `Kept: a model after ${short(snapshot)} pictures, ${samples.length} grids.`;
  const about = `${data}${count ? `, ${short(count)} pictures` : ""}${facts ? ` · ${facts}` : ""}`;
  return alive || !(message || kept) ? message || about : `${message || `${about}.`} ${kept}`.trim();
}

function numbers({ state, nimg, total, speed, eta, alive, elapsed }) {
  if (state === "starting" || !total) return "";
  const parts = [`${short(nimg)} of ${short(total || 0)} pictures`];
  if (alive && speed) parts.push(`${speed.toFixed(0)}/s`);
  if (elapsed) parts.push(`${span(elapsed)} so far`);
  if (alive && eta) parts.push(`${span(eta)} left`);
  return parts.join(" · ");
}

const span = (seconds) =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

function fill(select, runs, chosen) {
  const list = [...runs];
  if (!list.includes(chosen)) list.unshift(chosen);
  if (list.join() !== [...select.options].map((option) => option.value).join())
    select.replaceChildren(...list.map((name) => new Option(name)));
  if (document.activeElement !== select) select.value = chosen;
}
