"""Other ways to draw from the same G, and what each wins and loses: shorter latents, latents without rare numbers, or
only the pictures that D believes most.

All of them trade variety for quality, so KID alone does not decide: coverage stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.images import to_float, to_uint8
from dcgan.latent.seeds import z_from_seeds
from dcgan.metrics.evaluate import Yardstick, shuffled
from dcgan.metrics.facerate import available, face_rate
from dcgan.metrics.features import Extractor
from dcgan.metrics.split import Split
from dcgan.metrics.table import with_error
from dcgan.models import Discriminator, Generator

BATCH = 100


@dataclass(frozen=True)
class Draw:
    """psi scales every latent (the page's truncation). Numbers of z beyond ± limit are drawn again (arXiv 1809.11096,
    section 3.1). keep is the share of the pictures that is kept, those with D's highest logits."""

    name: str
    psi: float = 1.0
    limit: float = math.inf
    keep: float = 1.0


DRAWS = (
    Draw("as it is"),
    Draw("psi 0.9", psi=0.9),
    Draw("psi 0.8", psi=0.8),
    Draw("psi 0.7", psi=0.7),
    Draw("numbers beyond 2 drawn again", limit=2.0),
    Draw("numbers beyond 1.5 drawn again", limit=1.5),
    Draw("numbers beyond 1 drawn again", limit=1.0),
    Draw("D keeps three of four", keep=0.75),
    Draw("D keeps half", keep=0.5),
    Draw("D keeps a quarter", keep=0.25),
)


def drawn_again(z: Tensor, limit: float, rng: torch.Generator) -> Tensor:
    """Latents [N, nz] whose numbers all lie within ± limit: those that do not are drawn until they do."""
    z = z.clone()
    while (outside := z.abs() > limit).any():
        z[outside] = torch.randn(int(outside.sum()), generator=rng)
    return z


@torch.inference_mode()
def draw_pictures(G: Generator, D: Discriminator | None, n: int, seed: int, draw: Draw) -> Tensor:
    """uint8 [n, nc, S, S] in random order, of the seeds from `seed` on; G and D are in eval mode. With keep below 1, D
    chooses among n / keep pictures."""
    assert not G.training and (draw.keep == 1 or (D is not None and not D.training))
    device = next(G.parameters()).device
    rng = torch.Generator().manual_seed(seed)
    count = math.ceil(n / draw.keep)
    pictures, logits = [], []
    for start in range(seed, seed + count, BATCH):
        z = z_from_seeds(range(start, min(start + BATCH, seed + count)), G.config.nz)
        z = draw.psi * (z if math.isinf(draw.limit) else drawn_again(z, draw.limit, rng))
        drawn = to_uint8(G(z.to(device)).cpu())
        pictures.append(drawn)
        if D is not None and draw.keep < 1:
            logits.append(torch.stack([D(to_float(picture[None]).to(device))[0].cpu() for picture in drawn]))
    if not logits:
        return torch.cat(pictures)
    best = torch.cat(logits).argsort(descending=True)[:n].sort().values  # back in the seeds' order
    return torch.cat(pictures)[best]


def draws_table(
    G: Generator,
    D: Discriminator | None,
    split: Split,
    extractor: Extractor,
    n: int = 2000,
    seed: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> str:
    """A line for each of DRAWS, as Markdown. Raises RequestError when there is no D to choose."""
    if D is None:
        raise RequestError("This model has no discriminator, which some of these ways need to choose pictures.")
    yardstick = Yardstick(shuffled(split.train, seed), shuffled(split.held_out, seed + 1), [extractor])
    lines = [
        "| drawn | KID × 1000 | precision | coverage | recall | Haar faces |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for draw in DRAWS:
        pictures = draw_pictures(G, D, n, seed, draw)
        scores = yardstick.measure(pictures)
        kid = scores["KID", extractor.name]
        cells = [with_error(1000 * kid.score, 1000 * kid.error)]
        cells += [with_error(*scores[name, extractor.name]) for name in ("precision", "coverage", "recall")]
        cells.append(f"{face_rate(pictures):.3f}" if available() else "–")
        lines.append(f"| {draw.name} | {' | '.join(cells)} |")
        report(lines[-1])
    return "\n".join(lines)
