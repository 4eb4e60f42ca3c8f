"""A jury beside D: what people call broken, told from what they call whole, and from photographs.

D answers one question, whether a picture is real. Late in a long training it answers no better than a coin, though
anybody sees that one face in thirty is broken: so few cost G nothing. A copy of D that is taught on by some hundreds of
judged pictures tells new broken ones from whole ones. G is charged for what this jury finds (learning from judgements,
arXiv 1706.03741) until it finds a part (`judged_free`) of what it finds in photographs: a G that is paid for going on
without end draws odd pictures, not whole ones. D goes on playing as before.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dcgan.augment import augment, mirror
from dcgan.checkpoint import fill, read_tensors, write_tensors
from dcgan.data import open_dataset
from dcgan.errors import DatasetError
from dcgan.images import to_float
from dcgan.models import Discriminator

JURY_FILE = "jury.safetensors"
KINDS = ("broken", "whole")
FEWEST = 8  # pictures of a kind, below which nothing can be learned from them
MOST_REALS = 2000  # real pictures that stand beside the whole ones, and as many others that say what is usual
PASSES, FEWEST_LESSONS = 20, 400  # how often each broken picture is shown, and the batches that there are at least
SHOWN = (16, 32)  # broken and whole pictures of a lesson; both kinds weigh the same
RATE = 2e-4  # Adam's, falling to 0 over the second half of the lessons
DOUBT = 0.9  # the share of real pictures that are charged little or nothing
CHUNK = 128


class Jury(nn.Module):
    """Pictures [N, nc, S, S] in [-1, 1] → logits [N] of being broken: a copy of D, with a last layer of its own.

    Its last layer begins as D's, turned: what is not real may be broken.
    """

    def __init__(self, D: Discriminator) -> None:
        super().__init__()
        self.D = copy.deepcopy(D).eval().requires_grad_(False)
        size = D.config.image_size
        width = self.features(torch.zeros(1, D.config.nc, size, size, device=next(D.parameters()).device)).shape[1]
        last = self.D.main[-1].weight
        assert isinstance(last, Tensor)
        # [1, 8·ndf (and one more that compares pictures), 4, 4] → [8·ndf·16]
        self.weight = nn.Parameter(-last.detach().flatten()[:width].clone(), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(()), requires_grad=False)
        self.free: Tensor  # what costs nothing: a share of what real pictures would pay on average
        self.register_buffer("free", torch.zeros(()))

    def features(self, pictures: Tensor) -> Tensor:
        """The last hidden layer, [N, 8·ndf·16] at 64 × 64. No picture's depend on the others'."""
        last = max(i for i, layer in enumerate(self.D.main) if isinstance(layer, nn.LeakyReLU))
        features: Tensor = self.D.main[: last + 1](pictures)
        return features.flatten(1)

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.features(pictures) @ self.weight + self.bias
        return logits

    def charge(self, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """What G pays for a batch, beyond what is free: a scalar, at least 0.

        A whole picture costs next to nothing, a broken one the more the surer the jury is.
        """
        costs = F.softplus(self(_shifted(fakes, rng).float()))
        return F.relu(costs.mean() - self.free)


def make_jury(
    D: Discriminator,
    folder: Path,
    reals: Tensor,
    free: float,
    on_lesson: Callable[[int, int], None] = lambda done, of: None,
) -> Jury:
    """A jury that begins with D's eyes and learns from the judged pictures of a folder; deterministic.

    The folder holds `broken` and `whole`, each an array (`broken.npy`, laid out as any of a data set) or a folder of
    pictures. `reals` are the training pictures, uint8 [N, nc, S, S]: they are whole as well. `free` is the share of
    what they would pay that costs nothing. `on_lesson(done, of)` is called after each lesson; for a thousand judged
    pictures of 64 × 64 they take minutes. Raises DatasetError.
    """
    jury = Jury(D)
    broken, whole = (_judged(folder, kind, D) for kind in KINDS)
    rng = torch.Generator().manual_seed(0)
    _learn(jury, broken, torch.cat([whole, _some(reals[::2])]), rng, on_lesson)
    with torch.no_grad():
        logits = torch.cat([jury(_seen(part, jury, rng)) for part in _some(reals[1::2]).split(CHUNK)])
        usual = logits.quantile(DOUBT)
        jury.bias.sub_(usual)
        jury.free.copy_(F.softplus(logits - usual).mean() * free)
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


def _learn(
    jury: Jury, broken: Tensor, whole: Tensor, rng: torch.Generator, on_lesson: Callable[[int, int], None]
) -> None:
    """Teaches the whole network, by the log-likelihood of what was said of each picture."""
    lessons = max(FEWEST_LESSONS, PASSES * len(broken) // SHOWN[0])
    said = torch.tensor([1.0] * SHOWN[0] + [0.0] * SHOWN[1], device=jury.free.device)
    weights = torch.where(said > 0, 0.5 / SHOWN[0], 0.5 / SHOWN[1])
    jury.requires_grad_(True)
    opt = torch.optim.Adam(jury.parameters(), lr=RATE, betas=(0.9, 0.99))
    for lesson in range(lessons):
        opt.param_groups[0]["lr"] = RATE * min(1.0, 2 * (1 - lesson / lessons))
        shown = [p[torch.randint(len(p), (n,), generator=rng)] for p, n in zip((broken, whole), SHOWN, strict=True)]
        pictures = mirror(_seen(torch.cat(shown), jury, rng), rng)
        loss = F.binary_cross_entropy_with_logits(jury(pictures), said, weights, reduction="sum")
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        on_lesson(lesson + 1, lessons)
    jury.requires_grad_(False)


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


def _seen(pictures: Tensor, jury: Jury, rng: torch.Generator) -> Tensor:
    """uint8 [N, nc, S, S] as the jury is shown them, shifted a little."""
    return _shifted(to_float(pictures.to(jury.free.device)), rng)


def _shifted(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """It is the picture that is to count, and not where its pixels lie."""
    return augment(pictures, ("translation",), rng)
