"""Tests for `dcgan/training/loop.py`: the files that a run writes, stopping, resuming, and errors."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dcgan.checkpoint import load_discriminator, load_generator
from dcgan.config import make_config
from dcgan.data import open_dataset
from dcgan.errors import DatasetError, RunError
from dcgan.training.best import best_of
from dcgan.training.control import give_order
from dcgan.training.loop import train
from dcgan.training.order import STEP, Order, generator_for
from dcgan.training.runlog import RunLog, read_config
from dcgan.training.state import load_state
from dcgan.training.step import make_state, train_step

CPU = torch.device("cpu")
TINY = {
    "image_size": 32,
    "nz": 6,
    "ngf": 4,
    "ndf": 4,
    "batch": 8,
    "threads": 1,
    "precision": "fp32",  # "auto" measures anew for each run
    "log_every": 16,
    "line_every": 32,
    "sample_every": 64,
    "snapshot_every": 64,
    "state_every": 64,
}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    np.save(folder / "train.npy", np.random.default_rng(0).integers(0, 256, (32, 32, 50), dtype=np.uint8))
    return f"npy:{folder}"


def stop_after(count):
    """A should_stop that lets `count` steps happen."""
    calls = iter(range(10**9))
    return lambda: next(calls) >= count


def order_at(run, nimg, order):
    """An on_progress that gives an order when so many pictures were seen."""
    return lambda seen, total: give_order(run, order) if seen >= nimg else None


@pytest.mark.parametrize("preset", ["tutorial", "recommended"])
def test_resumed_run_equals_straight_run(tmp_path, data, preset):
    """Stopped and paused, also in mid-epoch, and resumed, a run has the same networks and optimisers, bit for bit."""
    config = make_config(preset, data, {**TINY, "kimg": 0.2, "augment": "color,translation", "r1_gamma": 1})
    assert train(config, tmp_path / "straight", CPU) == "finished"
    broken = tmp_path / "broken"
    assert train(config, broken, CPU, stop_after(5)) == "stopped"
    assert train(config, broken, CPU, on_progress=order_at(broken, 80, "pause")) == "paused"
    assert train(config, broken, CPU, stop_after(8)) == "stopped"
    assert train(config, broken, CPU) == "finished"
    straight, resumed = (load_file(tmp_path / run / "state.safetensors") for run in ("straight", "broken"))
    assert straight.keys() == resumed.keys()
    for name, tensor in straight.items():
        assert torch.equal(tensor, resumed[name]), name


def test_a_run_that_an_error_ended_goes_on_from_its_last_state(tmp_path, data):
    """After an error between two states a run resumes at the last one, and still ends equal to a straight run."""
    config = make_config("recommended", data, {**TINY, "kimg": 0.2})
    train(config, tmp_path / "straight", CPU)

    class Interrupted(BaseException):
        pass

    def interrupt(nimg, total):
        if nimg >= 104:
            raise Interrupted

    with pytest.raises(Interrupted):
        train(config, tmp_path / "broken", CPU, on_progress=interrupt)
    assert json.loads((tmp_path / "broken" / "status.json").read_text())["state"] == "failed"
    train(config, tmp_path / "broken", CPU)
    straight, resumed = (load_file(tmp_path / run / "state.safetensors") for run in ("straight", "broken"))
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in straight.items())
    positions = [json.loads(line)["nimg"] for line in (tmp_path / "broken" / "metrics.jsonl").read_text().splitlines()]
    assert positions == sorted(set(positions)), "no stretch of the run is logged twice"


def test_what_a_run_leaves(tmp_path, data):
    """The folder holds configuration, status, metrics, log, grids, snapshots, D, a state, and TensorBoard's files."""
    run = tmp_path / "run"
    seen = []
    config = make_config("recommended", data, {**TINY, "kimg": 0.2, "keep_snapshots": 2})
    assert train(config, run, CPU, on_progress=lambda nimg, total: seen.append((nimg, total))) == "finished"
    assert seen[0] == (8, 200) and seen[-1] == (200, 200) and len(seen) == 25

    status = json.loads((run / "status.json").read_text())
    assert (status["state"], status["nimg"], status["total"], status["count"]) == ("finished", 200, 200, 50)
    assert read_config(run) == config
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["nimg"] for line in metrics][:3] == [16, 32, 48] and metrics[-1]["nimg"] == 200
    assert {"G_loss", "D_loss", "D_x", "D_G_z1", "D_G_z2", "speed", "seconds"} <= metrics[0].keys()

    log = (run / "train.log").read_text()
    assert "Loss_D:" in log and "D(G(z)):" in log and "[0/" in log
    assert [p.name for p in sorted((run / "samples").iterdir())] == [f"{n:09d}.jpg" for n in (0, 64, 128, 192, 200)]
    assert Image.open(run / "samples" / "000000200.jpg").size == (8 * 34 + 2, 8 * 34 + 2)
    assert Image.open(run / "reals.jpg").width > 32
    kept = ["000000192", "000000200", "discriminator-000000192", "discriminator-000000200"]
    assert [p.stem for p in sorted((run / "snapshots").iterdir())] == kept
    loaded = load_generator(run / "snapshots" / "000000200.safetensors")
    assert loaded.info["nimg"] == 200 and loaded.info["data"] == data
    assert load_discriminator(run / "discriminator.safetensors").config == loaded.config

    state = make_state(config, CPU)
    load_state(run / "state.safetensors", state)
    assert state.nimg == 200
    board = EventAccumulator(str(run / "tensorboard"))
    board.Reload()
    assert [event.step for event in board.Scalars("G_loss")] == [line["nimg"] for line in metrics]


