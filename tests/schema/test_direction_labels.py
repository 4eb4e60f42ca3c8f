"""Parsing of labels and taught directions."""

import pytest

from dcgan.errors import RequestError
from dcgan.schema.direction_labels import (
    MethodLabels,
    TaughtDirection,
    labels_fields,
    parse_labels,
    parse_name,
    parse_taught,
    taught_fields,
)

TAUGHT = {"vector": [0.6, 0.8], "name": "hat", "accuracy": 0.75, "has": 5, "has_not": 6}


def test_labels_survive_json():
    """Labels survive JSON; a name of spaces is dropped; missing fields are empty."""
    labels = MethodLabels(names={0: "smile", 7: "light"}, locked=(7,), order=(7, 0, 1))
    assert parse_labels(labels_fields(labels)) == labels
    assert parse_labels({"names": {"3": "  "}}) == MethodLabels() == parse_labels({})


def test_taught_directions_survive_json():
    """A taught direction survives JSON; its vector is rounded to half precision."""
    one = parse_taught(TAUGHT)
    assert one == TaughtDirection(**TAUGHT)
    again = parse_taught(taught_fields(one))
    assert again.key == one.key and again.vector == pytest.approx(one.vector, abs=1e-3)


def test_names_are_one_tidy_line():
    """Runs of spaces become one; up to forty printable characters of any script are allowed."""
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
    """Each invalid field raises RequestError."""
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
    """A vector of norm other than 1, an empty name and values out of range raise RequestError."""
    with pytest.raises(RequestError):
        parse_taught({**TAUGHT, **change})
