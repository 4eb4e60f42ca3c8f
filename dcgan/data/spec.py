"""Data set specs: "npy:FOLDER", "folder:PATH", "zip:PATH", "torchvision:NAME", "doodles:COUNT?seed=N".

Doodles can be filtered by the values of their factors: "doodles?hat=crown,cap&beard=none".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dcgan.data.doodles.factors import FACTORS
from dcgan.errors import DatasetError

KINDS: Mapping[str, str] = {
    "doodles": "doodles[:COUNT][?seed=N][&FACTOR=VALUE,…]",
    "npy": "npy:FOLDER[?split=train|test|all][&layout=hwn|nhw|nhwc|hwcn|nchw]",
    "folder": "folder:PATH",
    "zip": "zip:PATH",
    "torchvision": "torchvision:NAME",
}
OPTIONS: Mapping[str, tuple[str, ...]] = {"doodles": ("seed", *FACTORS), "npy": ("split", "layout")}

# Kinds whose spec contains no path, so that visitors of a public page may use them; and the others.
PUBLIC_KINDS = ("doodles", "torchvision")
PATH_KINDS = ("npy", "folder", "zip")

# A path may contain a "?" itself: only trailing name=value pairs are options.
_TAIL = re.compile(r"\?(\w+=[^?&=]*(?:&\w+=[^?&=]*)*)$")


@dataclass(frozen=True)
class Spec:
    """A parsed spec: `target` is the folder, file, name or count; `options` are the pairs after the "?"."""

    kind: str
    target: str
    options: Mapping[str, str] = field(default_factory=dict)


def parse(text: str) -> Spec:
    """Parse a spec. Raises DatasetError, which lists the allowed kinds or options."""
    kind, _, rest = text.strip().partition(":")
    options: dict[str, str] = {}
    if "?" in kind:  # "doodles?seed=3": no count, so no colon
        kind, _, tail = kind.partition("?")
        rest = f"?{tail}"
    if kind not in KINDS:
        raise DatasetError(f"{text!r} is not a data set. Write one of: {', '.join(KINDS.values())}.")
    allowed = OPTIONS.get(kind, ())
    tail_found = _TAIL.search(rest) if allowed else None
    if tail_found:
        rest = rest[: tail_found.start()]
        options = dict(pair.split("=", 1) for pair in tail_found.group(1).split("&"))
    elif kind == "doodles" and "?" in rest:
        raise DatasetError(f"The options in {text!r} cannot be read. Write them as in {KINDS[kind]}.")
    for name in options:
        if name not in allowed:
            raise DatasetError(f"{kind} takes the options {', '.join(allowed)}, not {name!r}: {KINDS[kind]}.")
    if not rest and kind != "doodles":
        raise DatasetError(f"{text!r} names no data. Write {KINDS[kind]}.")
    return Spec(kind, rest, options)


def check_public(text: str) -> None:
    """Raise DatasetError unless a visitor of a public page may use this spec, which must contain no path."""
    if parse(text).kind not in PUBLIC_KINDS:
        known = " or ".join(KINDS[kind] for kind in PUBLIC_KINDS)
        raise DatasetError(f"On this public page you cannot use the server's own files: choose {known}.")