def test_a_run_records_the_precision_that_was_measured(tmp_path, data, monkeypatch):
    """With precision "auto", config.json holds the one that was found faster, so that a resume uses it again."""
    config = make_config("recommended", data, {**TINY, "kimg": 0.008, "precision": "auto"})
    for is_faster, name in ((False, "fp32"), (True, "bf16")):
        monkeypatch.setattr("dcgan.training.loop.choose_bf16", lambda config, device, _faster=is_faster: _faster)
        train(config, tmp_path / name, CPU)
        assert read_config(tmp_path / name).precision == name


def test_a_run_is_evaluated_and_its_best_model_kept(tmp_path, data):
    """Each evaluation is in scores.jsonl once, after a resume, too; best/ is a checkpoint of the best model."""
    run = tmp_path / "run"
    config = make_config("recommended", data, {**TINY, "kimg": 0.2, "eval_every": 64})
    train(config, run, CPU, stop_after(20))
    assert train(config, run, CPU) == "finished"
    scores = [json.loads(line) for line in (run / "scores.jsonl").read_text().splitlines()]
    assert [score["nimg"] for score in scores] == [64, 128, 192, 200]
    assert all({"kid", "kid_error", "coverage", "diversity"} <= score.keys() for score in scores)
    best = load_generator(run / "best" / "generator.safetensors")
    assert best.info["nimg"] == best_of(scores)["nimg"] and load_discriminator(run / "best/discriminator.safetensors")
    board = EventAccumulator(str(run / "tensorboard"))
    board.Reload()
    assert {"kid", "coverage"} <= set(board.Tags()["scalars"])


def test_the_tutorials_lines_hold_the_numbers_of_their_step(tmp_path, data):
    """Each line of the tutorial's preset has the losses and outputs of that very step, not a mean of several."""
    config = make_config("tutorial", data, {**TINY, "epochs": 2})
    dataset = open_dataset(data, 32, 3)
    state, order, expected = make_state(config, CPU), Order(config, dataset.count), []
    for step in range(14):  # 50 pictures are 7 batches of 8
        before = state.nimg
        reals = dataset.pictures[order.batch_at(before)]
        numbers = train_step(state, reals, config, generator_for(config.seed, STEP, before), bf16=False)
        if step % 7 % 4 == 0:  # line_every is 4 steps
            D_loss, G_loss, D_x, D_G_z1, D_G_z2 = numbers.tolist()
            expected.append(
                f"[{step // 7}/2][{step % 7}/7]\tLoss_D: {D_loss:.4f}\tLoss_G: {G_loss:.4f}"
                f"\tD(x): {D_x:.4f}\tD(G(z)): {D_G_z1:.4f} / {D_G_z2:.4f}"
            )
    train(config, tmp_path / "run", CPU)
    lines = (tmp_path / "run" / "train.log").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("[")] == expected
    grids = sorted(int(path.stem) for path in (tmp_path / "run" / "samples").iterdir())
    assert grids == [0, 8, 66, 100], "before the run, after steps 0 and 8 of sample_every = 8 steps, and at the end"


