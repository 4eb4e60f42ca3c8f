"""Inversion: find the z whose picture is nearest to a given one, by optimisation (iGAN, arXiv 1609.03552).

The start is the best of some random latents and, if there is one, the encoder's estimate. L-BFGS then minimises the
pixel distance. ‖z‖ is kept in the range that holds 99 % of the prior: beyond it the distance can still fall, but
sliders then leave what G was trained on. On the faces model other starts, penalties and Gauss-Newton steps reach the
same distance.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.latent.prior import clamp_norm
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator

CANDIDATES = 128  # random latents from which the start is chosen
CANDIDATES_BESIDE_ENCODER = 8
EVALUATIONS = 80
PENALTY = 1e-4  # weight of the mean square of z: without it, dimensions that change nothing drift
BATCH = 8  # candidates at a time: fits the processor's cache
START_SHARE = 0.25  # part of the progress that choosing the start counts for

OnProgress = Callable[[float, Tensor], None]  # (progress 0 … 1, best z [nz] so far)
RunTask = Callable[[Callable[[Tensor], Any], Tensor], Any]  # run(task, item) returns task(item), from any thread


@dataclass(frozen=True)
class Inversion:
    """z [N, nz]: rounded to float16, as in links; rmse, start_rmse [N]: distance on [-1, 1] at the end and start."""

    z: Tensor
    rmse: Tensor
    start_rmse: Tensor


class _Stopped(Exception):
    """`should_stop` returned true."""


def invert(
    G: Generator,
    targets: Tensor,
    *,
    seed: int = 0,
    candidates: int | None = None,
    evaluations: int = EVALUATIONS,
    encoder: Callable[[Tensor], Tensor] | None = None,
    on_progress: OnProgress = lambda progress, z: None,
    should_stop: Callable[[], bool] = lambda: False,
    run: RunTask = lambda task, item: task(item),
) -> Inversion:
    """Find the latents of `targets` [N, nc, S, S] in [-1, 1], one after the other. Deterministic for a given `seed`.

    G: in eval mode, with its parameters frozen. encoder: maps pictures to latents; with one, few random `candidates`
    are needed. on_progress: called after each evaluation. should_stop: ends early with the best latents so far.
    run: computes one evaluation, perhaps on another thread, so that other visitors' tasks run in between.
    """
    assert not G.training and targets.shape[1:] == (G.config.nc, G.config.image_size, G.config.image_size)
    device = next(G.parameters()).device
    targets = targets.to(device)
    candidates = candidates or (CANDIDATES if encoder is None else CANDIDATES_BESIDE_ENCODER)
    latents = clamp_norm(z_from_seeds(range(seed, seed + candidates), G.config.nz).to(device))
    found: list[tuple[Tensor, float]] = []
    starts = _nearest(
        G, targets, latents, lambda share: on_progress(START_SHARE * share, latents[0].cpu()), should_stop, run
    )
    for i, (target, start) in enumerate(zip(targets, starts, strict=True)):
        if encoder is not None:
            guess = clamp_norm(encoder(target[None]))
            start = min(start, guess, key=lambda z: _rmse(G, z, target))

        def tell(share: float, z: Tensor, i: int = i) -> None:
            on_progress(START_SHARE + (1 - START_SHARE) * (i + share) / len(targets), z)

        found.append((_descend(G, target, start, evaluations, tell, should_stop, run), _rmse(G, start, target)))
    z = torch.cat([z for z, _ in found]).half().float()
    after = [_rmse(G, z[i : i + 1].to(device), target) for i, target in enumerate(targets)]
    return Inversion(z, torch.tensor(after), torch.tensor([before for _, before in found]))


@torch.no_grad()
def _nearest(
    G: Generator,
    targets: Tensor,
    latents: Tensor,
    tell: Callable[[float], None],
    should_stop: Callable[[], bool],
    run: RunTask,
) -> list[Tensor]:
    """Return for each target [N, nc, S, S] the latent [1, nz] of `latents` [M, nz] whose picture is nearest."""

    def distances(z: Tensor) -> Tensor:
        with torch.no_grad():  # grad mode is per thread, and this may run on another one
            return torch.cdist(targets.flatten(1), G(z).flatten(1))

    columns: list[Tensor] = []
    for part in latents.split(BATCH):
        if columns and should_stop():
            break
        columns.append(run(distances, part))
        tell(len(columns) * BATCH / len(latents))
    return [latents[best][None] for best in torch.cat(columns, dim=1).argmin(dim=1).tolist()]


def _descend(
    G: Generator,
    target: Tensor,
    start: Tensor,
    evaluations: int,
    tell: Callable[[float, Tensor], None],
    should_stop: Callable[[], bool],
    run: RunTask,
) -> Tensor:
    """Run L-BFGS from `start` [1, nz] towards one picture [nc, S, S]; return the best z [1, nz] within `norm_range`."""
    free = start.clone().requires_grad_()  # not limited itself: the clamped copy is drawn and returned
    best, least, count = start, float("inf"), 0

    def evaluate(z: Tensor) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            kept = clamp_norm(z)
            loss = (G(kept) - target).square().mean() + PENALTY * kept.square().mean()
            return loss.detach(), torch.autograd.grad(loss, z)[0]

    def closure() -> Tensor:
        nonlocal best, least, count
        if should_stop():
            raise _Stopped
        loss: Tensor
        loss, free.grad = run(evaluate, free)
        count += 1
        if float(loss) < least:
            best, least = clamp_norm(free.detach().clone()), float(loss)
        tell(min(1.0, count / evaluations), best[0].cpu())
        return loss

    descent = torch.optim.LBFGS(
        [free],
        max_iter=evaluations,
        max_eval=evaluations,
        history_size=30,
        tolerance_grad=1e-6,
        tolerance_change=1e-7,
        line_search_fn="strong_wolfe",
    )
    with suppress(_Stopped):
        descent.step(closure)
        tell(1.0, best[0].cpu())  # it may converge before its last evaluation
    return best.cpu()


@torch.no_grad()
def _rmse(G: Generator, z: Tensor, target: Tensor) -> float:
    return float((G(z)[0] - target).square().mean().sqrt())
