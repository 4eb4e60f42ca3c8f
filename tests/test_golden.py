"""Golden pictures: the shipped models draw the same pictures as when these were recorded, so links keep their faces.

What is compared, and how exactly:

- The latents of seeds must be equal everywhere, bit for bit.
- Pictures and all other latents must be equal bit for bit where the machine computes as the recording one did. That
  is: the same version of torch, the same processor capability, and the same hash of some fixed arithmetic; see
  `recording_machine.describe_machine`.
- On any other machine a pixel may differ by 1 of 255, because sums are rounded in another order, and a latent by 1e-5.

Films are compared as frames, at the models' own size: encoders and resampling are other libraries' work.

tests/golden/ holds a PNG sheet for each model and part, latents.npz, and index.json, which names the pictures of each
sheet in order and describes the recording machine. To record anew, after a change that is meant to alter pictures:

    PYTHONPATH=.:tests/helpers python tests/test_golden.py
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from recording_machine import describe_machine
from torch import Tensor

from dcgan.engine.directions_file import load_directions
from dcgan.engine.films import Reel, Way, other_seed, parse_reel, parse_way
from dcgan.engine.renderer import Renderer
from dcgan.images import to_hwc
from dcgan.latent.field import field
from dcgan.latent.seeds import z_from_seed
from dcgan.latent.walk import frame_times
from dcgan.store import ModelStore
from dcgan.validation import Edit

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden"
COLUMNS = 8  # of a sheet

# Every list here is written out, so that a new mode or method does not change what was recorded.
MODELS = ("faces", "doodles")
NZ = 100  # of both
SEEDS = (*range(28), 123_456_789, 2**32 + 7, 2**53 + 1, 2**63 - 1)
METHODS = ("jacobian", "sefa", "pca")
MODES = ("slerp", "lerp", "cubic")

OWN_Z = tuple((37 * i % 41 - 20) / 12 for i in range(NZ))
TAUGHT = tuple(0.1 if i * i % 7 < 4 else -0.1 for i in range(NZ))  # its length is 1
EDITS = {
    "dim 0": [Edit(4.0, dim=0)],
    "dim 99": [Edit(-3.5, dim=99)],
    "direction 1": [Edit(3.0, direction=1)],
    **{f"{method} 0": [Edit(4.0, direction=0, method=method)] for method in METHODS},
    **{f"{method} 5": [Edit(-3.0, direction=5, method=method)] for method in METHODS},
    "taught": [Edit(2.5, vector=TAUGHT)],
    "several": [
        Edit(1.5, dim=42),
        Edit(-2.0, direction=2, method="sefa"),
        Edit(1.25, direction=0, method="pca"),
        Edit(2.0, direction=3, method="jacobian"),
        Edit(-1.5, vector=TAUGHT),
    ],
}
OFF = {
    "one unit": [(0, 5)],
    "64 units of a layer": [(1, unit) for unit in range(64)],
    "units of all layers": [(0, 17), (0, 300), (1, 40), (2, 3), (2, 77), (3, 0), (3, 33)],
}
KEYFRAME_SEEDS = (3, 14, 15, 92)
WALKS: dict[str, dict[str, Any]] = {
    **{mode: {"seconds": 3.0, "mode": mode} for mode in MODES},
    **{f"{mode} eased": {"seconds": 3.0, "mode": mode, "easing": "ease"} for mode in MODES},
    **{f"{mode} looped": {"seconds": 4.0, "mode": mode, "loop": True} for mode in MODES},
    **{f"{mode} unequal": {"durations": [0.4, 1.7, 0.9], "mode": mode} for mode in MODES},
    "cubic eased looped unequal": {"durations": [0.4, 1.7, 0.9, 1.1], "mode": "cubic", "easing": "ease", "loop": True},
}
FPS, FRAMES = 5, (3, 10)
FILM = {"seconds": 2.0, "fps": FPS, "size": 128, "grid": 2, "mode": "slerp"}
CORNER_SEEDS = (1, 2, 3, 4)
PLACES = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [0.2, 0.7], [0.9, 0.35]])

Named = dict[str, Tensor]  # latents [nz] or pictures uint8 [nc, S, S], by what they are


def seed_latents(renderer: Renderer, model: str) -> Named:
    return {f"seed {seed}": renderer.latent(model, seed) for seed in SEEDS}


def psi_latents(renderer: Renderer, model: str) -> Named:
    return {f"seed {seed}, psi {psi}": renderer.latent(model, seed, psi) for psi in (0.5, 1.5) for seed in SEEDS[:4]}


def edited_latents(renderer: Renderer, model: str) -> Named:
    latents = {name: renderer.latent(model, 40 + i, 1.0, edits) for i, (name, edits) in enumerate(EDITS.items())}
    latents["several, psi 0.7"] = renderer.latent(model, 60, 0.7, EDITS["several"])
    latents["z"] = renderer.latent(model, 0, 1.0, (), OWN_Z)
    latents["z, several, psi 0.7"] = renderer.latent(model, 0, 0.7, EDITS["several"], OWN_Z)
    return latents


def unit_latents(renderer: Renderer, model: str) -> Named:
    return {name: renderer.latent(model, 70 + i) for i, name in enumerate(OFF)}


def walk_latents(renderer: Renderer, model: str) -> Named:
    keyframes = torch.stack([renderer.latent(model, seed) for seed in KEYFRAME_SEEDS])
    latents = {}
    for name, fields in WALKS.items():
        way: Way = parse_way(fields, len(keyframes))
        times = frame_times(way.seconds, FPS, way.loop)[list(FRAMES)]
        for frame, z in zip(FRAMES, way.at(keyframes, times), strict=True):
            latents[f"{name}, frame {frame}"] = z
    return latents


def field_latents(renderer: Renderer, model: str) -> Named:
    corners = torch.stack([renderer.latent(model, seed) for seed in CORNER_SEEDS])
    latents = {}
    for name, flat in (("sphere", False), ("flat", True)):
        for (x, y), z in zip(PLACES.tolist(), field(corners, PLACES[:, 0], PLACES[:, 1], flat), strict=True):
            latents[f"{name} at {x:.2f}, {y:.2f}"] = z
    return latents


PARTS: dict[str, Callable[[Renderer, str], Named]] = {
    "seeds": seed_latents,
    "psi": psi_latents,
    "edits": edited_latents,
    "units": unit_latents,
    "walks": walk_latents,
    "field": field_latents,
}


def draw(renderer: Renderer, model: str, part: str) -> Named:
    """The pictures of a part, each with all units on except in "units"."""
    latents = PARTS[part](renderer, model)
    return {
        name: renderer.render(model, z[None], OFF[name] if part == "units" else ())[0] for name, z in latents.items()
    }


def draw_film(renderer: Renderer, model: str) -> Named:
    """Two frames of a film of 2 × 2."""
    keyframes = [
        torch.stack([renderer.latent(model, other_seed(seed, film)) for seed in KEYFRAME_SEEDS[:3]])
        for film in range(4)
    ]
    reel: Reel = parse_reel(FILM, 3)
    frames = reel.frames(renderer, model, keyframes, slice(3, 9, 5))
    return {f"frame {i}": torch.from_numpy(frame).permute(2, 0, 1) for i, frame in zip((3, 8), frames, strict=True)}


def make_renderer() -> Renderer:
    """A renderer on the CPU that writes nothing beside the shipped models."""
    return Renderer(ModelStore(ROOT / "checkpoints", ROOT / "runs"), "cpu", writes=lambda model: False)


def to_sheet(pictures: Named) -> Image.Image:
    """All pictures without gaps, COLUMNS a row; what is left of the last row is black."""
    cells = [to_hwc(picture) for picture in pictures.values()]
    side = cells[0].shape[0]
    cells += [np.zeros_like(cells[0])] * (-len(cells) % COLUMNS)
    rows = [np.concatenate(cells[i : i + COLUMNS], axis=1) for i in range(0, len(cells), COLUMNS)]
    sheet = np.concatenate(rows)
    return Image.fromarray(sheet[:, : side * min(COLUMNS, len(pictures))])


def from_sheet(path: Path, names: list[str], shape: tuple[int, int, int]) -> Named:
    """What `to_sheet` laid out, each of a shape [nc, S, S]; a gray picture has three equal channels there."""
    with Image.open(path) as image:
        sheet = torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)
    channels, side, _ = shape
    pictures = {}
    for i, name in enumerate(names):
        top, left = side * (i // COLUMNS), side * (i % COLUMNS)
        pictures[name] = sheet[:channels, top : top + side, left : left + side]
    return pictures


def record() -> None:
    """Writes tests/golden/ with this machine's pictures."""
    renderer = make_renderer()
    index: dict[str, Any] = {"machine": describe_machine(), "sheets": {}}
    latents = {}
    for model in MODELS:
        sheets = {part: draw(renderer, model, part) for part in PARTS} | {"film": draw_film(renderer, model)}
        for part, pictures in sheets.items():
            to_sheet(pictures).save(GOLDEN / f"{model}-{part}.png", optimize=True)
            shape = list(next(iter(pictures.values())).shape)
            index["sheets"][f"{model}-{part}"] = {"shape": shape, "names": list(pictures)}
        for part, make in PARTS.items():
            latents[f"{model}-{part}"] = torch.stack(list(make(renderer, model).values())).numpy()
    np.savez_compressed(GOLDEN / "latents.npz", **latents)
    (GOLDEN / "index.json").write_text(json.dumps(index, indent=1) + "\n", "utf-8")
    renderer.close()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = make_renderer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def index() -> dict[str, Any]:
    return json.loads((GOLDEN / "index.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def is_exact(index: dict[str, Any]) -> bool:
    """Whether this machine computes as the recording one did."""
    return describe_machine() == index["machine"]


def check_pictures(drawn: Named, index: dict[str, Any], sheet: str, is_exact: bool) -> None:
    """Compares pictures with the recorded ones of the same names; a failure names those that differ."""
    about = index["sheets"][sheet]
    recorded = from_sheet(GOLDEN / f"{sheet}.png", about["names"], tuple(about["shape"]))
    assert list(drawn) == list(recorded)
    assert {tuple(picture.shape) for picture in drawn.values()} == {tuple(about["shape"])}
    steps = {name: int((picture.int() - recorded[name].int()).abs().max()) for name, picture in drawn.items()}
    allowed = 0 if is_exact else 1
    assert {name: step for name, step in steps.items() if step > allowed} == {}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("model", MODELS)
def test_pictures_are_those_recorded(
    renderer: Renderer, index: dict[str, Any], is_exact: bool, model: str, part: str
) -> None:
    """Each part's pictures are the recorded ones."""
    check_pictures(draw(renderer, model, part), index, f"{model}-{part}", is_exact)


@pytest.mark.parametrize("model", MODELS)
def test_frames_of_a_grid_are_those_recorded(
    renderer: Renderer, index: dict[str, Any], is_exact: bool, model: str
) -> None:
    """The frames of a film of 2 × 2 are the recorded ones."""
    check_pictures(draw_film(renderer, model), index, f"{model}-film", is_exact)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("model", MODELS)
def test_latents_are_those_recorded(renderer: Renderer, is_exact: bool, model: str, part: str) -> None:
    """The latents behind the pictures are the recorded ones; seeds' latents on every machine to the last bit."""
    latents = torch.stack(list(PARTS[part](renderer, model).values()))
    with np.load(GOLDEN / "latents.npz") as file:
        recorded = torch.from_numpy(file[f"{model}-{part}"])
    assert latents.dtype == torch.float32
    if is_exact or part in ("seeds", "units"):
        assert torch.equal(latents, recorded)
    else:
        torch.testing.assert_close(latents, recorded, rtol=0, atol=1e-5)


def test_a_seed_stands_for_one_latent_everywhere() -> None:
    """z of a seed does not depend on the machine, and is what the renderer was recorded to draw."""
    with np.load(GOLDEN / "latents.npz") as file:
        for model in MODELS:
            assert torch.equal(
                torch.stack([z_from_seed(seed, NZ) for seed in SEEDS]), torch.from_numpy(file[f"{model}-seeds"])
            )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", MODELS)
def test_directions_are_the_shipped_ones(renderer: Renderer, model: str, method: str) -> None:
    """The directions that edits follow are read from the model's own file; none is computed anew."""
    kept = load_directions(renderer.store.directions_path(model))
    assert torch.equal(renderer.directions(model, method).axes, kept.found[method].directions.axes)


if __name__ == "__main__":
    record()
