"""Teaching on a model whose pictures' factors can be read: checkpoints/doodles, or DCGAN_TEST_DOODLES."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from dcgan.engine.renderer import Renderer
from dcgan.metrics.factor_reader import load_reader
from dcgan.schema import Face, VectorEdit
from dcgan.store import ModelStore

# what a person would mark, and the values of the factor that count as having it
TRAITS = {
    "glasses": ("round", "square", "tinted"),
    "hat": ("beanie", "cap", "bowler", "crown"),
    "mouth": ("grin", "laugh"),
}
EXAMPLES = 100  # of each kind
SHEET = range(800)  # seeds that are marked
OTHERS = range(10_000, 10_150)  # seeds on which the slider is tried


@pytest.fixture(scope="module")
def renderer():
    folder = Path(os.environ.get("DCGAN_TEST_DOODLES", Path(__file__).resolve().parents[2] / "checkpoints" / "doodles"))
    if not (folder / "generator.safetensors").is_file():
        pytest.skip(f"there is no model of doodles in {folder}; train one, or set DCGAN_TEST_DOODLES to its folder")
    made = Renderer(ModelStore(folder.parent, folder.parent / "no runs"), "cpu", can_write=lambda model: False)
    yield made, folder.name
    made.close()


@pytest.fixture(scope="module")
def reader():
    return load_reader().reader


def has_trait(renderer, reader, trait, z):
    """Of which latents [N, nz] the picture is read as having a trait: bool [N]."""
    made, model = renderer
    values = torch.tensor([reader.values[trait].index(value) for value in TRAITS[trait]])
    return torch.isin(reader.read(made.render(model, z))[trait], values)


def latents(renderer, seeds, *edits):
    made, model = renderer
    return torch.stack([made.latent(model, Face(seed=seed, edits=edits)) for seed in seeds])


@pytest.mark.slow
@pytest.mark.parametrize("trait", list(TRAITS))
def test_a_factor_can_be_taught(renderer, reader, trait):
    """From faces with and faces without, the slider brings a factor out in faces that were never marked, and little
    else: each other factor is read differently in fewer faces than along random directions of the same length."""
    made, model = renderer
    marked = has_trait(renderer, reader, trait, latents(renderer, SHEET)).tolist()
    has = [seed for seed in SHEET if marked[seed]][:EXAMPLES]
    has_not = [seed for seed in SHEET if not marked[seed]][:EXAMPLES]
    assert min(len(has), len(has_not)) == EXAMPLES, "the model hardly draws this factor"
    lesson = made.fit_direction(model, has, has_not)
    vector = tuple(lesson.vector.tolist())
    less, more = (
        float(
            has_trait(renderer, reader, trait, latents(renderer, OTHERS, VectorEdit(amount=amount, vector=vector)))
            .float()
            .mean()
        )
        for amount in (-3, 3)
    )
    taught = side_effects(renderer, reader, trait, vector)
    random = torch.stack([side_effects(renderer, reader, trait, unit(seed)) for seed in range(4)]).mean()
    print(f"{trait}: {lesson.words} At -3 it is read in {less:.0%} of faces, at +3 in {more:.0%}.")
    print(f"From -2 to +2 others are read differently in {taught.mean():.0%}, along random directions in {random:.0%}.")
    assert lesson.accuracy > 0.7
    assert more > less + 0.1 and more > 1.5 * less
    assert taught.mean() < 0.9 * random


def side_effects(renderer, reader, trait, vector):
    """For each factor but one, the share of faces in which it is read differently with the slider at -2 and at +2."""
    made, model = renderer
    before, after = (
        reader.read(made.render(model, latents(renderer, OTHERS, VectorEdit(amount=amount, vector=vector))))
        for amount in (-2, 2)
    )
    return torch.tensor([float((before[f] != after[f]).float().mean()) for f in reader.values if f != trait])


def unit(seed):
    """A random direction of length 1."""
    v = torch.randn(100, generator=torch.Generator().manual_seed(seed))
    return tuple((v / v.norm()).half().float().tolist())
