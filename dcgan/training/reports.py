"""When a run reports and saves, and the log line of a step."""

from __future__ import annotations

from dcgan.config import TrainConfig

INTERVALS = ("log_every", "line_every", "sample_every", "snapshot_every", "eval_every", "state_every")


def intervals(config: TrainConfig) -> dict[str, int]:
    """Return the intervals of reports and outputs in pictures, without those that are off."""
    return {name: getattr(config, name) for name in INTERVALS if getattr(config, name) > 0}


def due_after(config: TrainConfig, count: int, before: int, nimg: int) -> set[str]:
    """Return the names of the intervals that end with the step from `before` to `nimg` pictures.

    `count`: pictures in the data set. All intervals end with the run.
    """
    is_end = nimg >= config.total_pictures(count)
    due = {name for name, every in intervals(config).items() if is_end or nimg // every > before // every}
    if config.tutorial_steps:
        due = due - {"line_every", "sample_every"} | _due_in_tutorial(config, count, before, is_end)
    return due


def _due_in_tutorial(config: TrainConfig, count: int, before: int, is_end: bool) -> set[str]:
    """Return what the tutorial's loop does after a step: `i % 50 == 0` prints a line, `iters % 500 == 0` draws a grid.

    i counts the steps of an epoch, iters those of the run. The loop also draws a grid at its end.
    """
    epoch, i, _, steps = _position(config, count, before)
    iters = epoch * steps + i
    due = set()
    if i % max(1, config.line_every // config.batch) == 0:
        due.add("line_every")
    if is_end or iters % max(1, config.sample_every // config.batch) == 0:
        due.add("sample_every")
    return due


def _position(config: TrainConfig, count: int, before: int) -> tuple[int, int, int, int]:
    """Return the epoch and the step within it that follow `before` pictures, and how many of each there are."""
    epoch_pictures = config.epoch_pictures(count)
    epoch, inside = divmod(before, epoch_pictures)
    epochs, steps = -(-config.total_pictures(count) // epoch_pictures), -(-epoch_pictures // config.batch)
    return epoch, inside // config.batch, epochs, steps


def step_line(config: TrainConfig, count: int, before: int, stats: dict[str, float]) -> str:
    """Format the tutorial's log line: [epoch/epochs][step/steps], losses, D(x), D(G(z)).

    `before`: pictures that were seen before the step.
    """
    epoch, i, epochs, steps = _position(config, count, before)
    return (
        f"[{epoch}/{epochs}][{i}/{steps}]\tLoss_D: {stats['D_loss']:.4f}"
        f"\tLoss_G: {stats['G_loss']:.4f}\tD(x): {stats['D_x']:.4f}"
        f"\tD(G(z)): {stats['D_G_z1']:.4f} / {stats['D_G_z2']:.4f}"
    )
