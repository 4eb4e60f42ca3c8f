"""torchvision's data sets, from files of their real format; no network is needed, or used."""

from __future__ import annotations

import socket
import struct

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import datasets

from dcgan.data import open_dataset
from dcgan.data.torchvision_sets import KNOWN
from dcgan.errors import DatasetError


@pytest.fixture(autouse=True)
def _offline(tmp_path, monkeypatch):
    """An own cache folder, and a network that cannot be reached."""

    def unreachable(*_: object, **__: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path))
    monkeypatch.setattr(socket, "getaddrinfo", unreachable)


def write_idx(path, array: np.ndarray) -> None:
    """An array in the format of MNIST's files."""
    path.write_bytes(struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes())


def test_fashion_mnist_from_its_files(tmp_path):
    """Files that were put in the place the error names are read by torchvision itself."""
    folder = tmp_path / "torchvision/FashionMNIST/raw"
    folder.mkdir(parents=True)
    pictures = np.random.default_rng(0).integers(0, 256, (6, 28, 28), dtype=np.uint8)
    for part, array in (("train", pictures), ("t10k", pictures[:2])):
        write_idx(folder / f"{part}-images-idx3-ubyte", array)
        write_idx(folder / f"{part}-labels-idx1-ubyte", np.zeros(len(array), np.uint8))
    dataset = open_dataset("torchvision:FashionMNIST", 28, 3)
    assert torch.equal(dataset.pictures, torch.from_numpy(pictures)[:, None].expand(-1, 3, -1, -1))
    assert dataset.grayscale
    assert dataset.name == "FashionMNIST"
    assert dataset.original_size == "28 × 28"
    assert open_dataset("torchvision:fashionmnist", 32, 1).pictures.shape == (6, 1, 32, 32)


def test_celeba_from_its_files(tmp_path, monkeypatch):
    """Every face of all three splits is read; a missing one is skipped and named."""
    monkeypatch.setattr(datasets.CelebA, "file_list", [])  # its checksums, which six small faces cannot have
    folder = tmp_path / "torchvision/celeba"
    (folder / "img_align_celeba").mkdir(parents=True)
    names = [f"{i:06}.jpg" for i in range(6)]
    for i, name in enumerate(names[:5]):
        Image.new("RGB", (178, 218), (40 * i, 0, 0)).save(folder / "img_align_celeba" / name)
    tables = {"list_eval_partition": 1, "identity_CelebA": 1}
    headed = {"list_bbox_celeba": 4, "list_landmarks_align_celeba": 10, "list_attr_celeba": 40}
    for table, columns in (tables | headed).items():
        head = ["6", " ".join("x" * columns)] if table in headed else []
        rows = [f"{name} " + " ".join([str(i % 3)] * columns) for i, name in enumerate(names)]
        (folder / f"{table}.txt").write_text("\n".join(head + rows) + "\n")
    dataset = open_dataset("torchvision:CelebA", 32, 3)
    assert dataset.count == 5
    assert len(dataset.skipped) == 1
    assert dataset.original_size == "178 × 218"
    assert (dataset.pictures[:, 0, 16, 16].int() - torch.arange(5) * 40).abs().max() <= 2


@pytest.mark.parametrize("name", KNOWN)
def test_without_network_the_error_says_what_to_fetch_and_where_to_put_it(tmp_path, name):
    """Each set that cannot be downloaded names its files and their place in the cache folder, in one sentence."""
    with pytest.raises(DatasetError) as caught:
        open_dataset(f"torchvision:{name}")
    sentence = str(caught.value)
    assert ": download " in sentence
    assert str(tmp_path / "torchvision" / KNOWN[name].example) in sentence
    assert "download=True" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("name", KNOWN)
def test_torchvision_has_what_we_ask_it_for(name):
    """Every name is a class of the torchvision that is installed, and its arguments are ones it takes."""
    import inspect

    parameters = inspect.signature(getattr(datasets, name)).parameters
    for part in KNOWN[name].parts:
        assert set(part) <= set(parameters)


def test_an_unknown_name_lists_the_known_ones():
    """A set that is not offered raises DatasetError, which lists those that are."""
    with pytest.raises(DatasetError, match="CIFAR10, FashionMNIST, CelebA, LFWPeople, Flowers102, STL10"):
        open_dataset("torchvision:ImageNet")


def test_damaged_files_are_an_error_not_a_crash(tmp_path):
    """A file that was cut short while it was copied is reported like a missing one."""
    folder = tmp_path / "torchvision/FashionMNIST/raw"
    folder.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind in ("images-idx3", "labels-idx1"):
            (folder / f"{part}-{kind}-ubyte").write_bytes(b"\0\0\x08\x03\0\0")
    with pytest.raises(DatasetError, match="FashionMNIST is not available"):
        open_dataset("torchvision:FashionMNIST")
