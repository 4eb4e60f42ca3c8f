"""Import models of the PyTorch tutorial and pytorch/examples into a checkpoint folder.

Such files are pickles. `weights_only=True` builds tensors and plain containers only and refuses anything that runs
code.
"""

from __future__ import annotations

import pickle
import pickletools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from dcgan.checkpoint import (
    DISCRIMINATOR_FILE,
    GENERATOR_FILE,
    fill,
    save_discriminator,
    save_generator,
)
from dcgan.config import IMAGE_SIZES, ModelConfig
from dcgan.errors import CheckpointError, ConfigError
from dcgan.models import Discriminator, Generator
from dcgan.store import NAME

Weights = dict[str, Tensor]

# Keys under which a dictionary may hold the two networks; the tutorial's keys come first.
G_KEYS = ("G_model_state_dict", "netG_state_dict", "generator_state_dict", "generator", "netG", "G")
D_KEYS = ("D_model_state_dict", "netD_state_dict", "discriminator_state_dict", "discriminator", "netD", "D")


def import_file(path: Path, folder: Path) -> list[Path]:
    """Convert a `.pt`, `.pth` or `.safetensors` file to `folder`/generator.safetensors and discriminator.safetensors.

    Accepts the tutorial's dictionary, a state dict of either network, and DataParallel's "module." prefix. The
    configuration is inferred from the shapes of the weights. A network that the file does not hold leaves the folder's
    file as it is. Returns the written files. Raises CheckpointError.
    """
    if not NAME.fullmatch(folder.name):
        raise CheckpointError(f"{folder.name!r} is not a valid model name; use letters, digits, '-', '_' and '.'.")
    found = find_networks(read_weights(path), path)
    info = {"imported": path.name}
    written = []
    if "G" in found:
        G = Generator(_config_of_g(found["G"], path))
        fill(G, _complete(found["G"], G), str(path))
        save_generator(folder / GENERATOR_FILE, G, info)
        written.append(folder / GENERATOR_FILE)
    if "D" in found:
        D = Discriminator(_config_of_d(found["D"], path))
        fill(D, _complete(found["D"], D), str(path))
        save_discriminator(folder / DISCRIMINATOR_FILE, D, info)
        written.append(folder / DISCRIMINATOR_FILE)
    return written


def read_weights(path: Path) -> Mapping[str, Any]:
    """Return the dictionary of a weights file without running code in it. Raises CheckpointError."""
    if not path.is_file():
        raise CheckpointError(f"There is no file {path}.")
    try:
        if path.suffix == ".safetensors":
            content: Any = load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, SafetensorError, RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        # torch names what it refuses to build, except in a bare pickle of a newer protocol, which it does not read at
        # all
        wanted = re.search(r"GLOBAL (\S+)", str(error))
        if wanted or _names_code(path):
            what = f" ({wanted.group(1)})" if wanted else ""
            raise CheckpointError(
                f"{path.name} would run code{what} when loaded, so it was not opened; "
                "save the networks' state_dict() instead of whole objects."
            ) from None
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise CheckpointError(f"{path.name} is not a readable weights file ({reason}).") from None
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{path.name} holds a {type(content).__name__}, not a dictionary of weights.")
    return content


def _names_code(path: Path) -> bool:
    """Return whether the file is a pickle that imports something. Its opcodes are read, not executed."""
    try:
        with path.open("rb") as file:
            return any(opcode.name in ("GLOBAL", "STACK_GLOBAL") for opcode, _, _ in pickletools.genops(file))
    except (ValueError, OSError):
        return False


def find_networks(content: Mapping[str, Any], path: Path) -> dict[str, Weights]:
    """Return {"G": weights, "D": weights}, as far as the dictionary holds them. Raises CheckpointError for neither."""
    found = {}
    for network, keys in (("G", G_KEYS), ("D", D_KEYS)):
        inner = next((content[key] for key in keys if isinstance(content.get(key), Mapping)), None)
        if inner is not None:
            found[network] = _clean(inner)
    if not found:
        bare = _clean(content)
        first = bare.get("main.0.weight")
        if first is not None and first.ndim == 4:
            # D's first weight is [ndf, nc, 4, 4] with nc 1 or 3; G's is [nz, ngf·8, 4, 4]
            found["D" if first.shape[1] in (1, 3) else "G"] = bare
    if not found:
        names = ", ".join(str(key) for key in list(content)[:6]) or "nothing"
        raise CheckpointError(
            f"{path.name} holds no DCGAN weights: neither G_model_state_dict nor main.0.weight is in it, but {names}."
        )
    return found


def _clean(weights: Mapping[str, Any]) -> Weights:
    """Keep the tensors, and remove the prefix that DataParallel and DistributedDataParallel add to names."""
    return {str(name).removeprefix("module."): value for name, value in weights.items() if isinstance(value, Tensor)}


def _complete(weights: Weights, network: torch.nn.Module) -> Weights:
    """Add BatchNorm's num_batches_tracked, which old files lack and sampling does not use."""
    counts = {name: value for name, value in network.state_dict().items() if name.endswith("num_batches_tracked")}
    return {**counts, **weights}


def _convolutions(weights: Weights) -> list[Tensor]:
    """Return the weights of the convolutions, first to last."""
    four_d = [
        (int(name.split(".")[1]), w)
        for name, w in weights.items()
        if re.fullmatch(r"main\.\d+\.weight", name) and w.ndim == 4
    ]
    return [weight for _, weight in sorted(four_d, key=lambda pair: pair[0])]


def _config_of_g(weights: Weights, path: Path) -> ModelConfig:
    layers = _convolutions(weights)
    # a transposed convolution's weight is [in, out, 4, 4]
    return (
        _config(path, len(layers), nz=layers[0].shape[0], ngf=layers[-1].shape[0], nc=layers[-1].shape[1])
        if layers
        else _none(path)
    )


def _config_of_d(weights: Weights, path: Path) -> ModelConfig:
    layers = _convolutions(weights)
    d_norm = "batch" if any(name.endswith("running_mean") for name in weights) else "none"
    return (
        _config(path, len(layers), ndf=layers[0].shape[0], nc=layers[0].shape[1], d_norm=d_norm)
        if layers
        else _none(path)
    )


def _config(path: Path, layers: int, **values: Any) -> ModelConfig:
    size = 4 * 2 ** (layers - 1)
    if size not in IMAGE_SIZES:
        raise CheckpointError(
            f"{path.name} is a network for {size} × {size} pictures; supported sizes are {IMAGE_SIZES}."
        )
    try:
        return ModelConfig(image_size=size, **values)
    except ConfigError as error:
        raise CheckpointError(f"{path.name} cannot be imported: {error}") from None


def _none(path: Path) -> ModelConfig:
    raise CheckpointError(
        f"{path.name} holds no convolutions named main.0, main.1, …, as the tutorial's networks have."
    )
