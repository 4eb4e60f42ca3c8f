"""`runs list | show | stop | pause | sample | save | rename | delete | restore | compare`: runs of the runs' folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from dcgan.cli.common import Commands, add_command, store
from dcgan.cli.plots import RunCurves, compare_runs_figure
from dcgan.errors import RunError
from dcgan.jobs.queue import RunQueue
from dcgan.jobs.run_facts import (
    RunFacts,
    all_facts,
    matching,
    run_differences,
    run_facts,
    same_latents,
    show_size,
)
from dcgan.jobs.run_names import write_name
from dcgan.jobs.run_orders import order_trainer
from dcgan.jobs.runs import find_run, is_alive, list_runs, positions, read_metrics, read_scores
from dcgan.jobs.trainer_process import wait_for
from dcgan.jobs.trash import delete_for_good, empty_trash, find_in_trash, list_trash, move_to_trash, restore_from_trash
from dcgan.store import SNAPSHOTS
from dcgan.training.control import ENDINGS
from dcgan.training.runlog import SAMPLES_FOLDER, read_config

STOP_WAIT = 60.0  # seconds that a run may take to save
ORDERS = {
    "stop": ("Tell a run that is being trained to save and stop.", "is told to stop"),
    "pause": ("Tell a run that is being trained to save and pause.", "is told to pause"),
    "sample": ("Let a run that is being trained draw its grid now.", "draws its grid after its present step"),
    "save": ("Let a run that is being trained save a model and its state now.", "saves after its present step"),
}


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("runs", help="List, show, control, rename, delete and compare training runs.")
    actions = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    parser.description = (
        "List, show, control, rename, delete and compare training runs (of DCGAN_RUNS, by default runs/)."
    )
    parser.epilog = "examples:\n  python -m dcgan runs list\n  python -m dcgan runs compare first second"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter

    action = add_command(
        actions, "list", "List the runs, the newest first.", "runs list\nruns list doodles quick", run_list
    )
    action.add_argument("words", nargs="*", metavar="WORD", help="only runs with all of these in their facts")
    action.add_argument("--deleted", action="store_true", help="the deleted runs that can be restored")

    action = add_command(actions, "show", "Show a run's facts and models.", "runs show first", run_show)
    _add_run(action)

    for order, (text, _) in ORDERS.items():
        action = add_command(actions, order, text, f"runs {order} first", run_order)
        action.set_defaults(order=order)
        _add_run(action)

    action = add_command(
        actions, "rename", "Give a run a name; its id stays.", 'runs rename first "with more pictures"', run_rename
    )
    _add_run(action)
    action.add_argument("name", help='at most 60 characters; "" removes the name')

    action = add_command(
        actions, "delete", "Delete a run; it can be restored for a day.", "runs delete first", run_delete
    )
    _add_run(action)
    action.add_argument("--for-good", action="store_true", help="free its space on the disk at once")

    action = add_command(actions, "restore", "Bring a deleted run back.", "runs restore first", run_restore)
    _add_run(action)

    action = add_command(
        actions,
        "compare",
        "Compare two runs: what differs in their settings, and their results.",
        "runs compare first second\nruns compare first second --out both.png",
        run_compare,
    )
    action.add_argument("first", metavar="FIRST", help="a run's id, the name of its folder")
    action.add_argument("second", metavar="SECOND", help="another run's id")
    action.add_argument("--out", type=Path, help="draw their curves and grids side by side as a PNG")


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="ID", help="the run's id, the name of its folder")


def run_list(args: argparse.Namespace) -> None:
    """Print one line a run: id, name, state, length, best KID, size, preset, data."""
    runs = store().runs
    if args.deleted:
        print("\n".join(list_trash(runs)) or "no deleted run")
        return
    places = RunQueue(runs).places()
    rows = [_row(facts, places.get(facts.run, 0)) for facts in matching(all_facts(runs), " ".join(args.words))]
    if not rows:
        print("no run")
        return
    head = ("id", "name", "state", "pictures", "KID × 1000", "size", "preset", "data")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _row(facts: RunFacts, place: int) -> tuple[str, ...]:
    return (
        facts.run,
        facts.name,
        _state(facts, place),
        facts.length,
        _kid(facts),
        show_size(facts.size),
        facts.preset,
        facts.data,
    )


def _state(facts: RunFacts, place: int) -> str:
    return f"{facts.state}, place {place}" if place else facts.state


def _kid(facts: RunFacts) -> str:
    return "–" if facts.kid is None else f"{facts.kid * 1000:.1f}"


def run_show(args: argparse.Namespace) -> None:
    """Print a run's facts, the names of its models, and its folder."""
    models = store()
    run = _find(models.runs, args.run)
    facts = run_facts(run)
    kept = [f"run:{run.name}@{nimg}" for nimg in positions(run, SNAPSHOTS)]
    best = f"{_kid(facts)}, after {facts.best:,} pictures" if facts.best is not None else "not measured"
    for label, text in (
        ("id", facts.run),
        ("name", facts.name or "–"),
        ("state", _state(facts, RunQueue(models.runs).place(run.name))),
        ("data", facts.data or "–"),
        ("preset", facts.preset or "–"),
        ("pictures", facts.length),
        ("training", f"{facts.seconds / 60:.1f} min"),
        ("KID × 1000", best),
        ("size", show_size(facts.size)),
        ("folder", str(run)),
        ("models", ", ".join(kept) or "none yet"),
    ):
        print(f"{label:<12}{text}")


