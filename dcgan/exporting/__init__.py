"""Models as files: ONNX, the PyTorch tutorial's own checkpoints, and a zip of the model's folder."""

from dcgan.exporting.model_zip import model_zip
from dcgan.exporting.onnx_file import write_onnx
from dcgan.exporting.tutorial_file import tutorial_bytes, write_tutorial_file

__all__ = ["model_zip", "tutorial_bytes", "write_onnx", "write_tutorial_file"]
