"""`evaluate`, `train-metrics` and `bench`: how good a model is, and how fast training is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dcgan.cli import bench
from dcgan.cli.common import Commands, add_command, store
from dcgan.errors import RequestError
from dcgan.files import write_atomic

# network → the file that `train-metrics` writes
METRIC_NETWORKS = {"features": "features.safetensors", "doodle-reader": "doodle_reader.safetensors"}

EVALUATE_EXAMPLES = """
evaluate faces --data npy:FOLDER
evaluate checkpoints/doodles --data doodles --out report.md
evaluate run:ID --data npy:FOLDER --count 5000
"""


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands, "evaluate", "Measure a model beside floor and ceiling.", EVALUATE_EXAMPLES, run_evaluate
    )
    parser.add_argument("model", help="a model's name, its folder, or its generator's file")
    parser.add_argument("--data", required=True, help="the data set it was trained on")
    parser.add_argument("--count", type=int, default=2000, help="pictures a set (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="first seed of the samples (default 0)")
    parser.add_argument("--out", type=Path, help="also write the report, .md or .json")

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
        help="a data set for the feature network, repeatable; its held-out part is not used (default: doodles)",
    )
    parser.add_argument("--only", choices=tuple(METRIC_NETWORKS), help="train one of the two (default: both)")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write the weights to")

    bench.add_commands(commands)


# The metrics are imported where they run: they pull in what no other command needs.


def run_evaluate(args: argparse.Namespace) -> None:
    """Prints a model's report as Markdown."""
    from dcgan.metrics.report import evaluate_checkpoint

    _check_count(args.count)
    models = store()
    given = Path(args.model)
    model: str | Path = given / "generator.safetensors" if (given / "generator.safetensors").is_file() else args.model
    report = evaluate_checkpoint(model, args.data, models, args.count, args.seed)
    _tell(report.to_markdown(), json.dumps(report.to_dict(), indent=1), args.out)


def run_train_metrics(args: argparse.Namespace) -> None:
    """Trains and writes the networks that the metrics use."""
    from dcgan.metrics.report import train_extractor, train_factor_reader

    for network in [args.only] if args.only else METRIC_NETWORKS:
        path = args.out / METRIC_NETWORKS[network]
        if network == "features":
            train_extractor(args.data or ["doodles"], path)
        else:
            train_factor_reader("doodles", path)
        print(f"wrote {path}")


def _check_count(count: int) -> None:
    if not 32 <= count <= 100_000:
        raise RequestError(f"--count must be between 32 and 100000, not {count}.")


def _tell(markdown: str, as_json: str | None, out: Path | None) -> None:
    print(markdown)
    if out is not None:
        text = as_json if out.suffix == ".json" and as_json is not None else markdown + "\n"
        write_atomic(out, text.encode())
        print(f"\nwrote {out}")
