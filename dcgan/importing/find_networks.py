"""Find G and D in the dictionary of a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from dcgan.errors import CheckpointError
from dcgan.importing.layers import is_chain, read_layers

# Keys under which a dictionary may hold the two networks; the tutorial's keys come first.
G_KEYS = ("G_model_state_dict", "netG_state_dict", "generator_state_dict", "generator", "netG", "G", "gen")
D_KEYS = ("D_model_state_dict", "netD_state_dict", "discriminator_state_dict", "discriminator", "netD", "D", "disc")

Found = dict[str, Mapping[str, Any]]


def find_networks(content: Mapping[str, Any], path: Path) -> Found:
    """Return {"G": weights, "D": weights}, as far as the dictionary holds them. Raises CheckpointError for neither.

    A network is found under its own key, under a prefix of its weights' names ("generator.main.0.weight"), as the whole
    dictionary, or as a dictionary within it ("state_dict").
    """
    found = _by_key(content) or _by_prefix(content) or _by_shape(content)
    for inner in content.values():
        if not found and isinstance(inner, Mapping):
            found = _by_prefix(inner) or _by_shape(inner)
    if not found:
        _explain_layers(content, path)
        names = ", ".join(str(key) for key in list(content)[:6]) or "nothing"
        raise CheckpointError(
            f"{path.name} holds no DCGAN weights: it has neither the key G_model_state_dict nor the weights of a chain "
            f"of convolutions, but {names}."
        )
    return found


def _by_key(content: Mapping[str, Any]) -> Found:
    found = {}
    for network, keys in (("G", G_KEYS), ("D", D_KEYS)):
        inner = next((content[key] for key in keys if isinstance(content.get(key), Mapping)), None)
        if inner is not None:
            found[network] = inner
    return found


def _by_prefix(content: Mapping[str, Any]) -> Found:
    found: Found = {}
    names = {str(name).removeprefix("module."): value for name, value in content.items()}
    for network, keys in (("G", G_KEYS), ("D", D_KEYS)):
        for key in keys:
            own = {n.removeprefix(f"{key}."): value for n, value in names.items() if n.startswith(f"{key}.")}
            if own:
                found.setdefault(network, own)
    return found


def _by_shape(content: Mapping[str, Any]) -> Found:
    """Return the dictionary as the network whose layers its weights form: G narrows, D widens.

    The first layer of D has the picture's one or three channels as input; a single layer is decided by that alone.
    """
    first = _first_convolution(content)
    if first is None:
        return {}
    if is_chain(content, transposed=False) and not (is_chain(content, transposed=True) and first.shape[1] > 3):
        return {"D": content}
    return {"G": content} if is_chain(content, transposed=True) else {}


def _explain_layers(content: Mapping[str, Any], path: Path) -> None:
    """Raise CheckpointError with what is wrong with the layers, if the dictionary holds convolutions."""
    first = _first_convolution(content)
    if first is not None:
        try:
            read_layers(content, transposed=first.shape[1] > 3)
        except CheckpointError as error:
            raise CheckpointError(f"{path.name} {error}.") from None


def _first_convolution(content: Mapping[str, Any]) -> Tensor | None:
    return next((value for value in content.values() if isinstance(value, Tensor) and value.ndim == 4), None)
