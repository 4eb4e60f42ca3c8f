"""Names, locks, order and taught directions from outside."""

import pytest

from dcgan.engine.direction_labels import (
    MethodLabels,
    TaughtDirection,
    labels_fields,
    parse_labels,
    parse_name,
    parse_taught,
    taught_fields,
)
from dcgan.errors import RequestError

TAUGHT = {"vector": [0.6, 0.8], "name": "hat", "accuracy": 0.75, "has": 5, "has_not": 6}


def test_labels_come_back():
    """What is written is what is read; an emptied name is no name; missing parts are empty."""
    labels = MethodLabels(names={0: "smile", 7: "light"}, locked=(7,), order=(7, 0, 1))
    assert parse_labels(labels_fields(labels)) == labels
    assert parse_labels({"names": {"3": "  "}}) == MethodLabels() == parse_labels({})


def test_taught_directions_come_back():
    """What is written is what is read, its vector in half precision."""
    one = parse_taught(TAUGHT)
    assert one == TaughtDirection(**TAUGHT)
    again = parse_taught(taught_fields(one))
    assert again.key == one.key and again.vector == pytest.approx(one.vector, abs=1e-3)


def test_names_are_one_tidy_line():
    """Spaces are tidied; anything that a person can write is allowed, up to forty letters."""
    assert parse_name("  light\n from   left ") == "light from left"
    assert parse_name("笑顔 <b>😀</b>") == "笑顔 <b>😀</b>"
    for bad in (5, None, "x" * 41, "a\u202eb", "\0"):
        with pytest.raises(RequestError, match="name"):
            parse_name(bad)


@pytest.mark.parametrize(
    "raw",
    [
        5,
        {"names": []},
        {"names": {"x": "a"}},
        {"names": {"-1": "a"}},
        {"names": {"99999": "a"}},
        {"names": {"0": 5}},
        {"locked": {}},
        {"locked": [1, 1]},
        {"order": [0.5]},
        {"order": ["0"]},
        {"order": list(range(2000))},
    ],
)
def test_bad_labels_are_refused(raw):
    """Whatever is not labels gets a sentence."""
    with pytest.raises(RequestError):
        parse_labels(raw)


@pytest.mark.parametrize(
    "change",
    [
        {"vector": None},
        {"vector": [0.6, 0.6]},
        {"vector": [float("nan"), 1]},
        {"name": ""},
        {"accuracy": 1.5},
        {"accuracy": None},
        {"has": -1},
        {"locked": "yes"},
        {"weights": 5},
    ],
)
def test_bad_taught_directions_are_refused(change):
    """A vector of another length than 1, no name, and numbers out of range get a sentence."""
    with pytest.raises(RequestError):
        parse_taught({**TAUGHT, **change})
