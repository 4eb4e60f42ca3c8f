// What the page's modules hand to each other and what the server answers: types only, never loaded by a browser.

export type Method = "jacobian" | "sefa" | "pca";

/** How an edit names what it moves: a plain dimension, a direction that a method found, or a vector as text. */
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

/** A face as links, files and requests carry it. Its seed is text, since seeds go beyond a browser's numbers. */
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

export type IndexState = "ready" | "could" | "making" | "none";

/** What the server knows of a model's training pictures. */
export interface NearestState {
  state: IndexState;
  pictures?: boolean;
  doing?: string;
  progress: number;
  error?: string;
}

export interface Verdict {
  distance: number;
  usual: [number, number];
  own: number[] | null;
  words: string;
  count: number;
  note: string;
}

export interface Model {
  name: string;
  nz: number;
  image_size: number;
  nimg: number;
  data: string;
  preset: string;
  nearest: NearestState;
}

/** What `dcgan/open` answers. `forFilm` are faces that were sent to the film and not taken yet. */
export interface Session {
  models: string[];
  device: string;
  model: Model;
  face: FaceFields;
  film: { frames: number; size: number };
  problems: string[];
  forFilm?: FaceFields[];
}

/** Events that the whole page can listen to. */
export interface PageEvents extends Pick<EventTarget, "dispatchEvent" | "removeEventListener"> {
  addEventListener(type: "frame", listener: (event: CustomEvent<number>) => void): void;
  addEventListener(type: "notice", listener: (event: CustomEvent<string>) => void): void;
  addEventListener(
    type: "model" | "film" | "filmdesk",
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void;
}

/** Finds a part of a template by selector. Throws where there is none, or one of another class. */
export interface Find {
  (selector: string): HTMLElement;
  <T extends Element>(selector: string, type: new () => T): T;
}

/** A point of a curve: pictures seen, then the curve's columns; null where one was not measured. */
export type Point = [nimg: number, ...values: (number | null)[]];

export interface ChartLine {
  column: number;
  kind: "g" | "d" | "amber";
  name: string;
}

/** What a person says of one method's directions. */
export interface Labels {
  names: Record<number, string>;
  locked: number[];
  order: number[];
}

/** A slider that was taught: its vector as text, how well it is told apart, by how many examples. */
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

/** Directions that a method found: their shares of all change, and the server's notes on them, null if it keeps none. */
export interface DirectionsAnswer {
  shares: number[];
  weights: string;
  notes: DirectionLabelsFields | null;
}

/** A picture on the shelf. */
export interface Item extends Picture {
  key: string;
}
