"""Import DCGANs that other programs trained, such as the PyTorch tutorial and pytorch/examples."""

from dcgan.importing.import_file import import_file

__all__ = ["import_file"]
