"""Feature extractors for the metrics: two small frozen networks, so that no weights have to be downloaded.

"trained": a network that was trained without labels to match two crops of a picture and to classify damage
(`train_features.py`); its weights are in `weights/`. "random": the same network with random weights. Metrics on random
features agree with those on trained ones and detect other faults (arXiv 2208.09218).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcgan.checkpoint import fill, read_tensors
from dcgan.images import to_float

SIZE = 64
DIM = 128
CHANNELS = (24, 48, 96, 128)
WEIGHTS = Path(__file__).parent / "weights" / "features.safetensors"


class FeatureNet(nn.Module):
    """Maps pictures [N, 3, 64, 64] in [-1, 1] to features [N, 128] of length √128.

    Features of equal length stay within the useful range of KID's cubic kernel. Without normalisation, faint noise
    scored a thousand times worse than a collapse to one picture.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        c_in = 3
        for c_out in CHANNELS:  # 64 → 32 → 16 → 8 → 4
            layers += [nn.Conv2d(c_in, c_out, 3, 2, 1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True)]
            c_in = c_out
        # Flattened, not averaged, so that features depend on where things are in the picture.
        layers += [nn.Flatten(), nn.Linear(CHANNELS[-1] * 16, DIM, bias=False), nn.BatchNorm1d(DIM, affine=False)]
        self.main = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        features: Tensor = F.normalize(self.main(pictures), dim=1) * DIM**0.5
        return features


@dataclass(frozen=True)
class Extractor:
    """A frozen network, its name, and the hash of its weights; scores are comparable only if the hashes are equal."""

    name: str
    sha256: str
    network: FeatureNet

    @torch.inference_mode()
    def __call__(self, pictures: Tensor, batch: int = 256) -> Tensor:
        """Compute the features of uint8 pictures [N, 1 or 3, S, S]: float32 [N, 128], on the CPU."""
        device = next(self.network.parameters()).device
        return torch.cat([self.network(prepare(part).to(device)).cpu() for part in pictures.split(batch)])


def prepare(pictures: Tensor) -> Tensor:
    """Convert uint8 [N, 1 or 3, S, S] to float [N, 3, 64, 64] in [-1, 1]; gray becomes three equal channels."""
    x = to_float(pictures)
    if x.shape[-1] != SIZE or x.shape[-2] != SIZE:
        x = F.interpolate(x, size=(SIZE, SIZE), mode="bilinear", align_corners=False, antialias=True)
    return x.expand(-1, 3, -1, -1)


def trained_extractor(path: Path = WEIGHTS, device: str = "cpu") -> Extractor:
    """Load the network that `train_features` wrote to `path`. Raises CheckpointError for any other file."""
    tensors, _ = read_tensors(path, "features")
    network = _new_network()
    fill(network, tensors, str(path))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Extractor("trained", sha256, network.to(device).eval().requires_grad_(False))


def random_extractor(seed: int = 0, device: str = "cpu") -> Extractor:
    """Make the network with random weights (He et al., arXiv 1502.01852), which depend on `seed` alone."""
    # NumPy guarantees that RandomState's stream never changes; newer generators have no such guarantee.
    random = np.random.RandomState(seed)
    network, digest = _new_network(), hashlib.sha256()
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            weight = random.standard_normal(module.weight.shape).astype(np.float32)
            weight *= (2 / module.weight[0].numel()) ** 0.5
            module.weight.data.copy_(torch.from_numpy(weight))
            digest.update(weight.astype("<f2").tobytes())
    _calibrate(network, _smooth_noise(512, random))
    name = "random" if seed == 0 else f"random-{seed}"
    return Extractor(name, digest.hexdigest(), network.to(device).eval().requires_grad_(False))


def _new_network() -> FeatureNet:
    """Make a network without advancing the global generator; its weights are replaced afterwards."""
    with torch.random.fork_rng(devices=[]):
        return FeatureNet()


@torch.no_grad()
def _calibrate(network: FeatureNet, pictures: Tensor) -> None:
    """Set the BatchNorm statistics to those of the pictures, float [N, 3, 64, 64]."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = None  # the plain mean
            module.reset_running_stats()
    network.train()(pictures)


def _smooth_noise(count: int, random: np.random.RandomState) -> Tensor:
    """Make pictures [N, 3, 64, 64] with about the spectrum of photographs: noise of all scales, stronger if coarse."""
    total = torch.zeros(count, 3, SIZE, SIZE)
    for side in (2, 4, 8, 16, 32, 64):
        noise = torch.from_numpy(random.standard_normal((count, 3, side, side)).astype(np.float32))
        # Half of the noise is common to the channels, like brightness in photographs.
        noise = noise + noise.mean(dim=1, keepdim=True) * 3**0.5
        total += F.interpolate(noise, size=(SIZE, SIZE), mode="bilinear", align_corners=False) / side**0.5
    return (total / total.std() * 0.5).clamp(-1, 1)
