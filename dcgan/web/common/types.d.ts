// Types of the page’s modules and of the server’s answers. No browser loads this file.

export type Method = "jacobian" | "sefa" | "pca";

/** The axis of an edit: a dimension, a direction that a method found, or a vector as text. */
export interface EditKey {
  dim?: number;
  direction?: number;
  method?: Method;
  vector?: string;
}

export interface Edit extends EditKey {
  amount: number;
}

/** A kind of edit: the fields of its JSON, how its axis is read, and how a link writes that axis. */
export interface EditKind {
  fields: string[];
  // biome-ignore lint/suspicious/noExplicitAny: what is read may be anything
  read: (raw: any, nz: number) => EditKey | null;
  // biome-ignore lint/suspicious/noExplicitAny: each kind knows its own fields
  axis: (edit: any) => string;
}

export type Unit = [layer: number, unit: number];

/** A face in links, files and requests. Its seed is text, since seeds exceed what a JavaScript number holds exactly. */
export interface FaceFields {
  seed: string;
  psi: number;
  edits: Edit[];
  z?: string | null;
  off?: Unit[];
}

export interface Picture {
  face: FaceFields;
  name: string;
}

/** A face, and the canvas that it is to be drawn on. */
export interface Placed {
  face: FaceFields;
  canvas: HTMLCanvasElement;
}

export type IndexState = "ready" | "indexing" | "available" | "unavailable";

/** State of the index of a model’s training pictures. */
export interface NearestState {
  state: IndexState;
  pictures?: boolean;
  doing?: string;
  progress: number;
  error?: string;
}

/** The answer of `dcgan/nearest` for one face. */
export interface NearestAnswer {
  distance: number;
  usual: [number, number];
  own: number[] | null;
  words: string;
  count: number;
  note: string;
}

/** `name` stays the same model while its run trains; `newest_of` is that run's "run:ID" where it was the newest model. */
export interface Model {
  name: string;
  newest_of: string;
  nz: number;
  image_size: number;
  nimg: number;
  data: string;
  preset: string;
  nearest: NearestState;
}

/** What `dcgan/open` answers. `forFilm`: faces added to the film that the Interpolate tab has not read yet. */
export interface Session {
  models: string[];
  device: string;
  model: Model;
  face: FaceFields;
  film: { frames: number; size: number };
  problems: string[];
  forFilm?: FaceFields[];
}

/**
 * Events of the whole page: "film-current" adds the face shown on Explore to the film; "film" reports added faces.
 * "unanswered": a request got no answer; "socket-closed": the socket that brought pictures has closed; "lost": no server
 * answers; "reconnected": it does again, so ask anew.
 */
export interface PageEvents extends Pick<EventTarget, "dispatchEvent" | "removeEventListener"> {
  addEventListener(type: "frame", listener: (event: CustomEvent<number>) => void): void;
  /** A run was chosen in the list of runs, or deleted there. */
  addEventListener(type: "run-chosen" | "run-deleted", listener: (event: CustomEvent<string>) => void): void;
  /** The names that were given to runs, by their ids. */
  addEventListener(type: "run-names", listener: (event: CustomEvent<Record<string, string>>) => void): void;
  addEventListener(type: "notice", listener: (event: CustomEvent<string>) => void): void;
  addEventListener(
    type:
      | "model"
      | "film"
      | "film-current"
      | "source"
      | "unanswered"
      | "socket-closed"
      | "lost"
      | "reconnected"
      | "runs",
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void;
}

/** Finds a part of a template by selector. Throws where there is none, or one of another class. */
export interface Find {
  (selector: string): HTMLElement;
  <T extends Element>(selector: string, type: new () => T): T;
}

/**
 * A point of a curve: pictures seen, then the curve's columns; null where one was not measured. Where several points were
 * merged, the columns are means, and the least and then the greatest value of each column follow.
 */
export type Point = [nimg: number, ...values: (number | null)[]];

/** A line of a chart: a column of its points, and a kind that has a colour. */
export interface ChartLine {
  column: number;
  kind: "g" | "d" | "amber" | "first" | "second";
}

/** A dashed line of a chart: its value, the label on it, and what it means in a sentence. */
export interface Reference {
  value: number;
  label: string;
  meaning: string;
}

/** The names, locks and order that a person gave to the directions of one method. */
export interface Labels {
  names: Record<number, string>;
  locked: number[];
  order: number[];
}

/** A slider taught by examples: its vector as text, its accuracy on held-out examples, the count of examples. */
export interface Taught {
  vector: string;
  name: string;
  accuracy: number;
  has: number;
  has_not: number;
  locked: boolean;
  weights: string;
}

export interface DirectionLabelsFields {
  labels?: Partial<Record<Method, Labels>>;
  taught?: Taught[];
}

/** Directions that a method found: their shares of all change, and the saved labels; null where the server saves none. */
export interface DirectionsAnswer {
  shares: number[];
  weights: string;
  saved: DirectionLabelsFields | null;
}

/** A picture on the shelf. */
export interface Item extends Picture {
  key: string;
}
