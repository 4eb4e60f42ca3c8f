"""Nearest training pictures: copies are told from new pictures, and a written index is read back unchanged."""

import dataclasses

import pytest
import torch

from dcgan.data.dataset import Dataset
from dcgan.errors import CheckpointError, DatasetError
from dcgan.metrics.distort import noise
from dcgan.metrics.features import random_extractor, trained_extractor
from dcgan.metrics.nearest import load_index, make_index, nearest_distances, rank_distance, save_index
from dcgan.metrics.split import Split


def blobs(count, seed, side=64):
    """Pictures of a few soft spots: uint8 [count, 1, side, side]."""
    rng = torch.Generator().manual_seed(seed)
    centres = torch.rand(count, 3, 2, 1, 1, generator=rng) * 2 - 1
    axis = torch.linspace(-1, 1, side)
    grid = torch.stack(torch.meshgrid(axis, axis, indexing="ij"))
    light = torch.exp(-(grid - centres).square().sum(dim=2) * 8).sum(dim=1)
    return (light.clamp(0, 1) * 255).to(torch.uint8)[:, None]


def split_of(train, held_out):
    dataset = Dataset(train, "blobs", "npy:blobs", "64 × 64", "made up.")
    return Split(train, held_out, "held out: others", True, dataset, torch.arange(len(train)) * 2)


@pytest.fixture(scope="module")
def extractor():
    return trained_extractor()


@pytest.fixture(scope="module")
def index(extractor):
    return make_index(split_of(blobs(200, 0), blobs(60, 1)), extractor, blobs(40, 2), "abc")


def test_copies_are_told_from_fresh_pictures(index, extractor):
    """A training picture is found at its place, at 0, and called a copy; so is a mirrored one; few new pictures are."""
    for picture in (blobs(200, 0)[7], blobs(200, 0)[7].flip(-1)):
        distances, places = index.find(picture, extractor)
        assert places[0] == 14 and distances[0] < 0.002 < distances[1] <= distances[2]
        assert "copy" in rank_distance(index, distances[0], "abc").words
    closers = [rank_distance(index, index.find(picture, extractor)[0][0], "abc").closer for picture in blobs(60, 3)]
    assert 0.35 < sum(closers) / 60 < 0.65
    noised = noise(blobs(200, 0)[7:8], 3)[0]
    assert index.find(noised, extractor)[1][0] == 14


def test_what_is_usual_comes_from_held_out_pictures(index, extractor):
    """`usual` holds the middle 90 % of held-out distances, `own` of samples, and only of the same generator's."""
    distances = nearest_distances(blobs(60, 1), index.features, extractor)
    ranked = rank_distance(index, float(distances[30]), "abc")
    inside = ((distances >= ranked.usual[0]) & (distances <= ranked.usual[1])).float().mean()
    assert 0.85 <= float(inside) <= 0.95
    assert ranked.closer == pytest.approx(0.5) and ranked.words == "no nearer than new pictures are"
    assert ranked.own is not None and rank_distance(index, 0.3, "another").own is None
    assert rank_distance(index, 2.0, "abc").words.startswith("farther")
    assert rank_distance(index, float(distances[1]), "abc").words.startswith("nearer")


def test_a_file_keeps_the_index(index, extractor, tmp_path):
    """What is read back finds the same, is small, and names no folder."""
    path = tmp_path / "nearest.safetensors"
    save_index(path, index)
    assert path.stat().st_size < 200 * 260 + 8192
    again = load_index(path, extractor)
    assert again.about == index.about
    picture = blobs(1, 5)[0]
    assert again.find(picture, extractor) == index.find(picture, extractor)
    assert torch.equal(again.held_out, index.held_out)


def test_an_index_that_does_not_fit_is_refused(index, extractor, tmp_path):
    """An index of another feature network, a damaged one and any other file raise CheckpointError with a sentence."""
    path = tmp_path / "nearest.safetensors"
    save_index(path, index)
    with pytest.raises(CheckpointError, match="feature network"):
        load_index(path, random_extractor())
    save_index(path, dataclasses.replace(index, features=index.features[:, :5]))
    with pytest.raises(CheckpointError, match="not a whole index"):
        load_index(path, extractor)
    path.write_bytes(b"nonsense")
    with pytest.raises(CheckpointError):
        load_index(path, extractor)


def test_pictures_of_another_data_set_are_recognised(index, extractor):
    """Pictures of another data set under the same name are recognised as different."""
    assert index.holds(blobs(200, 0)[[3, 9]], [6, 18], extractor)
    assert not index.holds(blobs(200, 4)[[3, 9]], [6, 18], extractor)
    assert not index.holds(blobs(200, 0)[[3, 9]], [6, 19], extractor)


def test_a_large_set_is_thinned_out(extractor, monkeypatch):
    """No more pictures than are allowed, each with its own place; progress ends at its total."""
    monkeypatch.setattr("dcgan.metrics.nearest.MAX_INDEXED", 50)
    told = []
    split = split_of(blobs(200, 0), blobs(30, 1))
    index = make_index(split, extractor, blobs(0, 2), "abc", lambda done, total: told.append((done, total)))
    assert len(index.features) == 50 and index.about.count == 200 and len(index.places.unique()) == 50
    assert index.holds(blobs(200, 0)[index.places // 2][:5], index.places[:5].tolist(), extractor)
    assert told == sorted(told) and told[-1][0] == told[-1][1]
    assert rank_distance(index, 0.1, "abc").own is None


def test_too_few_held_out_pictures_are_a_sentence(extractor):
    """Nineteen are refused, with both numbers."""
    with pytest.raises(DatasetError, match="19 held-out pictures to compare with, fewer than the 20"):
        make_index(split_of(blobs(30, 0), blobs(19, 1)), extractor, blobs(0, 2), "abc")
