"""A run whose training pictures still lie here: smooth random pictures, and among them one of the model's own faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from live_page import save_model
from torch.nn import functional as F

from dcgan.checkpoint import load_generator
from dcgan.engine.workers import Workers
from dcgan.folded import FoldedGenerator
from dcgan.images import to_uint8
from dcgan.latent import z_from_seed

MODEL = "run:tiny"
COPIED, PLACE = 5, 7  # the seed whose picture stands at this place of train.npy


def save_run(folder: Path) -> Path:
    """Write runs/tiny and its data set under `folder`; return the data set's folder."""
    run, data = folder / "runs" / "tiny", folder / "secret" / "pictures"
    data.mkdir(parents=True)
    save_model(run / "snapshots", seed=3, critic=False, data=f"npy:{data}")
    path = run / "snapshots" / "000005000.safetensors"
    (run / "snapshots" / "generator.safetensors").rename(path)
    train, test = smooth(150, 0), smooth(40, 1)
    train[PLACE] = drawn(path, COPIED)
    for name, pictures in (("train", train), ("test", test)):
        np.save(data / f"{name}.npy", pictures.permute(0, 2, 3, 1).numpy())
    return data


def drawn(path: Path, seed: int) -> torch.Tensor:
    """A seed's picture to the last bit as the page draws it, uint8 [3, 64, 64]."""
    workers = Workers(1)
    try:
        return workers.run(
            lambda z: to_uint8(FoldedGenerator(load_generator(path).G)(z[None]))[0], z_from_seed(seed, 100)
        )
    finally:
        workers.close()


def smooth(count: int, seed: int) -> torch.Tensor:
    """uint8 [count, 3, 64, 64]."""
    coarse = torch.rand(count, 3, 6, 6, generator=torch.Generator().manual_seed(seed))
    return to_uint8(F.interpolate(coarse, size=64, mode="bilinear") * 2 - 1)
