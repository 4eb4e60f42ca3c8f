"""`train` and `resume`: the trainer process. The page starts the same commands.

A new run gets its settings from flags, or from the config.json that is already in its folder: the page writes that file
and then runs `train --run FOLDER`. Both commands start a run again that was killed before it saved a state.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

from tqdm import tqdm

from dcgan.cli.common import Commands, add_command, store
from dcgan.config import TrainConfig, make_config, parse_overrides, to_dict
from dcgan.device import choose_device
from dcgan.errors import RunError
from dcgan.jobs.run_status import can_begin
from dcgan.jobs.runs import has_models
from dcgan.presets import PRESETS
from dcgan.training.loop import hold_lock, train
from dcgan.training.runlog import CONFIG_FILE, METRICS_FILE, read_config
from dcgan.training.state import STATE_FILE
from dcgan.training.step import TrainState
from dcgan.training.warm_start import warm_start

DEFAULT_DATA, DEFAULT_PRESET = "doodles", "recommended"
TRAIN_EXAMPLES = """
train --data doodles --run runs/first
train --preset tutorial --data npy:FOLDER --run runs/tutorial
train --preset recommended --data folder:PICTURES --run runs/mine --set batch=64 ngf=32
train --init faces --data folder:PICTURES --run runs/further
train --preset quick --init run:first@64000 --data doodles --run runs/second --set lr_g=5e-4
train --preset refine --init best:mine --data folder:PICTURES --run runs/finer --set ngf=64
"""
RESUME_EXAMPLES = """
resume runs/first
resume runs/first --set kimg=500
"""
Initialise = Callable[[TrainState], None]  # loads a model's weights into the networks of a new run


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "train", "Train G and D on a data set, in a run folder.", TRAIN_EXAMPLES, run_train)
    parser.add_argument(
        "--data", help=f"doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME (default: {DEFAULT_DATA})"
    )
    parser.add_argument("--preset", help=f"one of: {', '.join(PRESETS)} (default: {DEFAULT_PRESET})")
    parser.add_argument(
        "--run",
        type=Path,
        required=True,
        help="the run's folder; without further settings, they are read from a config.json in it",
    )
    parser.add_argument("--init", metavar="MODEL", help="start with the weights of this model instead of random ones")
    _add_machine(parser)

    parser = add_command(
        commands, "resume", "Continue a run that was stopped or that crashed.", RESUME_EXAMPLES, run_resume
    )
    parser.add_argument("run", type=Path, help="the run's folder")
    _add_machine(parser)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="change settings")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")
    # For the page: its trainer has a lower priority than its sliders, and stops when the page's process ends.
    parser.add_argument("--nice", type=int, default=0, help="lower the priority of this process by this number")
    parser.add_argument("--stop-with-stdin", action="store_true", help="save and stop when standard input closes")
    parser.add_argument(
        "--exclusive", type=Path, metavar="LOCK", help="train only if no other process holds this lock file"
    )


def run_train(args: argparse.Namespace) -> int:
    """Start a run in a folder that holds no training state yet."""
    run: Path = args.run
    if (run / STATE_FILE).is_file():
        raise _holds_a_run(run)
    if (run / CONFIG_FILE).is_file() and not (args.data or args.preset or args.init or args.set):
        return run_resume(args)
    overrides = parse_overrides(args.set) | ({"init": args.init} if args.init else {})
    config = make_config(args.preset or DEFAULT_PRESET, args.data or DEFAULT_DATA, overrides)
    config, initialise = _initial_model(config, overrides)
    # A run that failed before its first report, for example because of a mistyped path, is replaced.
    if (run / METRICS_FILE).is_file():
        if (run / CONFIG_FILE).is_file():
            config = _same_run(run, config)
        elif has_models(run):
            raise RunError(f"{run} holds the models of a run that has lost its {CONFIG_FILE}; choose another folder.")
    return _run(config, initialise, args)


def run_resume(args: argparse.Namespace) -> int:
    """Continue a run from its training state, or from the beginning if it was killed before it saved one."""
    run: Path = args.run
    config = changed(read_config(run), args.set)
    if (run / STATE_FILE).is_file():
        return _run(config, _random_weights, args)
    if not can_begin(run):
        raise RunError(
            f"{run} has lost its {STATE_FILE}; start another run, with --init run:{run.name} from its model."
        )
    # All settings of a config.json count as chosen by the user, so the initial model must agree with them.
    return _run(*_initial_model(config, to_dict(config).keys() | to_dict(config.model).keys()), args)


def _initial_model(config: TrainConfig, asked: Collection[str]) -> tuple[TrainConfig, Initialise]:
    """Return the configuration and a function that loads the weights of the model `init`, or else does nothing."""
    return warm_start(config, store(), asked) if config.init else (config, _random_weights)


def _random_weights(state: TrainState) -> None:
    """Keep the random weights of the networks."""


def _same_run(run: Path, config: TrainConfig) -> TrainConfig:
    """Return the configuration in a run's folder, which includes the measured precision, to start the run again.

    Raises RunError unless the run has the same settings as `config` and can be started again.
    """
    kept = read_config(run)
    if not can_begin(run):
        raise _holds_a_run(run)
    if names := differing(kept, config):
        raise _holds_a_run(run, f" with other settings ({', '.join(names)})")
    return kept


def _holds_a_run(run: Path, which: str = "") -> RunError:
    return RunError(f"{run} already holds a run{which}; choose another folder, or `python -m dcgan resume {run}`.")


def differing(kept: TrainConfig, asked: TrainConfig) -> list[str]:
    """Return the names of settings that differ between a run's config.json and the configuration `asked`.

    The trainer replaces threads 0 and precision "auto" and looks up init_seen, so these are not compared.
    """
    asked = dataclasses.replace(
        asked,
        threads=asked.threads or kept.threads,
        precision=kept.precision if asked.precision == "auto" else asked.precision,
        init_seen=kept.init_seen,
    )
    ours, theirs = ({**to_dict(config), **to_dict(config.model), "model": None} for config in (kept, asked))
    return [name for name, value in ours.items() if theirs[name] != value]


def changed(config: TrainConfig, pairs: list[str]) -> TrainConfig:
    """Return a run's configuration with some settings changed. Those of the networks cannot be changed."""
    overrides = parse_overrides(pairs)
    values = {
        name: getattr(config, name) for name in config.__dataclass_fields__ if name not in ("model", "data", "preset")
    }
    model = {name: getattr(config.model, name) for name in config.model.__dataclass_fields__}
    for name in overrides.keys() & model.keys():
        raise RunError(f"{name} is built into the run's networks; start a new run to change it.")
    return make_config(config.preset, config.data, {**values, **model, **overrides})


