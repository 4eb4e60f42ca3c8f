"""What requests from outside may carry."""

import numpy as np
import pytest

from dcgan.errors import RequestError
from dcgan.requests import Edit, check_psi, check_seed, parse_edits

NOT_NUMBERS = [None, True, False, "3", "", "NaN", [], {}, [1], object(), b"1", 1j]


def test_good_values_pass():
    """Values within their ranges come back in their proper types, NumPy's and whole floats among them."""
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
    """Anything but a whole number from 0 to 2^63 - 1 gets one short sentence with the range in it."""
    with pytest.raises(RequestError, match="The seed must be a whole number from 0 to 9223372036854775807") as caught:
        check_seed(value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "value", [*NOT_NUMBERS, -0.01, 2.01, float("nan"), float("inf"), -float("inf"), pytest.param(10**5000, id="huge")]
)
def test_bad_truncations_are_refused(value):
    """Anything but a number from 0 to 2 gets a sentence."""
    with pytest.raises(RequestError, match="Psi must be a number from 0 to 2"):
        check_psi(value)


def test_edits_are_read():
    """Dimensions and directions, in their order; none and nothing mean no edits; edits stay edits."""
    raw = [{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}]
    edits = parse_edits(raw)
    assert edits == (Edit(1.5, dim=3), Edit(-2.0, direction=0))
    assert parse_edits(edits) == edits
    assert parse_edits(None) == parse_edits([]) == ()


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
        [Edit(11.0, dim=1)],
        [Edit(1.0)],
        [{"dim": 0, "amount": 0}] * 3000,
    ],
)
def test_bad_edits_are_refused(raw):
    """Whatever is not a list of edits within their limits gets a sentence, not a traceback."""
    with pytest.raises(RequestError):
        parse_edits(raw)
