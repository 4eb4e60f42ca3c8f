"""Files that other programs wrote."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dcgan.checkpoint import load_discriminator, load_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.importing import import_file
from dcgan.models import make_networks


@pytest.fixture(params=[32, 64])
def networks(request):
    return make_networks(ModelConfig(image_size=request.param, nc=3, nz=11, ngf=4, ndf=6), 1)


def same_weights(a: nn.Module, b: nn.Module) -> bool:
    return all(
        torch.equal(x.float(), y.half().float())
        for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True)
    )


def test_tutorial_dictionary(tmp_path, networks):
    """The tutorial's .pt with both networks and both optimisers becomes a checkpoint with G and D."""
    G, D = networks
    content = {
        "G_model_state_dict": G.state_dict(),
        "D_model_state_dict": D.state_dict(),
        "G_optimizer_state_dict": torch.optim.Adam(G.parameters()).state_dict(),
        "D_optimizer_state_dict": torch.optim.Adam(D.parameters()).state_dict(),
        "epoch": 5,
    }
    torch.save(content, tmp_path / "dcgan.pt")
    written = import_file(tmp_path / "dcgan.pt", tmp_path / "checkpoints" / "mine")
    assert [path.name for path in written] == ["generator.safetensors", "discriminator.safetensors"]
    loaded = load_generator(written[0])
    assert loaded.config.nz == 11 and loaded.config.ngf == 4 and loaded.config.image_size == G.config.image_size
    assert same_weights(loaded.G, G) and same_weights(load_discriminator(written[1]), D)


@pytest.mark.parametrize("prefix", ["", "module."])
@pytest.mark.parametrize("counts", [True, False])
def test_bare_state_dicts(tmp_path, networks, prefix, counts):
    """netG_epoch_N.pth and netD_epoch_N.pth load, with DataParallel's prefix and from before BatchNorm counted."""
    for network, kind in zip(networks, ("generator", "discriminator"), strict=True):
        weights = {prefix + k: v for k, v in network.state_dict().items() if counts or not k.endswith("tracked")}
        torch.save(weights, tmp_path / f"{kind}.pth")
        (written,) = import_file(tmp_path / f"{kind}.pth", tmp_path / "c" / "mine")
        assert written.name == f"{kind}.safetensors"
    assert same_weights(load_generator(tmp_path / "c" / "mine" / "generator.safetensors").G, networks[0])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"conv.weight": torch.zeros(2, 2)}, "no DCGAN weights"),
        ({"a": torch.zeros(9, 8)}, "no DCGAN weights"),
        ({}, "no DCGAN weights"),
        ([1, 2], "not a dictionary"),
        ({"main.0.weight": torch.zeros(10, 4, 4, 4)}, "4 × 4"),
        ({"G_model_state_dict": {"head.weight": torch.zeros(3)}}, "is no part of a DCGAN"),
        ({"G_model_state_dict": {}}, "no convolutions"),
        ({"0.weight": torch.zeros(9, 8, 4, 4), "1.running_mean": torch.zeros(7)}, "1 of 7 channels that follows no"),
        ({"0.weight": torch.zeros(9, 8, 4, 4), "1.weight": torch.zeros(7, 3, 4, 4)}, "0 gives 8 channels, 1 takes 7"),
        ({"0.weight": torch.zeros(9, 8, 4, 4), "1.weight": torch.zeros(8)}, "1.weight, which is no part"),
    ],
)
def test_a_file_with_other_content_is_described(tmp_path, content, word):
    """A file with other content is described in a sentence."""
    torch.save(content, tmp_path / "odd.pt")
    with pytest.raises(CheckpointError, match=word):
        import_file(tmp_path / "odd.pt", tmp_path / "c" / "odd")


def test_odd_size(tmp_path):
    """A network for pictures of a size we have no rule for is refused by that size."""
    G, _ = make_networks(ModelConfig(image_size=128, ngf=2, ndf=2), 0)
    weights = {**G.state_dict(), "main.18.weight": torch.zeros(3, 3, 4, 4)}
    torch.save(weights, tmp_path / "large.pth")
    with pytest.raises(CheckpointError, match="256 × 256"):
        import_file(tmp_path / "large.pth", tmp_path / "c" / "large")


@pytest.mark.parametrize("name", ["..", "a b", ".hidden"])
def test_a_checkpoint_name_cannot_leave_its_folder(tmp_path, networks, name):
    """A checkpoint's name is a plain word; a path is refused."""
    torch.save(networks[0].state_dict(), tmp_path / "g.pth")
    with pytest.raises(CheckpointError, match="not a valid model name"):
        import_file(tmp_path / "g.pth", tmp_path / "c" / name)