@pytest.mark.parametrize(("anneal", "falling_from"), [(0.5, 100), (0.0, 200)])
def test_rates_fall_at_the_end(tmp_path, data, anneal, falling_from):
    """With `anneal` both learning rates fall linearly to 0 over the last share of the run, and not before."""
    config = make_config("recommended", data, {**TINY, "kimg": 0.2, "anneal": anneal, "lr_g": 1e-3, "lr_d": 3e-3})
    rates, states = {}, []

    def record(nimg, total):
        (state,) = states
        rates[nimg - 8] = [optimiser.param_groups[0]["lr"] for optimiser in (state.opt_G, state.opt_D)]

    train(config, tmp_path / "run", CPU, on_progress=record, initialise=states.append)
    assert list(rates) == list(range(0, 200, 8))
    for before, pair in rates.items():
        share = 1.0 if before <= falling_from else (200 - before) / (200 - falling_from)
        assert pair == pytest.approx([1e-3 * share, 3e-3 * share]), before
    assert len({tuple(pair) for pair in rates.values()}) == (13 if anneal else 1)


def test_tensorboard_holds_the_tutorials_scalars_and_both_graphs(tmp_path, data):
    """TensorBoard finds the five scalars, the sample grid, and the graph of G and of D."""
    run = tmp_path / "run"
    train(make_config("tutorial", data, {**TINY, "kimg": 0.1}), run, CPU)
    board = EventAccumulator(str(run / "tensorboard"))
    board.Reload()
    assert {"G_loss", "D_loss", "D_x", "D_G_z1", "D_G_z2"} <= set(board.Tags()["scalars"])
    assert "samples" in board.Tags()["images"]
    for network in ("G", "D"):
        graph = EventAccumulator(str(run / "tensorboard" / network))
        graph.Reload()
        assert graph.Tags()["graph"] and len(graph.Graph().node) > 5


@pytest.mark.parametrize(("order", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_an_order_ends_the_run(tmp_path, data, order, state):
    """The order ends the run after its step and saves a state, a model and a grid; the next start ignores it."""
    run = tmp_path / "run"
    config = make_config("recommended", data, {**TINY, "kimg": 0.2})
    assert train(config, run, CPU, on_progress=order_at(run, 24, order)) == state
    status = json.loads((run / "status.json").read_text())
    assert (status["state"], status["nimg"], status["state_saved"]) == (state, 24, True)
    assert (run / "snapshots" / "000000024.safetensors").is_file() and (run / "samples" / "000000024.jpg").is_file()
    seen = []
    assert train(config, run, CPU, on_progress=lambda nimg, total: seen.append(nimg)) == "finished"
    assert seen[0] == 32, "it goes on from the saved state"


def test_orders_to_sample_and_save_write_files_and_change_no_weight(tmp_path, data):
    """A grid, or a model and a state, is written where it was ordered; the run ends as one without orders, bit for bit.

    The ordered state is one from which the run can go on.
    """
    config = make_config("recommended", data, {**TINY, "kimg": 0.2, "augment": "color,translation"})
    straight, ordered = tmp_path / "straight", tmp_path / "ordered"
    assert train(config, straight, CPU) == "finished"

    def order(nimg, total):
        for order in {24: ["sample"], 40: ["save"], 88: ["save", "sample"]}.get(nimg, []):
            give_order(ordered, order)
        if nimg == 48:
            shutil.copy(ordered / "state.safetensors", tmp_path / "state-at-40")

    assert train(config, ordered, CPU, on_progress=order) == "finished"
    for folder, at in (("samples", {24, 88}), ("snapshots", {40, 88})):
        numbers = [{int(path.stem) for path in (run / folder).glob("[0-9]*")} for run in (straight, ordered)]
        assert numbers[1] - numbers[0] == at, folder
    assert (straight / "metrics.jsonl").read_text().count("\n") == (ordered / "metrics.jsonl").read_text().count("\n")
    resumed = tmp_path / "resumed"
    shutil.copytree(ordered, resumed)
    shutil.copy(tmp_path / "state-at-40", resumed / "state.safetensors")
    assert train(config, resumed, CPU) == "finished"
    ends = [load_file(run / "state.safetensors") for run in (straight, ordered, resumed)]
    for end in ends[1:]:
        assert end.keys() == ends[0].keys()
        for name, tensor in ends[0].items():
            assert torch.equal(tensor, end[name]), name
    models = [load_file(run / "snapshots" / "000000200.safetensors") for run in (straight, ordered)]
    assert all(torch.equal(tensor, models[1][name]) for name, tensor in models[0].items())


@pytest.mark.parametrize("preset", ["tutorial", "quick", "recommended", "refine"])
@pytest.mark.parametrize("count", [2, 5])
def test_few_pictures_train_with_a_batch_that_fits(tmp_path, preset, count):
    """Two pictures and five train to the end with every preset, resume exactly, and are called few."""
    pictures = np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    np.save(tmp_path / "train.npy", pictures)
    config = make_config(preset, f"npy:{tmp_path}?layout=nhwc", {**TINY, "batch": 16, "kimg": 0.04})
    assert train(config, tmp_path / "straight", CPU) == "finished"
    status = json.loads((tmp_path / "straight" / "status.json").read_text())
    assert status["state"] == "finished" and status["nimg"] >= 40 and status["count"] == count
    assert f"Only {count} pictures" in status["message"] and f"batch is at most {count}" in status["message"]
    assert f"batch {count}," in (tmp_path / "straight" / "train.log").read_text()
    assert train(config, tmp_path / "broken", CPU, stop_after(3)) == "stopped"
    assert train(config, tmp_path / "broken", CPU) == "finished"
    ends = [load_file(tmp_path / run / "state.safetensors") for run in ("straight", "broken")]
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_enough_pictures_are_not_called_few(tmp_path):
    """From 300 pictures on there is no warning."""
    for count in (299, 300):
        np.save(tmp_path / "train.npy", np.zeros((count, 32, 32, 3), dtype=np.uint8))
        config = make_config("tutorial", f"npy:{tmp_path}?layout=nhwc", {**TINY, "kimg": 0.008})
        train(config, tmp_path / str(count), CPU)
        message = json.loads((tmp_path / str(count) / "status.json").read_text())["message"]
        assert ("few hundred pictures give varied results" in message) == (count < 300)


def test_one_picture_is_refused_before_anything_else(tmp_path, monkeypatch):
    """A single picture is one sentence, said before the networks are made and the precision is measured."""
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 40)).save(tmp_path / "pictures" / "a.png")
    for name in ("choose_bf16", "make_state"):
        monkeypatch.setattr(f"dcgan.training.loop.{name}", lambda *_: pytest.fail("too late"))
    config = make_config("quick", f"folder:{tmp_path / 'pictures'}", TINY)
    with pytest.raises(DatasetError, match=r"only one picture to train on: at least 2 are needed; a few hundred"):
        train(config, tmp_path / "run", CPU)
    status = json.loads((tmp_path / "run" / "status.json").read_text())
    assert status["state"] == "failed" and "only one picture" in status["message"]


