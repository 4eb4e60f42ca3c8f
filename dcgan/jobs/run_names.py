"""The name that a person gives a run, kept in the run's folder as the file `name`. Its id stays the folder's name."""

from __future__ import annotations

from pathlib import Path

from dcgan.errors import RunError
from dcgan.files import write_atomic

NAME_FILE = "name"
LONGEST_NAME = 60  # characters


def read_name(run: Path) -> str:
    """Return the name that was given to a run, or ""."""
    try:
        text = (run / NAME_FILE).read_text("utf-8", "replace")
    except OSError:
        return ""
    return "".join(filter(str.isprintable, text)).strip()[:LONGEST_NAME]


def write_name(run: Path, name: str) -> str:
    """Give a run a name, in place of an earlier one; an empty name removes it. Return the name without outer spaces.

    Raises RunError for a name that is too long or has characters that cannot be shown.
    """
    name = name.strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RunError(
            f"A run's name has at most {LONGEST_NAME} letters, digits, signs and spaces in one line, "
            f"not {len(name)} characters{'' if name.isprintable() else ' with control characters'}; choose another."
        )
    try:
        if name:
            write_atomic(run / NAME_FILE, name.encode())
        else:
            (run / NAME_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"The name of the run {run.name} cannot be written ({error.strerror or error}).") from None
    return name
