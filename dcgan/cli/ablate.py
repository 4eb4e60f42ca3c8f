"""`ablate`: the table that says what each ingredient of the recommended recipe is worth."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from tqdm import tqdm

from dcgan.cli.common import Commands, add_command, store
from dcgan.config import parse_overrides
from dcgan.device import choose_device
from dcgan.files import write_atomic
from dcgan.training.ablation import VARIANTS, minutes, train_variant, variant_config

if TYPE_CHECKING:
    from dcgan.metrics.report import ModelReport

HEAD = (
    "| variant | differs by | KID × 1000 | coverage | recall | Haar faces | minutes |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "ablate",
        "Train the recommended recipe again and again with one thing changed, and compare.",
        'ablate --data "npy:FOLDER?split=train" --runs runs/ablation --set nc=1 --out ablation.md\n'
        "ablate --data doodles --runs runs/ablation --only recommended bce no-r2 --kimg 10",
        run_ablate,
    )
    parser.add_argument("--data", required=True, help="the data set to learn; its held-out part is what is scored on")
    parser.add_argument("--runs", type=Path, required=True, help="a folder for the runs; finished ones stay")
    parser.add_argument("--kimg", type=float, default=24.0, help="thousands of pictures that each sees (default 24)")
    parser.add_argument("--only", nargs="+", metavar="VARIANT", help=f"some of {', '.join(VARIANTS)}")
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="settings common to all runs"
    )
    parser.add_argument("--out", type=Path, help="also write the table, .md")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")


def run_ablate(args: argparse.Namespace) -> int:
    """Trains what is missing and prints the table; Ctrl-C saves, and the same command goes on."""
    # imported where it runs: the metrics pull in what no other command needs
    from dcgan.metrics.report import evaluate_checkpoint

    names, settings = args.only or list(VARIANTS), parse_overrides(args.set)
    configs = {name: variant_config(name, args.data, args.kimg, settings) for name in names}
    device, stop = choose_device(args.device), threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, ask_to_stop)
    lines = [*HEAD]
    for name, config in configs.items():
        with tqdm(desc=name, unit=" pictures", unit_scale=True, disable=None, leave=False) as bar:

            def show(nimg: int, total: int, bar: tqdm = bar) -> None:
                bar.total = total
                bar.update(nimg - bar.n)

            model = train_variant(name, config, args.runs, device, stop.is_set, show)
        if model is None:
            print("stopped and saved; the same command goes on")
            return 130
        report = evaluate_checkpoint(model, args.data, store())
        lines.append(row(name, report, minutes(args.runs / name)))
        print("\n".join(lines[-1:]), flush=True)
    table = "\n".join(lines)
    print(f"\n{table}")
    if args.out is not None:
        write_atomic(args.out, f"{table}\n".encode())
    return 0


def row(name: str, report: ModelReport, took: float) -> str:
    """One variant's line of the table."""
    from dcgan.metrics.table import with_error

    kid, coverage, recall = (report.report.row(metric) for metric in ("KID", "coverage", "recall"))
    differs = ", ".join(f"{key} {value if value != '' else 'none'}" for key, value in VARIANTS[name].items()) or "–"
    faces = "–" if report.face_rate is None else f"{report.face_rate[0]:.3f}"
    return (
        f"| {name} | {differs} | {with_error(1000 * kid.score, 1000 * kid.error)} "
        f"| {with_error(coverage.score, coverage.error)} | {with_error(recall.score, recall.error)} "
        f"| {faces} | {took:.1f} |"
    )
