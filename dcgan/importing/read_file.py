"""Read a weights file of another program without running code in it.

Files of `torch.save` are pickles. `weights_only=True` builds tensors, plain containers and the types of SAFE_TYPES
only, and refuses anything else.
"""

from __future__ import annotations

import argparse
import pickle
import pickletools
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from dcgan.errors import CheckpointError
from dcgan.file_kind import FETCH_AGAIN, describe_other_kind, is_safetensors

_SCALAR = np.float64(0).__reduce__()[0]  # the function that a pickle of a NumPy scalar calls

# What training scripts store beside the weights: their command line's options, and losses as NumPy scalars. The scalar
# function is listed under its names of NumPy 1 and 2. Object arrays are left out.
SAFE_TYPES: list[Any] = [
    argparse.Namespace,
    np.dtype,
    *(type(np.dtype(code)) for code in "?bhilqBHILQefd"),
    (_SCALAR, "numpy.core.multiarray.scalar"),
    (_SCALAR, "numpy._core.multiarray.scalar"),
]


def read_weights(path: Path) -> Mapping[str, Any]:
    """Return the dictionary of a weights file. Raises CheckpointError, with what the file is and what to do."""
    if not path.is_file():
        raise CheckpointError(f"There is no file {path}.")
    try:
        content = load_file(path) if is_safetensors(path) else _unpickle(path)
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror or error}).") from None
    except SafetensorError:
        raise CheckpointError(f"{path.name} is a damaged safetensors file; {FETCH_AGAIN}.") from None
    if isinstance(content, torch.nn.Module) or not isinstance(content, Mapping):
        raise CheckpointError(
            f"{path.name} holds {_article(type(content).__name__)}, not a dictionary of weights; "
            "save the networks' state_dict()."
        )
    return content


def _unpickle(path: Path) -> Any:
    if kind := describe_other_kind(path) or _describe_other_zip(path):
        raise CheckpointError(f"{path.name} is {kind}.")
    try:
        # a stream, because torch.load chooses another reader by a path's suffix
        with path.open("rb") as file, torch.serialization.safe_globals(SAFE_TYPES), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice for programmers
            return torch.load(file, map_location="cpu", weights_only=True)
    except OSError:
        raise
    # torch raises many kinds of errors for damaged files; its messages advise to load them unsafely
    except Exception as error:
        if names := _refused_names(path, str(error)):
            raise CheckpointError(
                f"{path.name} holds Python objects ({names}), which would run code when loaded, so it was not opened; "
                "save the networks' state_dict() instead of whole objects."
            ) from None
        raise CheckpointError(
            f"{path.name} is not a readable weights file: it is damaged, or no file of torch.save; {FETCH_AGAIN}."
        ) from None


def _describe_other_zip(path: Path) -> str | None:
    """Return what a zip archive is if `torch.save` did not write it; None for its files, which hold data.pkl."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.partition("/")[2] for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return f"incomplete or damaged; {FETCH_AGAIN}"
    if "constants.pkl" in names:
        return (
            "a TorchScript file, which holds a program; if you trust it, "
            "save torch.jit.load(FILE).state_dict() with torch.save and import that"
        )
    return None if "data.pkl" in names else "a zip archive without weights of PyTorch; unpack it first"


def _refused_names(path: Path, message: str) -> str:
    """Return the names of what a pickle wanted to build and was refused, or "" if that was not the trouble.

    torch's message holds the first one, except for a bare pickle of a newer protocol, whose opcodes are read here. They
    are not executed.
    """
    if wanted := re.search(r"GLOBAL (\S+)", message):
        return wanted.group(1)
    texts: list[str] = []
    try:
        with path.open("rb") as file:
            for opcode, value, _ in pickletools.genops(file):
                if opcode.name == "GLOBAL":
                    return str(value).replace(" ", ".")
                if opcode.name == "STACK_GLOBAL":
                    return ".".join(texts[-2:])
                if isinstance(value, str):
                    texts.append(value)
    except (ValueError, OSError, pickle.UnpicklingError):
        pass
    return ""


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"
