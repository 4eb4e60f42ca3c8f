"""What an alarm is: what is seen, why it happens, what helps, and the action that does it."""

from __future__ import annotations

from dataclasses import dataclass

# From the mildest: worth knowing; the pictures will suffer; more training of this run is wasted.
LEVELS = ("note", "warning", "stop")

# What the page can do about an alarm.
LOWER_RATES = "lower_rates"  # go on from the best model in a new run, with both learning rates halved
RAISE_AUGMENTATION = "raise_augmentation"  # the same, with one more augmentation in place of lower rates
STOP_KEEP_BEST = "stop_keep_best"  # stop the run; its best model stays
NO_ACTION = ""
ACTIONS = (LOWER_RATES, RAISE_AUGMENTATION, STOP_KEEP_BEST)


@dataclass(frozen=True)
class Alarm:
    """One thing that goes wrong in a run: its name for programs, one of LEVELS, three sentences, and what can be done.

    `seen`, `why` and `helps` say what was observed, with its numbers, why it happens, and what to do. `learn` is the
    anchor of its paragraph in the Learn tab, `action` one of ACTIONS or NO_ACTION.
    """

    name: str
    level: str
    seen: str
    why: str
    helps: str
    learn: str
    action: str = NO_ACTION
