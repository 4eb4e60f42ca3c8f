"""Data sets: `open_dataset("npy:FOLDER")` and its like give every picture as uint8 in memory."""

from dcgan.data.dataset import Dataset
from dcgan.data.open import open_dataset
from dcgan.data.spec import check_public

__all__ = ["Dataset", "check_public", "open_dataset"]
