// Train: the card that begins a run, and the run as its folder tells it, once a second while the tab is looked at.

/** @import { Point } from "../common/types.d.ts" */

import { finder } from "../common/dom.js";
import {
  at,
  chooseModel,
  events,
  messageOf,
  notice,
  request,
  ServerError,
  sentenceOf,
  session,
  short,
  wait,
} from "../common/session.js";
import { openTab } from "../common/tabs.js";
import { mountHealth } from "../health/health.js";
import { mountTimelapse } from "../timelapse/timelapse.js";
import { MomentButtons } from "./moment.js";
import { boundCurve, RunCharts } from "./run_charts.js";
import { stateLabel } from "./run_state.js";
import { keepToken, token } from "./tokens.js";
import { TrainForm } from "./train_form.js";

/**
 * A run as the server tells it. Where there is none at all, `run` is null and the rest is missing.
 * @typedef {object} Status
 * @property {string | null} run
 * @property {string[]} runs
 * @property {string | null} running the run that is going on
 * @property {string} state
 * @property {boolean} alive
 * @property {boolean} mine
 * @property {boolean} can_resume
 * @property {string} message
 * @property {string} data
 * @property {number} count pictures in the data set
 * @property {string} facts
 * @property {number} nimg
 * @property {number} total
 * @property {number | null} speed
 * @property {number | null} eta
 * @property {number} elapsed
 * @property {number | null} snapshot
 * @property {number[]} snapshots pictures seen by each model that is kept
 * @property {number | null} best
 * @property {number[]} samples
 * @property {string} loss the loss function
 * @property {number} equilibrium
 * @property {number} equilibrium_g
 * @property {Point[]} curve
 * @property {Point[]} scores
 */

