"""DCGANs written as other people write them: imported, they draw the same pictures and give the same logits."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from dcgan.checkpoint import load_discriminator, load_generator
from dcgan.errors import CheckpointError
from dcgan.folded import FoldedGenerator
from dcgan.importing import import_file

NZ, HALF = 9, 2e-2  # weights are stored in half precision


def foreign_g(bias=False, norm=lambda layer: layer, widths=(16, 8, 4), nc=3) -> nn.Sequential:
    """A 32 × 32 generator as a plain Sequential, with weights and running averages as after a training."""
    layers: list[nn.Module] = []
    c_in = NZ
    for i, c_out in enumerate(widths):
        conv = nn.ConvTranspose2d(c_in, c_out, 4, 1 if i == 0 else 2, 0 if i == 0 else 1, bias=bias)
        layers += [norm(conv), nn.BatchNorm2d(c_out), nn.ReLU()]
        c_in = c_out
    layers += [norm(nn.ConvTranspose2d(c_in, nc, 4, 2, 1, bias=bias)), nn.Tanh()]
    return trained(nn.Sequential(*layers), torch.randn(16, NZ, 1, 1))


def foreign_d(bias=False, norm=lambda layer: layer, batch_norm=True) -> nn.Sequential:
    """A 32 × 32 discriminator as a plain Sequential, without its Sigmoid."""
    layers: list[nn.Module] = [norm(nn.Conv2d(3, 4, 4, 2, 1, bias=bias)), nn.LeakyReLU(0.2)]
    for c_in, c_out in ((4, 8), (8, 16)):
        layers.append(norm(nn.Conv2d(c_in, c_out, 4, 2, 1, bias=bias)))
        layers += [nn.BatchNorm2d(c_out)] if batch_norm else []
        layers.append(nn.LeakyReLU(0.2))
    layers.append(norm(nn.Conv2d(16, 1, 4, 1, 0, bias=bias)))
    return trained(nn.Sequential(*layers), torch.rand(16, 3, 32, 32) * 2 - 1)


def trained(network: nn.Sequential, x: Tensor) -> nn.Sequential:
    """Give every bias, BatchNorm and vector of spectral norm values that matter, then eval mode."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 1, 3)
            nn.init.normal_(module.bias, 0, 0.3)
        elif getattr(module, "bias", None) is not None:
            nn.init.normal_(module.bias, 0, 0.3)
    for _ in range(30):
        network(x)
    return network.eval()


@pytest.fixture(autouse=True)
def same_weights_each_time():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        yield


def assert_same_pictures(path, original: nn.Module) -> None:
    """The imported G draws what the original draws; so does the folded one, which the page uses."""
    (written,) = import_file(path, path.parent / "models" / "mine")
    z = torch.randn(6, NZ)
    expected = original(z.reshape(6, NZ, 1, 1))
    assert expected.std() > 0.1, "pictures that say something"
    loaded = load_generator(written)
    torch.testing.assert_close(loaded.G(z), expected, atol=HALF, rtol=0)
    torch.testing.assert_close(FoldedGenerator(loaded.G)(z), expected, atol=HALF, rtol=0)


def assert_same_logits(path, original: nn.Module) -> None:
    """The imported D gives the original's logits, up to half precision."""
    (written,) = import_file(path, path.parent / "models" / "mine")
    x = torch.rand(6, 3, 32, 32) * 2 - 1
    expected = original(x).flatten()
    assert expected.std() > 0.01
    torch.testing.assert_close(load_discriminator(written)(x), expected, atol=HALF, rtol=HALF)


NORMS = {
    "plain": lambda layer: layer,
    "spectral": parametrizations.spectral_norm,
    "old spectral": nn.utils.spectral_norm,
}


@pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning")
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("prefix", ["", "main.", "module.", "module.net.model."])
@torch.no_grad()
def test_generators(tmp_path, norm, bias, prefix):
    """Names without main., DataParallel, biases before BatchNorm and at the end, spectral norm: the same pictures."""
    G = foreign_g(bias, NORMS[norm])
    torch.save({prefix + name: value for name, value in G.state_dict().items()}, tmp_path / "g.pth")
    assert_same_pictures(tmp_path / "g.pth", G)


@pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning")
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("batch_norm", [False, True])
@torch.no_grad()
def test_discriminators(tmp_path, norm, bias, batch_norm):
    """The same for D, with BatchNorm or without: the same logits."""
    D = foreign_d(bias, NORMS[norm], batch_norm)
    torch.save(D.state_dict(), tmp_path / "d.pth")
    assert_same_logits(tmp_path / "d.pth", D)


