"""Beginning a run from a model instead of from fresh weights: further on the same pictures, or over to one's own.

Both networks are taken; the optimisers and the average of G begin anew. A run that asks for twice (or three, four …
times) the model's ngf or ndf begins with the model widened: narrow networks learn the most in the first hours, wide
ones go further.
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
    """The configuration with the networks of the model that `config.init` names, and what fills a state from it.

    `asked` holds the names of the settings that were asked for. Raises CheckpointError when there is no such model or
    it cannot be read, ConfigError when it lacks its D or when a setting that is built into it was asked to differ.
    """
    loaded = load_generator(store.generator_path(config.init))
    path = store.discriminator_path(config.init)
    if path is None:
        raise ConfigError(f"The model {config.init} has no discriminator, so no training can begin with it.")
    D = load_discriminator(path)
    model = model_from_dict(to_dict(D.config) | _wider(D.config, config, asked))

    def fill(state: TrainState) -> None:
        widen_into(D, state.D, config.seed)
        for G in (state.G, state.G_ema):
            widen_into(loaded.G, G, config.seed)

    # The average begins with a good G: there is no wild start to forget.
    rampup = config.ema_rampup if "ema_rampup" in asked else 0.0
    return dataclasses.replace(config, model=model, ema_rampup=rampup, init_seen=pictures_seen(loaded.info)), fill


def _wider(built_in: ModelConfig, config: TrainConfig, asked: Collection[str]) -> dict[str, int]:
    """The widths that were asked for and that the model's networks can be widened to; raises on any other wish."""
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
            f"{name} is {ours} in the model {config.init}; leave it out{multiple}, or begin without a model."
        )
    return wider
