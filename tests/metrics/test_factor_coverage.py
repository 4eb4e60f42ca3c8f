"""Factor coverage agrees with counts by hand, and the factor reader learns."""

import pytest
import torch

from dcgan.errors import CheckpointError
from dcgan.metrics.factor_coverage import factor_coverage, with_names
from dcgan.metrics.factor_reader import WEIGHTS, load_reader, train_reader

SIZES = {"hat": 3, "eyes": 2}
NAMES = {"hat": ("none", "cap", "crown"), "eyes": ("open", "closed")}


def columns(*rows: tuple[int, int]) -> dict[str, torch.Tensor]:
    """(hat, eyes) of each picture → factor → values."""
    hats, eyes = zip(*rows, strict=True)
    return {"hat": torch.tensor(hats), "eyes": torch.tensor(eyes)}


def test_a_missing_value_is_named_and_its_pairs_are_missing():
    """Real doodles show 3 hats × 2 eyes; a G without crowns draws 4 of 5 values and 4 of 6 pairs."""
    every = [(hat, eyes) for hat in range(3) for eyes in range(2)]
    without = [(hat, eyes) for hat, eyes in every if hat != 2]
    result = with_names(factor_coverage(columns(*without), columns(*every), SIZES), NAMES)
    assert (result.values_drawn, result.values) == (4, 5)
    assert (result.pairs_drawn, result.pairs) == (4, 6)
    assert result.missing == ("hat: crown",)
    # hats 1/2, 1/2, 0 against thirds: 1/3; eyes agree: 0.
    assert abs(result.imbalance - 1 / 6) < 1e-12


def test_values_may_be_there_without_their_pairs():
    """If eyes are closed only under a cap, all values are drawn, but pairs are missing."""
    every = [(hat, eyes) for hat in range(2) for eyes in range(2)]
    linked = [(0, 0), (1, 1)]
    result = factor_coverage(columns(*linked), columns(*every), {"hat": 2, "eyes": 2})
    assert (result.values_drawn, result.values) == (4, 4)
    assert (result.pairs_drawn, result.pairs) == (2, 4)
    assert result.missing == ()


def test_a_few_misreadings_do_not_count_as_drawn():
    """One crown among 100, where a third is expected, counts as a mistake of the reader, not as drawn."""
    real = columns(*[(i % 3, 0) for i in range(99)])
    result = factor_coverage(columns(*[(0, 0)] * 50 + [(1, 0)] * 49 + [(2, 0)]), real, SIZES)
    assert result.missing == ("hat: 2",)


def test_a_set_against_itself_is_complete():
    """Predictions equal to those of real doodles cover everything, without imbalance."""
    real = columns(*[(i % 3, i % 2) for i in range(60)])
    result = factor_coverage(real, real, SIZES)
    assert (result.values_drawn, result.pairs_drawn) == (result.values, result.pairs)
    assert result.imbalance == 0


def test_the_reader_learns_what_is_in_the_picture_and_says_how_well(tmp_path):
    """Brightness and side of a bar are read back on pictures it never saw; the file holds that accuracy."""
    rng = torch.Generator().manual_seed(0)
    hat, eyes = torch.randint(3, (240,), generator=rng), torch.randint(2, (240,), generator=rng)
    pictures = torch.full((240, 3, 64, 64), 40)
    for i in range(240):
        left = 8 + 32 * int(eyes[i])
        pictures[i, :, 8:56, left : left + 16] = 100 + 60 * int(hat[i])
    pictures = (pictures + torch.randint(-10, 11, pictures.shape, generator=rng)).to(torch.uint8)
    path = train_reader(pictures, {"hat": hat, "eyes": eyes}, NAMES, tmp_path / "reader", epochs=3, batch=8)
    loaded = load_reader(path)
    assert loaded.reader.values == NAMES
    assert min(loaded.accuracy.values()) > 0.95
    assert (loaded.reader.read(pictures[:100])["hat"] == hat[:100]).double().mean() > 0.95


def test_a_file_of_another_kind_is_refused(tmp_path):
    """A file that is no reader raises CheckpointError."""
    with pytest.raises(CheckpointError, match="no model file"):
        load_reader(tmp_path / "missing")


def test_the_shipped_reader_knows_the_doodles_of_today():
    """Its factors are the ones that are drawn, and it reads fresh doodles as well as its file says."""
    from dcgan.data.doodles.factors import FACTORS
    from dcgan.data.doodles.make import make_doodles

    loaded = load_reader(WEIGHTS)
    assert loaded.reader.values == FACTORS
    pictures, factors = make_doodles(200, 987, 64)
    for name, values in loaded.reader.read(pictures).items():
        right = (values == factors[name]).double().mean().item()
        # 200 pictures: three standard errors and a little more.
        assert right > loaded.accuracy[name] - 0.1, name
