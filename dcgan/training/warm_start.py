"""Warm start: initialise a run with the weights of a model, to continue on its pictures or to fine-tune on others.

Both networks are loaded; optimisers and the EMA of G start anew. If the run's ngf or ndf is a multiple of the model's,
the model is widened: narrow networks learn faster at first, wide ones reach better pictures.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection

from dcgan.checkpoint import load_discriminator, load_generator, pictures_seen
from dcgan.config import ModelConfig, TrainConfig, model_from_dict, to_dict
from dcgan.errors import ConfigError
from dcgan.store import ModelStore
from dcgan.training.step import TrainState
from dcgan.training.widen import widen_into


def warm_start(
    config: TrainConfig, store: ModelStore, asked: Collection[str]
) -> tuple[TrainConfig, Callable[[TrainState], None]]:
    """Return the configuration with the shape of the model `config.init`, and a function that loads its weights.

    `asked` holds the names of the settings that the user chose. Raises CheckpointError if the model cannot be read, and
    ConfigError if it has no D or if a chosen setting contradicts the shape of its networks.
    """
    loaded = load_generator(store.generator_path(config.init))
    path = store.discriminator_path(config.init)
    if path is None:
        raise ConfigError(f"The model {config.init} has no discriminator, so no run can start from it.")
    D = load_discriminator(path)
    built_in = dataclasses.replace(D.config, bias=D.config.bias or loaded.config.bias)
    model = model_from_dict(to_dict(built_in) | _wider(built_in, config, asked))

    def load_weights(state: TrainState) -> None:
        widen_into(D, state.D, config.seed)
        for G in (state.G, state.G_ema):
            widen_into(loaded.G, G, config.seed)

    # The average starts with a trained G, so it needs no ramp-up.
    rampup = config.ema_rampup if "ema_rampup" in asked else 0.0
    return dataclasses.replace(
        config, model=model, ema_rampup=rampup, init_seen=pictures_seen(loaded.info)
    ), load_weights


def _wider(built_in: ModelConfig, config: TrainConfig, asked: Collection[str]) -> dict[str, int]:
    """Return the chosen widths to which the model can be widened. Raises ConfigError for any other contradiction."""
    wider = {}
    for name, ours in to_dict(built_in).items():
        wanted = to_dict(config.model)[name]
        if name not in asked or wanted == ours:
            continue
        can_widen = name == "ngf" or (name == "ndf" and built_in.d_norm != "spectral" and not built_in.mbstd)
        if can_widen and wanted % ours == 0:
            wider[name] = wanted
            continue
        multiple = ", make it a whole multiple of that" if can_widen else ""
        raise ConfigError(
            f"{name} is {ours} in the model {config.init}; leave it out{multiple}, or start without a model."
        )
    return wider