/** @param {HTMLElement} element */
export async function mount(element) {
  const find = finder(element);
  const whole = find(".whole", HTMLProgressElement);
  const samples = find(".samples", HTMLImageElement);
  const reals = find(".reals", HTMLImageElement);
  const stopButton = find(".stop", HTMLButtonElement);
  const exploreButton = find(".open-explore", HTMLButtonElement);
  const runs = find(".runs", HTMLSelectElement);
  const charts = new RunCharts(element);
  const time = find(".time", HTMLInputElement);
  /** @type {Point[]} */
  let curve = [];
  /** @type {Status | null} */
  let status = null;
  let run = "";
  let following = true;
  let choosing = false;
  /** @type {Record<string, string>} */
  let names = {}; // that were given to runs
  let listed = ""; // the runs and their states, as the list of runs was last told to read them

  /** @type {(run: string, token: string) => void} */
  const begun = (started, value) => {
    keepToken(started, value);
    watchRun(started).catch(() => {}); // the next look tells why
  };
  const launch = new TrainForm(element, begun);
  const health = mountHealth(find(".health"), token, begun);
  mountTimelapse(find(".timelapse"), time, samples, () => run);

  const moment = new MomentButtons(find(".at-moment"), open, async (model) => {
    try {
      await launch.duplicate(await (await request("runs/settings", { run, token: token(run) })).json(), model);
      choosing = true;
      showForm(true);
    } catch (error) {
      notice(sentenceOf(error, "The server cannot be reached."));
    }
  });

  /** @param {string} name */
  function watchRun(name) {
    run = name;
    curve = [];
    following = true;
    choosing = false;
    clear();
    return look();
  }

  /** Removes all that is of another run, until the server has told of this one. */
  function clear() {
    status = null;
    health.clear();
    whole.value = 0;
    for (const image of [samples, reals]) {
      image.removeAttribute("src");
      delete image.dataset.of;
    }
    charts.clear();
    for (const part of [".numbers", ".word", ".moment"]) find(part).textContent = "";
    for (const part of [".stop", ".resume", ".best", ".watching", ".at-moment"]) find(part).hidden = true;
    find(".badge").textContent = "opening …";
    find(".badge").dataset.state = "";
    exploreButton.disabled = true;
    fill(
      runs,
      [...runs.options].map((option) => option.value),
      run,
      names,
    );
    showForm(false);
  }

  /** @param {boolean} wanted the form of a new run, in place of the run */
  function showForm(wanted) {
    find(".card").hidden = !wanted;
    find(".run-view").hidden = wanted;
    find(".back").hidden = !run;
  }

  /** @returns {Promise<void>} */
  async function look() {
    const asked = run;
    const after = curve.at(-1)?.[0] ?? -1;
    const query = new URLSearchParams({ run, after: String(after), token: token(run) });
    /** @type {Status} */
    const told = await (await request(`train/status?${query}`)).json();
    if (asked !== run) return; // another run was chosen meanwhile
    if (!told.run) {
      choosing = true; // a run that another visitor begins meanwhile does not take the form away
      return showForm(true);
    }
    status = told;
    if (!run) {
      run = told.run;
      if (token(run)) setTimeout(look);
    }
    showForm(choosing);
    if (told.state === "running" && told.nimg < after) {
      // a resumed run goes back to its last state: its curve is read again, and the old one stays until that is here
      curve = [];
      return look();
    }
    // two looks may have crossed: each point counts once
    const last = curve.at(-1)?.[0] ?? -1;
    curve = boundCurve([...curve, ...told.curve.filter(([nimg]) => nimg > last)]);
    show(told);
  }

  /** @param {Status} status */
  function show(status) {
    fill(runs, status.runs, run, names);
    const news = `${status.runs} ${status.run} ${status.state} ${status.best}`;
    if (news !== listed) events.dispatchEvent(new Event("runs"));
    listed = news;
    const badge = find(".badge");
    badge.textContent = stateLabel(status.state);
    badge.dataset.state = status.state;
    find(".numbers").textContent = numbers(status);
    if (status.total) whole.value = status.nimg / status.total;
    const word = find(".word");
    word.textContent = sentence(status);
    element.classList.remove("away");
    word.classList.toggle("bad", ["failed", "crashed"].includes(status.state));
    stopButton.hidden = !status.alive || !status.mine;
    stopButton.disabled = status.state === "stopping";
    find(".resume").hidden = !status.can_resume || !status.mine;
    exploreButton.disabled = status.snapshot === null;
    find(".again").hidden = status.running !== null;
    find(".watching").hidden = !status.alive || status.mine;
    charts.show(status, curve);
    // the newest model is often not the best: GANs get worse again
    find(".best").hidden = status.best === null || status.best === status.snapshot;
    find(".best").textContent = `Open its best, ${short(status.best ?? 0)}`;
    time.max = String(Math.max(0, status.samples.length - 1));
    if (following) time.value = time.max;
    if (status.state !== "starting" || status.count) picture(reals, "reals");
    showMoment();
    health.look(status);
  }

  function showMoment() {
    const nimg = status?.samples[Number(time.value)];
    if (nimg === undefined) return;
    find(".moment").textContent = `after ${short(nimg)} pictures`;
    moment.show(run, nimg, status?.snapshots ?? []);
    picture(samples, String(nimg));
  }

  // the next picture is decoded before it takes the old one's place
  /**
   * @param {HTMLImageElement} image
   * @param {string} nimg
   */
  async function picture(image, nimg) {
    const key = `${run}/${nimg}`;
    if (image.dataset.of === key) return;
    image.dataset.of = key;
    const next = new Image();
    next.src = `${at("train/picture")}?${new URLSearchParams({ run, nimg, token: token(run) })}`;
    try {
      await next.decode();
      if (image.dataset.of === key) image.src = next.src;
    } catch {
      if (image.dataset.of === key) delete image.dataset.of;
    } // asked again at the next look
  }

  /** @param {"stop" | "resume"} name */
  const order = (name) => async () => {
    const button = find(`.${name}`, HTMLButtonElement);
    button.disabled = true;
    try {
      await request(`train/${name}`, { run, token: token(run) });
      await look();
    } catch (error) {
      notice(sentenceOf(error, "The server cannot be reached."));
    } finally {
      button.disabled = false;
    }
  };
  stopButton.addEventListener("click", order("stop"));
  find(".resume").addEventListener("click", order("resume"));
  for (const [button, wanted] of /** @type {const} */ ([
    [".again", true],
    [".back", false],
  ])) {
    find(button).addEventListener("click", () => {
      choosing = wanted;
      showForm(wanted);
    });
  }
  runs.addEventListener("change", () => watchRun(runs.value).catch(() => {}));
  events.addEventListener("run-chosen", ({ detail }) => {
    watchRun(detail).catch(() => {});
    find(".run-view").scrollIntoView({ block: "nearest" });
  });
  events.addEventListener("run-deleted", ({ detail }) => {
    if (detail === run) watchRun("").catch(() => {}); // shows the newest
  });
  events.addEventListener("run-names", ({ detail }) => {
    names = detail;
    for (const option of runs.options) option.text = names[option.value] ?? option.value;
  });
  time.addEventListener("input", () => {
    following = time.value === time.max;
    showMoment();
  });
  /** @param {string} model */
  async function open(model) {
    try {
      if (!session) return location.assign(`?${new URLSearchParams({ model })}`); // the first model of all
      await chooseModel(model);
      openTab("Explore");
    } catch (error) {
      notice(messageOf(error));
    }
  }
  exploreButton.addEventListener("click", () => open(`run:${run}`));
  find(".best").addEventListener("click", () => open(`best:${run}`));

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
          if (error instanceof ServerError) find(".word").textContent = error.message;
        }
        if (!status) showForm(true);
        away = true;
        if (error instanceof ServerError) {
          run = "";
          curve = [];
        }
      }
    }
    await wait(seen ? 1000 : 300);
  }
}

/**
 * What there is to say about a run beside its numbers.
 * @param {Status} status
 */
function sentence({ state, alive, message, data, count, facts, snapshot, samples }) {
  if (state === "starting") return `${message || "preparing"} …`;
  const kept = snapshot === null ? "" : `Kept: a model after ${short(snapshot)} pictures, ${samples.length} grids.`;
  const about = `${data}${count ? `, ${short(count)} pictures` : ""}${facts ? ` · ${facts}` : ""}`;
  return alive || !(message || kept) ? message || about : `${message || `${about}.`} ${kept}`.trim();
}

/** @param {Status} status */
function numbers({ state, nimg, total, speed, eta, alive, elapsed }) {
  if (state === "starting" || !total) return "";
  const parts = [`${short(nimg)} of ${short(total || 0)} pictures`];
  if (alive && speed) parts.push(`${speed.toFixed(0)}/s`);
  if (elapsed) parts.push(`${span(elapsed)} so far`);
  if (alive && eta) parts.push(`${span(eta)} left`);
  return parts.join(" · ");
}

/** @param {number} seconds */
const span = (seconds) =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} runs
 * @param {string} chosen
 * @param {Record<string, string>} names
 */
function fill(select, runs, chosen, names) {
  const list = [...runs];
  if (!list.includes(chosen)) list.unshift(chosen);
  if (list.join() !== [...select.options].map((option) => option.value).join())
    select.replaceChildren(...list.map((run) => new Option(names[run] ?? run, run)));
  if (select.value !== chosen) select.value = chosen;
}
