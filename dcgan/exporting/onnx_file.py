"""A generator as an ONNX file, with BatchNorm folded into the convolutions, checked against PyTorch before it is kept.

The graph is five transposed convolutions with ReLU between them and Tanh at the end, so it is written directly: an
exporter would trace the same layers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from dcgan.errors import CheckpointError
from dcgan.files import write_atomic
from dcgan.latent import z_from_seeds
from dcgan.models import Generator

OPSET = 17
IR_VERSION = 9  # the newest that onnxruntime 1.16 and later read
CHECKED = 16  # latents
TOLERANCE = 1e-3  # largest difference of a pixel in [-1, 1]
INSTALL = "ONNX export needs the packages onnx and onnxruntime: install them with `pip install -e '.[onnx]'`."


def write_onnx(path: Path, G: Generator) -> float:
    """Write G (in eval mode) as ONNX: input z [N, nz, 1, 1], output pictures [N, nc, S, S] in [-1, 1], float32.

    Returns the largest difference between onnxruntime's and PyTorch's pictures of 16 latents. Raises CheckpointError,
    and writes nothing, if it exceeds 1e-3 or if the packages are not installed.
    """
    content = _onnx_bytes(G)
    difference = _largest_difference(content, G)
    if not difference <= TOLERANCE:
        raise CheckpointError(f"The ONNX model differs from PyTorch by {difference:.2g}, so it was not written.")
    write_atomic(path, content)
    return difference


def _onnx_bytes(G: Generator) -> bytes:
    try:
        from onnx import TensorProto, checker, helper, numpy_helper
    except ImportError:
        raise CheckpointError(INSTALL) from None
    nodes, weights, current = [], [], "z"
    modules = list(G.main)
    for number, (module, follower) in enumerate(zip(modules, [*modules[1:], None], strict=True)):
        if isinstance(module, nn.BatchNorm2d):
            continue  # folded into the convolution before it
        result = f"layer{number}"
        if isinstance(module, nn.ConvTranspose2d):
            norm = follower if isinstance(follower, nn.BatchNorm2d) else None
            convolution = fuse_conv_bn_eval(module, norm, transpose=True) if norm else module
            inputs = [current, f"weight{number}"]
            weights.append(numpy_helper.from_array(convolution.weight.detach().numpy(), f"weight{number}"))
            if convolution.bias is not None:
                weights.append(numpy_helper.from_array(convolution.bias.detach().numpy(), f"bias{number}"))
                inputs.append(f"bias{number}")
            shape: dict[str, Any] = {
                "kernel_shape": [4, 4],
                "strides": list(module.stride),
                "pads": [*module.padding, *module.padding],
            }
            nodes.append(helper.make_node("ConvTranspose", inputs, [result], **shape))
        else:
            nodes.append(helper.make_node({nn.ReLU: "Relu", nn.Tanh: "Tanh"}[type(module)], [current], [result]))
        current = result
    nodes[-1].output[0] = "pictures"
    config = G.config
    side = config.image_size
    z = helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", config.nz, 1, 1])
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["N", config.nc, side, side])
    graph = helper.make_graph(nodes, "DCGAN generator", [z], [pictures], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


@torch.no_grad()
def _largest_difference(content: bytes, G: Generator) -> float:
    try:
        import onnxruntime
    except ImportError:
        raise CheckpointError(INSTALL) from None
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    z = z_from_seeds(range(CHECKED), G.config.nz)[:, :, None, None]
    (pictures,) = session.run(None, {"z": z.numpy()})
    return float((torch.from_numpy(pictures) - G(z)).abs().max())
