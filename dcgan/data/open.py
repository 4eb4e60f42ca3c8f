"""The one way in: a spec becomes pictures in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dcgan.data.builtin import open_doodles
from dcgan.data.dataset import Dataset, Progress
from dcgan.data.folder import open_folder
from dcgan.data.npy import open_npy
from dcgan.data.spec import Spec, parse
from dcgan.data.torchvision_sets import open_torchvision
from dcgan.data.zipped import open_zip


def open_dataset(spec: str, image_size: int = 64, nc: int = 3, progress: Progress | None = None) -> Dataset:
    """Reads the whole data set `spec` names (see `spec.KINDS`) as uint8 [N, nc, image_size, image_size].

    The shorter side is resized, the centre cut out. `progress(done, total)` is called now and then. Raises
    DatasetError with a sentence on everything that can be wrong with it.
    """
    assert image_size > 0 and nc in (1, 3), (image_size, nc)
    parsed = parse(spec)
    return _OPENERS[parsed.kind](parsed, spec, image_size, nc, progress)


_OPENERS: Mapping[str, Callable[[Spec, str, int, int, Progress | None], Dataset]] = {
    "doodles": open_doodles,
    "npy": open_npy,
    "folder": open_folder,
    "zip": open_zip,
    "torchvision": open_torchvision,
}
