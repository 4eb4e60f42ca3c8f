"""Multi-scale structural similarity between pairs of samples (arXiv 1610.09585, section 4.2): an alarm for collapse.

Not a measure of quality: a generator that repeats itself scores clearly *above* the real pictures, noise far below.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from dcgan.metrics.estimate import Estimate, mean_and_error
from dcgan.metrics.filters import apply_filter, bell, filter_matrix

# Wang et al. 2003, "Multi-scale structural similarity for image quality assessment", section 3.2.
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
WINDOW, SIGMA = 11, 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim_parts(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Luminance × contrast-structure and contrast-structure alone of pairs [N, C, S, S], each [N]."""
    side = a.shape[-1]
    # On a level smaller than 11 pixels the window shrinks with the picture, as in the papers' own code.
    size = min(WINDOW, side)
    window = filter_matrix(bell(SIGMA * size / WINDOW, size), side)

    def local(x: Tensor) -> Tensor:
        return apply_filter(x, window)

    mean_a, mean_b = local(a), local(b)
    var_a, var_b = local(a * a) - mean_a**2, local(b * b) - mean_b**2
    structure = (2 * (local(a * b) - mean_a * mean_b) + C2) / (var_a + var_b + C2)
    luminance = (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
    return (luminance * structure).mean(dim=(1, 2, 3)), structure.mean(dim=(1, 2, 3))


def ms_ssim(a: Tensor, b: Tensor) -> Tensor:
    """uint8 pictures [N, nc, H, W] pair by pair → similarity [N] in 0 … 1; 1 means equal. Five scales."""
    x, y = a.double(), b.double()
    result = torch.ones(len(x), dtype=torch.float64)
    for level, weight in enumerate(WEIGHTS):
        full, structure = ssim_parts(x, y)
        # Negative similarity has no real power; it counts as none.
        result *= (full if level == len(WEIGHTS) - 1 else structure).clamp(min=0) ** weight
        x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
    return result


def pair_similarity(pictures: Tensor, batch: int = 256) -> Estimate:
    """Mean MS-SSIM of neighbours (1st with 2nd, 3rd with 4th, …) of uint8 [N, nc, H, W], in random order."""
    pairs = len(pictures) // 2
    assert pairs > 0, "a pair needs two pictures"
    chunks = pictures[: 2 * pairs].split(2 * batch)
    return mean_and_error(torch.cat([ms_ssim(chunk[0::2], chunk[1::2]) for chunk in chunks]))
