"""From a request for a training run to its complete, validated configuration."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from dcgan.config import TrainConfig, make_config
from dcgan.jobs.public_limits import PublicLimits
from dcgan.store import ModelStore
from dcgan.training.warm_start import warm_start

SHORT_RUN = 200_000  # pictures
# In a run of at most SHORT_RUN pictures, over its whole length
REPORTS_PER_RUN = {"log_every": 100, "sample_every": 20, "snapshot_every": 8, "state_every": 8}
SHORTEST_INTERVAL = 128  # pictures


def configure(
    data: str, preset: str, overrides: Mapping[str, Any], store: ModelStore, limits: PublicLimits | None = None
) -> TrainConfig:
    """Return the configuration of a run on `data`, a spec that `open_dataset` takes.

    A run that begins with a model (`init`) takes the shape of that model's networks.
    Raises ConfigError for a setting that is unknown, out of range or beyond `limits` (None: no limits),
    CheckpointError when there is no model of that name.
    """
    if limits is not None:
        limits.check_names(overrides)
    config = make_config(preset, data, overrides)
    if config.init:
        config, _ = warm_start(config, store, overrides)
    if limits is not None:
        limits.check_values(config)
    return fit_intervals(config, overrides)


def fit_intervals(config: TrainConfig, keep: Collection[str] = ()) -> TrainConfig:
    """Shorten the intervals of a run that is short in kimg, so that it leaves grids, models and states to return to.

    Intervals named in `keep` stay as they are; so do those that are shorter already.
    """
    pictures = config.kimg * 1000
    if not 0 < pictures < SHORT_RUN:
        return config
    intervals = {
        name: min(getattr(config, name), max(SHORTEST_INTERVAL, round(pictures / times)))
        for name, times in REPORTS_PER_RUN.items()
        if name not in keep
    }
    return dataclasses.replace(config, **intervals)
