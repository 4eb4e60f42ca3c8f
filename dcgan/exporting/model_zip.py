"""A model as a zip: both networks and a card, in a folder that can be put among the checkpoints of this program."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dcgan.checkpoint import (
    DISCRIMINATOR_FILE,
    GENERATOR_FILE,
    LoadedGenerator,
    load_discriminator,
    load_generator,
    pictures_seen,
    save_discriminator,
    save_generator,
)
from dcgan.data.spec import PUBLIC_KINDS
from dcgan.store import ModelStore

CARD_FILE = "README.md"
CARD = """# {name}

A DCGAN of {size} × {size} pixels and {nz} dimensions{training}.

`generator.safetensors` holds G, `discriminator.safetensors` (if it is here) holds D; the header of each says its shape.
To use the model in this program, put this folder into its folder `checkpoints`. Read it in Python with
`dcgan.checkpoint.load_generator`.
"""


def model_zip(store: ModelStore, model: str, name: str) -> bytes:
    """Return a zip with the folder `name`: generator, discriminator if there is one, and card.

    The files name no data set that lies in a folder. Raises CheckpointError for a model that cannot be read.
    """
    path, discriminator = store.generator_path(model), store.discriminator_path(model)
    loaded = load_generator(path)
    info = public_info(loaded.info)
    card = path.parent / CARD_FILE
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as temporary, zipfile.ZipFile(buffer, "w") as file:
        folder = Path(temporary)
        save_generator(folder / GENERATOR_FILE, loaded.G, info)
        if discriminator is not None:
            save_discriminator(folder / DISCRIMINATOR_FILE, load_discriminator(discriminator), info)
        text = card.read_text("utf-8") if card.is_file() else make_card(name, loaded)
        (folder / CARD_FILE).write_text(text, encoding="utf-8")
        for part in sorted(folder.iterdir()):
            file.write(part, f"{name}/{part.name}")
    return buffer.getvalue()


def make_card(name: str, loaded: LoadedGenerator) -> str:
    """Return the card of a model that has none: its shape and its training."""
    seen, info = pictures_seen(loaded.info), public_info(loaded.info)
    training = f", trained on {seen:,} pictures" if seen else ""
    if training and info.get("data"):
        training += f" of the data set `{info['data']}`"
    return CARD.format(name=name, size=loaded.config.image_size, nz=loaded.config.nz, training=training)


def public_info(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model's facts without its data set, unless that is one that everybody can have."""
    kind = str(info.get("data", "")).partition(":")[0].partition("?")[0]
    return {name: value for name, value in info.items() if name != "data" or kind in PUBLIC_KINDS}
