"""Run folders as a trainer leaves them, written at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from lively import add_contrast

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import make_config
from dcgan.images import encode, grid, to_pil
from dcgan.models import make_networks
from dcgan.training.runlog import read_config, write_config

TINY = {"image_size": 32, "nz": 6, "ngf": 4, "ndf": 4, "batch": 8, "kimg": 4}
MOMENTS = (0, 2000, 4000)


def write_run(runs: Path, run_id: str, state: str = "finished", scores: bool = True, **overrides: Any) -> Path:
    """Write a run of 4000 pictures with curves, three grids and models after 2000 and 4000 pictures."""
    run = runs / run_id
    (run / "samples").mkdir(parents=True)
    (run / "reals.jpg").write_bytes(grid_of(1))
    config = make_config("quick", "doodles:64", {**TINY, **overrides})
    write_config(run, config)
    status = {"run": run_id, "state": state, "nimg": 4000, "total": 4000, "data": config.data, "preset": "quick"}
    (run / "status.json").write_text(json.dumps({"started": 1.0, "count": 64, **status}))
    _write_lines(run / "metrics.jsonl", [_metrics(nimg) for nimg in range(500, 4001, 500)])
    if scores:
        kids = {2000: 0.02, 4000: 0.03}
        lines = [
            {"nimg": nimg, "kid": kid, "kid_error": 0.001, "coverage": 0.8, "diversity": 0.9}
            for nimg, kid in kids.items()
        ]
        _write_lines(run / "scores.jsonl", lines)
    for nimg in MOMENTS:
        (run / "samples" / f"{nimg:09d}.jpg").write_bytes(grid_of(nimg))
    for nimg in MOMENTS[1:]:
        save_snapshot(run, nimg)
    return run


def save_snapshot(run: Path, nimg: int) -> None:
    """Save the models of a run after `nimg` pictures, D first as a trainer does. Each draws other pictures."""
    config = read_config(run)
    G, D = make_networks(config.model, nimg)
    add_contrast(G, nimg)
    info = {"nimg": nimg, "data": config.data, "preset": config.preset}
    save_discriminator(run / "discriminator.safetensors", D, info)
    save_discriminator(run / "snapshots" / f"discriminator-{nimg:09d}.safetensors", D, info)
    save_generator(run / "snapshots" / f"{nimg:09d}.safetensors", G, info)


def grid_of(seed: int) -> bytes:
    """A grid of 64 pictures of one colour each, as JPEG."""
    colours = torch.randint(0, 256, (64, 3, 1, 1), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)
    return encode(to_pil(grid(colours.expand(64, 3, 32, 32), 8)), "jpeg")


def _metrics(nimg: int) -> dict[str, float]:
    return {"nimg": nimg, "seconds": nimg / 100, "G_loss": 1.0, "D_loss": 1.2, "D_x": 0.6, "D_G_z1": 0.4}


def _write_lines(path: Path, lines: list[dict[str, float]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
