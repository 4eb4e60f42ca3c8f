"""`speeds`: how fast each preset trains on this machine. The page runs it once, for the estimate beside Start."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import torch

from dcgan.cli.common import Commands, add_command
from dcgan.config import make_config
from dcgan.device import choose_device
from dcgan.errors import RunError
from dcgan.files import write_atomic
from dcgan.presets import PRESETS
from dcgan.training.precision import choose_bf16
from dcgan.training.step_timer import measure_speed

LEAST_SHARE = 0.6  # of its threads' time; a machine that does nothing else gives 0.8 to 1


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "speeds",
        "Measure how fast each preset trains on this machine.",
        "speeds\nspeeds --out f.json",
        run_speeds,
    )
    parser.add_argument("--out", type=Path, help="write the pictures per second of each preset to this JSON file")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")
    parser.add_argument("--nice", type=int, default=0, help="lower the priority of this process by this number")


def run_speeds(args: argparse.Namespace) -> None:
    """Print the pictures per second of each preset.

    Raises RunError where other programs took so much of the processor that the speeds would be too low.
    """
    if args.nice:
        os.nice(args.nice)
    device, speeds = choose_device(args.device), {}
    began, used = time.perf_counter(), time.process_time()
    for preset in PRESETS:
        config = make_config(preset, "doodles")
        speeds[preset] = round(measure_speed(config, device, choose_bf16(config, device)), 1)
        print(f"{preset:12} {speeds[preset]:8.1f} pictures/s", flush=True)
    share = (time.process_time() - used) / (time.perf_counter() - began) / torch.get_num_threads()
    if device.type == "cpu" and share < LEAST_SHARE:
        raise RunError(
            f"Other programs were busy, and this one got {share:.0%} of the processor: the speeds are too low. Close "
            "them and try again."
        )
    if args.out is not None:
        write_atomic(args.out, json.dumps(speeds).encode())
