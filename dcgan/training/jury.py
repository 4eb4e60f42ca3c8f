"""A jury beside D: what people call broken, told from what they call whole, and from photographs, by what D sees.

D answers one question, whether a picture is real. Late in a long training it answers no better than a coin, though
anybody sees that one face in twenty is broken: so few cost G nothing. D's features know better: a line through them,
drawn from a hundred pictures that somebody called broken, tells new broken ones from photographs in nine of ten pairs.
G is charged for what such a reading finds (learning from judgements, arXiv 1706.03741) until it finds half as much as
in photographs: a G that is paid for going on below draws odd pictures, not whole ones. D goes on playing as before.
"""

from __future__ import annotations

import copy
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dcgan.augment import augment
from dcgan.checkpoint import fill, read_tensors, write_tensors
from dcgan.data import open_dataset
from dcgan.errors import DatasetError
from dcgan.images import to_float
from dcgan.latent import ridge
from dcgan.models import Discriminator

JURY_FILE = "jury.safetensors"
KINDS = ("broken", "whole")
FEWEST = 8  # pictures of a kind, below which nothing can be read from them
MOST_REALS = 2000  # real pictures that stand beside the whole ones, and as many others that say what is usual
RIDGE = 3.0  # of the features' size: they are thousands, the broken pictures a hundred
DOUBT = 0.9  # the share of real pictures that are charged little or nothing
CERTAIN = 3.0  # the logit of an average broken picture
ALLOWED = 0.5  # the share of what real pictures would pay that costs nothing
TURNS = 4  # how often a judged picture is shown: twice as it is, twice mirrored, each time shifted a little
CHUNK = 128


class Jury(nn.Module):
    """Pictures [N, nc, S, S] in [-1, 1] → logits [N] of being broken, by a line through a frozen D's last features."""

    def __init__(self, D: Discriminator) -> None:
        super().__init__()
        self.D = copy.deepcopy(D).eval().requires_grad_(False)
        size = D.config.image_size
        width = self.features(torch.zeros(1, D.config.nc, size, size, device=next(D.parameters()).device)).shape[1]
        self.weight: Tensor
        self.bias: Tensor
        self.free: Tensor  # what costs nothing: ALLOWED of what real pictures would pay on average
        self.register_buffer("weight", torch.zeros(width))
        self.register_buffer("bias", torch.zeros(()))
        self.register_buffer("free", torch.zeros(()))

    def features(self, pictures: Tensor) -> Tensor:
        """D's last hidden layer, [N, 8·ndf·16] at 64 × 64."""
        last = max(i for i, layer in enumerate(self.D.main) if isinstance(layer, nn.LeakyReLU))
        features: Tensor = self.D.main[: last + 1](pictures)
        return features.flatten(1)

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.features(pictures) @ self.weight + self.bias
        return logits

    def charge(self, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """What G pays for a batch, beyond half of what as many real pictures would: a scalar, at least 0.

        A whole picture costs next to nothing, a broken one the more the surer the jury is.
        """
        costs = F.softplus(self(_shifted(fakes, rng).float()))
        return F.relu(costs.mean() - self.free)


def make_jury(D: Discriminator, folder: Path, reals: Tensor) -> Jury:
    """A jury that sees with D's eyes and has looked at the judged pictures of a folder; deterministic.

    The folder holds `broken` and `whole`, each an array (`broken.npy`, laid out as any of a data set) or a folder of
    pictures. `reals` are the training pictures, uint8 [N, nc, S, S]: they are whole as well. Raises DatasetError.
    """
    jury = Jury(D)
    broken, whole = (_judged(folder, kind, D) for kind in KINDS)
    seen, others = _some(reals[::2]), _some(reals[1::2])
    examples = torch.cat([*_turned(broken), *_turned(whole), seen])
    y = torch.full((len(examples),), -1.0, dtype=torch.float64)
    y[: len(broken) * TURNS] = 1.0
    rng = torch.Generator().manual_seed(0)
    features = _features(jury, examples, rng)
    mean, deviation = features[y < 0].mean(0), features[y < 0].std(0) + 1e-2
    x = ((features - mean) / deviation).double() / features.shape[1] ** 0.5
    coefficients, _ = ridge.fit(x @ x.T, y, RIDGE)
    line = x.T @ coefficients
    scores = x @ line
    zero = scores[-len(seen) :].quantile(DOUBT)
    slope = CERTAIN / (scores[y > 0].mean() - zero).clamp_min(ridge.TINY)
    weight = line * slope / deviation.double() / features.shape[1] ** 0.5
    jury.weight.copy_(weight)
    jury.bias.copy_(-(weight @ mean.double()) - zero * slope)
    logits = _features(jury, others, rng).to(jury.weight) @ jury.weight + jury.bias
    jury.free.copy_(F.softplus(logits).mean() * ALLOWED)
    return jury


def save_jury(path: Path, jury: Jury) -> None:
    """Writes it whole or not at all, so that a run that is resumed goes on with the same one."""
    write_tensors(path, jury.state_dict(), "jury", {})


def load_jury(path: Path, D: Discriminator) -> Jury:
    """The jury of a run whose D has the shape of `D`. Raises CheckpointError when the file is not one."""
    tensors, _ = read_tensors(path, "jury")
    jury = Jury(D)
    fill(jury, tensors, str(path))
    return jury


def _judged(folder: Path, kind: str, D: Discriminator) -> Tensor:
    """The pictures that were called `kind`, uint8 [N, nc, S, S]."""
    folder = folder.expanduser()
    array = folder / f"{kind}.npy"
    spec = f"npy:{array}" if array.is_file() else f"folder:{folder / kind}"
    try:
        pictures = open_dataset(spec, D.config.image_size, D.config.nc).pictures
    except DatasetError as error:
        raise DatasetError(f"The judged pictures: {error}") from None
    if len(pictures) < FEWEST:
        raise DatasetError(f"{folder} holds {len(pictures)} {kind} pictures; judge at least {FEWEST} of each kind.")
    return pictures


def _some(reals: Tensor) -> Tensor:
    """At most MOST_REALS of them, from everywhere, on the CPU."""
    return reals[torch.linspace(0, len(reals) - 1, min(MOST_REALS, len(reals))).long()].cpu()


def _turned(pictures: Tensor) -> list[Tensor]:
    return [pictures, pictures.flip(3)] * (TURNS // 2)


def _shifted(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """It is the picture that is to count, and not where its pixels lie."""
    return augment(pictures, ("translation",), rng)


@torch.no_grad()
def _features(jury: Jury, pictures: Tensor, rng: torch.Generator) -> Tensor:
    device = next(jury.D.parameters()).device
    parts = (_shifted(to_float(part.to(device)), rng) for part in pictures.split(CHUNK))
    return torch.cat([jury.features(part).float().cpu() for part in parts])
