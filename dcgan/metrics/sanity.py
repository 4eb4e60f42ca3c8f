"""Can the metrics be trusted? Real pictures are damaged more and more, and every metric has to follow, in order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from dcgan.metrics.distort import blur, copy_in, drop_modes, noise, swirl
from dcgan.metrics.evaluate import BETTER, Yardstick, shuffled
from dcgan.metrics.features import Extractor

Damage = Callable[[Tensor, float], Tensor]

# Damage, its unit, and the strengths from none to strong.
DAMAGES: dict[str, tuple[str, tuple[float, ...], Damage]] = {
    "blur": ("σ in pixels", (0, 1, 2, 4), blur),
    "noise": ("σ in gray levels", (0, 15, 30, 60), noise),
    "swirl": ("turn in radians", (0, 0.5, 1, 2), swirl),
    "modes kept": ("share, 0 = one picture", (1, 0.5, 0.1, 0), drop_modes),
}
COPIES = (0.0, 0.25, 0.5, 1.0)

# What a metric is not made to see. Precision and density ask whether each picture is a likely one, and pictures that
# repeat a few likely ones are. Similarity of pairs sees repetition; noise makes pictures unlike, blur alike.
BLIND = {
    ("precision", "modes kept"),
    ("density", "modes kept"),
    ("MS-SSIM of pairs", "blur"),
    ("MS-SSIM of pairs", "noise"),
    ("MS-SSIM of pairs", "swirl"),
}

# A mere alarm: it has to be higher for one picture than for all, no more.
ALARM = ("MS-SSIM of pairs", "modes kept")


@dataclass(frozen=True)
class Trial:
    """One metric under one damage of growing strength; `in_order` is None where the metric is not made to see it."""

    metric: str
    features: str
    damage: str
    strengths: tuple[float, ...]
    scores: tuple[float, ...]
    in_order: bool | None


def sanity(train: Tensor, held_out: Tensor, extractors: Sequence[Extractor], n: int = 2000) -> list[Trial]:
    """Runs every metric under every damage of `n` real pictures against held-out ones, all uint8 [N, nc, S, S]."""
    train, held_out = shuffled(train, 0), shuffled(held_out, 1)
    yardstick = Yardstick(train, held_out, extractors)
    reals = train[: min(n, len(held_out))]
    memory = "nearest train ÷ unseen"
    trials = []
    whole = yardstick.measure(reals)  # every damage begins with none
    for damage, (_, strengths, apply) in DAMAGES.items():
        columns = [whole, *(yardstick.measure(apply(reals, strength)) for strength in strengths[1:])]
        for metric, features in columns[0]:
            if metric == memory:
                continue
            scores = tuple(column[metric, features].score for column in columns)
            shown = (scores[0], scores[-1]) if (metric, damage) == ALARM else scores
            order = None if (metric, damage) in BLIND else worsens(shown, metric)
            trials.append(Trial(metric, features, damage, strengths, scores, order))
    # Copying shows in one metric alone; the pictures that are replaced by copies are unseen ones.
    probes = held_out[0::2]
    ratios = [yardstick.memory(copy_in(probes, train, share)) for share in COPIES]
    for extractor in extractors:
        scores = tuple(ratio[extractor.name].score for ratio in ratios)
        trials.append(Trial(memory, extractor.name, "copies", COPIES, scores, worsens(scores, memory)))
    return trials


def worsens(scores: Sequence[float], metric: str) -> bool:
    """Whether each score is worse than the one before; a score that has reached 0, the worst there is, may stay."""
    sign = -1 if BETTER[metric] == "higher" or metric == "nearest train ÷ unseen" else 1
    steps = [sign * (b - a) for a, b in itertools.pairwise(scores)]
    at_worst = [sign < 0 and b == 0 for b in scores[1:]]
    return all(step > 0 or worst for step, worst in zip(steps, at_worst, strict=True))


def sanity_markdown(trials: Sequence[Trial]) -> str:
    """The trials as one Markdown table a damage."""
    text = []
    for damage in dict.fromkeys(trial.damage for trial in trials):
        rows = [trial for trial in trials if trial.damage == damage]
        unit = DAMAGES[damage][0] if damage in DAMAGES else "share of training pictures"
        head = " | ".join(f"{strength:g}" for strength in rows[0].strengths)
        text += [f"**{damage}** ({unit})", "", f"| metric | features | {head} | in order |"]
        text.append("| --- | --- |" + " --- |" * (len(rows[0].strengths) + 1))
        for trial in rows:
            verdict = {True: "yes", False: "NO", None: "not meant to"}[trial.in_order]
            scores = " | ".join(f"{score:.4g}" for score in trial.scores)
            text.append(f"| {trial.metric} | {trial.features} | {scores} | {verdict} |")
        text.append("")
    return "\n".join(text)
