"""Each film format, decoded and compared with the original frames."""

import itertools
import zipfile
from fractions import Fraction

import av
import numpy as np
import pytest
from decoding import decode, decode_animation, decode_video, decode_zip
from PIL import Image

from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.errors import RequestError


def gradient_frames(count, height=64, width=64):
    """Yield frames of a smooth colour gradient that changes slowly."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    for i in range(count):
        t = i / count
        channels = (40 + 120 * x + 60 * t, 60 + 100 * y, 200 - 120 * x * t - 40 * y)
        yield np.stack(channels, axis=-1).round().astype(np.uint8)


def error(a, b):
    return float(np.sqrt(np.mean((a.astype(float) - b.astype(float)) ** 2)))


def test_mp4_has_every_frame_at_its_rate(tmp_path):
    """Frame count, frame rate, length, size, codec and pixel format are as requested; the index comes first."""
    path = write_film(gradient_frames(48, 96, 64), tmp_path / "film.mp4", 24)
    frames, stream = decode_video(path)
    assert len(frames) == 48 and frames[0].shape == (96, 64, 3)
    assert stream.average_rate == 24
    assert float(stream.duration * stream.time_base) == pytest.approx(2.0)
    assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_webm_has_every_frame_at_its_rate(tmp_path):
    """Frame count, frame rate, length, codec and pixel format are as requested."""
    path = write_film(gradient_frames(48, 96, 64), tmp_path / "film.webm", 24)
    frames, stream = decode_video(path)
    assert len(frames) == 48 and frames[0].shape == (96, 64, 3)
    assert stream.average_rate == 24
    assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("vp9", "yuv420p")
    with av.open(str(path)) as container:
        assert container.duration / av.time_base == pytest.approx(2.0, abs=0.05)


def test_a_zip_is_lossless(tmp_path):
    """Each frame is an identical PNG, in order; the zip's comment states the frame rate."""
    originals = list(gradient_frames(12))
    path = write_film(iter(originals), tmp_path / "film.zip", 24)
    assert all(np.array_equal(a, b) for a, b in zip(decode_zip(path), originals, strict=True))
    with zipfile.ZipFile(path) as archive:
        assert archive.comment == b"24 frames a second"
        assert archive.namelist()[0] == "frame-00001.png" and len(archive.namelist()) == 12


@pytest.mark.parametrize("fmt", FORMATS)
def test_decoded_frames_are_close_to_the_originals(fmt, tmp_path):
    """The first, a middle and the last frame of a slowly changing film are within the same error of the originals."""
    originals = list(gradient_frames(60, 128, 128))
    path = write_film(iter(originals), tmp_path / f"film.{fmt}", 20)
    frames = decode(fmt, path)
    assert len(frames) == 60
    for i in (0, 30, 59):
        assert error(frames[i], originals[i]) < 4, (fmt, i)
        assert np.abs((frames[i].astype(float) - originals[i]).mean((0, 1))).max() < 2.5, (fmt, i)


@pytest.mark.parametrize("fmt", ["gif", "webp"])
@pytest.mark.parametrize("fps", [8, 24, 30])
def test_animations_keep_their_length_and_loop_forever(fmt, fps, tmp_path):
    """All frames are present, their durations add up to the film's length, and the loop is endless."""
    count = 2 * fps
    path = write_film(gradient_frames(count), tmp_path / f"film.{fmt}", fps)
    frames, durations, loop = decode_animation(path)
    assert len(frames) == count and frames[0].shape == (64, 64, 3)
    assert sum(durations) == pytest.approx(2000, abs=25)
    assert loop == 0


def test_a_gif_of_a_high_frame_rate_keeps_its_length(tmp_path):
    """At 60 frames a second some are dropped; no frame is shorter than 20 ms, and the length is unchanged."""
    frames, durations, _ = decode_animation(write_film(gradient_frames(120), tmp_path / "film.gif", 60))
    assert min(durations) >= 20
    assert 90 <= len(frames) <= 100
    assert sum(durations) == pytest.approx(2000, abs=40)


@pytest.mark.parametrize("fmt", FORMATS)
def test_odd_sizes_and_single_frames(fmt, tmp_path):
    """A film of one frame with odd sides can be written; a video is padded to even sides and not cropped."""
    (original,) = gradient_frames(1, 65, 67)
    path = write_film([original], tmp_path / f"film.{fmt}", 10)
    if fmt in ("gif", "webp"):  # a single picture has no duration
        with Image.open(path) as image:
            frame = np.asarray(image.convert("RGB"))
    else:
        (frame,) = decode(fmt, path)
    assert frame.shape == ((66, 68, 3) if fmt in ("mp4", "webm") else (65, 67, 3))
    assert error(frame[:65, :67], original) < 4


def test_a_fractional_rate_is_kept(tmp_path):
    """A rate of 29.97 frames a second is stored exactly."""
    _, stream = decode_video(write_film(gradient_frames(10), tmp_path / "film.mp4", 30000 / 1001))
    assert stream.average_rate == Fraction(30000, 1001)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_failed_film_leaves_no_file(fmt, tmp_path):
    """An error of the frames is raised, no temporary file remains, and an existing film is unchanged."""
    path = tmp_path / f"film.{fmt}"
    path.write_bytes(b"old")

    def failing():
        yield from gradient_frames(5)
        raise RuntimeError("out of film")

    with pytest.raises(RuntimeError, match="out of film"):
        write_film(failing(), path, 10)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"


def test_an_interrupted_film_leaves_no_file(tmp_path):
    """KeyboardInterrupt removes the temporary file, too."""

    def interrupted():
        yield from gradient_frames(5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_film(interrupted(), tmp_path / "film.mp4", 10)
    assert not list(tmp_path.iterdir())


def test_frames_are_encoded_one_at_a_time(tmp_path):
    """At most two frames are in memory: the one that is encoded and the next."""
    import weakref

    alive = []

    def watched():
        for frame in gradient_frames(60):
            copy = frame.copy()
            alive.append(weakref.ref(copy))
            yield copy
            del copy
            assert sum(ref() is not None for ref in alive) <= 2

    write_film(watched(), tmp_path / "film.mp4", 10)
    assert len(alive) == 60


def test_invalid_films_are_refused(tmp_path):
    """An unknown extension, a frame rate of 0 and a film without frames raise RequestError and leave no file."""
    with pytest.raises(RequestError, match="mp4, webm, gif, webp, zip"):
        write_film(gradient_frames(2), tmp_path / "film.avi", 10)
    with pytest.raises(RequestError, match="per second"):
        write_film(gradient_frames(2), tmp_path / "film.mp4", 0)
    with pytest.raises(RequestError, match="at least one frame"):
        write_film(itertools.islice(gradient_frames(2), 0), tmp_path / "film.mp4", 10)
    assert not list(tmp_path.iterdir())


def test_the_format_can_be_named(tmp_path):
    """`fmt` replaces the path's extension."""
    path = write_film(gradient_frames(3), tmp_path / "film", 10, "gif")
    assert path.read_bytes().startswith(b"GIF89a")
