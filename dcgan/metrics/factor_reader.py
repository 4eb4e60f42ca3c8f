"""A classifier that predicts a doodle's factors from its picture, and its training.

Its file also holds its accuracy on doodles that it was not trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcgan.checkpoint import fill, read_tensors, write_tensors
from dcgan.data.dataset import OnProgress
from dcgan.errors import CheckpointError
from dcgan.metrics.features import prepare

WEIGHTS = Path(__file__).parent / "weights" / "doodle_reader.safetensors"
CHANNELS = (32, 64, 96, 128)


class FactorReader(nn.Module):
    """Maps pictures [N, 3, 64, 64] in [-1, 1] to logits: for each factor a tensor [N, number of its values]."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        """Build the layers for `values`: factor → names of its values."""
        super().__init__()
        self.values = {factor: tuple(names) for factor, names in values.items()}
        layers: list[nn.Module] = []
        c_in = 3
        for c_out in CHANNELS:  # 64 → 32 → 16 → 8 → 4
            layers += [nn.Conv2d(c_in, c_out, 5, 2, 2, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True)]
            c_in = c_out
        total = sum(len(names) for names in self.values.values())
        layers += [nn.Flatten(), nn.Dropout(0.1), nn.Linear(CHANNELS[-1] * 16, total)]
        self.main = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        sizes = [len(names) for names in self.values.values()]
        return tuple(self.main(pictures).split(sizes, dim=1))

    @torch.inference_mode()
    def read(self, pictures: Tensor, batch: int = 256) -> dict[str, Tensor]:
        """Predict the most likely values of uint8 pictures [N, 1 or 3, S, S]: factor → index of its value [N]."""
        parts = [[logits.argmax(dim=1) for logits in self(prepare(part))] for part in pictures.split(batch)]
        return {name: torch.cat(column) for name, column in zip(self.values, zip(*parts, strict=True), strict=True)}


@dataclass(frozen=True)
class LoadedReader:
    """A reader in eval mode, and its held-out accuracy for each factor, 0 … 1."""

    reader: FactorReader
    accuracy: dict[str, float]


def load_reader(path: Path = WEIGHTS) -> LoadedReader:
    """Load the reader that `train_reader` wrote. Raises CheckpointError for any other file."""
    tensors, header = read_tensors(path, "doodle reader")
    values, accuracy = header.get("values"), header.get("accuracy")
    if not isinstance(values, dict) or not isinstance(accuracy, dict):
        raise CheckpointError(
            f"{path} does not say which factors it reads; make it again with `python -m dcgan train-metrics`."
        )
    # the initial weights are random, and must not advance the global generator
    with torch.random.fork_rng(devices=[]):
        reader = FactorReader(values)
    fill(reader, tensors, str(path))
    return LoadedReader(reader.eval().requires_grad_(False), accuracy)


def train_reader(
    pictures: Tensor,
    factors: Mapping[str, Tensor],
    values: Mapping[str, Sequence[str]],
    path: Path = WEIGHTS,
    epochs: int = 8,
    batch: int = 64,
    lr: float = 2e-3,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> Path:
    """Train a reader on five sixths of uint8 doodles [N, 3, S, S], and write it and its accuracy on the rest to `path`.

    `factors`: factor → its value in each picture, int64 [N]. `on_progress(epoch, epochs)`. Returns `path`.
    """
    held_out = len(pictures) // 6
    train_pictures = pictures[:-held_out]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = FactorReader(values)
        rng = torch.Generator().manual_seed(seed)
        optimiser = torch.optim.AdamW(reader.parameters(), lr=lr, weight_decay=1e-2)
        steps = epochs * (len(train_pictures) // batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, lr, total_steps=steps)
        for epoch in range(epochs):
            order = torch.randperm(len(train_pictures), generator=rng)
            for rows in order[: len(order) // batch * batch].split(batch):
                logits = reader(prepare(train_pictures[rows]))
                answers = zip(logits, (factors[name][rows] for name in reader.values), strict=True)
                loss = torch.stack([F.cross_entropy(guess, truth) for guess, truth in answers]).mean()
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                optimiser.step()
                schedule.step()
            on_progress(epoch + 1, epochs)
    reader.eval()
    accuracy = {
        name: (guess == factors[name][-held_out:]).double().mean().item()
        for name, guess in reader.read(pictures[-held_out:]).items()
    }
    tensors = {name: t.half() if t.is_floating_point() else t for name, t in reader.state_dict().items()}
    values_in_header = {name: list(names) for name, names in reader.values.items()}
    write_tensors(path, tensors, "doodle reader", {"values": values_in_header, "accuracy": accuracy})
    return path
