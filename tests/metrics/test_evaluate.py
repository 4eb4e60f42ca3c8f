"""The whole report on networks and pictures small enough to run in seconds."""

import json

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.errors import DatasetError
from dcgan.metrics.evaluate import BETTER, evaluate, sample_pictures, shuffled
from dcgan.metrics.features import random_extractor
from dcgan.metrics.quick import make_reference, quick_score
from dcgan.metrics.table import markdown, with_error
from dcgan.models import Generator


def blobs(n: int, seed: int, nc: int = 1) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    small = torch.rand(n, nc, 6, 6, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(64, 64), mode="bilinear").to(torch.uint8)


@pytest.fixture(scope="module")
def G() -> Generator:
    """An untrained generator, in train mode on purpose."""
    torch.manual_seed(0)
    return Generator(ModelConfig(nc=1, nz=8, ngf=4, ndf=4))


@pytest.fixture(scope="module")
def report(G):
    """Its report: 80 pictures."""
    return evaluate(G, blobs(200, 0), blobs(120, 1), random_extractor(), n=80)


def test_every_metric_stands_beside_its_floor_and_ceilings(report):
    """One row a metric; noise scores worse than other blobs on every distance."""
    assert {row.metric for row in report.rows} == set(BETTER)
    for name in ("KID", "Fréchet"):
        row = report.row(name, "random")
        assert row.floor < row.score and row.floor < row.ceiling_noise
    coverage = report.row("coverage", "random")
    assert coverage.floor > coverage.score > coverage.ceiling_noise
    with pytest.raises(KeyError):
        report.row("KID", "nothing")


def test_the_report_says_how_to_repeat_it(report):
    """Counts, seed, network and hash; as JSON and as a table with a line for every row."""
    assert (report.pictures, report.reference, report.train, report.seed) == (80, 120, 200, 0)
    assert report.extractors == {"random": random_extractor().sha256}
    assert json.loads(json.dumps(report.to_dict()))["rows"][0]["metric"] == report.rows[0].metric
    text = markdown(report)
    assert text.count("\n| ") == len(report.rows) + 1
    assert report.extractors["random"][:12] in text


def test_a_report_repeats_exactly(G, report):
    """The same seed gives the same rows, whatever the global generator did in between."""
    torch.rand(7)
    again = evaluate(G, blobs(200, 0), blobs(120, 1), random_extractor(), n=80)
    assert again.rows == report.rows


def test_sampling_is_per_seed_in_eval_mode_and_leaves_g_as_it_was(G):
    """Picture 5 is the same in a batch of 10, of 3, or from seed 5 on; train mode is put back."""
    pictures = sample_pictures(G, 10, batch=10)
    assert pictures.dtype == torch.uint8 and pictures.shape == (10, 1, 64, 64)
    for other in (sample_pictures(G, 10, batch=3)[5], sample_pictures(G, 1, seed=5)[0]):
        assert (pictures[5].int() - other.int()).abs().max() <= 1
    assert G.training


def test_too_few_pictures_are_refused(G):
    """Too few pictures raise DatasetError, which says how many are needed."""
    with pytest.raises(DatasetError, match="at least 32"):
        evaluate(G, blobs(100, 0), blobs(10, 1), random_extractor())


def test_shuffling_is_a_permutation_of_the_seed():
    """The same pictures, in an order that the seed fixes."""
    x = blobs(20, 0)
    assert torch.equal(shuffled(x, 3), shuffled(x, 3))
    assert not torch.equal(shuffled(x, 3), shuffled(x, 4))
    assert torch.equal(shuffled(x, 3).sum(dim=0), x.sum(dim=0))


def test_the_quick_score_tells_reals_from_a_collapse():
    """Other reals: KID about 0, coverage and diversity high. One picture repeated: all three far worse."""
    reference = make_reference(blobs(400, 0), random_extractor(), count=300)
    assert len(reference.features) == 300
    good = quick_score(blobs(300, 1), reference)
    bad = quick_score(blobs(1, 2).expand(300, -1, -1, -1), reference)
    assert abs(good["kid"]) < 4 * good["kid_error"] + 1e-3
    assert good["coverage"] > 0.9 > 0.1 > bad["coverage"]
    assert abs(good["diversity"] - 1) < 0.05 and bad["diversity"] < 0.01
    assert bad["kid"] > 10 * abs(good["kid"])


def test_errors_decide_the_digits():
    """The error is rounded to two digits; a score without an error is shown alone."""
    assert with_error(0.12345, 0.0067) == "0.1235 ± 0.0067" or with_error(0.12345, 0.0067) == "0.1234 ± 0.0067"
    assert with_error(123.4, 5.6) == "123.4 ± 5.6"
    assert with_error(0.5, float("nan")) == "0.5"
