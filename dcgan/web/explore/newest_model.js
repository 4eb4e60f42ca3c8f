// The line below the picture of a run that trains: it offers the run’s newest model, and can show each as it comes.
import { finder } from "../common/dom.js";
import {
  chooseModel,
  events,
  messageOf,
  notice,
  request,
  runOf,
  ServerError,
  session,
  short,
} from "../common/session.js";
import { tab } from "../common/storage.js";
import { wasReloaded } from "../common/tabs.js";

const EVERY = 5000; // ms between two looks
const KEY = "dcgan-follow"; // the run that this browser tab follows

/**
 * What the server tells of a run: pictures seen by its newest model, whether the shown model is still kept.
 * @typedef {{ newest: number | null, kept: boolean, training: boolean }} Answer
 */

export class NewestModel {
  run = ""; // of the page’s model, as "run:ID"; "" where it is of none
  isLive = false; // the run trains, or was shown while it did
  isChanging = false;

  /** @param {HTMLElement} element the Explore tab */
  constructor(element) {
    const find = finder(element);
    this.line = find(".newer");
    this.words = find(".newer-words");
    this.button = find(".show-newer");
    this.check = find(".follow", HTMLInputElement);
    this.button.addEventListener("click", () => this.showNewest());
    this.check.addEventListener("change", () => {
      tab.remember(KEY, this.check.checked ? this.run : "");
      this.look();
    });
    events.addEventListener("model", () => this.begin(this.isChanging));
    events.addEventListener("reconnected", () => this.look());
    setInterval(() => element.offsetParent && !document.hidden && this.look(), EVERY);
    this.begin(wasReloaded());
  }

  /**
   * The page shows another model.
   * @param {boolean} goesOn a person did not choose this moment of the run: one that is followed is followed still
   */
  begin(goesOn) {
    const { name, newest_of } = session.model;
    const run = runOf(name);
    if (run !== this.run) {
      this.line.hidden = true;
      this.isLive = false;
    }
    this.run = run;
    this.isLive ||= newest_of !== "";
    this.check.checked = run !== "" && tab.recall(KEY) === run && (goesOn || newest_of !== "");
    if (run && tab.recall(KEY) === run && !this.check.checked) tab.remember(KEY, "");
    this.look();
  }

  /** Asks what the newest model of the run is, and offers or shows it. */
  async look() {
    const { name } = session.model;
    if (!this.run || this.isChanging) return;
    /** @type {Answer} */
    let answer;
    try {
      answer = await (await request(`newest?${new URLSearchParams({ model: name })}`)).json();
    } catch (error) {
      if (error instanceof ServerError || error instanceof TypeError) return; // the next look tells
      throw error;
    }
    if (session.model.name !== name || this.isChanging) return;
    await this.take(answer, Number(name.split("@")[1]));
  }

  /**
   * @param {Answer} answer
   * @param {number} shown pictures seen by the shown model
   */
  async take({ newest, kept, training }, shown) {
    this.isLive ||= training;
    const isNewer = newest !== null && newest > shown;
    if (newest !== null && !kept) {
      await this.showNewest();
      return notice(`The model after ${short(shown)} pictures is no longer kept; this is the newest of its run.`);
    }
    if (isNewer && this.check.checked) return this.showNewest();
    this.line.hidden = !(training || (isNewer && this.isLive));
    this.button.hidden = !isNewer;
    const words = isNewer
      ? `A newer model of this run is here (after ${short(newest)} pictures):`
      : "This run is training; its newest model is shown.";
    if (this.words.textContent !== words) this.words.textContent = words; // a reader of the screen says it once
  }

  async showNewest() {
    this.isChanging = true;
    try {
      await chooseModel(this.run);
    } catch (error) {
      notice(messageOf(error));
    } finally {
      this.isChanging = false;
    }
    await this.look();
  }
}
