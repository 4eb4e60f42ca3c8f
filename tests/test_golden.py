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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from recording_machine import describe_machine
from torch import Tensor

from dcgan.engine import films
from dcgan.engine.directions_file import load_directions
from dcgan.engine.renderer import Renderer
from dcgan.images import to_hwc
from dcgan.latent.field import field
from dcgan.latent.seeds import z_from_seeds
from dcgan.latent.walk import frame_times
from dcgan.schema import parse_face, parse_film, parse_path
from dcgan.store import ModelStore

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden"
COLUMNS = 8  # of a sheet

# ---- The engine. Every call of it stands in this block: where its names or signatures change, only this changes.


def make_renderer() -> Renderer:
    """A renderer on the CPU that writes nothing beside the shipped models."""
    return Renderer(ModelStore(ROOT / "checkpoints", ROOT / "runs"), "cpu", can_write=lambda model: False)


def latents_of(seeds: Sequence[int], nz: int) -> Tensor:
    """The latents [N, nz] of seeds, without a model."""
    return z_from_seeds(seeds, nz)


def latent(
    renderer: Renderer,
    model: str,
    seed: int,
    psi: float = 1.0,
    edits: Sequence[dict[str, Any]] = (),
    z: Sequence[float] | None = None,
) -> Tensor:
    """The latent [nz] of a seed, or of the numbers z in its place, truncated and edited."""
    return renderer.latent(model, parse_face({"seed": seed, "psi": psi, "edits": list(edits), "z": z}))


def render(renderer: Renderer, model: str, z: Tensor, off: Sequence[tuple[int, int]] = ()) -> Tensor:
    """The picture uint8 [nc, S, S] of a latent [nz], with the (layer, unit)s of `off` switched off."""
    return renderer.render(model, z[None], tuple(off))[0]


def walk_latents_at(keyframes: Tensor, fields: dict[str, Any], fps: float, frames: Sequence[int]) -> Tensor:
    """Latents [F, nz] of some frames of a walk through keyframes [K, nz]; `fields` as the page sends them."""
    path = parse_path({**fields, "faces": [{"seed": 0}] * len(keyframes)})
    return path.at(keyframes, frame_times(path.seconds, fps, path.loop)[list(frames)])


def field_latents_at(corners: Tensor, places: Tensor, flat: bool) -> Tensor:
    """Latents [N, nz] at places [N, 2] of the surface through corners [4, nz]."""
    return field(corners, places[:, 0], places[:, 1], flat)


def film_frames(
    renderer: Renderer, model: str, seeds: Sequence[int], fields: dict[str, Any], frames: Sequence[int]
) -> list[np.ndarray]:
    """Some frames, uint8 [S, S, 3], of a grid of films through seeds; each film but the first has seeds of its own."""
    spec = parse_film({**fields, "faces": [{"seed": seed} for seed in seeds]})
    return [next(iter(films.film_frames(renderer, model, spec, slice(frame, frame + 1)))) for frame in frames]


def own_directions(renderer: Renderer, model: str, method: str) -> tuple[Tensor, Tensor]:
    """The axes that edits follow, and those of the model's own file."""
    kept = load_directions(renderer.store.directions_path(model))
    return renderer.directions(model, method).axes, kept.found[method].directions.axes


# ---- What is asked for.

# Every list here is written out, so that a new mode or method does not change what was recorded.
MODELS = ("faces", "doodles")
NZ = 100  # of both
SEEDS = (*range(28), 123_456_789, 2**32 + 7, 2**53 + 1, 2**63 - 1)
METHODS = ("jacobian", "sefa", "pca")
MODES = ("slerp", "lerp", "cubic")

