// A group of buttons as one stop of the Tab key: inside it the arrow keys go from button to button.

/** @param {HTMLButtonElement[]} buttons in reading order */
export function roveFocus(buttons) {
  buttons.forEach((button, index) => {
    button.tabIndex = index ? -1 : 0;
    button.addEventListener("focus", () => {
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    });
    button.addEventListener("keydown", (event) => {
      const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0].offsetTop).length;
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
      const next = buttons[index + (by ?? NaN)];
      if (!next || next.hidden || next.disabled) return;
      event.preventDefault();
      next.focus();
    });
  });
}
