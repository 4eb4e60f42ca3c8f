"""Train the feature network of the metrics, without labels.

It learns two tasks at once. Contrastive: two random views of one picture must be closer than views of other pictures
(SimCLR, arXiv 2002.05709), so that features tell pictures apart. Classification of damage: none, blur, noise, a moved
patch, or a blend with another picture, so that features detect what generators get wrong. Train it without held-out
pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcgan.checkpoint import write_tensors
from dcgan.data.dataset import OnProgress
from dcgan.errors import DatasetError
from dcgan.metrics.features import DIM, WEIGHTS, FeatureNet, prepare

DAMAGE = ("none", "blur", "noise", "patch moved", "blend")
TEMPERATURE = 0.2
# enough to detect damage; at an equal weight, features detected little else
DAMAGE_WEIGHT = 0.3


def random_view(x: Tensor, rng: torch.Generator) -> Tensor:
    """Augment float [N, 3, S, S]: crop (70 – 100 %), rotate (±10°), mirror, brightness, contrast, faint noise."""
    n = len(x)

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(n, generator=rng) * (high - low) + low

    scale, angle = uniform(0.7, 1.0), uniform(-0.175, 0.175)
    mirror = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    shift_x, shift_y = uniform(-1, 1) * (1 - scale), uniform(-1, 1) * (1 - scale)
    theta = torch.stack([cos * mirror, -sin, shift_x, sin * mirror, cos, shift_y], dim=1).view(n, 2, 3)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    x = x * uniform(0.7, 1.3).view(-1, 1, 1, 1) + uniform(-0.3, 0.3).view(-1, 1, 1, 1)
    return x + torch.randn(x.shape, generator=rng) * uniform(0, 0.04).view(-1, 1, 1, 1)


def damaged(x: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Damage float [N, 3, 64, 64], each by a random kind and strength; also return the kinds, indices in DAMAGE [N]."""
    n, size = len(x), x.shape[-1]
    kind = torch.randint(len(DAMAGE), (n,), generator=rng)
    strength = torch.rand(n, 1, 1, 1, generator=rng)
    soft = F.avg_pool2d(F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), 3, 1, 1, count_include_pad=False)
    blurred = x + (soft - x) * (0.4 + 0.6 * strength)
    noised = x + torch.randn(x.shape, generator=rng) * (0.05 + 0.25 * strength)
    rows = torch.arange(n)
    blended = x + (x[(rows + 1) % n] - x) * (0.25 + 0.25 * strength)
    moved = x.clone()
    for i in (kind == DAMAGE.index("patch moved")).nonzero().flatten().tolist():
        side = int(torch.randint(12, 29, (1,), generator=rng))
        top, left, y, z = torch.randint(size - side + 1, (4,), generator=rng).tolist()
        moved[i, :, y : y + side, z : z + side] = x[i, :, top : top + side, left : left + side]
    return torch.stack([x, blurred, noised, moved, blended])[kind, rows], kind


def contrast_loss(a: Tensor, b: Tensor) -> Tensor:
    """Return NT-Xent (arXiv 2002.05709, eq. 1), a scalar, of the projections [N, p] of two views."""
    z = F.normalize(torch.cat([a, b]), dim=1)
    n = len(a)
    similarity = z @ z.T / TEMPERATURE
    similarity.fill_diagonal_(-1e9)
    partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(similarity, partner)


def train_features(
    sets: Sequence[Tensor],
    path: Path = WEIGHTS,
    steps: int = 1200,
    batch: int = 128,
    lr: float = 2e-3,
    seed: int = 0,
    description: str = "",
    on_progress: OnProgress = lambda done, total: None,
) -> Path:
    """Train on uint8 sets [N, 1 or 3, S, S] in turn (a batch is of one set) and write the weights to `path`.

    `description` of the pictures goes into the file's header. `on_progress(step, steps)`. Returns `path`. Takes about
    10 minutes on one CPU core. Raises DatasetError for fewer pictures than a batch.
    """
    if not sets or min(len(pictures) for pictures in sets) < batch:
        raise DatasetError(f"The feature network needs at least {batch} pictures of each kind to learn from.")
    rng = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = FeatureNet().to(memory_format=torch.channels_last)
        project = nn.Sequential(nn.Linear(DIM, 256), nn.BatchNorm1d(256), nn.ReLU(inplace=True), nn.Linear(256, 64))
        damage_head = nn.Linear(DIM, len(DAMAGE))
    parameters = [p for module in (network, project, damage_head) for p in module.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=lr, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, lr, total_steps=steps)
    for step in range(1, steps + 1):
        pictures = sets[step % len(sets)]
        x = prepare(pictures[torch.randint(len(pictures), (batch,), generator=rng)])
        spoiled, kind = damaged(x[: batch // 2], rng)
        views = torch.cat([random_view(x, rng), random_view(x, rng), random_view(spoiled, rng)])
        features = network(views.contiguous(memory_format=torch.channels_last))
        a, b = project(features[: 2 * batch]).chunk(2)
        logits = damage_head(features[2 * batch :])
        contrast, damage = contrast_loss(a, b), F.cross_entropy(logits, kind)
        optimiser.zero_grad(set_to_none=True)
        (contrast + DAMAGE_WEIGHT * damage).backward()
        optimiser.step()
        schedule.step()
        on_progress(step, steps)
    _calibrate(network, sets, rng, count=batch * 3 // 2)
    tensors = {name: t.half() if t.is_floating_point() else t for name, t in network.state_dict().items()}
    write_tensors(path, tensors, "features", {"info": {"data": description, "steps": steps, "seed": seed}})
    return path


@torch.no_grad()
def _calibrate(network: FeatureNet, sets: Sequence[Tensor], rng: torch.Generator, count: int) -> None:
    """Recompute the BatchNorm statistics with the final weights, from whole pictures, views and damaged pictures.

    With undamaged pictures alone, channels that detect damage would have almost no variance and be amplified.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = None  # the plain mean
            module.reset_running_stats()
    network.train()
    for _ in range(12):
        wholes = [prepare(s[torch.randint(len(s), (count,), generator=rng)]) for s in sets]
        network(torch.cat([y for x in wholes for y in (x, random_view(x, rng), damaged(x, rng)[0])]))
    network.eval()
