"""Beginning a run from a model instead of from fresh weights: further on the same pictures, or over to one's own.

Both networks are taken; the optimisers and the average of G begin anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection

from dcgan.checkpoint import load_discriminator, load_generator
from dcgan.config import TrainConfig, to_dict
from dcgan.errors import ConfigError
from dcgan.store import ModelStore
from dcgan.training.step import TrainState


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
    built_in, wanted = to_dict(D.config), to_dict(config.model)
    for name in built_in.keys() & set(asked):
        if built_in[name] != wanted[name]:
            raise ConfigError(
                f"{name} is {built_in[name]} in the model {config.init}; leave it out, or begin without a model."
            )

    def fill(state: TrainState) -> None:
        state.D.load_state_dict(D.state_dict())
        for G in (state.G, state.G_ema):
            G.load_state_dict(loaded.G.state_dict())

    # The average begins with a good G: there is no wild start to forget.
    rampup = config.ema_rampup if "ema_rampup" in asked else 0.0
    return dataclasses.replace(config, model=D.config, ema_rampup=rampup), fill
