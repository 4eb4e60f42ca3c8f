"""Model files: safetensors whose header holds everything needed to rebuild the network.

    checkpoints/<name>/   generator.safetensors   discriminator.safetensors   directions.safetensors   README.md
                          encoder.safetensors and nearest.safetensors (optional)
    runs/<id>/            snapshots/<nimg>.safetensors   state.safetensors   …

Networks are stored in float16 (a generator of the tutorial's size takes 7 MB) and loaded as float32. The header holds
the format version, the ModelConfig and `info`: pictures seen, data set, preset.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as encode_tensors
from torch import Tensor, nn

from dcgan.config import ModelConfig, model_from_dict, to_dict
from dcgan.errors import CheckpointError, ConfigError
from dcgan.file_kind import FETCH_AGAIN, describe_other_kind
from dcgan.files import write_atomic
from dcgan.models import Discriminator, Generator

FORMAT_VERSION = 1
GENERATOR_FILE = "generator.safetensors"
DISCRIMINATOR_FILE = "discriminator.safetensors"
DIRECTIONS_FILE = "directions.safetensors"
ENCODER_FILE = "encoder.safetensors"
NEAREST_FILE = "nearest.safetensors"


@dataclass(frozen=True)
class LoadedGenerator:
    """A generator in eval mode (float32, on the CPU), with the configuration and info of its file."""

    G: Generator
    config: ModelConfig
    info: dict[str, Any]


def write_tensors(path: Path, tensors: dict[str, Tensor], kind: str, header: dict[str, Any]) -> None:
    """Write tensors with a JSON header atomically. `kind` is what `read_tensors` must be called with."""
    text = json.dumps({"format": FORMAT_VERSION, "kind": kind, **header})
    flat = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_atomic(path, encode_tensors(flat, metadata={"dcgan": text}))


def read_header(path: Path, kind: str) -> dict[str, Any]:
    """Return the JSON header of a file that `write_tensors` wrote. Raises CheckpointError for any other file."""
    if not path.is_file():
        raise CheckpointError(f"There is no model file {path}.")
    if other := describe_other_kind(path):
        raise CheckpointError(f"{path} is not a readable model file: it is {other}.")
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get("dcgan")
        header = json.loads(text) if text is not None else None
    except (SafetensorError, OSError, ValueError):
        raise CheckpointError(
            f"{path} is not a readable model file: it is damaged, or no safetensors file; {FETCH_AGAIN}."
        ) from None
    if not isinstance(header, dict) or header.get("kind") != kind:
        raise CheckpointError(f"{path} is not a {kind} of this program; `python -m dcgan import` reads other models.")
    if header.get("format", 0) > FORMAT_VERSION:
        raise CheckpointError(f"{path} was written by a newer version of this program; update the program to read it.")
    return header


def read_tensors(path: Path, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the tensors and the header of a file that `write_tensors` wrote. Raises CheckpointError."""
    header = read_header(path, kind)
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, header  # noqa: SIM118, it is not a dict
    except (SafetensorError, OSError):
        raise CheckpointError(f"{path} is damaged; {FETCH_AGAIN}.") from None


def save_generator(path: Path, G: Generator, info: dict[str, Any]) -> None:
    """Store G in float16 with its configuration and `info`."""
    _save_network(path, G, G.config, "generator", info)


def bare_generator(path: Path) -> bytes:
    """Return a generator's file without its `info`, which names the training data: what may be given to anyone."""
    tensors, header = read_tensors(path, "generator")
    text = json.dumps({name: header[name] for name in ("format", "kind", "model")})
    return encode_tensors(tensors, metadata={"dcgan": text})


def save_discriminator(path: Path, D: Discriminator, info: dict[str, Any]) -> None:
    """Store D in float16 with its configuration and `info`."""
    _save_network(path, D, D.config, "discriminator", info)


def load_generator(path: Path) -> LoadedGenerator:
    """Rebuild G from its file. Raises CheckpointError."""
    tensors, header = read_tensors(path, "generator")
    config = _model_config(path, header)
    G = Generator(config)
    fill(G, tensors, str(path))
    return LoadedGenerator(G.eval().requires_grad_(False), config, dict(header.get("info", {})))


def pictures_seen(info: Mapping[str, Any]) -> int:
    """Return how many real pictures D has seen, including those before a warm start; 0 if the file does not say."""
    seen = info.get("seen", info.get("nimg"))
    return seen if isinstance(seen, int) and seen > 0 else 0


def load_discriminator(path: Path) -> Discriminator:
    """Rebuild D from its file, in eval mode. Raises CheckpointError."""
    tensors, header = read_tensors(path, "discriminator")
    D = Discriminator(_model_config(path, header))
    fill(D, tensors, str(path))
    return D.eval().requires_grad_(False)


def fill(network: nn.Module, tensors: dict[str, Tensor], where: str) -> None:
    """Load a state dict into a network, converting the precision. All names and shapes must match.

    Raises CheckpointError that names the first weight that is missing, unknown, of another shape or not finite.
    """
    own = network.state_dict()
    for name in own.keys() - tensors.keys():
        raise CheckpointError(f"{where} lacks the weight {name}.")
    for name in tensors.keys() - own.keys():
        raise CheckpointError(f"{where} has a weight {name}, which this network does not have.")
    for name, tensor in tensors.items():
        if tensor.shape != own[name].shape:
            shapes = f"{list(tensor.shape)} instead of {list(own[name].shape)}"
            raise CheckpointError(f"{where}: the weight {name} has the shape {shapes}.")
        if not torch.isfinite(tensor.float()).all():
            raise CheckpointError(f"{where}: the weight {name} holds NaN or infinity; take an earlier snapshot.")
    network.load_state_dict({name: tensor.to(own[name].dtype) for name, tensor in tensors.items()})


def _save_network(path: Path, network: nn.Module, config: ModelConfig, kind: str, info: dict[str, Any]) -> None:
    tensors = {
        name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in network.state_dict().items()
    }
    write_tensors(path, tensors, kind, {"model": to_dict(config), "info": info})


def _model_config(path: Path, header: dict[str, Any]) -> ModelConfig:
    model = header.get("model")
    if not isinstance(model, dict):
        raise CheckpointError(f"{path} has no network configuration in its header.")
    try:
        return model_from_dict(model)
    except ConfigError as error:
        raise CheckpointError(f"The network configuration in {path} is invalid: {error}") from None
