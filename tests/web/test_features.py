"""Which feature of the page uses which others, in Python and in JavaScript."""

from __future__ import annotations

import graphlib
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "dcgan" / "web"
# What every feature may use
BASE = {"common", "generator"}
# A tab uses its panels; whoever lets one pick a face uses the shelf.
USES = {
    "explore": {"arithmetic", "breeding", "directions", "inside", "nearest", "photo", "shelf"},
    "arithmetic": {"shelf"},
    "breeding": {"shelf"},
    "interpolate": {"shelf"},
    "train": {"health", "timelapse"},
    "timelapse": {"interpolate"},
    "runs": {"train"},
    "learn": {"inside", "shortcuts", "train"},
    "header": {"shortcuts"},
}
IMPORTS = {
    ".py": re.compile(r"^from dcgan\.web\.(\w+)\.\w+ import", re.MULTILINE),
    ".js": re.compile(r'(?:from |import\()"\.\./(\w+)/'),
}


def used_by(feature: Path) -> set[str]:
    """The other features that a feature's Python and JavaScript import from."""
    files = [path for path in feature.iterdir() if path.suffix in IMPORTS]
    found = {name for path in files for name in IMPORTS[path.suffix].findall(path.read_text("utf-8"))}
    return found - {feature.name}


def test_features_use_only_what_is_listed():
    """A feature uses the common parts, and other features only as USES lists them: no more, no fewer."""
    found = {feature.name: used_by(feature) - BASE for feature in WEB.iterdir() if feature.is_dir()}
    assert {name: uses for name, uses in found.items() if uses} == USES


def test_the_common_parts_use_no_feature():
    """What every feature uses knows none of them."""
    for name in BASE:
        assert used_by(WEB / name) <= BASE


def test_no_feature_uses_itself_by_a_detour():
    """The features form no circle."""
    assert set(graphlib.TopologicalSorter(USES).static_order()) >= set(USES)
