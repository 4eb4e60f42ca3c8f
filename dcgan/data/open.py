"""Open any data set by its spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dcgan.data.dataset import Dataset, OnProgress
from dcgan.data.doodle_set import open_doodles, parse_doodles
from dcgan.data.folder import open_folder
from dcgan.data.npy import open_npy
from dcgan.data.spec import Spec, parse
from dcgan.data.torchvision_sets import find_torchvision, open_torchvision
from dcgan.data.zip_archive import open_zip


def open_dataset(
    spec: str,
    image_size: int = 64,
    nc: int = 3,
    on_progress: OnProgress | None = None,
    first: int | None = None,
) -> Dataset:
    """Read the whole data set named by `spec` (see `spec.KINDS`) as uint8 [N, nc, image_size, image_size].

    `first` reads only so many of its pictures, at least 2, which takes a moment even of a large set. Each picture's
    shorter side is resized and its centre cropped. `on_progress(done, total)` is called a few times a second; what it
    raises ends the reading. Raises DatasetError with a sentence for the user.
    """
    assert image_size > 0 and nc in (1, 3) and (first is None or first >= 2), (image_size, nc, first)
    parsed = parse(spec)
    return _OPENERS[parsed.kind](parsed, spec, image_size, nc, on_progress, first)


def check_spec(text: str) -> Spec:
    """Parse a spec and check all that can be known before anything is read. Raises DatasetError as `open_dataset`."""
    parsed = parse(text)
    if parsed.kind == "doodles":
        parse_doodles(parsed)
    elif parsed.kind == "torchvision":
        find_torchvision(parsed)
    return parsed


_OPENERS: Mapping[str, Callable[[Spec, str, int, int, OnProgress | None, int | None], Dataset]] = {
    "doodles": open_doodles,
    "npy": open_npy,
    "folder": open_folder,
    "zip": open_zip,
    "torchvision": open_torchvision,
}
