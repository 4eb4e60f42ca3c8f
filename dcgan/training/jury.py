"""A jury beside D: what people call broken, told from what they call whole, and from photographs, by what D sees.

D answers one question, whether a picture is real. Late in a long training it answers no better than a coin, though
anybody sees that one face in twenty is broken: so few cost G nothing. D's features know better: a line through them,
drawn from a hundred pictures that somebody called broken, tells new broken ones from photographs in nine of ten pairs.
G is charged for what such a reading finds (learning from judgements, arXiv 1706.03741); D goes on playing as before,
which keeps G from pleasing the jury with pictures that are not like the data's.
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
MOST_REALS = 2000  # real pictures that stand beside the whole ones
RIDGE = 3.0  # of the features' size: they are thousands, the broken pictures a hundred
DOUBT = 0.9  # the share of real pictures that are charged little or nothing
CERTAIN = 3.0  # the logit of an average broken picture
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
        self.register_buffer("weight", torch.zeros(width))
        self.register_buffer("bias", torch.zeros(()))

    def features(self, pictures: Tensor) -> Tensor:
        """D's last hidden layer, [N, 8·ndf·16] at 64 × 64."""
        last = max(i for i, layer in enumerate(self.D.main) if isinstance(layer, nn.LeakyReLU))
        features: Tensor = self.D.main[: last + 1](pictures)
        return features.flatten(1)

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.features(pictures) @ self.weight + self.bias
        return logits

    def charge(self, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """What G pays for a batch: next to nothing for a whole picture, the more the surer the jury is. A scalar.

        Shifted a little at random, so that it is the picture that counts and not where its pixels lie.
        """
        return F.softplus(self(augment(fakes, ("translation",), rng).float())).mean()


def make_jury(D: Discriminator, folder: Path, reals: Tensor) -> Jury:
    """A jury that sees with D's eyes and has looked at the judged pictures of a folder; deterministic.

    The folder holds `broken` and `whole`, each an array (`broken.npy`, laid out as any of a data set) or a folder of
    pictures. `reals` are the training pictures, uint8 [N, nc, S, S]: they are whole as well. Raises DatasetError.
    """
    jury = Jury(D)
    broken, whole = (_judged(folder, kind, D) for kind in KINDS)
    reals = reals[torch.linspace(0, len(reals) - 1, min(MOST_REALS, len(reals))).long()]
    examples = torch.cat([broken, broken.flip(3), whole, whole.flip(3), reals.cpu()])
    y = torch.full((len(examples),), -1.0, dtype=torch.float64)
    y[: 2 * len(broken)] = 1.0
    features = _features(jury, examples)
    mean, deviation = features[y < 0].mean(0), features[y < 0].std(0) + 1e-2
    seen = ((features - mean) / deviation).double() / features.shape[1] ** 0.5
    coefficients, _ = ridge.fit(seen @ seen.T, y, RIDGE)
    scores = seen @ (seen.T @ coefficients)
    zero = scores[-len(reals) :].quantile(DOUBT)
    slope = CERTAIN / (scores[y > 0].mean() - zero).clamp_min(ridge.TINY)
    weight = (seen.T @ coefficients) / deviation.double() / features.shape[1] ** 0.5 * slope
    jury.weight.copy_(weight)
    jury.bias.copy_(-(weight @ mean.double()) - zero * slope)
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
    array = folder.expanduser() / f"{kind}.npy"
    spec = f"npy:{array}" if array.is_file() else f"folder:{folder / kind}"
    try:
        pictures = open_dataset(spec, D.config.image_size, D.config.nc).pictures
    except DatasetError as error:
        raise DatasetError(f"The judged pictures: {error}") from None
    if len(pictures) < FEWEST:
        raise DatasetError(f"{folder} holds {len(pictures)} {kind} pictures; judge at least {FEWEST} of each kind.")
    return pictures


@torch.no_grad()
def _features(jury: Jury, pictures: Tensor) -> Tensor:
    device = next(jury.D.parameters()).device
    return torch.cat([jury.features(to_float(part.to(device))).float().cpu() for part in pictures.split(CHUNK)])
