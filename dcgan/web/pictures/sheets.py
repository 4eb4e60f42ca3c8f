"""A sheet: many small pictures in one JPEG, for strips, neighbours and film strips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dcgan import schema
from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.images import encode, grid, to_hwc, to_pil
from dcgan.schema import check_whole, parse_off
from dcgan.web.services import Services

MAX_PIXELS = 4_000_000
JPEG_QUALITY = 88


@dataclass(frozen=True)
class Sheet:
    """Latents z [N, nz] of a model, drawn without the units that are `off`, in cells of so many pixels."""

    model: str
    z: Tensor
    off: tuple[tuple[int, int], ...]
    cell: int
    columns: int

    def encode(self, pictures: Tensor) -> bytes:
        """Pictures uint8 [N, nc, S, S] as one JPEG, row by row."""
        cells = [np.asarray(to_pil(picture, self.cell)) for picture in pictures]
        sheet = grid(torch.from_numpy(np.stack(cells)).permute(0, 3, 1, 2), self.columns, pad=0)
        return encode(Image.fromarray(to_hwc(sheet)), "jpeg", quality=JPEG_QUALITY)


def draw_sheet(services: Services, body: Mapping[str, Any]) -> bytes:
    """Draw the sheet that a request describes, as a JPEG file; see `parse_sheet`."""
    sheet = parse_sheet(services, body)
    return sheet.encode(services.renderer.render(sheet.model, sheet.z, sheet.off))


def parse_sheet(services: Services, body: Mapping[str, Any]) -> Sheet:
    """{"model", "cell", "columns", "off"} and what it shows, see `_latents`. Raises RequestError or CheckpointError."""
    model = schema.parse_model(body, services.store.names)
    cell = check_whole(body.get("cell", 48), "cell", 16, 256)
    off = parse_off(body.get("off"))
    z = _latents(services.renderer, model, body)
    columns = check_whole(body.get("columns", len(z)), "columns", 1, schema.FACES_ON_A_SHEET)
    if len(z) * cell * cell > MAX_PIXELS:
        raise RequestError("A sheet may hold at most four million pixels; ask for smaller cells.")
    return Sheet(model, z, off, cell, columns)


def _latents(renderer: Renderer, model: str, body: Mapping[str, Any]) -> Tensor:
    """[N, nz]: {"moments"} of a path, {"corners", "side"} of a field, {"faces"}, or a face with {"variants"}."""
    if "moments" in body:
        path = schema.parse_path(body, schema.MAX_KEYFRAMES_ONLINE)
        count = check_whole(body["moments"], "moments", 2, schema.FACES_ON_A_SHEET)
        last = (count - 1) / count if path.loop else 1.0
        return path.at(renderer.latents(model, path.faces), torch.linspace(0.0, last, count))
    if "corners" in body:
        side = check_whole(body.get("side"), "side", 2, 8)
        y, x = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
        field = schema.parse_field(body)
        return field.at(renderer.latents(model, field.corners), x.flatten(), y.flatten())
    if "faces" in body:
        faces = schema.parse_faces(body["faces"], 1, schema.FACES_ON_A_SHEET)
        return renderer.latents(model, faces)
    steps = [schema.Face(psi=0.0, edits=edits) for edits in schema.parse_variants(body)]
    return renderer.latent(model, schema.parse_face(body)) + renderer.latents(model, steps)
