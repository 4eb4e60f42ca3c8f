"""A run's health read from its folder, and the settings of the run that goes on from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dcgan.config import make_config
from dcgan.errors import RunError
from dcgan.jobs.configure import configure
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.run_health import next_run, raise_augmentation, run_health
from dcgan.jobs.runs import find_run
from dcgan.store import ModelStore
from dcgan.training.runlog import read_config, write_config

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def copied(tmp_path, name):
    """A recorded run in a folder of runs."""
    shutil.copytree(FIXTURES / "health" / name, tmp_path / name)
    return find_run(tmp_path, name)


def test_a_recorded_run_is_examined_by_its_files(tmp_path):
    """Scores, lines, grids, count and length come from the folder: a healthy run is balanced, a failed one alarmed."""
    healthy = run_health(copied(tmp_path, "quick-2"))
    assert (healthy.verdict, healthy.alarms) == ("balanced", [])
    failed = run_health(copied(tmp_path, "d_wins"))
    assert failed.verdict == "alarmed"
    assert {alarm.name for alarm in failed.alarms} == {"d_wins", "too_alike", "twins"}
    assert any("64 pictures" in alarm.why for alarm in failed.alarms)
    assert run_health(copied(tmp_path, "runs_away")).alarms[0].name == "diverged"


def test_a_run_that_has_nothing_yet_is_early(tmp_path):
    """A folder with a status alone, damaged grids and a missing configuration are no fault; no run is one."""
    run = tmp_path / "new"
    (run / "samples").mkdir(parents=True)
    (run / "status.json").write_text(json.dumps({"state": "stopped", "nimg": 0}))
    (run / "samples" / "000000000.jpg").write_bytes(b"half a")
    assert (run_health(run).verdict, run_health(run).alarms) == ("early", [])
    with pytest.raises(RunError):
        run_health(tmp_path / "none")


def test_a_very_short_run_is_not_called_collapsed():
    """A run of 200 pictures draws one gray picture at its half, as every run does at first: that is early, no alarm."""
    health = run_health(FIXTURES / "run_v1")
    assert (health.verdict, health.alarms) == ("early", [])


def test_the_next_run_has_half_the_rates_and_begins_with_the_best(tmp_path):
    """What the run changed of its preset stays, except lengths and intervals; both rates are halved."""
    run = copied(tmp_path, "loses_variety")
    shutil.copytree(FIXTURES / "run_v1" / "best", run / "best")
    config = read_config(run)
    following = next_run(run, "lower_rates")
    overrides = following["overrides"]
    assert following["preset"] == "quick" and overrides["init"] == "best:loses_variety"
    assert (overrides["lr_g"], overrides["lr_d"]) == (config.lr_g / 2, config.lr_d / 2)
    assert (overrides["r1_gamma"], overrides["augment"], overrides["ema_kimg"]) == (0, "", 0)
    assert not overrides.keys() & {"image_size", "ngf", "sample_every", "threads", "precision", "epochs"}
    assert overrides["kimg"] == pytest.approx(5 - 0.416)  # the rest of the run, from its best on
    model = make_config(config.preset, "doodles", overrides)
    assert (model.lr_g, model.seed, model.batch) == (config.lr_g / 2, config.seed, config.batch)


def test_the_next_run_can_be_configured(tmp_path):
    """`TrainingJobs` takes what next_run gives, with the shape of the best model."""
    run = tmp_path / "run_v1"
    shutil.copytree(FIXTURES / "run_v1", run)
    following = next_run(run, "lower_rates")
    config = configure("doodles", following["preset"], following["overrides"], ModelStore(tmp_path, tmp_path))
    before = read_config(run)
    assert config.init == "best:run_v1" and config.model.ngf == before.model.ngf
    assert (config.lr_g, config.lr_d) == (before.lr_g / 2, before.lr_d / 2)


def test_a_public_page_takes_the_next_run_of_a_run_that_went_on_itself(tmp_path):
    """What a run got from the model that it began with is no choice of its visitor, so the limits let it pass."""
    run = tmp_path / "run_v1"
    shutil.copytree(FIXTURES / "run_v1", run)
    store, limits = ModelStore(tmp_path, tmp_path), PublicLimits()
    chosen = {"init": "best:run_v1", "kimg": 20, "lr_g": 5e-4}
    write_config(run, configure("doodles", "quick", chosen, store, limits))
    following = next_run(run, "lower_rates")
    config = configure("doodles", following["preset"], following["overrides"], store, limits)
    assert (config.init, config.lr_g, config.lr_d) == ("best:run_v1", 2.5e-4, 5e-4)


def test_without_a_model_the_next_run_is_fresh_with_the_same_shape(tmp_path):
    """A run that kept no model is begun anew: its networks' sizes are settings then."""
    overrides = next_run(copied(tmp_path, "runs_away"), "lower_rates")["overrides"]
    assert "init" not in overrides
    assert (overrides["image_size"], overrides["ngf"], overrides["nz"]) == (32, 8, 16)
    assert (overrides["lr_g"], overrides["lr_d"], overrides["beta1"]) == (0.005, 0.005, 0.9)


def test_augmentation_is_raised_one_at_a_time(tmp_path):
    """Translation, colour, cutout: each action adds the first that is missing, and keeps the rates."""
    assert raise_augmentation(()) == "translation"
    assert raise_augmentation(("translation",)) == "translation,color"
    assert raise_augmentation(("color", "translation")) == "color,translation,cutout"
    run = copied(tmp_path, "d_wins")
    write_config(run, make_config("tutorial", "doodles:64", {"augment": "translation", "lr_d": 1e-3}))
    overrides = next_run(run, "raise_augmentation")["overrides"]
    assert (overrides["augment"], overrides["lr_d"]) == ("translation,color", 1e-3) and "lr_g" not in overrides
    with pytest.raises(RunError, match="stop_keep_best"):
        next_run(run, "stop_keep_best")
