// Playing the walk on the page: time passes, the slider with it, and pictures come as fast as they come.

/**
 * Wires the button; returns {stop}. `seconds()`, `loops()`, `visible()` are asked anew, `step()` shows a moment.
 * @param {HTMLElement} button
 * @param {HTMLInputElement} slider
 * @param {{ seconds: () => number, loops: () => boolean, step: () => void, visible: () => unknown }} film
 */
export function player(button, slider, { seconds, loops, step, visible }) {
  /**
   * Time of the frame before, in ms; null while standing still.
   * @type {number | null}
   */
  let last = null;

  /** @param {number} now */
  function tick(now) {
    if (last === null) return;
    if (!visible()) return stop();
    let t = Number(slider.value) + (now - last) / 1000 / seconds();
    last = now;
    if (t >= 1 && !loops()) {
      stop();
      t = 1;
    }
    // a range keeps to its steps; finer ones would be lost at each frame of a long film
    slider.step = "any";
    slider.value = String(t > 1 ? t % 1 : t);
    step();
    if (last !== null) requestAnimationFrame(tick);
  }

  function stop() {
    last = null;
    slider.step = "0.001";
    show("▶", "Play");
  }

  /**
   * @param {string} sign
   * @param {string} name
   */
  function show(sign, name) {
    button.textContent = sign;
    button.setAttribute("aria-label", name);
  }

  button.addEventListener("click", () => {
    if (last !== null) return stop();
    if (Number(slider.value) >= 1) slider.value = "0";
    last = performance.now();
    show("❚❚", "Pause");
    requestAnimationFrame(tick);
  });
  return { stop };
}