def _run(config: TrainConfig, initialise: Initialise, args: argparse.Namespace) -> int:
    if args.nice:
        os.nice(args.nice)
    stop, signalled = threading.Event(), threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        # The first signal saves, even if standard input has closed before, as it does when the machine is shut down.
        if signalled.is_set():
            raise KeyboardInterrupt
        signalled.set()
        stop.set()
        print("\nsaving the run; press Ctrl-C again to quit without saving", file=sys.stderr)

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    if args.stop_with_stdin:
        if hasattr(os, "setpgrp"):
            os.setpgrp()  # Ctrl-C in the app's terminal must end only the app, which then asks this process to save
        threading.Thread(target=_stop_with_stdin, args=(stop,), daemon=True).start()

    with tqdm(unit=" pictures", unit_scale=True, disable=None, dynamic_ncols=True) as bar:

        def on_progress(nimg: int, total: int) -> None:
            if bar.total is None:
                bar.total, bar.initial = total, nimg
            bar.update(nimg - bar.n)

        only_trainer = (
            hold_lock(args.exclusive, "Another training run is going on.") if args.exclusive else nullcontext()
        )
        with only_trainer:
            outcome = train(config, args.run, choose_device(args.device), stop.is_set, on_progress, initialise)
    if outcome != "finished":
        print(f"{outcome} and saved; continue with: python -m dcgan resume {args.run}")
        return 130 if stop.is_set() and not args.stop_with_stdin else 0
    return 0


def _stop_with_stdin(stop: threading.Event) -> None:
    """Stop when standard input closes, which happens however the process that started this one ends."""
    sys.stdin.buffer.read()
    stop.set()
