// As much of a browser as the page's modules touch outside of their templates. Import it before them.

const page = new EventTarget();

/** Dispatches an event at the window. */
export const dispatch = (event) => page.dispatchEvent(event);

/** A storage that can be full or blocked: `failure` is then the name of the error it throws. */
export class FakeStorage {
  texts = new Map();
  failure = "";

  getItem(key) {
    if (this.failure === "SecurityError") this.fail();
    return this.texts.get(key) ?? null;
  }

  setItem(key, text) {
    if (this.failure) this.fail();
    this.texts.set(key, text);
  }

  fail() {
    throw Object.assign(new Error(this.failure), { name: this.failure });
  }
}

/** A socket that opens when a test says so. `sent` is what it was asked, `opened` all that there were. */
export class FakeSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static opened = [];
  readyState = FakeSocket.CONNECTING;
  sent = [];

  constructor(url) {
    super();
    this.url = url;
    FakeSocket.opened.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  answer(data) {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

/** An element that remembers its attributes, classes and children, and draws nothing. */
export class FakeElement extends EventTarget {
  attributes = new Map();
  children = [];
  dataset = {};
  textContent = "";
  value = "";
  drawn = []; // arguments of drawImage

  constructor(properties = {}) {
    super();
    Object.assign(this, properties);
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  focus() {}

  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }

  appendChild(child) {
    this.children.push(child);
    return child;
  }

  getContext() {
    return { drawImage: (...what) => this.drawn.push(what), fillRect() {} };
  }
}

/** A promise, and what fulfils or breaks it. */
export function deferred() {
  const promise = {};
  promise.done = new Promise((resolve, reject) => Object.assign(promise, { resolve, reject }));
  return promise;
}

/** Lets everything happen that waits for nothing but its turn. */
export const turn = () => new Promise((done) => setImmediate(done));

const globals = {
  addEventListener: page.addEventListener.bind(page),
  document: { baseURI: "http://page.test/app/", createElementNS: () => new FakeElement() },
  location: { search: "" },
  localStorage: new FakeStorage(),
  sessionStorage: new FakeStorage(),
  navigator: { onLine: true },
  WebSocket: FakeSocket,
  ResizeObserver: class {
    observe() {}
  },
};
for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
