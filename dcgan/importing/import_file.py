"""Import one file into a checkpoint folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn

from dcgan.checkpoint import DISCRIMINATOR_FILE, GENERATOR_FILE, fill, save_discriminator, save_generator
from dcgan.config import IMAGE_SIZES, ModelConfig
from dcgan.errors import CheckpointError, ConfigError
from dcgan.importing.find_networks import find_networks
from dcgan.importing.layers import Convolution, Weights, fold_biases, read_layers
from dcgan.importing.read_file import read_weights
from dcgan.models import Discriminator, Generator
from dcgan.store import NAME


def import_file(path: Path, folder: Path) -> list[Path]:
    """Convert a `.pt`, `.pth` or `.safetensors` file to `folder`/generator.safetensors and discriminator.safetensors.

    Accepts the tutorial's dictionary and a state dict of either network. Layers may have any names, biases before
    BatchNorm, and spectral norm; the stored networks have neither, but compute the same. The configuration is inferred
    from the shapes. A network that the file does not hold leaves the folder's file as it is. Returns the written files.
    Raises CheckpointError.
    """
    if not NAME.fullmatch(folder.name):
        raise CheckpointError(f"{folder.name!r} is not a valid model name; use letters, digits, '-', '_' and '.'.")
    found = find_networks(read_weights(path), path)
    G = read_generator(found["G"], path) if "G" in found else None
    D = read_discriminator(found["D"], path) if "D" in found else None
    info = {"imported": path.name}
    written = []
    if G is not None:
        save_generator(folder / GENERATOR_FILE, G, info)
        written.append(folder / GENERATOR_FILE)
    if D is not None:
        save_discriminator(folder / DISCRIMINATOR_FILE, D, info)
        written.append(folder / DISCRIMINATOR_FILE)
    return written


def read_generator(weights: Mapping[str, Any], path: Path) -> Generator:
    """Build G from foreign weights. Raises CheckpointError."""
    layers = _layers(weights, path, transposed=True)
    first, last = layers[0].weight.shape, layers[-1].weight.shape  # [in, out, 4, 4]
    bias = layers[-1].bias is not None
    G = Generator(_config(path, len(layers), nz=first[0], ngf=last[0], nc=last[1], bias=bias))
    fill(G, _named(G, layers, path), path.name)
    return G


def read_discriminator(weights: Mapping[str, Any], path: Path) -> Discriminator:
    """Build D from foreign weights. Raises CheckpointError."""
    layers = _layers(weights, path, transposed=False)
    first = layers[0].weight.shape  # [out, in, 4, 4]
    batch_norm = any(layer.norm for layer in layers)
    bias = batch_norm and any(layer.bias is not None for layer in layers)
    d_norm = "batch" if batch_norm else "none"
    D = Discriminator(_config(path, len(layers), ndf=first[0], nc=first[1], d_norm=d_norm, bias=bias))
    fill(D, _named(D, layers, path), path.name)
    return D


def _layers(weights: Mapping[str, Any], path: Path, transposed: bool) -> list[Convolution]:
    try:
        layers = read_layers(weights, transposed)
    except CheckpointError as error:
        raise CheckpointError(f"{path.name} {error}.") from None
    fold_biases(layers)
    return layers


def _named(network: nn.Module, layers: list[Convolution], path: Path) -> Weights:
    """Return the layers' tensors under the network's own names. A bias that only the network has is zero."""
    own = dict(network.named_modules())
    convolutions = [name for name, module in own.items() if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)]
    weights = {}
    for name, layer in zip(convolutions, layers, strict=True):
        # in `models`, BatchNorm is the module after its convolution
        stem, _, number = name.rpartition(".")
        norm = f"{stem}.{int(number) + 1}"
        if layer.norm is not None and not isinstance(own.get(norm), nn.BatchNorm2d):
            raise CheckpointError(f"{path.name} has a BatchNorm after {layer.name}, where a DCGAN has none.")
        weights[f"{name}.weight"] = layer.weight
        if layer.bias is not None or f"{name}.bias" in network.state_dict():
            bias = layer.bias
            weights[f"{name}.bias"] = network.state_dict()[f"{name}.bias"] * 0 if bias is None else bias
        for part, value in (layer.norm or {}).items():
            weights[f"{norm}.{part}"] = value
    return weights


def _config(path: Path, layers: int, **values: Any) -> ModelConfig:
    size = 4 * 2 ** (layers - 1)
    if size not in IMAGE_SIZES:
        raise CheckpointError(
            f"{path.name} is a network for {size} × {size} pictures; supported sizes are "
            f"{', '.join(map(str, IMAGE_SIZES))}."
        )
    try:
        return ModelConfig(image_size=size, **values)
    except ConfigError as error:
        raise CheckpointError(f"{path.name} cannot be imported: {error}") from None