def run_order(args: argparse.Namespace) -> None:
    """Give an order to the run's trainer; after one that ends it, waits until it has saved."""
    run = _find(store().runs, args.run)
    order_trainer(run, args.order)
    if args.order in ENDINGS:
        wait_for(lambda: not is_alive(run), STOP_WAIT)
    if is_alive(run):
        print(f"{run.name} {ORDERS[args.order][1]}")
    else:
        facts = run_facts(run)
        print(f"{run.name} {facts.state} after {facts.length} pictures")


def run_rename(args: argparse.Namespace) -> None:
    """Give a run a name, or take it away."""
    name = write_name(_find(store().runs, args.run), args.name)
    print(f"{args.run} is now named {name!r}" if name else f"{args.run} has no name now")


def run_delete(args: argparse.Namespace) -> None:
    """Move a run into the trash; with --for-good delete it."""
    runs = store().runs
    move_to_trash(_find(runs, args.run))
    empty_trash(runs)
    if args.for_good:
        delete_for_good(find_in_trash(runs, args.run))
        print(f"deleted {args.run} for good")
    else:
        print(f"deleted {args.run}; within a day, undo with: python -m dcgan runs restore {args.run}")


def run_restore(args: argparse.Namespace) -> None:
    """Move a run back out of the trash."""
    print(f"restored {restore_from_trash(store().runs, args.run)}")


def run_compare(args: argparse.Namespace) -> None:
    """Print the settings that differ and the best KIDs; draw curves and grids with --out."""
    runs = store().runs
    folders = [_find(runs, run) for run in (args.first, args.second)]
    facts = [run_facts(run) for run in folders]
    rows = [(one.setting, one.first, one.second) for one in run_differences(*folders)]
    rows += [("pictures seen", facts[0].length, facts[1].length), ("KID × 1000", _kid(facts[0]), _kid(facts[1]))]
    table = [("", *(one.run for one in facts)), *(tuple(map(str, row)) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    if not same_latents(*map(read_config, folders)):
        print("Their latents differ in size, so the same place in both grids shows different faces.")
    if args.out:
        compare_runs_figure([_curves(run, one) for run, one in zip(folders, facts, strict=True)], args.out)
        print(f"wrote {args.out}")


def _curves(run: Path, facts: RunFacts) -> RunCurves:
    grids = positions(run, f"{SAMPLES_FOLDER}/[0-9]*.jpg")
    grid = Image.open(run / SAMPLES_FOLDER / f"{grids[-1]:09d}.jpg") if grids else None
    title = f"{facts.run} ({facts.name})" if facts.name else facts.run
    return RunCurves(title, read_metrics(run), read_scores(run), grid)


def _find(runs: Path, run_id: str) -> Path:
    """Return a run's folder. Raises RunError, which lists the runs, when there is none of that id."""
    try:
        return find_run(runs, run_id or "-")
    except RunError as error:
        known = ", ".join(list_runs(runs)[:10])
        raise RunError(f"{error} Runs: {known or 'none yet'}.") from None
