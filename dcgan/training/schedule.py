"""When a run reports and saves, and the log line of a step."""

from __future__ import annotations

from dcgan.config import TrainConfig

INTERVALS = ("log_every", "line_every", "sample_every", "snapshot_every", "eval_every", "state_every")


def due_after(config: TrainConfig, count: int, before: int, nimg: int) -> set[str]:
    """Return the names of the intervals that end with the step from `before` to `nimg` pictures.

    `count`: pictures in the data set. All intervals end with the run; one of 0 pictures is off.
    """
    is_end = nimg >= config.total_pictures(count)
    intervals = {name: getattr(config, name) for name in INTERVALS}
    return {name for name, every in intervals.items() if every and (is_end or nimg // every > before // every)}


def step_line(config: TrainConfig, count: int, before: int, stats: dict[str, float]) -> str:
    """Format the tutorial's log line: [epoch/epochs][step/steps], losses, D(x), D(G(z)).

    `before`: pictures that were seen before the step.
    """
    epoch_pictures = config.epoch_pictures(count)
    epoch, inside = divmod(before, epoch_pictures)
    epochs, steps = -(-config.total_pictures(count) // epoch_pictures), -(-epoch_pictures // config.batch)
    return (
        f"[{epoch}/{epochs}][{inside // config.batch}/{steps}]\tLoss_D: {stats['D_loss']:.4f}"
        f"\tLoss_G: {stats['G_loss']:.4f}\tD(x): {stats['D_x']:.4f}"
        f"\tD(G(z)): {stats['D_G_z1']:.4f} / {stats['D_G_z2']:.4f}"
    )
