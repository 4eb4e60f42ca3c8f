"""A face's latent over HTTP."""

from __future__ import annotations

import pytest
from asking import ask_json

from dcgan.schema import Face


def test_the_latent_is_the_one_that_is_drawn(page):
    """The route gives the z from which the renderer draws the seed's face."""
    z = page.services.renderer.latent("first", Face(seed=11))
    assert ask_json(page, "latent?model=first&seed=11")["z"] == pytest.approx(z.tolist(), abs=1e-4)
