"""Films read back, for tests that compare them with what they were made of."""

from __future__ import annotations

import io
import zipfile

import av
import numpy as np
from PIL import Image


def decode_video(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        return frames, stream


def decode_animation(path):
    """Frames, their durations in milliseconds, and the loop count of a GIF or WebP."""
    with Image.open(path) as image:
        frames, durations = [], []
        for i in range(image.n_frames):
            image.seek(i)
            image.load()
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(image.info["duration"])
        return frames, durations, image.info.get("loop")


def decode_zip(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return [np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in sorted(archive.namelist())]


def decode(fmt, path):
    """The frames of a film of any format."""
    if fmt == "zip":
        return decode_zip(path)
    return decode_video(path)[0] if fmt in ("mp4", "webm") else decode_animation(path)[0]


def duration(fmt, path):
    """Seconds that a film lasts; a zip says only how fast it is meant."""
    if fmt == "zip":
        with zipfile.ZipFile(path) as archive:
            return len(archive.namelist()) / float(archive.comment.split()[0])
    if fmt in ("gif", "webp"):
        return sum(decode_animation(path)[1]) / 1000
    with av.open(str(path)) as container:
        return container.duration / av.time_base
