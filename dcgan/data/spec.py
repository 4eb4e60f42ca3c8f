"""What a data set is called: "npy:FOLDER", "folder:PATH", "zip:PATH", "torchvision:NAME", "doodles:COUNT?seed=N".

Doodles may be restricted to some values of a factor: "doodles?hat=crown,cap&beard=none".
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

# Kinds whose spec names no path of the machine that reads it.
PUBLIC_KINDS = ("doodles", "torchvision")

# A path may hold a "?" itself: only a tail of name=value pairs is taken for options.
_TAIL = re.compile(r"\?(\w+=[^?&=]*(?:&\w+=[^?&=]*)*)$")


@dataclass(frozen=True)
class Spec:
    """A spec in its parts: `target` is the folder, file, name or count; `options` what followed the "?"."""

    kind: str
    target: str
    options: Mapping[str, str] = field(default_factory=dict)


def parse(text: str) -> Spec:
    """Takes a spec apart. Raises DatasetError naming the kinds, or the options, that there are."""
    kind, _, rest = text.strip().partition(":")
    options: dict[str, str] = {}
    if "?" in kind:  # "doodles?seed=3": no count, so no colon
        kind, _, tail = kind.partition("?")
        rest = f"?{tail}"
    if kind not in KINDS:
        raise DatasetError(f"A data set is written {', '.join(KINDS.values())}; {text!r} is none of these.")
    allowed = OPTIONS.get(kind, ())
    tail_found = _TAIL.search(rest) if allowed else None
    if tail_found:
        rest = rest[: tail_found.start()]
        options = dict(pair.split("=", 1) for pair in tail_found.group(1).split("&"))
    elif kind == "doodles" and "?" in rest:
        raise DatasetError(f"Options are written ?name=value, as in {KINDS[kind]}; not so in {text!r}.")
    for name in options:
        if name not in allowed:
            raise DatasetError(f"{kind} takes the options {', '.join(allowed)}, not {name!r}: {KINDS[kind]}.")
    if not rest and kind != "doodles":
        raise DatasetError(f"{text!r} does not say which: write {KINDS[kind]}.")
    return Spec(kind, rest, options)


def check_public(text: str) -> None:
    """Raises DatasetError unless the spec is one that a stranger may ask a server for: it names no path there."""
    if parse(text).kind not in PUBLIC_KINDS:
        known = " or ".join(KINDS[kind] for kind in PUBLIC_KINDS)
        raise DatasetError(f"This server reads no folders or files for its visitors: choose {known}.")
