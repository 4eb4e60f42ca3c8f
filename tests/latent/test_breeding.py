"""Children of two latents."""

import pytest
import torch

from dcgan.latent import z_from_seeds
from dcgan.latent.breeding import breed
from dcgan.latent.prior import norm_range

A, B = z_from_seeds([1, 2], 100)


def likeness(z, parent):
    return torch.cosine_similarity(z, parent[None])


def test_children_take_after_both_parents():
    """Without mutation a child's numbers are one parent's or the other's, or it lies on the arc between them."""
    children = breed(A, B, wildness=0, seed=1)
    assert children.shape == (9, 100)
    for child in children[::2]:
        scale = float(child.norm() / torch.where((child - A).abs() < (child - B).abs(), A, B).norm())
        taken = torch.isclose(child, scale * A, atol=1e-4), torch.isclose(child, scale * B, atol=1e-4)
        assert (taken[0] | taken[1]).all() and taken[0].any() and taken[1].any()
    for child in children[1::2]:
        rest = torch.linalg.lstsq(torch.stack([A, B]).T, child[:, None]).solution
        torch.testing.assert_close(torch.stack([A, B]).T @ rest, child[:, None], atol=1e-4, rtol=1e-4)
    assert (likeness(children, A) > 0.2).all() and (likeness(children, B) > 0.2).all()


def test_the_same_seed_gives_the_same_children():
    """The same seed gives the same children, another seed others; the children of one seed differ."""
    assert torch.equal(breed(A, B, 0.3, 7), breed(A, B, 0.3, 7))
    assert not torch.equal(breed(A, B, 0.3, 7), breed(A, B, 0.3, 8))
    assert len(torch.unique(breed(A, B, 0.3, 7), dim=0)) == 9


def test_wilder_children_are_less_like_their_parents():
    """Children of two equal parents are copies at wildness 0, less similar as it rises, and unrelated at 1."""
    alike = [float(likeness(breed(A, A, wildness, 3), A).mean()) for wildness in (0, 0.25, 0.5, 1)]
    assert alike[0] == pytest.approx(1, abs=1e-5)
    assert alike == sorted(alike, reverse=True)
    assert abs(alike[3]) < 0.15


@pytest.mark.parametrize("wildness", [0, 0.3, 1])
def test_children_are_as_long_as_the_prior(wildness):
    """Over generations every norm stays in its usual range."""
    low, high = norm_range(100)
    a, b = A, B
    for generation in range(6):
        children = breed(a, b, wildness, generation)
        assert ((children.norm(dim=1) > low - 1e-3) & (children.norm(dim=1) < high + 1e-3)).all()
        a = children[generation]
