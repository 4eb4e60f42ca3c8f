"""Tests for `dcgan/training/precision.py`: the choice between bfloat16 and float32."""

from __future__ import annotations

from itertools import chain, repeat

import pytest

from dcgan.training.precision import faster_by_a_tenth


def clock(*seconds: float, then: float):
    """A step that takes the listed seconds one after the other, and `then` for ever after."""
    times = chain(seconds, repeat(then))
    return lambda: next(times)


@pytest.mark.parametrize(("rival", "faster"), [(0.5, True), (0.89, True), (0.95, False), (1.2, False)])
def test_bfloat16_needs_to_be_a_tenth_faster(rival, faster):
    """bfloat16 is used when its step is at least a tenth shorter."""
    assert faster_by_a_tenth(clock(then=rival), clock(then=1.0)) is faster


def test_slow_first_rounds_do_not_decide():
    """Six slow rounds of one of the two, beside another busy process, do not change the choice."""
    assert faster_by_a_tenth(clock(3.0, 2.8, 2.5, 2.2, 1.9, 1.6, then=0.5), clock(then=1.0))
    assert not faster_by_a_tenth(clock(then=1.0), clock(3.0, 2.8, 2.5, 2.2, 1.9, 1.6, then=0.9))


def test_a_measurement_that_never_settles_ends():
    """Steps that grow faster for ever are compared after forty rounds."""
    shrinking = (0.9**step for step in range(10_000))
    rounds = []
    assert not faster_by_a_tenth(lambda: rounds.append(1) or 10.0, lambda: next(shrinking))
    assert len(rounds) == 40