def test_a_loss_that_is_no_number_stops_the_run(tmp_path, data):
    """A NaN or infinite loss ends the run with a sentence; the last state before stays."""
    config = make_config("tutorial", data, {**TINY, "kimg": 0.1, "loss": "hinge", "d_norm": "none"})
    run = tmp_path / "run"
    train(config, run, CPU, stop_after(1))
    state = load_file(run / "state.safetensors")
    with safe_open(run / "state.safetensors", framework="pt") as file:
        header = file.metadata()
    state["opt_D.0.exp_avg"].fill_(3e38)
    save_file(state, run / "state.safetensors", metadata=header)
    before = (run / "state.safetensors").read_bytes()
    with pytest.raises(RunError, match="NaN or infinite"):
        train(dataclasses.replace(config, lr_g=1.0, lr_d=1.0), run, CPU)
    assert json.loads((run / "status.json").read_text())["state"] == "failed"
    assert (run / "state.safetensors").read_bytes() == before


@pytest.mark.parametrize("often", [{}, {"state_every": 16, "snapshot_every": 16, "sample_every": 16, "log_every": 800}])
def test_a_run_that_diverges_stops_and_keeps_its_good_state(tmp_path, data, often):
    """With far too high rates the run fails and says what to do; what was saved stays, and trains on at lower rates."""
    run = tmp_path / "run"
    healthy = make_config("quick", data, {**TINY, "kimg": 0.4})
    train(healthy, run, CPU, stop_after(10))
    kept = [
        "state.safetensors",
        "discriminator.safetensors",
        "snapshots/000000080.safetensors",
        "samples/000000080.jpg",
    ]
    before = {name: (run / name).read_bytes() for name in kept}
    # Adam with lr 1 changes weights by up to 1 a step: D's logits are then beyond 1000
    with pytest.raises(
        RunError, match=r"The run diverged.*loss is .*resume from the last saved state with --set lr_g=0\.1"
    ):
        train(dataclasses.replace(healthy, lr_g=1.0, lr_d=1.0, **often), run, CPU)
    status = json.loads((run / "status.json").read_text())
    assert status["state"] == "failed" and "lower learning rates" in status["message"] and status["nimg"] < 400
    assert {name: (run / name).read_bytes() for name in kept} == before
    assert max(path.name for path in run.glob("snapshots/0*")) == "000000080.safetensors"
    assert max(path.name for path in (run / "samples").iterdir()) == "000000080.jpg"
    assert train(healthy, run, CPU) == "finished"


