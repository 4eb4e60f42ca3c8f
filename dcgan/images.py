"""Conversion of pictures: the only place that maps between [-1, 1] and 0 … 255.

Inside the networks a picture is float in [-1, 1], shape [N, nc, H, W]. Everywhere else it is uint8 of the same shape.
`to_uint8` inverts `to_float` exactly.
"""

from __future__ import annotations

import io
import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor

Array = np.ndarray


def to_float(pictures: Tensor) -> Tensor:
    """Convert uint8 [N, nc, H, W] in 0 … 255 to float32 of the same shape in [-1, 1]."""
    assert pictures.dtype == torch.uint8, pictures.dtype
    return pictures.to(torch.float32).div_(127.5).sub_(1.0)


def to_uint8(pictures: Tensor) -> Tensor:
    """Convert float [N, nc, H, W] in [-1, 1] to uint8 of the same shape, rounded and clipped."""
    return pictures.float().add(1.0).mul(127.5).round().clamp(0, 255).to(torch.uint8)


def to_hwc(picture: Tensor) -> Array:
    """Convert one uint8 picture [nc, H, W], nc 1 or 3, to an array [H, W, 3] for Pillow and video encoders."""
    assert picture.dtype == torch.uint8 and picture.ndim == 3, (picture.dtype, picture.shape)
    return picture.expand(3, -1, -1).permute(1, 2, 0).contiguous().cpu().numpy()


def grid(pictures: Tensor, columns: int | None = None, pad: int = 2, value: int = 255) -> Tensor:
    """Lay out uint8 [N, nc, H, W] row by row as one picture, uint8 [nc, rows·(H+pad)+pad, columns·(W+pad)+pad].

    `columns` defaults to the square root of N, rounded up. Empty cells and gaps have the value `value`.
    """
    n, nc, h, w = pictures.shape
    assert n > 0, "a grid of no pictures"
    columns = min(n, columns or math.ceil(math.sqrt(n)))
    rows = math.ceil(n / columns)
    sheet = torch.full((nc, rows * (h + pad) + pad, columns * (w + pad) + pad), value, dtype=torch.uint8)
    for i, picture in enumerate(pictures.cpu()):
        top, left = (i // columns) * (h + pad) + pad, (i % columns) * (w + pad) + pad
        sheet[:, top : top + h, left : left + w] = picture
    return sheet


def split_grid(sheet: Array, columns: int = 8, pad: int = 2) -> Array:
    """Cut a sheet that `grid` laid out, uint8 [H, W, 3], into its square pictures, uint8 [N, S, S, 3]; N counts empty
    cells. Raises ValueError for a sheet of another layout."""
    height, width, _ = sheet.shape
    step = (width - pad) // columns
    if (width - pad) % columns or (height - pad) % step or step <= pad:
        raise ValueError(f"a sheet of {width} × {height} is no grid of {columns} columns")
    corners = [(top, left) for top in range(pad, height, step) for left in range(pad, width, step)]
    return np.stack([sheet[top : top + step - pad, left : left + step - pad] for top, left in corners])


# Filters for resizing; the first is the default. "nearest" shows the generator's pixels as squares; of the others,
# "bilinear" is the softest and "lanczos" the sharpest.
RESAMPLING = {
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


def to_pil(picture: Tensor, size: int | None = None, resample: str = "bicubic") -> Image.Image:
    """Convert one uint8 picture [nc, H, W] to an RGB image, its longer side scaled to `size`."""
    # scaling one gray channel is faster than three equal ones
    image = Image.fromarray(picture[0].cpu().numpy() if len(picture) == 1 else to_hwc(picture))
    if size is None or size == max(image.size):
        return image.convert("RGB")
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), RESAMPLING[resample]).convert("RGB")


def encode(image: Image.Image, fmt: str, quality: int = 90) -> bytes:
    """Encode an image as the bytes of a "jpeg" or "png" file."""
    buffer = io.BytesIO()
    if fmt == "jpeg":
        image.save(buffer, "JPEG", quality=quality, subsampling=0)
    else:
        image.save(buffer, fmt.upper())
    return buffer.getvalue()


def fit_square(image: Image.Image, size: int) -> Image.Image:
    """Resize the shorter side to `size` and crop the centre: [size, size]."""
    width, height = image.size
    scale = size / min(width, height)
    box = (max(size, round(width * scale)), max(size, round(height * scale)))
    if box != image.size:
        image = image.resize(box, Image.Resampling.LANCZOS)
    left, top = (box[0] - size) // 2, (box[1] - size) // 2
    return image.crop((left, top, left + size, top + size))
