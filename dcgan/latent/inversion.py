"""From a picture back to its latent: the z whose picture is nearest, found by descent on the pixels (iGAN,
arXiv 1609.03552).

A start is chosen among random latents (and an encoder's guess, where there is one), then L-BFGS walks on from it. The
latent never leaves the shell in which 99 % of the prior lies: outside of it pixels can still be won, but sliders then
draw what G was never taught. On the faces model other starts, other weights of the penalty and Gauss-Newton steps all
end at the same distance, so one start and about a hundred evaluations are enough.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import torch
from torch import Tensor

from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator

CROWD = 128  # random latents among which a start is chosen
CROWD_BESIDE_ENCODER = 8
EVALUATIONS = 80
PENALTY = 1e-4  # on the mean square of z: without any, flat dimensions drift
BATCH = 8  # pictures of the crowd at a time: it fits the processor's caches
SEARCH = 0.25  # share of the progress that choosing the start takes

Report = Callable[[float, Tensor], None]  # progress 0 … 1, and the z [nz] reached
Run = Callable[[Callable[[Tensor], Any], Tensor], Any]  # run(task, item) is task(item), somewhere


@dataclass(frozen=True)
class Inversion:
    """z [N, nz], to half precision as links carry it; rmse [N] and start_rmse [N]: distance on [-1, 1], after and
    before the descent."""

    z: Tensor
    rmse: Tensor
    start_rmse: Tensor


class _Stopped(Exception):
    """`should_stop` said so."""


def shell(nz: int, share: float = 0.99) -> tuple[float, float]:
    """Shortest and longest ‖z‖ between which `share` of the standard normal latents lie (Wilson and Hilferty)."""
    bend, deviation = 2 / (9 * nz), NormalDist().inv_cdf((1 + share) / 2)
    low, high = (max(0.0, 1 - bend + sign * deviation * bend**0.5) ** 3 for sign in (-1, 1))
    return (nz * low) ** 0.5, (nz * high) ** 0.5


def into_shell(z: Tensor) -> Tensor:
    """[N, nz] → the nearest latents within the shell."""
    length = z.norm(dim=1, keepdim=True).clamp_min(1e-6)
    kept: Tensor = z * (length.clamp(*shell(z.shape[1])) / length)
    return kept


def invert(
    G: Generator,
    targets: Tensor,
    *,
    seed: int = 0,
    crowd: int | None = None,
    evaluations: int = EVALUATIONS,
    encoder: Callable[[Tensor], Tensor] | None = None,
    report: Report = lambda progress, z: None,
    should_stop: Callable[[], bool] = lambda: False,
    run: Run = lambda task, item: task(item),
) -> Inversion:
    """The latents of `targets` [N, nc, S, S] in [-1, 1], one picture after the other; depends on nothing but `seed`.

    G is in eval mode and wants no gradients of its own; `encoder` maps pictures to latents, and the `crowd` of random
    starts, 128 by default, may then be small. `report` is called after
    each evaluation. When `should_stop` says so, what was reached by then is returned. `run` does one evaluation; a
    server hands it to its workers, so that others get their turn in between.
    """
    assert not G.training and targets.shape[1:] == (G.config.nc, G.config.image_size, G.config.image_size)
    device = next(G.parameters()).device
    targets = targets.to(device)
    crowd = crowd or (CROWD if encoder is None else CROWD_BESIDE_ENCODER)
    latents = into_shell(z_from_seeds(range(seed, seed + crowd), G.config.nz).to(device))
    found: list[tuple[Tensor, float]] = []
    starts = _nearest(G, targets, latents, lambda share: report(SEARCH * share, latents[0].cpu()), should_stop, run)
    for i, (target, start) in enumerate(zip(targets, starts, strict=True)):
        if encoder is not None:
            guess = into_shell(encoder(target[None]))
            start = min(start, guess, key=lambda z: _rmse(G, z, target))

        def tell(share: float, z: Tensor, i: int = i) -> None:
            report(SEARCH + (1 - SEARCH) * (i + share) / len(targets), z)

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
    run: Run,
) -> list[Tensor]:
    """For each target [N, nc, S, S] the one of `latents` [M, nz] whose picture is nearest: [1, nz] each."""

    def distances(z: Tensor) -> Tensor:
        with torch.no_grad():  # a worker's thread has its own mode
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
    run: Run,
) -> Tensor:
    """L-BFGS from `start` [1, nz] towards one picture [nc, S, S]; returns the best z [1, nz] within the shell."""
    free = start.clone().requires_grad_()  # it may leave the shell: what is drawn, and returned, may not
    best, least, count = start, float("inf"), 0

    def evaluate(z: Tensor) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            kept = into_shell(z)
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
            best, least = into_shell(free.detach().clone()), float(loss)
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
        tell(1.0, best[0].cpu())  # where it converged before its last evaluation
    return best.cpu()


@torch.no_grad()
def _rmse(G: Generator, z: Tensor, target: Tensor) -> float:
    return float((G(z)[0] - target).square().mean().sqrt())
