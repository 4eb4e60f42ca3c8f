"""Whether this machine computes, to the last bit, as the one on which a test's expected values were recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

# [rows, inner, columns] of the matrix products in a generator at the tutorial's size
PRODUCTS = ((1, 100, 8192), (16, 512, 4096), (64, 256, 2048), (256, 128, 1024), (1024, 64, 48))


def describe_machine() -> dict[str, str]:
    """torch's version, its processor capability, and a hash of fixed arithmetic on one thread.

    The hash is there because one version and one capability still leave the libraries a choice of kernels.
    """
    with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as thread:
        arithmetic = thread.submit(_hash_arithmetic).result()
    return {
        "torch": torch.__version__,
        "capability": torch.backends.cpu.get_cpu_capability(),
        "arithmetic": arithmetic,
    }


def _hash_arithmetic() -> str:
    random = np.random.RandomState(0)  # its stream is promised never to change

    def draw(*shape: int) -> Tensor:
        return torch.from_numpy(random.standard_normal(shape).astype(np.float32))

    results = [torch.mm(draw(rows, inner), draw(inner, columns)).tanh() for rows, inner, columns in PRODUCTS]
    # A training step: convolutions both ways, and the gradients of their weights.
    down, up = draw(8, 4, 4, 4).requires_grad_(), draw(8, 4, 4, 4).requires_grad_()
    picture = F.conv_transpose2d(F.conv2d(draw(8, 4, 16, 16), down, stride=2, padding=1), up, stride=2, padding=1)
    results += torch.autograd.grad(F.softplus(picture).mean(), (down, up))
    digest = sha256()
    for result in results:
        digest.update(result.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()
