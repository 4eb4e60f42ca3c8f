"""The command line: exit codes, messages and files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image
from waiting import wait_until

from dcgan.checkpoint import load_generator, save_generator
from dcgan.cli import main, make_parser
from dcgan.cli.common import store
from dcgan.cli.pictures import parse_seeds
from dcgan.cli.training import differing
from dcgan.config import ModelConfig
from dcgan.errors import RequestError
from dcgan.images import grid, to_pil, to_uint8
from dcgan.jobs.configure import configure
from dcgan.jobs.runs import read_metrics
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import make_networks
from dcgan.schema import parse_z
from dcgan.training.runlog import read_config, write_config

ROOT = Path(__file__).resolve().parents[2]
TINY = ["image_size=32", "nz=6", "ngf=4", "ndf=4", "batch=8", "threads=1", "log_every=16", "sample_every=800"]
SETS = [part for pair in TINY for part in ("--set", pair)]


def test_every_command_has_help_with_examples(capsys):
    """--help of every command ends with 0 and shows examples that its own parser accepts."""
    parser = make_parser()
    (commands,) = (action.choices for action in parser._actions if action.choices)
    assert {"train", "resume", "sample", "interpolate", "compare", "plot", "data", "import", "bench", "invert"} <= set(
        commands
    )
    for name in commands:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        examples = [line.strip() for line in capsys.readouterr().out.splitlines() if "python -m dcgan" in line]
        shown = [line.removeprefix("python -m dcgan ").split() for line in examples if line.startswith("python")]
        assert shown, name
        for words in shown:
            parser.parse_args(words)


@pytest.mark.parametrize("arguments", [[], ["fly"], ["sample"], ["train"], ["sample", "--psi", "x", "--out", "o"]])
def test_wrong_arguments_end_with_status_2(arguments):
    """Unknown commands, missing and malformed options end with status 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["sample", "--model", "none", "--out", "x.png"], "small"),
        (["sample", "--model", "small", "--seeds", "a", "--out", "x.png"], "Seeds"),
        (["sample", "--model", "small", "--psi", "nan", "--out", "x.png"], "nan"),
        (["interpolate", "--model", "small", "--seeds", "1", "--out", "x.mp4"], "seeds"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--out", "x.avi"], "avi"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--fps", "0", "--out", "x.mp4"], "rames"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--durations", "0", "--out", "x.mp4"], "duration"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--durations", "nan", "--out", "x.mp4"], "nan"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--durations", "a", "--out", "x.mp4"], "1,2.5,1"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--durations", "600", "--out", "x.mp4"], "60"),
        (["interpolate", "--model", "small", "--seeds", "1-200", "--out", "x.mp4"], "2 to 64"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--size", "5000", "--out", "x.mp4"], "5000"),
        (["interpolate", "--model", "small", "--seeds", "1,2", "--grid", "9", "--out", "x.mp4"], "side by side"),
        (["invert", "none.jpg", "--model", "small", "--out", "z.json"], "none.jpg"),
        (["invert", "data/train.npy", "--model", "small", "--out", "z.json"], "not a JPEG"),
        (["invert", "none.jpg", "--model", "small", "--out", "z.txt"], ".json"),
        (["train-encoder", "--model", "small", "--steps", "0"], "steps"),
        (["bench", "--pairs", "0"], "pairs"),
        (["bench", "--batch", "1"], "batch"),
        (["train", "--data", "npy:/none", "--run", "r"], "/none"),
        (["train", "--data", "doodles", "--run", "r", "--set", "batch=1"], "batch"),
        (["train", "--data", "doodles", "--run", "r", "--preset", "best"], "tutorial"),
        (["resume", "nothing"], "nothing"),
        (["plot", "nothing"], "nothing"),
        (["data", "cats"], "cats"),
        (["import", "none.pt", "--name", "x"], "none.pt"),
        (["export", "--model", "small", "--name", "a/b"], "a/b"),
        (["evaluate", "small", "--data", "doodles", "--count", "1"], "count"),
    ],
)
def test_failures_are_one_sentence(folders, monkeypatch, capsys, arguments, word):
    """What fails says one line on stderr that names the trouble, ends with 1, and shows no traceback."""
    monkeypatch.chdir(folders)
    assert main(arguments) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("dcgan: ") and word in said and "\n" not in said and "Traceback" not in said