@torch.no_grad()
def test_spectral_norm_of_old_files(tmp_path):
    """Files from before PyTorch stored v hold only u, which is enough."""
    G = foreign_g(norm=nn.utils.spectral_norm)
    weights = {name: value for name, value in G.state_dict().items() if not name.endswith("weight_v")}
    torch.save(weights, tmp_path / "g.pth")
    assert_same_pictures(tmp_path / "g.pth", G)


class NamedLayers(nn.Module):
    """A generator whose layers have names instead of numbers, and BatchNorm without weights."""

    def __init__(self) -> None:
        super().__init__()
        self.tconv1, self.bn1 = nn.ConvTranspose2d(NZ, 16, 4, 1, 0), nn.BatchNorm2d(16, affine=False)
        self.tconv2, self.bn2 = nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.BatchNorm2d(8)
        self.tconv3, self.bn3 = nn.ConvTranspose2d(8, 4, 4, 2, 1), nn.BatchNorm2d(4)
        self.tconv4 = nn.ConvTranspose2d(4, 3, 4, 2, 1)

    def forward(self, z: Tensor) -> Tensor:
        x = self.bn1(self.tconv1(z)).relu()
        x = self.bn2(self.tconv2(x)).relu()
        x = self.bn3(self.tconv3(x)).relu()
        return self.tconv4(x).tanh()


@pytest.mark.parametrize("save", [torch.save, save_file])
@torch.no_grad()
def test_names_do_not_matter(tmp_path, save):
    """tconv1, bn1, tconv2 …: a BatchNorm is found by its channels, also in a safetensors file, which sorts names."""
    G = NamedLayers()
    for _ in range(9):
        G(torch.randn(16, NZ, 1, 1))
    path = tmp_path / ("g.pth" if save is torch.save else "g.safetensors")
    save(dict(G.state_dict()), path)
    assert_same_pictures(path, G.eval())


@torch.no_grad()
def test_more_than_ten_layers_stay_in_order(tmp_path):
    """Layer 12 follows layer 9, in a safetensors file too, which sorts names as text."""
    G = foreign_g(widths=(16, 8, 4))
    assert "9.weight" in G.state_dict()
    shifted = {f"{int(name.split('.')[0]) + 3}.{name.split('.')[1]}": v for name, v in G.state_dict().items()}
    save_file(shifted, tmp_path / "g.safetensors")
    assert_same_pictures(tmp_path / "g.safetensors", G)


@pytest.mark.parametrize("wrap", ["prefix", "keys", "state_dict"])
@torch.no_grad()
def test_both_networks_in_one_file(tmp_path, wrap):
    """Lightning's prefixes, keys of other names, and a dictionary within the dictionary are found."""
    G, D = foreign_g(bias=True), foreign_d()
    prefixed = {f"generator.model.{name}": value for name, value in G.state_dict().items()}
    prefixed |= {f"discriminator.model.{name}": value for name, value in D.state_dict().items()}
    content = {
        "prefix": prefixed,
        "keys": {"epoch": 3, "gen": G.state_dict(), "disc": D.state_dict()},
        "state_dict": {"epoch": 3, "state_dict": prefixed},
    }
    torch.save(content[wrap], tmp_path / "both.ckpt")
    g_path, d_path = import_file(tmp_path / "both.ckpt", tmp_path / "models" / "mine")
    z, x = torch.randn(4, NZ), torch.rand(4, 3, 32, 32)
    torch.testing.assert_close(load_generator(g_path).G(z), G(z.reshape(4, NZ, 1, 1)), atol=HALF, rtol=0)
    torch.testing.assert_close(load_discriminator(d_path)(x), D(x).flatten(), atol=HALF, rtol=HALF)


@pytest.mark.parametrize("layer", [nn.InstanceNorm2d(8, affine=True), nn.PReLU(), nn.Linear(8, 8)])
def test_other_layers_are_named(tmp_path, layer):
    """A network with a layer that no DCGAN has is refused by that layer's name, in one sentence."""
    G = foreign_g()
    G[4] = layer
    torch.save(G.state_dict(), tmp_path / "g.pth")
    with pytest.raises(CheckpointError, match=r"^g\.pth has 4\..*, which is no part of a DCGAN: .*\.$"):
        import_file(tmp_path / "g.pth", tmp_path / "models" / "mine")


def test_batchnorm_in_the_wrong_place_is_named(tmp_path):
    """A BatchNorm after D's first layer, which the paper leaves out, is refused by that layer's name."""
    D = foreign_d()
    torch.save(nn.Sequential(D[0], nn.BatchNorm2d(4), *D[1:]).state_dict(), tmp_path / "d.pth")
    with pytest.raises(CheckpointError, match=r"d\.pth has a BatchNorm after 0, where a DCGAN has none"):
        import_file(tmp_path / "d.pth", tmp_path / "models" / "mine")
