"""The two feature networks are reproducible and independent of batch and layout."""

import pytest
import torch

from dcgan.errors import CheckpointError, DatasetError
from dcgan.metrics.distort import blur, noise
from dcgan.metrics.features import DIM, WEIGHTS, Extractor, prepare, random_extractor, trained_extractor
from dcgan.metrics.train_features import DAMAGE, contrast_loss, damaged, random_view, train_features


def pictures(n: int = 12, nc: int = 3, side: int = 64) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(n, nc, 8, 8, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(side, side), mode="bilinear").to(torch.uint8)


@pytest.fixture(scope="module", params=["random", "trained"])
def extractor(request) -> Extractor:
    """Each of the two networks."""
    return random_extractor() if request.param == "random" else trained_extractor()


def test_features_are_finite_rows_that_do_not_depend_on_the_batch(extractor):
    """[N, 128], at most 128 for the Fréchet distance; the same in batches of 5 as in one."""
    x = pictures()
    features = extractor(x)
    assert features.shape == (12, DIM) and DIM <= 128
    assert torch.isfinite(features).all()
    assert torch.allclose(features, extractor(x, batch=5), atol=1e-4)


def test_gray_counts_as_three_equal_channels_and_every_size_fits(extractor):
    """One channel gives what its triple gives; 32 and 128 pixels are resized to 64."""
    gray = pictures(nc=1)
    assert torch.equal(extractor(gray), extractor(gray.expand(-1, 3, -1, -1).contiguous()))
    for side in (32, 128):
        assert prepare(pictures(side=side)).shape == (12, 3, 64, 64)
        assert extractor(pictures(side=side)).shape == (12, DIM)


def test_damage_moves_the_features_further_the_stronger_it_is(extractor):
    """The stronger blur and noise are, the farther are the features from those of the picture."""
    x = noise(pictures(), 10)
    own = extractor(x)
    for damage, strengths in ((blur, (0.5, 1.0, 3.0)), (noise, (5.0, 20.0, 60.0))):
        moved = [(extractor(damage(x, s)) - own).norm(dim=1).mean().item() for s in strengths]
        assert moved[0] > 0 and moved == sorted(moved), damage.__name__


def test_a_seed_makes_one_random_network():
    """The same seed: the same hash and features; another: others. The global generator is left alone."""
    state = torch.get_rng_state()
    a, b, c = random_extractor(0), random_extractor(0), random_extractor(1)
    trained_extractor()
    assert torch.equal(torch.get_rng_state(), state)
    assert a.sha256 == b.sha256 != c.sha256
    assert torch.equal(a(pictures()), b(pictures()))


def test_the_shipped_weights_are_small_and_their_hash_is_the_files():
    """Under 2 MiB; the name and hash in a report lead to exactly these weights."""
    import hashlib

    assert WEIGHTS.stat().st_size < 2 * 2**20
    assert trained_extractor().sha256 == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def test_a_file_of_another_kind_is_refused(tmp_path):
    """A file that is no feature network raises CheckpointError."""
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="safetensors"):
        trained_extractor(tmp_path / "x.safetensors")


def test_training_is_reproducible_and_is_read_back(tmp_path):
    """Ten steps twice from one seed write one file, which loads; too few pictures are refused."""
    progress: list[tuple[int, int]] = []
    sets = [pictures(40), pictures(40, nc=1)]
    for name in ("a", "b"):
        train_features(sets, tmp_path / name, steps=10, batch=16, on_progress=lambda *step: progress.append(step))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert trained_extractor(tmp_path / "a")(pictures()).shape == (12, DIM)
    assert progress == 2 * [(step, 10) for step in range(1, 11)]
    with pytest.raises(DatasetError, match="at least 64"):
        train_features([pictures(40)], tmp_path / "c", batch=64)


def test_views_and_damage_keep_shape_and_name_their_kind():
    """A view is another look at the same shape; every kind of damage occurs, and only "none" changes nothing."""
    rng = torch.Generator().manual_seed(0)
    x = prepare(noise(pictures(100), 20))
    assert random_view(x, rng).shape == x.shape
    hurt, kind = damaged(x, rng)
    assert set(kind.tolist()) == set(range(len(DAMAGE)))
    unchanged = (hurt == x).flatten(1).all(dim=1)
    assert torch.equal(unchanged, kind == DAMAGE.index("none"))


def test_the_contrast_is_lowest_for_partners():
    """The loss is lower for matching pairs than for others, and about log(2N − 1) for random rows."""
    eye = torch.eye(8)
    assert contrast_loss(eye, eye) < contrast_loss(eye, eye.roll(1, 0))
    same = torch.ones(8, 4)
    assert torch.isclose(contrast_loss(same, same), torch.tensor(15.0).log())
