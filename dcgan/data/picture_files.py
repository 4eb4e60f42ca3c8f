"""Tell by a file's name whether it is a picture, and count what the others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from dcgan.data.decode import SUFFIXES

SYSTEM_FILES = ("__MACOSX", "Thumbs.db", "desktop.ini")  # of macOS and Windows
NAMED_KINDS = 5
LONGEST_SUFFIX = 10


def is_visible(name: PurePosixPath) -> bool:
    """Return whether a file is neither hidden, nor in a hidden folder, nor one that the system keeps for itself."""
    return not any(part.startswith(".") or part in SYSTEM_FILES for part in name.parts)


def is_picture(name: PurePosixPath) -> bool:
    """Return whether a visible file is a picture by its suffix."""
    return is_visible(name) and name.suffix.lower() in SUFFIXES


def count_other_kinds(names: Iterable[PurePosixPath]) -> dict[str, int]:
    """Return how many visible files of each suffix are no pictures, {".txt": 3, "without a suffix": 1}."""
    return dict(Counter(_kind(name) for name in names if is_visible(name) and name.suffix.lower() not in SUFFIXES))


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """Return "3 .heic, 1 .txt", the most frequent first; kinds beyond a few are counted together."""
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    words = [f"{count:,} {kind}" for kind, count in ordered[:NAMED_KINDS]]
    rest = ordered[NAMED_KINDS:]
    return ", ".join(words) + (f" and {sum(count for _, count in rest):,} of other kinds" if rest else "")


def _kind(name: PurePosixPath) -> str:
    suffix = name.suffix.lower()
    if not suffix:
        return "without a suffix"
    return suffix if suffix.isprintable() and len(suffix) <= LONGEST_SUFFIX else "with a strange suffix"
