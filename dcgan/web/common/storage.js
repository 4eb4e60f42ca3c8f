// What the browser remembers, where it is allowed to: with its storage blocked or full, the page works all the same.

/**
 * The text kept under a key, or null. `where()` is the storage; touching it throws where it is blocked.
 * @param {string} key
 * @param {() => Storage} where
 */
export function recall(key, where = () => localStorage) {
  try {
    return where().getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} text
 * @param {() => Storage} where
 */
export function remember(key, text, where = () => localStorage) {
  try {
    where().setItem(key, text);
  } catch {
    /* then it is forgotten with the page */
  }
}

/** What this tab of the browser remembers until it is closed: a reload has it, another tab has its own. */
export const tab = {
  /**
   * @param {string} key
   * @returns {unknown} arbitrary JSON, or null
   */
  recall(key) {
    try {
      return JSON.parse(recall(key, () => sessionStorage) ?? "null");
    } catch {
      return null;
    }
  },
  /**
   * @param {string} key
   * @param {unknown} value
   */
  remember(key, value) {
    remember(key, JSON.stringify(value), () => sessionStorage);
  },
};
