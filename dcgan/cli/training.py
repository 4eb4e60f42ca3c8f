"""`train` and `resume`: the trainer process. The page starts exactly these commands."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

from tqdm import tqdm

from dcgan.cli.common import Commands, add_command, store
from dcgan.config import TrainConfig, from_dict, make_config, parse_overrides
from dcgan.device import choose_device
from dcgan.errors import RunError
from dcgan.presets import PRESETS
from dcgan.training.loop import held, train
from dcgan.training.runlog import CONFIG_FILE, METRICS_FILE
from dcgan.training.state import STATE_FILE
from dcgan.training.step import TrainState
from dcgan.training.warm_start import warm_start

TRAIN_EXAMPLES = """
train --data doodles --run runs/first
train --preset tutorial --data npy:FOLDER --run runs/tutorial
train --preset recommended --data folder:PICTURES --run runs/mine --set batch=64 ngf=32
train --init faces --data folder:PICTURES --run runs/further
train --preset refine --init best:mine --data folder:PICTURES --run runs/finer --set ngf=64
"""
RESUME_EXAMPLES = """
resume runs/first
resume runs/first --set kimg=500
"""


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "train", "Train G and D on a data set, in a run folder.", TRAIN_EXAMPLES, run_train)
    parser.add_argument(
        "--data", default="doodles", help="doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME"
    )
    parser.add_argument("--preset", default="recommended", help=f"one of: {', '.join(PRESETS)} (default: recommended)")
    parser.add_argument("--run", type=Path, required=True, help="the run's folder; must not hold a run yet")
    parser.add_argument("--init", metavar="MODEL", help="begin with a model's networks instead of fresh ones")
    _add_machine(parser)

    parser = add_command(
        commands, "resume", "Go on with a run that was stopped or broken off.", RESUME_EXAMPLES, run_resume
    )
    parser.add_argument("run", type=Path, help="the run's folder")
    _add_machine(parser)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="change settings")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")
    # For the page, which keeps the sliders lively and must leave no orphan behind:
    parser.add_argument("--nice", type=int, default=0, help="lower this process's priority by so much")
    parser.add_argument("--stop-with-stdin", action="store_true", help="save and stop when standard input closes")
    parser.add_argument(
        "--exclusive", type=Path, metavar="LOCK", help="refuse to run beside another holder of this file"
    )


def run_train(args: argparse.Namespace) -> int:
    """Starts a run in a folder that holds none yet."""
    # a run that failed before it learned anything, say for a mistyped path, may be started again in its place
    if any((args.run / name).exists() for name in (STATE_FILE, METRICS_FILE)):
        raise RunError(
            f"{args.run} already holds a run; choose another folder, or `python -m dcgan resume {args.run}`."
        )
    overrides = parse_overrides(args.set) | ({"init": args.init} if args.init else {})
    config = make_config(args.preset, args.data, overrides)
    if config.init:
        config, begin = warm_start(config, store(), overrides)
        return _run(config, args, begin)
    return _run(config, args)


def run_resume(args: argparse.Namespace) -> int:
    """Goes on with the run of a folder."""
    if not (args.run / STATE_FILE).is_file():
        raise RunError(f"{args.run} holds no training state to go on from.")
    return _run(changed(read_config(args.run), args.set), args)


def read_config(run: Path) -> TrainConfig:
    """The configuration of a run. Raises RunError when the folder holds none."""
    try:
        return from_dict(json.loads((run / CONFIG_FILE).read_text("utf-8")))
    except (OSError, ValueError, AttributeError) as error:
        raise RunError(f"{run} holds no readable {CONFIG_FILE} ({error}).") from None


def changed(config: TrainConfig, pairs: list[str]) -> TrainConfig:
    """A run's configuration with some settings changed; the networks stay as they are."""
    overrides = parse_overrides(pairs)
    values = {
        name: getattr(config, name) for name in config.__dataclass_fields__ if name not in ("model", "data", "preset")
    }
    model = {name: getattr(config.model, name) for name in config.model.__dataclass_fields__}
    for name in overrides.keys() & model.keys():
        raise RunError(f"{name} is built into the run's networks; start a new run to change it.")
    return make_config(config.preset, config.data, {**values, **model, **overrides})


def _run(
    config: TrainConfig, args: argparse.Namespace, begin: Callable[[TrainState], None] = lambda state: None
) -> int:
    if args.nice:
        os.nice(args.nice)
    stop, signalled = threading.Event(), threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        # Only a second signal means it: where a whole machine is shut down, our standard input closes before the first.
        if signalled.is_set():
            raise KeyboardInterrupt
        signalled.set()
        stop.set()
        print("\nsaving; once more to leave at once", file=sys.stderr)

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    if args.stop_with_stdin:
        if hasattr(os, "setpgrp"):
            os.setpgrp()  # Ctrl-C in the app's terminal is for the app, which then lets us save
        threading.Thread(target=_stop_with_stdin, args=(stop,), daemon=True).start()

    with tqdm(unit=" pictures", unit_scale=True, disable=None, dynamic_ncols=True) as bar:

        def show(nimg: int, total: int) -> None:
            if bar.total is None:
                bar.total, bar.initial = total, nimg
            bar.update(nimg - bar.n)

        alone = held(args.exclusive, "Another training run is going on.") if args.exclusive else nullcontext()
        with alone:
            outcome = train(config, args.run, choose_device(args.device), stop.is_set, show, begin)
    if outcome == "stopped":
        print(f"stopped and saved; go on with: python -m dcgan resume {args.run}")
        return 130 if stop.is_set() and not args.stop_with_stdin else 0
    return 0


def _stop_with_stdin(stop: threading.Event) -> None:
    """Whoever started us holds the other end of our standard input: it closes however that process ends."""
    sys.stdin.buffer.read()
    stop.set()
