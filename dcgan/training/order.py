"""Randomness of a run, derived from (seed, purpose, nimg) alone, so that no generator has to be stored."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from torch import Tensor

from dcgan.config import TrainConfig

STEP, EPOCH = 0, 1


def generator_for(seed: int, purpose: int, position: int) -> torch.Generator:
    """Return a CPU generator seeded by these three numbers."""
    state = np.random.SeedSequence([seed, purpose, position]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0]) >> 1)


def fit_batch(config: TrainConfig, count: int) -> TrainConfig:
    """Return the configuration with a batch of at most all `count` pictures of the data set."""
    return dataclasses.replace(config, batch=min(config.batch, count))


class Order:
    """The order of pictures: a new shuffle in each epoch, cut into batches; a function of `nimg` alone."""

    def __init__(self, config: TrainConfig, count: int) -> None:
        self.seed, self.batch = config.seed, config.batch
        self.count, self.epoch_pictures = count, config.epoch_pictures(count)
        self._epoch, self._shuffle = -1, torch.empty(0, dtype=torch.int64)

    def batch_at(self, nimg: int) -> Tensor:
        """Return indices [≤ batch] of the batch that follows `nimg` pictures; the last of an epoch may be smaller."""
        epoch, start = divmod(nimg, self.epoch_pictures)
        if epoch != self._epoch:
            self._shuffle = torch.randperm(self.count, generator=generator_for(self.seed, EPOCH, epoch))
            self._epoch = epoch
        return self._shuffle[start : min(start + self.batch, self.epoch_pictures)]
