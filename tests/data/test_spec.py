"""Specs: the names of data sets."""

from __future__ import annotations

import pytest

from dcgan.data import check_public, open_dataset
from dcgan.data.spec import Spec, parse
from dcgan.errors import DatasetError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doodles", Spec("doodles", "")),
        ("doodles:500", Spec("doodles", "500")),
        ("doodles?seed=3", Spec("doodles", "", {"seed": "3"})),
        ("doodles:500?seed=3", Spec("doodles", "500", {"seed": "3"})),
        ("doodles:500?hat=crown,cap&beard=none", Spec("doodles", "500", {"hat": "crown,cap", "beard": "none"})),
        ("npy:/a/b", Spec("npy", "/a/b")),
        ("npy:/a?split=test&layout=nhw", Spec("npy", "/a", {"split": "test", "layout": "nhw"})),
        (" folder:C:\\pictures ", Spec("folder", "C:\\pictures")),
        ("folder:/what?/x=1", Spec("folder", "/what?/x=1")),
        ("folder:/what?x=1", Spec("folder", "/what?x=1")),
        ("npy:/what?/faces", Spec("npy", "/what?/faces")),
        ("torchvision:CIFAR10", Spec("torchvision", "CIFAR10")),
    ],
)
def test_parse(text, expected):
    """Kind, target and options come apart; a question mark in a path stays in the path."""
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["", "jpeg:/x", "/x/y", "Doodles:3", "npy", "npy:", "folder:", "zip:", "torchvision:"])
def test_an_unknown_or_incomplete_spec_lists_what_there_is(text):
    """A mistyped kind or a missing path raises DatasetError, which shows how a spec is written."""
    with pytest.raises(DatasetError, match=r"npy:FOLDER|folder:PATH|zip:PATH|torchvision:NAME"):
        open_dataset(text)


@pytest.mark.parametrize("text", ["npy:/x?lay=hwn", "doodles:5?colour=red", "doodles?5", "doodles:5?seed"])
def test_unknown_options_are_refused(text):
    """A misspelt option is not ignored."""
    with pytest.raises(DatasetError, match=r"option|Options"):
        parse(text)


@pytest.mark.parametrize("text", ["doodles", "doodles:500?seed=2", "torchvision:CIFAR10"])
def test_the_public_may_ask_for_what_names_no_path(text):
    """Doodles and torchvision's sets are open to visitors."""
    check_public(text)


@pytest.mark.parametrize("text", ["npy:/etc", "folder:/", "zip:/etc/passwd", " folder:/home", "nonsense", ""])
def test_the_public_may_name_no_path(text):
    """A visitor of a server cannot make it read its own files, nor learn which there are."""
    with pytest.raises(DatasetError):
        check_public(text)
