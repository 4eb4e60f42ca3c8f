"""Tests for `dcgan/exporting/tutorial_file.py`."""

from __future__ import annotations

import torch
from lively import lively_G
from torch import nn
from tutorial_networks import tutorial_generator

from dcgan.config import ModelConfig
from dcgan.exporting import write_tutorial_file
from dcgan.models import make_networks


class TutorialGenerator(nn.Module):
    """The Generator of the PyTorch DCGAN tutorial, as published."""

    def __init__(self, nz, ngf, nc):
        super().__init__()
        self.main = tutorial_generator(nz, ngf, nc)

    def forward(self, x):
        return self.main(x)


def test_the_tutorials_generator_loads_the_file_and_draws_the_same(tmp_path):
    """`load_state_dict` finds every key, and the pictures are equal bit for bit."""
    config = ModelConfig(nz=10, ngf=4, ndf=4)
    G, (_, D) = lively_G(config), make_networks(config, 1)
    write_tutorial_file(tmp_path / "model.pt", G, D)
    content = torch.load(tmp_path / "model.pt", weights_only=True)
    theirs = TutorialGenerator(config.nz, config.ngf, config.nc).eval()
    theirs.load_state_dict(content["G_model_state_dict"])
    z = torch.randn(4, config.nz, 1, 1, generator=torch.Generator().manual_seed(2))
    assert torch.equal(theirs(z), G(z))
    D.load_state_dict(content["D_model_state_dict"])


def test_a_model_without_a_discriminator_has_one_entry(tmp_path):
    """Only the generator's."""
    write_tutorial_file(tmp_path / "model.pt", lively_G(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4)), None)
    assert torch.load(tmp_path / "model.pt", weights_only=True).keys() == {"G_model_state_dict"}
