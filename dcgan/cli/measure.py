"""`evaluate`, `metrics`, `train-features`, `train-reader` and `bench`: how good, how fast, and with what we measure."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dcgan.cli import bench
from dcgan.cli.common import Commands, add_command, store
from dcgan.errors import RequestError
from dcgan.files import write_atomic

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
        "draws",
        "Compare ways to draw from a model: truncation, resampling, rejection by D.",
        "draws faces --data npy:FOLDER --out draws.md",
        run_draws,
    )
    parser.add_argument("model", help="a model's name")
    parser.add_argument("--data", required=True, help="the data set it was trained on")
    parser.add_argument("--count", type=int, default=2000, help="pictures a set (default 2000)")
    parser.add_argument("--out", type=Path, help="also write the table, .md")

    parser = add_command(
        commands,
        "metrics",
        "Show that each metric gets worse as real pictures are damaged.",
        "metrics --data npy:FOLDER --out table.md",
        run_metrics,
    )
    parser.add_argument("--data", required=True, help="a data set")
    parser.add_argument("--count", type=int, default=2000, help="pictures a set (default 2000)")
    parser.add_argument("--out", type=Path, help="also write the table, .md")

    parser = add_command(
        commands,
        "train-features",
        "Train the small network that the metrics see with.",
        "train-features --data npy:FOLDER --data doodles --out features.safetensors",
        run_train_features,
    )
    parser.add_argument(
        "--data", action="append", required=True, help="a data set; repeatable; held-out parts stay out"
    )
    parser.add_argument("--steps", type=int, default=1200, help="training steps (default 1200)")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")

    parser = add_command(
        commands,
        "train-reader",
        "Train the classifier that reads the factors off doodles.",
        "train-reader --data doodles --out reader.safetensors",
        run_train_reader,
    )
    parser.add_argument("--data", default="doodles", help="a data set with factors (default doodles)")
    parser.add_argument("--epochs", type=int, default=8, help="epochs (default 8)")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")

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


def run_draws(args: argparse.Namespace) -> None:
    """Prints the table of ways to draw."""
    from dcgan.metrics.report import compare_draws

    _check_count(args.count)
    _tell(compare_draws(args.model, args.data, store(), args.count), None, args.out)


def run_metrics(args: argparse.Namespace) -> None:
    """Prints the table of damaged real pictures."""
    from dcgan.metrics.report import check_metrics

    _check_count(args.count)
    _tell(check_metrics(args.data, args.count), None, args.out)


def run_train_features(args: argparse.Namespace) -> None:
    """Trains and writes the feature network."""
    from dcgan.metrics.report import train_extractor

    print(f"wrote {train_extractor(args.data, args.out, args.steps)}")


def run_train_reader(args: argparse.Namespace) -> None:
    """Trains and writes the factor reader."""
    from dcgan.metrics.report import train_factor_reader

    print(f"wrote {train_factor_reader(args.data, args.out, args.epochs)}")


def _check_count(count: int) -> None:
    if not 32 <= count <= 100_000:
        raise RequestError(f"--count must be between 32 and 100000, not {count}.")


def _tell(markdown: str, as_json: str | None, out: Path | None) -> None:
    print(markdown)
    if out is not None:
        text = as_json if out.suffix == ".json" and as_json is not None else markdown + "\n"
        write_atomic(out, text.encode())
        print(f"\nwrote {out}")
