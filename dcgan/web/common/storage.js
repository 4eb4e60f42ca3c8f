// The browser's storage. Where it is blocked or full, the page works without it.

/**
 * The text stored under a key, or null. `where` is a function, since reading `localStorage` throws where it is blocked.
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
    /* blocked or full: the value is lost with the page */
  }
}

/** JSON that this browser tab keeps until it is closed. It survives a reload; other tabs do not see it. */
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
