"""The commands `evaluate`, `train-metrics` and `bench`: quality of a model, and speed of training."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dcgan.cli import bench
from dcgan.cli.common import Commands, add_command, progress_bar, store
from dcgan.errors import RequestError
from dcgan.files import write_atomic

# choice of --only → file that `train-metrics` writes
METRIC_NETWORKS = {"features": "features.safetensors", "doodle-reader": "doodle_reader.safetensors"}

EVALUATE_EXAMPLES = """
evaluate faces --data npy:FOLDER
evaluate checkpoints/doodles --data doodles --out report.md
evaluate run:ID --data npy:FOLDER --count 5000
"""


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "evaluate",
        "Measure how good a model is, beside the scores of real and of damaged pictures.",
        EVALUATE_EXAMPLES,
        run_evaluate,
    )
    parser.add_argument("model", help="the name of a model, its folder, or the file of its generator")
    parser.add_argument("--data", required=True, help="the data set it was trained on")
    parser.add_argument("--count", type=int, default=2000, help="pictures that are compared (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first generated picture (default 0)")
    parser.add_argument("--out", type=Path, help="a .md or .json file for the report")

    parser = add_command(
        commands,
        "train-metrics",
        "Train the two small networks that `evaluate` uses.",
        "train-metrics --data npy:FOLDER --data doodles --out FOLDER\ntrain-metrics --only doodle-reader --out FOLDER",
        run_train_metrics,
    )
    parser.add_argument(
        "--data",
        action="append",
        help="a data set for the feature network, without its held-out part; can be repeated (default: doodles)",
    )
    parser.add_argument("--only", choices=tuple(METRIC_NETWORKS), help="train only this network (default: both)")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the weights")

    bench.add_commands(commands)


# The metrics are imported inside the functions, because they load libraries that no other command needs.


def run_evaluate(args: argparse.Namespace) -> None:
    """Print a model's report as Markdown; write it to a file if asked to."""
    from dcgan.metrics.report import evaluate_checkpoint

    _check_count(args.count)
    models = store()
    given = Path(args.model)
    model: str | Path = given / "generator.safetensors" if (given / "generator.safetensors").is_file() else args.model
    report = evaluate_checkpoint(model, args.data, models, args.count, args.seed)
    markdown = report.to_markdown()
    print(markdown)
    if args.out is not None:
        as_json = args.out.suffix == ".json"
        write_atomic(args.out, (json.dumps(report.to_dict(), indent=1) if as_json else markdown + "\n").encode())
        print(f"\nwrote {args.out}")


def run_train_metrics(args: argparse.Namespace) -> None:
    """Train and write the networks that the metrics use."""
    from dcgan.metrics.report import train_extractor, train_factor_reader

    for network in [args.only] if args.only else METRIC_NETWORKS:
        path = args.out / METRIC_NETWORKS[network]
        unit = " steps" if network == "features" else " epochs"
        with progress_bar(f"training {network}", unit) as on_progress:
            if network == "features":
                train_extractor(args.data or ["doodles"], path, on_progress=on_progress)
            else:
                train_factor_reader("doodles", path, on_progress=on_progress)
        print(f"wrote {path}")


def _check_count(count: int) -> None:
    if not 32 <= count <= 100_000:
        raise RequestError(f"--count must be between 32 and 100000, not {count}.")
