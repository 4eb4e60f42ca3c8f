"""`torchvision:NAME`: public data sets, downloaded by torchvision into the cache folder if possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dcgan.data.cache_folder import cache_folder
from dcgan.data.dataset import Dataset, OnProgress
from dcgan.data.decode import Picture, prepare
from dcgan.data.read_pictures import Item, read_pictures
from dcgan.data.spec import Spec
from dcgan.errors import DatasetError


@dataclass(frozen=True)
class _Known:
    """How torchvision opens the data set, and what to download by hand if it cannot.

    parts: keyword arguments of each part, which are joined; fetch: what to download; example: a file that must exist.
    """

    parts: tuple[Mapping[str, Any], ...]
    words: str
    fetch: str
    example: str
    downloads: bool = True


KNOWN: Mapping[str, _Known] = {
    "CIFAR10": _Known(
        parts=({"train": True},),
        words="its training pictures",
        fetch="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz and unpack it",
        example="cifar-10-batches-py/data_batch_1",
    ),
    "FashionMNIST": _Known(
        parts=({"train": True},),
        words="its training pictures",
        fetch="the four *-ubyte.gz files of https://github.com/zalandoresearch/fashion-mnist and unpack each",
        example="FashionMNIST/raw/train-images-idx3-ubyte",
    ),
    "CelebA": _Known(
        parts=({"split": "all"},),
        words="the aligned and cropped faces",
        fetch="img_align_celeba.zip and the five .txt files beside it from "
        "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html and unpack the archive among them",
        example="celeba/img_align_celeba/000001.jpg",
    ),
    "LFWPeople": _Known(
        parts=({"split": "10fold", "image_set": "funneled"},),
        words="the funneled faces",
        fetch="lfw-funneled.tgz, people.txt and lfw-names.txt from a mirror of Labeled Faces in the Wild (its own "
        "server is gone) and unpack the archive among them",
        example="lfw-py/lfw_funneled/Aaron_Eckhart/Aaron_Eckhart_0001.jpg",
        downloads=False,
    ),
    "Flowers102": _Known(
        parts=({"split": "train"}, {"split": "val"}, {"split": "test"}),
        words="all three parts",
        fetch="102flowers.tgz, imagelabels.mat and setid.mat from https://www.robots.ox.ac.uk/~vgg/data/flowers/102 "
        "and unpack the archive among them",
        example="flowers-102/jpg/image_00001.jpg",
    ),
    "STL10": _Known(
        parts=({"split": "unlabeled"},),
        words="its unlabelled pictures",
        fetch="http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz and unpack it",
        example="stl10_binary/unlabeled_X.bin",
    ),
}


def open_torchvision(
    spec: Spec, text: str, size: int, nc: int, on_progress: OnProgress | None = None, first: int | None = None
) -> Dataset:
    """Read a torchvision data set, or its `first` pictures.

    Raises DatasetError that says what to download and where to put it.
    """
    name = find_torchvision(spec)
    root = cache_folder() / "torchvision"
    parts = [_load(name, root, arguments) for arguments in KNOWN[name].parts]
    count = sum(len(part) for part in parts)
    gathered = read_pictures(_items(parts, size), count, name, size, nc, on_progress, first)
    return Dataset(
        pictures=gathered.pictures,
        name=name,
        spec=text,
        original_size=gathered.original_size,
        source=f"{name} of torchvision, {KNOWN[name].words}.",
        skipped=gathered.skipped,
        grayscale=gathered.grayscale,
        total=gathered.total,
    )


def find_torchvision(spec: Spec) -> str:
    """Return the key of KNOWN that a spec means. Raises DatasetError if there is none."""
    names = {name.lower(): name for name in KNOWN}
    name = names.get(spec.target.lower())
    if name is None:
        raise DatasetError(f"There is no torchvision:{spec.target} here; choose one of: {', '.join(KNOWN)}.")
    return name


def _load(name: str, root: Path, arguments: Mapping[str, Any]) -> Any:
    """Open the data set from disk, or download it."""
    from torchvision import datasets  # imported here because it takes seconds

    known = KNOWN[name]
    make = getattr(datasets, name)
    # torchvision raises many kinds of errors for a missing, damaged or unreachable data set: RuntimeError, ValueError,
    # URLError, AssertionError, ImportError and those of tarfile, gzip and pickle.
    try:
        return make(root, **arguments)
    except Exception as error:
        reason = f"incomplete or missing in {root}" if isinstance(error, RuntimeError) else _first_line(error)
    if known.downloads:
        try:
            return make(root, download=True, **arguments)
        except Exception as error:
            reason = f"the download failed: {_first_line(error)}"
    raise DatasetError(
        f"{name} is not available ({reason}): download {known.fetch}, so that {root / known.example} is there."
    )


def _items(parts: list[Any], size: int) -> Iterator[Item]:
    for number, part in enumerate(parts):
        for index in range(len(part)):
            yield Item(f"picture {index} of part {number + 1}", partial(_read, part, index, size))


def _read(part: Any, index: int, size: int) -> Picture:
    try:
        image, _ = part[index]
        return prepare(image, size)
    except (OSError, ValueError, SyntaxError) as error:
        raise DatasetError(f"damaged ({error})") from None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__
