// Every keyboard shortcut of the page: where it acts, its keys, and what it does. Shown on Learn and in a dialog.

/** @typedef {{ place: string, keys: [keys: string, does: string][] }} ShortcutGroup keys are separated by commas */

/** @type {ShortcutGroup[]} */
export const SHORTCUTS = [
  {
    place: "Everywhere",
    keys: [
      ["?", "this list"],
      ["Escape", "close a dialog; give up what is being dragged or renamed"],
      ["Enter", "take the name that is being typed"],
    ],
  },
  {
    place: "Explore",
    keys: [
      ["R", "a random face"],
      ["K", "keep the face on the shelf"],
      ["Ctrl Z, Ctrl Shift Z", "undo, redo (on a Mac with ⌘)"],
    ],
  },
  {
    place: "Explore, the field of the seed",
    keys: [["↑, ↓", "the next seed, the one before"]],
  },
  {
    place: "A fader of “All dimensions”",
    keys: [
      ["←, →", "the fader beside it"],
      ["↑, ↓, Page ↑, Page ↓", "move it a little; a lot"],
      ["Home, End", "the first fader, the last"],
      ["0, Delete", "back to the value of the seed"],
    ],
  },
  {
    place: "Rows of pictures: neighbours, units of a layer",
    keys: [["arrows", "the picture beside it"]],
  },
  {
    place: "Teach a slider, a face",
    keys: [
      ["+, Y, 1", "it has the trait"],
      ["−, N, 2", "it has not"],
      ["0, Delete", "no mark"],
      ["arrows, Home, End", "another face"],
    ],
  },
  {
    place: "My photo, the crop",
    keys: [
      ["arrows", "move the picture (with Shift further)"],
      ["+, −", "larger, smaller"],
    ],
  },
  {
    place: "Lists to sort: directions, shelf, faces of a film",
    keys: [["arrows, Home, End", "move the row or the picture"]],
  },
  {
    place: "Interpolate, the field",
    keys: [["arrows", "move the spot (with Shift further)"]],
  },
];