def test_sample_depends_on_seed_alone(folders):
    """A seed's file holds the same bytes whatever else is drawn, and psi changes it; a .png gets one grid."""
    assert main(["sample", "--model", "small", "--seeds", "0-5", "--out", str(folders / "a")]) == 0
    assert main(["sample", "--model", "small", "--seeds", "4", "--out", str(folders / "b")]) == 0
    assert main(["sample", "--model", "small", "--seeds", "4", "--psi", "0.5", "--out", str(folders / "c")]) == 0
    assert sorted(path.name for path in (folders / "a").iterdir()) == [f"seed{n:05d}.png" for n in range(6)]
    a, b, c = ((folders / x / "seed00004.png").read_bytes() for x in "abc")
    assert a == b != c
    assert main(["sample", "--model", "small", "--seeds", "0-63", "--out", str(folders / "grid.png")]) == 0
    assert Image.open(folders / "grid.png").size == (8 * 34 + 2, 8 * 34 + 2)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_sample_of_one_seed_is_the_plain_picture(folders, capsys, suffix):
    """One seed and one file give the picture itself, without a grid's border."""
    assert main(["sample", "--model", "small", "--seeds", "5", "--out", str(folders / f"one.{suffix}")]) == 0
    assert main(["sample", "--model", "small", "--seeds", "5", "--out", str(folders / "files")]) == 0
    picture = Image.open(folders / f"one.{suffix}")
    assert picture.size == (32, 32) and "wrote 1 picture to" in capsys.readouterr().out
    if suffix == "png":
        assert (folders / "one.png").read_bytes() == (folders / "files" / "seed00005.png").read_bytes()