OWN_Z = tuple((37 * i % 41 - 20) / 12 for i in range(NZ))
TAUGHT = tuple(0.1 if i * i % 7 < 4 else -0.1 for i in range(NZ))  # its length is 1
EDITS: dict[str, list[dict[str, Any]]] = {
    "dim 0": [{"dim": 0, "amount": 4.0}],
    "dim 99": [{"dim": 99, "amount": -3.5}],
    "direction 1": [{"direction": 1, "amount": 3.0}],
    **{f"{method} 0": [{"direction": 0, "method": method, "amount": 4.0}] for method in METHODS},
    **{f"{method} 5": [{"direction": 5, "method": method, "amount": -3.0}] for method in METHODS},
    "taught": [{"vector": TAUGHT, "amount": 2.5}],
    "several": [
        {"dim": 42, "amount": 1.5},
        {"direction": 2, "method": "sefa", "amount": -2.0},
        {"direction": 0, "method": "pca", "amount": 1.25},
        {"direction": 3, "method": "jacobian", "amount": 2.0},
        {"vector": TAUGHT, "amount": -1.5},
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
GRID = {"seconds": 2.0, "fps": FPS, "size": 128, "grid": 2, "mode": "slerp"}  # 2 × 2 pictures of 64
GRID_FRAMES = (3, 8)
CORNER_SEEDS = (1, 2, 3, 4)
PLACES = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [0.2, 0.7], [0.9, 0.35]])

Named = dict[str, Tensor]  # latents [nz] or pictures uint8 [nc, S, S], by what they are


def seed_latents(renderer: Renderer, model: str) -> Named:
    return {f"seed {seed}": latent(renderer, model, seed) for seed in SEEDS}


def psi_latents(renderer: Renderer, model: str) -> Named:
    return {f"seed {seed}, psi {psi}": latent(renderer, model, seed, psi) for psi in (0.5, 1.5) for seed in SEEDS[:4]}


def edited_latents(renderer: Renderer, model: str) -> Named:
    latents = {name: latent(renderer, model, 40 + i, 1.0, edits) for i, (name, edits) in enumerate(EDITS.items())}
    latents["several, psi 0.7"] = latent(renderer, model, 60, 0.7, EDITS["several"])
    latents["z"] = latent(renderer, model, 0, 1.0, (), OWN_Z)
    latents["z, several, psi 0.7"] = latent(renderer, model, 0, 0.7, EDITS["several"], OWN_Z)
    return latents


def unit_latents(renderer: Renderer, model: str) -> Named:
    return {name: latent(renderer, model, 70 + i) for i, name in enumerate(OFF)}


def walk_latents(renderer: Renderer, model: str) -> Named:
    keyframes = torch.stack([latent(renderer, model, seed) for seed in KEYFRAME_SEEDS])
    latents = {}
    for name, fields in WALKS.items():
        for frame, z in zip(FRAMES, walk_latents_at(keyframes, fields, FPS, FRAMES), strict=True):
            latents[f"{name}, frame {frame}"] = z
    return latents


def field_latents(renderer: Renderer, model: str) -> Named:
    corners = torch.stack([latent(renderer, model, seed) for seed in CORNER_SEEDS])
    latents = {}
    for name, flat in (("sphere", False), ("flat", True)):
        for (x, y), z in zip(PLACES.tolist(), field_latents_at(corners, PLACES, flat), strict=True):
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
    return {name: render(renderer, model, z, OFF[name] if part == "units" else ()) for name, z in latents.items()}


def draw_film(renderer: Renderer, model: str) -> Named:
    """Two frames of a film of 2 × 2."""
    frames = film_frames(renderer, model, KEYFRAME_SEEDS[:3], GRID, GRID_FRAMES)
    pictures = [torch.from_numpy(frame).permute(2, 0, 1) for frame in frames]
    return {f"frame {i}": picture for i, picture in zip(GRID_FRAMES, pictures, strict=True)}


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
    """Write tests/golden/ with this machine's pictures."""
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
            assert torch.equal(latents_of(SEEDS, NZ), torch.from_numpy(file[f"{model}-seeds"]))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", MODELS)
def test_directions_are_the_shipped_ones(renderer: Renderer, model: str, method: str) -> None:
    """The directions that edits follow are read from the model's own file; none is computed anew."""
    followed, shipped = own_directions(renderer, model, method)
    assert torch.equal(followed, shipped)


if __name__ == "__main__":
    record()
