"""All randomness of a run, derived from (seed, purpose, position), so that a resumed run needs no other memory."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from dcgan.config import TrainConfig

STEP, EPOCH = 0, 1


def generator_for(seed: int, purpose: int, position: int) -> torch.Generator:
    """A CPU generator that depends on its three arguments alone, and on each of them."""
    state = np.random.SeedSequence([seed, purpose, position]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0]) >> 1)


class Order:
    """Which pictures come next: a fresh shuffle an epoch, cut into batches, found again from `nimg` alone."""

    def __init__(self, config: TrainConfig, count: int) -> None:
        self.seed, self.batch = config.seed, config.batch
        self.count, self.epoch_pictures = count, config.epoch_pictures(count)
        self._epoch, self._shuffle = -1, torch.empty(0, dtype=torch.int64)

    def batch_at(self, nimg: int) -> Tensor:
        """Indices [≤ batch] of the batch that follows `nimg` pictures; only an epoch's last one may be smaller."""
        epoch, start = divmod(nimg, self.epoch_pictures)
        if epoch != self._epoch:
            self._shuffle = torch.randperm(self.count, generator=generator_for(self.seed, EPOCH, epoch))
            self._epoch = epoch
        return self._shuffle[start : min(start + self.batch, self.epoch_pictures)]
