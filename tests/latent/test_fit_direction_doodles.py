"""Directions fitted on a model whose pictures' factors can be read: checkpoints/doodles, or DCGAN_TEST_DOODLES."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from dcgan.engine.renderer import Renderer
from dcgan.metrics.factor_reader import load_reader
from dcgan.schema import Face, VectorEdit
from dcgan.store import ModelStore

# Traits that a person might mark, and the values of the factor that count as having the trait.
TRAITS = {
    "glasses": ("round", "square", "tinted"),
    "hat": ("beanie", "cap", "bowler", "crown"),
    "mouth": ("grin", "laugh"),
}
EXAMPLES = 100  # of each kind
MARKED = range(800)  # seeds from which the examples are taken
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


@pytest.fixture(scope="module")
def read(renderer, reader):
    """read(seeds, *edits) → the factors read from the seeds' edited pictures: name → int64 [N]."""
    made, model = renderer

    def read(seeds, *edits):
        z = torch.stack([made.latent(model, Face(seed=seed, edits=edits)) for seed in seeds])
        return reader.read(made.render(model, z))

    return read


@pytest.fixture(scope="module")
def marked(read):
    """The factors of the pictures from which examples are taken."""
    return read(MARKED)


@pytest.fixture(scope="module")
def changed_by_chance(read):
    """changed(…) along four random directions, averaged: name → share."""
    along = [changed(read, unit(seed)) for seed in range(4)]
    return {name: torch.stack([shares[name] for shares in along]).mean() for name in along[0]}


def has_trait(reader, trait, factors):
    """Which pictures are read as having a trait: bool [N]."""
    values = torch.tensor([reader.values[trait].index(value) for value in TRAITS[trait]])
    return torch.isin(factors[trait], values)


@pytest.mark.slow
@pytest.mark.parametrize("trait", list(TRAITS))
def test_a_fitted_direction_changes_its_factor_and_little_else(
    renderer, reader, read, marked, changed_by_chance, trait
):
    """The slider makes a factor appear in faces that were not examples, and changes other factors in fewer of them than
    random directions of the same length do."""
    made, model = renderer
    examples = has_trait(reader, trait, marked).tolist()
    has = [seed for seed in MARKED if examples[seed]][:EXAMPLES]
    has_not = [seed for seed in MARKED if not examples[seed]][:EXAMPLES]
    assert min(len(has), len(has_not)) == EXAMPLES, "the model hardly draws this factor"
    fitted = made.fit_direction(model, has, has_not)
    vector = tuple(fitted.vector.tolist())
    less, more = (
        float(has_trait(reader, trait, read(OTHERS, VectorEdit(amount=amount, vector=vector))).float().mean())
        for amount in (-3, 3)
    )
    others = [name for name in reader.values if name != trait]
    shares = changed(read, vector)
    along = torch.stack([shares[name] for name in others]).mean()
    by_chance = torch.stack([changed_by_chance[name] for name in others]).mean()
    print(f"{trait}: {fitted.words} At -3 it is read in {less:.0%} of faces, at +3 in {more:.0%}.")
    print(f"From -2 to +2 others are read differently in {along:.0%}, along random directions in {by_chance:.0%}.")
    assert fitted.accuracy > 0.7
    assert more > less + 0.1 and more > 1.5 * less
    assert along < 0.9 * by_chance


def changed(read, vector):
    """For each factor, the share of faces in which it is read differently with the slider at -2 and at +2."""
    before, after = (read(OTHERS, VectorEdit(amount=amount, vector=vector)) for amount in (-2, 2))
    return {name: (before[name] != after[name]).float().mean() for name in before}


def unit(seed):
    """A random direction of length 1."""
    v = torch.randn(100, generator=torch.Generator().manual_seed(seed))
    return tuple((v / v.norm()).half().float().tolist())
