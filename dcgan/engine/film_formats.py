"""Encode frames as MP4 (H.264), WebM (VP9), GIF, animated WebP or a zip of PNG files.

Frames are encoded one at a time, so memory does not grow with the film's length. Files are written atomically.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image

from dcgan.engine.png_zip import write_png_zip
from dcgan.errors import RequestError
from dcgan.images import Array

# Constant rate factor, 0 … 51: 18 is visually lossless.
MP4_CRF = "18"
WEBM_CRF = "24"  # of 63: about the same quality
WEBP_QUALITY = "85"
# GIF delays are in 1/100 s, and browsers show a frame of less than 2/100 s for 10/100 s.
GIF_TICKS = 100
GIF_MIN_TICKS = 2
# The palette of a GIF is computed from every n-th pixel in each direction; more pixels do not improve it visibly.
PALETTE_STRIDE = 4


@dataclass(frozen=True)
class Format:
    """A film format: `write` takes uint8 frames [H, W, 3], a path and the frame rate."""

    mime: str
    write: Callable[[Iterable[Array], Path, Fraction], None]


@dataclass(frozen=True)
class Codec:
    """Container and codec with their options; `prepare` converts pictures to the codec's frames."""

    container: str
    name: str
    pixels: str
    options: dict[str, str]
    container_options: dict[str, str]
    time_base: Callable[[Fraction], Fraction]
    prepare: Callable[[Iterable[Array], Fraction], Iterator[av.VideoFrame]]

    def write(self, frames: Iterable[Array], path: Path, rate: Fraction) -> None:
        """Encode uint8 frames [H, W, 3] one at a time."""
        with av.open(str(path), "w", format=self.container, container_options=self.container_options) as container:
            stream = container.add_stream(self.name, rate=rate, options=dict(self.options))
            assert isinstance(stream, av.VideoStream)
            stream.pix_fmt = self.pixels
            stream.codec_context.time_base = self.time_base(rate)
            stream.time_base = self.time_base(rate)
            if self.pixels == "yuv420p":
                # Store the colour space: without it, players choose one by the picture's size.
                context = stream.codec_context
                context.colorspace = context.color_primaries = context.color_trc = Colorspace.ITU709
                context.color_range = ColorRange.MPEG
                # More threads would compete with the workers that compute the next frames.
                context.thread_count = 2
            size: tuple[int, int] | None = None
            for frame in self.prepare(frames, rate):
                if size is None:
                    size = stream.width, stream.height = frame.width, frame.height
                assert size == (frame.width, frame.height), f"expected a frame of size {size}, not {frame}"
                container.mux(stream.encode(frame))
            container.mux(stream.encode())


def write_film(frames: Iterable[Array], path: Path, fps: float, fmt: str | None = None) -> Path:
    """Encode uint8 frames [H, W, 3] of one size as the file `path`, atomically. Returns the path.

    `fmt` is a key of `FORMATS`, by default the path's extension. MP4 and WebM need even sides, so odd ones get one more
    row or column. A GIF shows at most 50 frames a second; above that, frames are dropped.

    Raises RequestError for an unknown format, a frame rate out of range, or no frames. Errors of `frames` pass through.
    """
    path = Path(path)
    kind = FORMATS.get(fmt or path.suffix.removeprefix(".").lower())
    if kind is None:
        raise RequestError(f"A film cannot be written as {fmt or path.suffix!r}; choose one of {', '.join(FORMATS)}.")
    if not 0 < fps <= 1000:
        raise RequestError(f"A film's frames per second must be above 0 and at most 1000, not {fps}.")
    iterator = iter(frames)
    first = next(iterator, None)
    if first is None:
        raise RequestError("A film needs at least one frame.")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        kind.write(itertools.chain([first], iterator), temporary, Fraction(fps).limit_denominator(1001))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _yuv_frames(frames: Iterable[Array], rate: Fraction) -> Iterator[av.VideoFrame]:
    reformatter = VideoReformatter()
    for number, picture in enumerate(frames):
        height, width, _ = picture.shape
        even = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        frame = reformatter.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
        )
        frame.pts, frame.time_base = number, 1 / rate
        yield frame


def _rgb_frames(frames: Iterable[Array], rate: Fraction) -> Iterator[av.VideoFrame]:
    for number, picture in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(format="bgra")
        frame.pts, frame.time_base = number, 1 / rate
        yield frame


def _palette_frames(frames: Iterable[Array], rate: Fraction) -> Iterator[av.VideoFrame]:
    """Yield each frame with its own palette of 256 colours; times are rounded to 1/100 s."""
    too_fast = rate > GIF_TICKS // GIF_MIN_TICKS
    shown_at = -GIF_MIN_TICKS
    for number, picture in enumerate(frames):
        exact = number * GIF_TICKS / rate
        ticks = exact // GIF_MIN_TICKS * GIF_MIN_TICKS if too_fast else round(exact)
        if ticks - shown_at < GIF_MIN_TICKS:
            continue
        shown_at = ticks
        thinned = Image.fromarray(np.ascontiguousarray(picture[::PALETTE_STRIDE, ::PALETTE_STRIDE]))
        palette = thinned.quantize(256, method=Image.Quantize.MEDIANCUT)
        indices = np.asarray(Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE))
        # PyAV's type annotations lack the pair of indices and palette that "pal8" needs.
        indexed: Any = (indices, _argb(palette))
        frame = av.VideoFrame.from_ndarray(indexed, format="pal8")
        frame.pts, frame.time_base = ticks, Fraction(1, GIF_TICKS)
        yield frame


def _argb(palette: Image.Image) -> Array:
    """Convert a Pillow palette to the encoder's table [256, 4] of alpha, red, green and blue."""
    colours = np.array(palette.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    table = np.zeros((256, 4), dtype=np.uint8)
    table[:, 0] = 255
    table[: len(colours), 1:] = colours
    return table


MP4 = Codec(
    "mp4",
    "libx264",
    "yuv420p",
    # "veryfast" takes a third of the default's time and gives files of the same size for these slowly changing films.
    {"crf": MP4_CRF, "preset": "veryfast"},
    {"movflags": "+faststart"},
    lambda rate: 1 / rate,
    _yuv_frames,
)
WEBM = Codec(
    "webm",
    "libvpx-vp9",
    "yuv420p",
    # As fast and as good as the H.264 settings. The deadline "good" takes four times as long for half the bytes.
    {"crf": WEBM_CRF, "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1", "tile-columns": "1"},
    # The index comes first, so a player can seek before the download is complete.
    {"cues_to_front": "1"},
    lambda rate: 1 / rate,
    _yuv_frames,
)
GIF = Codec("gif", "gif", "pal8", {}, {"loop": "0"}, lambda rate: Fraction(1, GIF_TICKS), _palette_frames)
WEBP = Codec(
    "webp",
    # Not libwebp_anim: it skips blocks that changed little since the previous frame, so slow films show outdated
    # blocks. libwebp encodes each frame completely.
    "libwebp",
    "bgra",
    {"quality": WEBP_QUALITY, "compression_level": "2"},
    {"loop": "0"},
    lambda rate: 1 / rate,
    _rgb_frames,
)

# The page lists them by hand: interpolate.html, train.html.
FORMATS: dict[str, Format] = {
    "mp4": Format("video/mp4", MP4.write),
    "webm": Format("video/webm", WEBM.write),
    "gif": Format("image/gif", GIF.write),
    "webp": Format("image/webp", WEBP.write),
    "zip": Format("application/zip", write_png_zip),
}
