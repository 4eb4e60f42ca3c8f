"""Data sets: `open_dataset` reads all pictures of a data set, such as "npy:FOLDER", into memory as uint8."""

from dcgan.data.dataset import Dataset
from dcgan.data.open import open_dataset
from dcgan.data.spec import check_public

__all__ = ["Dataset", "check_public", "open_dataset"]