@pytest.mark.parametrize("command", ["compare", "index"])
@pytest.mark.parametrize("data", ["npy:faces?split=train", "folder:faces", "zip:faces.zip", ""])
def test_data_that_is_not_here_is_asked_for(folders, monkeypatch, capsys, command, data):
    """An exported model names its data without a folder; what needs the pictures asks for --data in one sentence."""
    monkeypatch.chdir(folders)
    G, _ = make_networks(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4), 0)
    save_generator(folders / "checkpoints" / "mine" / "generator.safetensors", G, {"data": data})
    assert main([command, "--model", "mine", "--out", "out.png"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("dcgan: The model mine ") and "--data" in said and data in said and "\n" not in said


def test_data_names_what_it_skips(folders, capsys):
    """Files of other kinds are counted, damaged pictures named; neither vanishes without a word."""
    for name in ("a.png", "b.gif", "c.tif"):
        Image.new("RGB", (40, 40)).save(folders / "data" / name)
    (folders / "data" / "d.heic").write_bytes(b"0")
    (folders / "data" / "e.png").write_bytes(b"0")
    assert main(["data", f"folder:{folders / 'data'}"]) == 0
    said = capsys.readouterr().out
    assert ": 3 pictures of 40 × 40" in said
    assert "\nOnly 3 pictures: G will repeat them; a few hundred" in said
    assert "\nskipped e.png: not a JPEG" in said
    assert "\nskipped: 1 .heic, 1 .npy, which are not JPEG" in said


def test_invert_writes_a_latent_and_a_pair(folders, capsys):
    """The latent's JSON draws what it says, a .png shows before and after; an encoder can be trained for the model."""
    assert main(["sample", "--model", "small", "--seeds", "7", "--out", str(folders / "own")]) == 0
    picture = str(folders / "own" / "seed00007.png")
    assert main(["invert", picture, "--model", "small", "--out", str(folders / "z.json")]) == 0
    found = json.loads((folders / "z.json").read_text())
    assert len(found["z"]) == 6 and parse_z(found["packed"]) == pytest.approx(found["z"])
    assert found["rmse"] < 0.1 and "distance" in capsys.readouterr().out
    assert main(["invert", picture, "--model", "small", "--out", str(folders / "pair.png")]) == 0
    assert Image.open(folders / "pair.png").size == (2 * 34 + 2, 34 + 2)
    assert main(["train-encoder", "--model", "small", "--steps", "2"]) == 0
    assert (folders / "checkpoints" / "small" / "encoder.safetensors").is_file()


@pytest.mark.slow
def test_a_bench_whose_loop_crashes_says_so(capfd):
    """A batch that no memory holds ends a loop's process: one sentence follows what that process said itself."""
    assert main(["bench", "--batch", str(10**12), "--device", "cpu"]) == 1
    assert capfd.readouterr().err.strip().splitlines()[-1].startswith("dcgan: One of the two loops crashed")


@pytest.mark.slow
def test_bench_times_both_loops_in_turn(capfd):
    """Each pair of turns gives both speeds and their ratio; the median of the ratios is between the extremes."""
    assert main(["bench", "--pairs", "3", "--steps", "1", "--batch", "4", "--threads", "1", "--device", "cpu"]) == 0
    first, *pairs, last = capfd.readouterr().out.splitlines()
    assert first.startswith("cpu, batch 4, 1 thread, ours in ")
    speeds = [[float(word) for word in (line.split()[i] for i in (1, 3, 6))] for line in pairs]
    assert len(speeds) == 3
    for theirs, ours, ratio in speeds:  # as printed: rounded to 0.1, 0.1 and 0.01
        assert (ours - 0.05) / (theirs + 0.05) - 0.005 <= ratio <= (ours + 0.05) / (theirs - 0.05) + 0.005
    middle = sorted(ratio for *_, ratio in speeds)[1]
    assert last.startswith(f"ratio: median {middle:.2f}, ")


def test_interpolate_writes_films(folders):
    """The film has the asked size, length and number of frames."""
    out = folders / "film.mp4"
    words = "interpolate --model small --seeds 1,2,3 --seconds 1 --fps 12 --size 64 --loop --out"
    assert main([*words.split(), str(out)]) == 0
    with av.open(str(out)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == 12 and film.duration == av.time_base
    assert len(frames) == 12 and frames[0].shape == (64, 64, 3)


def test_interpolate_takes_durations_easing_format_and_grid(folders):
    """All that the page can do with a film: 1 + 2 + 1 seconds in a loop, eased, cubic, four films in one, as PNGs."""
    out = folders / "stills"
    words = "interpolate --model small --seeds 1,2,3 --durations 1,2,1 --mode cubic --easing ease --loop --fps 5"
    look = "--grid 2 --size 128 --resample nearest --format zip --out"
    assert main([*words.split(), *look.split(), str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        frames = [np.asarray(Image.open(archive.open(name))) for name in sorted(archive.namelist())]
    assert len(frames) == 20 and frames[0].shape == (128, 128, 3)
    sheet = folders / "cell"
    assert main(["sample", "--model", "small", "--seeds", "1,2003", "--out", str(sheet)]) == 0
    assert np.array_equal(frames[0][:64:2, :64:2], np.asarray(Image.open(sheet / "seed00001.png")))
    third = np.asarray(Image.open(sheet / "seed02003.png")).astype(int)
    assert np.abs(frames[15][64::2, :64:2] - third).max() <= 1


def test_train_resume_plot_compare_export(folders, capsys):
    """A run trains, refuses to be started twice, goes on further, is plotted, compared, and exported as a model."""
    run, data = str(folders / "runs" / "r1"), f"npy:{folders / 'data'}"
    train = ["train", "--data", data, "--run", run, "--device", "cpu", *SETS]
    assert main([*train, "--set", "kimg=0.1"]) == 0
    assert main(train) == 1 and "already holds a run" in capsys.readouterr().err
    assert main(["resume", run, "--set", "ngf=8"]) == 1 and "ngf" in capsys.readouterr().err
    assert main(["resume", run, "--device", "cpu", "--set", "kimg=0.15"]) == 0
    assert json.loads((folders / "runs" / "r1" / "status.json").read_text())["nimg"] == 152
    assert main(["plot", run]) == 0
    assert Image.open(folders / "runs" / "r1" / "losses.png").width > 500
    assert main(["export", "--model", "run:r1", "--name", "mine"]) == 0
    exported = (folders / "checkpoints" / "mine" / "generator.safetensors").read_bytes()
    assert str(folders).encode() not in exported and b"npy:data" in exported
    assert main(["models"]) == 0
    assert "mine\t32 × 32 × 3" in capsys.readouterr().out
    further = ["train", "--data", data, "--run", f"{run}b", "--device", "cpu", "--init", "mine"]
    assert main([*further, "--set", "kimg=0.1", "--set", "batch=8"]) == 0
    assert '"init": "mine"' in (folders / "runs" / "r1b" / "config.json").read_text()
    compare = ["compare", "--model", "mine", "--data", data, "--out", str(folders / "compare.png")]
    assert main(compare) == 0
    assert Image.open(folders / "compare.png").width > 1000


def test_export_writes_a_page_and_a_space(folders):
    """--html and --space write the same page, together and each alone, and store no checkpoint."""
    models = sorted((folders / "checkpoints").iterdir())
    page, space = folders / "small.html", folders / "space"
    assert main(["export", "--model", "small", "--html", str(page), "--space", str(space)]) == 0
    assert page.read_text() == (space / "index.html").read_text()
    assert "sdk: static" in (space / "README.md").read_text()
    assert main(["export", "--model", "small", "--html", str(folders / "alone.html")]) == 0
    assert main(["export", "--model", "small", "--space", str(folders / "alone")]) == 0
    assert (folders / "alone.html").read_text() == (folders / "alone" / "index.html").read_text() == page.read_text()
    assert sorted((folders / "checkpoints").iterdir()) == models


EXPORTS = {
    "--name": "checkpoints/copy/generator.safetensors",
    "--html": "small.html",
    "--space": "space/index.html",
    "--zip": "small.zip",
    "--pt": "small.pt",
    "--onnx": "small.onnx",
}


@pytest.mark.parametrize("option", EXPORTS)
def test_each_form_of_export_is_enough(folders, option):
    """Each of the six options works alone, and writes its own form and no other."""
    if option == "--onnx":
        pytest.importorskip("onnxruntime")
    target = folders / EXPORTS[option].partition("/")[0]
    assert main(["export", "--model", "small", option, "copy" if option == "--name" else str(target)]) == 0
    assert [name for name in EXPORTS if (folders / EXPORTS[name]).is_file()] == [option]


def test_export_without_a_form_is_refused(folders, capsys):
    """One sentence names all six options."""
    assert main(["export", "--model", "small"]) == 1
    said = capsys.readouterr().err
    assert all(option in said for option in EXPORTS)


def test_a_run_that_was_killed_early_begins_again(folders, capsys):
    """With config.json and no state, `resume`, `train --run` and the same `train` begin at 0; other settings do not."""
    run, data = folders / "runs" / "r1", f"npy:{folders / 'data'}"
    bare = ["train", "--run", str(run), "--device", "cpu"]
    train = [*bare, "--data", data, *SETS, "--set", "kimg=0.1"]
    assert main(train) == 0
    straight = {name: (run / name).read_bytes() for name in ("state.safetensors", "config.json")}
    metrics = [line["nimg"] for line in read_metrics(run)]
    for again in (["resume", str(run), "--device", "cpu"], bare, train):
        (run / "state.safetensors").unlink()
        (run / "status.json").write_text('{"state": "running", "nimg": 32}')
        (run / "samples" / "000000064.jpg").touch()
        assert main(again) == 0, capsys.readouterr().err
        for name, content in straight.items():
            assert hash((run / name).read_bytes()) == hash(content), f"{name} is another one after {again}"
        assert [line["nimg"] for line in read_metrics(run)] == metrics
        assert not (run / "samples" / "000000064.jpg").exists(), "what the broken attempt left is gone"
    (run / "state.safetensors").unlink()
    for refused in (["resume", str(run)], bare):
        assert main(refused) == 1 and "has lost its state.safetensors" in capsys.readouterr().err
    (run / "status.json").write_text('{"state": "running", "nimg": 32}')
    assert main([*train, "--set", "lr_g=0.001"]) == 1
    assert "already holds a run with other settings (lr_g)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "left",
    [
        {},
        {"lock": ""},
        {"status.json": '{"state": "starting", "nimg": 0, "state_saved": false}'},
        {"status.json": ""},
        {"metrics.jsonl": '{"nimg": 16, "seconds": 1}\n', ".config.json.1.2.tmp": "{"},
        {"samples/000000000.jpg": "", "samples/.000000064.jpg.1.2.tmp": "", "metrics.jsonl": '{"nimg"'},
    ],
    ids=lambda left: "+".join(left) or "empty folder",
)
def test_train_begins_in_what_a_killed_trainer_left(folders, left):
    """A folder without config.json, whatever else a trainer left in it within its first second, is trained in."""
    run = folders / "runs" / "r1"
    (run / "samples").mkdir(parents=True)
    for name, text in left.items():
        (run / name).write_text(text)
    train = ["train", "--run", str(run), "--device", "cpu", "--data", f"npy:{folders / 'data'}", *SETS]
    assert main([*train, "--set", "kimg=0.032"]) == 0
    assert [line["nimg"] for line in read_metrics(run)] == [16, 32]


def test_a_folder_without_configuration_says_what_to_do(folders, capsys):
    """`resume` there names `train`; `train` refuses only to overwrite the models of a run that cannot be known."""
    run = folders / "runs" / "r1"
    (run / "snapshots").mkdir(parents=True)
    assert main(["resume", str(run)]) == 1
    assert "start one with `python -m dcgan train`" in capsys.readouterr().err
    (run / "metrics.jsonl").touch()
    (run / "snapshots" / "000000064.safetensors").touch()
    train = ["train", "--run", str(run), "--data", f"npy:{folders / 'data'}", *SETS]
    assert main(train) == 1 and "choose another folder" in capsys.readouterr().err


def test_a_config_in_the_folder_is_trained(folders, capsys):
    """`train --run FOLDER` takes the settings of a config.json, also those of a run that begins with a model."""
    run = folders / "runs" / "made"
    config = configure(f"npy:{folders / 'data'}", "quick", {"init": "small", "kimg": 0.1, "batch": 8}, store())
    write_config(run, config)
    assert main(["train", "--run", str(run), "--device", "cpu"]) == 0
    trained = read_config(run)
    assert trained.model == config.model and trained.init == "small" and trained.init_seen == 5
    assert differing(trained, config) == []
    first = load_generator(folders / "checkpoints" / "small" / "generator.safetensors").G
    drawn = to_uint8(first(z_from_seeds(range(64), 6)))
    with Image.open(run / "samples" / "000000000.jpg") as picture:
        begun = np.asarray(picture).astype(int)
    sheet = np.asarray(to_pil(grid(drawn, 8))).astype(int)
    assert np.abs(begun - sheet).mean() < 8, "its first grid is the model's"


@pytest.mark.skipif(sys.platform != "linux", reason="OMP_DISPLAY_ENV is read here as GNU's OpenMP answers it")
@pytest.mark.parametrize(("chosen", "sleeps"), [({}, True), ({"OMP_WAIT_POLICY": "ACTIVE"}, False)])
def test_waiting_threads_sleep(chosen, sleeps):
    """torch's threads never spin while they wait, in any command, unless the environment asks for it."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment |= {"OMP_DISPLAY_ENV": "VERBOSE", **chosen}
    command = [sys.executable, "-m", "dcgan", "--version"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "GOMP_SPINCOUNT = " in done.stderr
    assert ("GOMP_SPINCOUNT = '0'" in done.stderr) == sleeps


def test_data_previews_and_keeps(folders, capsys):
    """`data` prints the count, writes a grid, and keeps doodles in the tutorial's format with their factors."""
    kept = folders / "kept"
    words = ["data", "doodles:80", "--size", "32", "--out", str(folders / "g.png"), "--keep", str(kept)]
    assert main(words) == 0 and "80 pictures" in capsys.readouterr().out
    assert Image.open(folders / "g.png").width == 8 * 34 + 2
    assert main(["data", f"npy:{kept}"]) == 0 and "80 pictures" in capsys.readouterr().out
    assert (kept / "factors.safetensors").is_file()
    assert main(words) == 1 and "exists already" in capsys.readouterr().err


def test_import_makes_a_model(folders, capsys):
    """A foreign state dict becomes a model one can draw from."""
    G, _ = make_networks(ModelConfig(image_size=32, nz=3, ngf=2), 0)
    torch.save(G.state_dict(), folders / "netG_epoch_3.pth")
    assert main(["import", str(folders / "netG_epoch_3.pth"), "--name", "theirs"]) == 0
    assert main(["sample", "--model", "theirs", "--seeds", "1", "--out", str(folders / "t")]) == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_ctrl_c_saves_and_says_how_to_go_on(folders):
    """Ctrl-C ends a training with status 130, a kept state, and the command that goes on with it."""
    run = folders / "runs" / "r1"
    command = [sys.executable, "-m", "dcgan", "train", "--data", f"npy:{folders / 'data'}", "--run", str(run), *SETS]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_until(lambda: (run / "metrics.jsonl").is_file(), 60)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert f"python -m dcgan resume {run}" in said and (run / "state.safetensors").is_file()
    assert json.loads((run / "status.json").read_text())["state"] == "stopped"


def test_seeds():
    """Lists and ranges of seeds are read as written; nonsense is refused."""
    assert parse_seeds("1,5,10-12") == [1, 5, 10, 11, 12] and parse_seeds(" 7 ") == [7]
    for text in ("", "1,,2", "5-1", "-3", "1-", "0-9999999", "x"):
        with pytest.raises(RequestError):
            parse_seeds(text)


def test_train_metrics_trains_both_networks_or_one(folders, monkeypatch, capsys):
    """By default both files are written, the feature network from the named data sets; --only trains one."""
    trained = []
    monkeypatch.setattr(
        "dcgan.metrics.report.train_extractor", lambda specs, path, on_progress: trained.append((specs, path))
    )
    monkeypatch.setattr(
        "dcgan.metrics.report.train_factor_reader", lambda spec, path, on_progress: trained.append((spec, path))
    )
    out = folders / "weights"
    features, reader = out / "features.safetensors", out / "doodle_reader.safetensors"
    assert main(["train-metrics", "--data", "npy:a", "--data", "doodles", "--out", str(out)]) == 0
    assert trained == [(["npy:a", "doodles"], features), ("doodles", reader)]
    assert main(["train-metrics", "--only", "doodle-reader", "--out", str(out)]) == 0
    assert trained[2:] == [("doodles", reader)] and f"wrote {reader}" in capsys.readouterr().out
