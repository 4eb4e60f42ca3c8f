"""Augmentations: differentiable, reproducible, and what they claim to be."""

from __future__ import annotations

import pytest
import torch

from dcgan.augment import augment, color, cutout, mirror, translation
from dcgan.config import AUGMENTATIONS


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("nc", [1, 3])
def test_same_draws_same_pictures(nc):
    """The generator handed in decides everything; shapes stay; gradients reach the pictures."""
    x = torch.randn(6, nc, 16, 16, requires_grad=True)
    a, b = augment(x, AUGMENTATIONS, rng()), augment(x, AUGMENTATIONS, rng())
    assert a.shape == x.shape and torch.equal(a, b)
    assert not torch.equal(a, augment(x, AUGMENTATIONS, rng(1)))
    a.sum().backward()
    assert x.grad.abs().sum() > 0


def test_without_augmentations_pictures_are_unchanged():
    """With no augmentation named, pictures are unchanged."""
    x = torch.randn(2, 3, 8, 8)
    assert augment(x, (), rng()) is x


def test_translation_shifts_by_up_to_an_eighth():
    """Each output is the input moved by whole pixels, at most side / 8 either way, zeros coming in."""
    x = torch.rand(40, 1, 16, 16) + 0.5
    moved, seen = translation(x, rng()), set()
    padded = torch.nn.functional.pad(x, (2, 2, 2, 2))
    for i in range(len(x)):
        fits = [
            (dy, dx)
            for dy in range(5)
            for dx in range(5)
            if torch.equal(moved[i], padded[i, :, dy : dy + 16, dx : dx + 16])
        ]
        assert len(fits) == 1
        seen.update(fits)
    assert len(seen) > 10


def test_cutout_blanks_at_most_a_quarter():
    """A square of half the side becomes 0, less where it lies partly outside; the rest is untouched."""
    x = torch.ones(50, 3, 16, 16)
    cut = cutout(x, rng())
    blank = (cut == 0).float().mean((1, 2, 3))
    assert blank.max() <= 0.25 and blank.max() > 0.2 and set(cut.unique().tolist()) == {0.0, 1.0}


def test_color_is_affine_per_picture():
    """On gray pictures, color is brightness and contrast: one scale and one shift for a whole picture."""
    x = torch.rand(8, 1, 16, 16)
    y = color(x, rng())
    for a, b in zip(x, y, strict=True):
        scale = b.std() / a.std()
        torch.testing.assert_close(b - b.mean(), (a - a.mean()) * scale)
        assert 0.5 <= scale <= 1.5


def test_mirror_flips_about_half():
    """Each picture comes back as it is or mirrored, about as often; uint8 stays uint8."""
    x = torch.randint(0, 256, (200, 1, 4, 4), dtype=torch.uint8)
    y = mirror(x, rng())
    flipped = (y == x.flip(3)).flatten(1).all(1)
    assert ((y == x).flatten(1).all(1) | flipped).all() and y.dtype == torch.uint8
    assert 70 < flipped.sum() < 130
