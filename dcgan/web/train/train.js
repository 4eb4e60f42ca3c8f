// The Train tab: the form of a new run, or a run, whose status is polled each second while the tab is visible.
/** @import { Point } from "../common/types.d.ts" */
/** @import { Status } from "./run_view.js" */
import { finder } from "../common/dom.js";
import {
  chooseModel,
  events,
  messageOf,
  notice,
  request,
  ServerError,
  sentenceOf,
  session,
  wait,
} from "../common/session.js";
import { openTab } from "../common/tabs.js";
import { boundCurve } from "./run_charts.js";
import { RunView } from "./run_view.js";
import { keepToken, token } from "./tokens.js";
import { TrainForm } from "./train_form.js";

class TrainTab {
  run = ""; // the one that is looked at; before the server has told of any, none
  choosing = false; // the form of a new run is wanted in place of the run
  /** @type {Point[]} */
  curve = [];
  /** @type {Status | null} */
  status = null;
  listed = ""; // the runs and their states, as the list of runs was last told to read them

  /** @param {HTMLElement} element */
  constructor(element) {
    this.find = finder(element);
    /** @type {(run: string, token: string) => void} */
    const begun = (run, value) => {
      keepToken(run, value);
      this.choose(run);
    };
    this.form = new TrainForm(element, begun);
    this.view = new RunView(element, {
      look: () => this.look(),
      choose: (run) => this.choose(run),
      begun,
      open: openModel,
      duplicate: (model) => this.duplicate(model),
    });
    this.find(".again").addEventListener("click", () => this.wantForm(true));
    this.find(".back").addEventListener("click", () => this.wantForm(false));
    events.addEventListener("run-chosen", ({ detail }) => {
      this.choose(detail);
      this.find(".run-view").scrollIntoView({ block: "nearest" });
    });
    events.addEventListener("run-deleted", ({ detail }) => {
      if (detail === this.run) this.choose(""); // shows the newest
    });
  }

  /**
   * Shows a run; an empty id means the one that trains, or the newest.
   * @param {string} run
   */
  choose(run) {
    this.run = run;
    this.curve = [];
    this.status = null;
    this.view.clear(run);
    this.wantForm(false);
    this.look().catch(() => {}); // the next look tells why
  }

  /** @param {boolean} wanted whether the form is shown until something else is wanted */
  wantForm(wanted) {
    this.choosing = wanted;
    this.showForm(wanted);
  }

  /** @param {boolean} wanted the form of a new run, in place of the run */
  showForm(wanted) {
    this.find(".card").hidden = !wanted;
    this.find(".run-view").hidden = wanted;
    this.find(".back").hidden = !this.run;
  }

  /** @returns {Promise<void>} */
  async look() {
    const asked = this.run;
    const after = this.curve.at(-1)?.[0] ?? -1;
    const query = new URLSearchParams({ run: asked, after: String(after), token: token(asked) });
    /** @type {Status} */
    const told = await (await request(`train/status?${query}`)).json();
    if (asked !== this.run) return; // another run was chosen meanwhile
    if (!told.run) return this.wantForm(true); // a run that another visitor begins meanwhile does not take it away
    this.status = told;
    if (!asked) {
      this.run = told.run;
      if (token(told.run)) setTimeout(() => this.look());
    }
    this.showForm(this.choosing);
    if (told.state === "running" && told.nimg < after) {
      // a resumed run goes back to its last state: its curve is read again, and the old one stays until that is here
      this.curve = [];
      return this.look();
    }
    // two looks may have crossed: each point counts once
    const last = this.curve.at(-1)?.[0] ?? -1;
    this.curve = boundCurve([...this.curve, ...told.curve.filter(([nimg]) => nimg > last)]);
    this.#tellTheList(told);
    this.view.show(told, told.run, this.curve);
  }

  /**
   * Lets the list of runs be read anew where a run has another state.
   * @param {Status} status
   */
  #tellTheList({ runs, queue, run, state, best }) {
    const news = `${runs} ${queue} ${run} ${state} ${best}`;
    if (news !== this.listed) events.dispatchEvent(new Event("runs"));
    this.listed = news;
  }

  /**
   * Shows that a look has failed.
   * @param {unknown} error
   * @param {boolean} again the look before has failed, too
   */
  lost(error, again) {
    const isRefused = error instanceof ServerError;
    if (this.status && !again) this.view.lost(isRefused ? error.message : "");
    if (!this.status) this.showForm(true);
    if (isRefused) {
      this.run = "";
      this.curve = [];
    }
  }

  /**
   * Fills the form with the settings of the run, to begin with one of its models.
   * @param {string} model
   */
  async duplicate(model) {
    const { run } = this;
    try {
      await this.form.duplicate(await (await request("runs/settings", { run, token: token(run) })).json(), model);
      this.wantForm(true);
    } catch (error) {
      notice(sentenceOf(error, "The server cannot be reached."));
    }
  }
}

/** @param {HTMLElement} element */
export async function mount(element) {
  const tab = new TrainTab(element);
  tab.form.begin().catch(() => notice("The Train tab could not be loaded; reload the page."));
  let away = false;
  for (;;) {
    const seen = element.offsetParent !== null && !document.hidden;
    if (seen) {
      try {
        await tab.look();
        away = false;
      } catch (error) {
        tab.lost(error, away);
        away = true;
      }
    }
    await wait(seen ? 1000 : 300);
  }
}

/**
 * Opens a model in Explore.
 * @param {string} model
 */
async function openModel(model) {
  try {
    if (!session) return location.assign(`?${new URLSearchParams({ model })}`); // the first model of all
    await chooseModel(model);
    openTab("Explore");
  } catch (error) {
    notice(messageOf(error));
  }
}
