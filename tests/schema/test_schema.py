"""Validation of single fields of requests."""

import numpy as np
import pytest

from dcgan.errors import RequestError
from dcgan.schema import (
    MAX_Z,
    DimEdit,
    DirectionEdit,
    Edit,
    Face,
    check_psi,
    check_seed,
    encode_z,
    parse_edits,
    parse_off,
    parse_z,
)

NOT_NUMBERS = [None, True, False, "3", "", "NaN", [], {}, [1], object(), b"1", 1j]


def test_valid_values_are_accepted():
    """Values in range are returned in their Python type, also NumPy numbers and whole floats."""
    assert check_seed(0) == 0
    assert check_seed(2**63 - 1) == 2**63 - 1
    assert check_seed(12.0) == 12 and isinstance(check_seed(12.0), int)
    assert check_seed(np.int64(5)) == 5
    assert check_psi(0) == 0.0 and isinstance(check_psi(1), float)
    assert check_psi(2.0) == 2.0


@pytest.mark.parametrize(
    "value", [*NOT_NUMBERS, -1, 2**63, 1.5, float("nan"), float("inf"), 1e18, pytest.param(10**5000, id="huge")]
)
def test_bad_seeds_are_refused(value):
    """Anything but a whole number from 0 to 2^63 - 1 raises RequestError with a short message that has the range."""
    with pytest.raises(RequestError, match="The seed must be a whole number from 0 to 9223372036854775807") as caught:
        check_seed(value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "value", [*NOT_NUMBERS, -0.01, 2.01, float("nan"), float("inf"), -float("inf"), pytest.param(10**5000, id="huge")]
)
def test_bad_truncations_are_refused(value):
    """Anything but a number from 0 to 2 raises RequestError with that range."""
    with pytest.raises(RequestError, match="Psi must be a number from 0 to 2"):
        check_psi(value)


def test_a_latent_survives_encoding():
    """A latent survives `encode_z` up to half precision; encoding again gives the same text, which fits a link."""
    z = np.random.default_rng(0).standard_normal(100)
    text = encode_z(z)
    assert len(text) == 267 and text.replace("-", "").replace("_", "").isalnum()
    assert parse_z(text) == pytest.approx(z, abs=2e-3)
    assert encode_z(parse_z(text)) == text
    assert parse_z(encode_z([99.0, -99.0])) == (MAX_Z, -MAX_Z)
    assert parse_z([1, 2.5]) == (1.0, 2.5)
    assert parse_z(None) is None and parse_z("") is None


@pytest.mark.parametrize(
    "raw",
    [
        5,
        True,
        [],
        {"0": 1},
        "A",
        "AAAA",  # one number and a half
        "AA AA",
        "AAA+",
        "ÄÄÄÄ",
        "A" * 10_000,
        "AH4",  # NaN in half precision
        "AHw",  # infinity
        [float("nan")],
        [10.5],
        ["1"],
        [[1.0]],
        [0.0] * 1025,
    ],
)
def test_bad_latents_are_refused(raw):
    """Anything but a list of finite numbers within ±10, or their text, raises RequestError with a short message."""
    with pytest.raises(RequestError, match="z") as caught:
        parse_z(raw)
    assert len(str(caught.value)) < 200


def test_edits_are_parsed():
    """Edits are parsed in order; None and [] mean no edits; parsed edits are returned unchanged."""
    raw = [{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}]
    edits = parse_edits(raw)
    assert edits == (DimEdit(amount=1.5, dim=3), DirectionEdit(amount=-2.0, direction=0))
    assert parse_edits(edits) == edits
    assert parse_edits(None) == parse_edits([]) == ()


def test_directions_are_given_by_method_or_vector():
    """The default method may be omitted; a vector of norm 1 is given as text or numbers."""
    raw = [{"direction": 2, "method": "sefa", "amount": 1}, {"direction": 2, "method": "jacobian", "amount": 1}]
    assert parse_edits(raw) == (
        DirectionEdit(amount=1.0, direction=2, method="sefa"),
        DirectionEdit(amount=1.0, direction=2),
    )
    assert parse_edits(parse_edits(raw)) == parse_edits(raw)
    (packed,), (plain,) = (parse_edits([{"vector": v, "amount": -1}]) for v in (encode_z([0.6, 0, 0.8]), [0.6, 0, 0.8]))
    assert packed.vector == pytest.approx(plain.vector, abs=1e-3) and parse_edits([packed]) == (packed,)


@pytest.mark.parametrize(
    "raw",
    [
        "text",
        {"dim": 1, "amount": 1},
        3,
        [3],
        [None],
        [{}],
        [{"dim": 1}],
        [{"amount": 1}],
        [{"dim": 1, "direction": 1, "amount": 1}],
        [{"dim": 1, "amount": 1, "more": 1}],
        [{"dim": -1, "amount": 1}],
        [{"dim": 1.5, "amount": 1}],
        [{"dim": True, "amount": 1}],
        [{"dim": 1, "amount": "1"}],
        [{"dim": 1, "amount": float("nan")}],
        [{"dim": 1, "amount": 10.5}],
        [{"direction": "0", "amount": 1}],
        [{"direction": 0, "method": "magic", "amount": 1}],
        [{"direction": 0, "method": 5, "amount": 1}],
        [{"dim": 0, "method": "sefa", "amount": 1}],
        [{"method": "sefa", "amount": 1}],
        [{"vector": [1.0, 1.0], "amount": 1}],
        [{"vector": [], "amount": 1}],
        [{"vector": "%%", "amount": 1}],
        [{"vector": None, "amount": 1}],
        [{"vector": [1.0], "direction": 0, "amount": 1}],
        [Edit(amount=1.0)],
        [{"dim": 0, "amount": 0}] * 3000,
    ],
)
def test_bad_edits_are_refused(raw):
    """Anything but a list of edits within their limits raises RequestError."""
    with pytest.raises(RequestError):
        parse_edits(raw)


def test_constructors_validate_their_arguments():
    """A value out of range cannot be constructed, and a constructed value cannot be changed."""
    with pytest.raises(RequestError, match="amount"):
        DimEdit(amount=11.0, dim=1)
    with pytest.raises(RequestError, match="The seed"):
        Face(seed=-1)
    with pytest.raises(ValueError, match="frozen"):
        Face().seed = 5


def test_ablated_units_are_pairs():
    """Units are unique and sorted; anything but pairs of whole numbers within their limits is refused."""
    assert parse_off([[1, 20], [0, 3.0], (1, 20)]) == ((0, 3), (1, 20))
    assert parse_off(None) == parse_off([]) == ()
    for raw in ("all", {}, [1], [[1]], [[1, 2, 3]], [[-1, 0]], [[0, True]], [[0, float("nan")]], [[0, 0]] * 513):
        with pytest.raises(RequestError):
            parse_off(raw)