def test_a_run_that_diverges_before_its_first_state_says_to_start_another(tmp_path, data):
    """Without a state there is nothing to resume, so the sentence names lower rates for a new run."""
    config = make_config("quick", data, {**TINY, "kimg": 0.4, "lr_g": 1, "lr_d": 1})
    with pytest.raises(RunError, match=r"for example lr_g=0\.1 lr_d=0\.1; start a new run"):
        train(config, tmp_path / "run", CPU)
    assert not (tmp_path / "run" / "state.safetensors").exists()


def test_stopping_a_diverged_run_saves_no_model(tmp_path, data):
    """A stop between two reports checks the losses first, and so keeps the good state."""
    config = make_config(
        "quick", data, {**TINY, "kimg": 0.4, "lr_g": 1, "lr_d": 1, "log_every": 400, "line_every": 400}
    )
    with pytest.raises(RunError, match="The run diverged"):
        train(config, tmp_path / "run", CPU, stop_after(5))
    assert not (tmp_path / "run" / "state.safetensors").exists() and not any((tmp_path / "run" / "snapshots").iterdir())


def test_two_trainers_on_one_run(tmp_path, data):
    """A second trainer on the same folder is refused while the first one works."""
    config = make_config("recommended", data, {**TINY, "kimg": 0.1})
    refused = []

    def again(nimg, total):
        if nimg == 8:
            with pytest.raises(RunError, match="being trained already"):
                train(config, tmp_path / "run", CPU)
            refused.append(nimg)

    assert train(config, tmp_path / "run", CPU, on_progress=again) == "finished" and refused == [8]


def test_sampling_is_in_eval_mode(tmp_path, data):
    """A picture of the sample grid is the one its seed gives alone: no picture depends on its neighbours."""
    from dcgan.images import to_uint8
    from dcgan.latent.seeds import z_from_seed
    from dcgan.training.outputs import sample_grid

    state = make_state(make_config("recommended", data, TINY), CPU)
    sheet = sample_grid(state.G_ema)
    alone = to_uint8(state.G_ema(z_from_seed(17, 6)[None]))
    assert (sheet[17].int() - alone[0].int()).abs().max() <= 1


def test_temporary_files_of_a_killed_trainer_are_deleted(tmp_path):
    """The next trainer deletes what the last one was writing when it was killed, and nothing that the page writes."""
    run = tmp_path / "run"
    half_written = [run / ".state.safetensors.71.72.tmp", run / "samples" / ".000000064.jpg.71.72.tmp"]
    half_written += [run / ".status.json.71.72.tmp", run / "snapshots" / ".000000064.safetensors.71.72.tmp"]
    others = [run / ".control.71.72.tmp", run / ".directions.safetensors.71.72.tmp", run / "samples" / "000000064.jpg"]
    for path in half_written + others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    RunLog(run)
    assert not any(path.exists() for path in half_written) and all(path.exists() for path in others)


def test_resuming_forgets_what_came_after_the_state(tmp_path, data):
    """Grids and snapshots beyond the state are of an attempt that is trained again, perhaps with other settings."""
    run = tmp_path / "run"
    config = make_config("recommended", data, {**TINY, "kimg": 0.2})
    train(config, run, CPU, stop_after(8))
    for later in (run / "samples" / "000000128.jpg", run / "snapshots" / "000000128.safetensors"):
        later.touch()
    train(config, run, CPU, stop_after(0))
    assert [path.name for path in sorted((run / "samples").iterdir())] == ["000000000.jpg", "000000064.jpg"]
    kept = ["000000064.safetensors", "discriminator-000000064.safetensors"]
    assert [path.name for path in sorted((run / "snapshots").iterdir())] == kept


def test_snapshot_history_is_capped(tmp_path, data):
    """Only the newest snapshots stay, with their files; what else is in the folder is left alone."""
    log = RunLog(tmp_path / "run")
    state = make_state(make_config("recommended", data, TINY), CPU)
    (tmp_path / "run" / "snapshots" / "mine.safetensors").write_bytes(b"")
    for nimg in (8, 16, 24, 32):
        log.snapshot(nimg, state.G_ema, state.D, {}, keep=2)
        (tmp_path / "run" / "snapshots" / f"directions-{nimg:09d}.safetensors").write_bytes(b"")
    kept = sorted(path.name for path in (tmp_path / "run" / "snapshots").iterdir())
    kinds = ("", "directions-", "discriminator-")
    snapshots = [f"{kind}{nimg:09d}.safetensors" for kind in kinds for nimg in (24, 32)]
    assert kept == [*snapshots, "mine.safetensors"]
