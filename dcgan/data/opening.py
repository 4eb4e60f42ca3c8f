"""The one way in: a spec becomes pictures in memory."""

from __future__ import annotations

from dcgan.data.dataset import Dataset, Progress
from dcgan.data.npy import open_npy
from dcgan.data.spec import parse
from dcgan.errors import DatasetError


def open_dataset(spec: str, image_size: int = 64, nc: int = 3, progress: Progress | None = None) -> Dataset:
    """Reads the whole data set `spec` names (see `spec.KINDS`) as uint8 [N, nc, image_size, image_size].

    The shorter side is resized, the centre cut out. `progress(done, total)` is called now and then. Raises
    DatasetError with a sentence on everything that can be wrong with it.
    """
    assert image_size > 0 and nc in (1, 3), (image_size, nc)
    parsed = parse(spec)
    if parsed.kind == "npy":
        return open_npy(parsed, spec, image_size, nc, progress)
    raise DatasetError(f"{parsed.kind} is not a kind of data set that can be opened.")
