"""Models as files for other programs: ONNX, and the PyTorch tutorial's own checkpoints."""

from dcgan.exporting.onnx_file import write_onnx
from dcgan.exporting.tutorial_file import write_tutorial_file

__all__ = ["write_onnx", "write_tutorial_file"]
