"""`speeds`: how fast each preset trains on this machine. The page runs it once, for the estimate beside Start."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from dcgan.cli.common import Commands, add_command
from dcgan.config import make_config
from dcgan.device import choose_device
from dcgan.files import write_atomic
from dcgan.presets import PRESETS
from dcgan.training.precision import choose_bf16
from dcgan.training.step_timer import measure_speed


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
    """Print the pictures per second of each preset."""
    if args.nice:
        os.nice(args.nice)
    device, speeds = choose_device(args.device), {}
    for preset in PRESETS:
        config = make_config(preset, "doodles")
        speeds[preset] = round(measure_speed(config, device, choose_bf16(config, device)), 1)
        print(f"{preset:12} {speeds[preset]:8.1f} pictures/s", flush=True)
    if args.out is not None:
        write_atomic(args.out, json.dumps(speeds).encode())
