"""The fixture of `conftest.py` that gives every test the same random numbers."""

from __future__ import annotations

import pytest
import torch


@pytest.mark.parametrize("_", range(2))
def test_every_test_begins_with_the_same_seed(_):
    """The global generator gives the first numbers of seed 0, also after another test has drawn some."""
    assert torch.equal(torch.rand(3), torch.rand(3, generator=torch.Generator().manual_seed(0)))
