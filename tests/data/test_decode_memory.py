"""Memory that pictures and archives from outside take: bounded while they are read, and given back afterwards."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dcgan.data import zip_directory
from dcgan.data.decode import decode
from dcgan.data.zip_archive import check_zip
from dcgan.errors import DatasetError
from dcgan.images import fit_square

ROOT = Path(__file__).resolve().parents[2]
BOUND_MIB = 512

# Does the work given as its argument on three threads at once; prints the MiB by which memory rose meanwhile and after.
MEASURE = """
import sys, threading
from dcgan.data import open_dataset
from dcgan.data.photo import read_photo
from dcgan.data.zip_archive import check_zip
from dcgan.errors import DCGANError
from pathlib import Path

def status(key):
    line = next(line for line in open("/proc/self/status") if line.startswith(key))
    return int(line.split()[1]) // 1024

def work():
    try:
        {work}
    except DCGANError as error:
        print(error, file=sys.stderr)

path = Path(sys.argv[1])
idle = status("VmRSS")
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(status("VmHWM") - idle, status("VmRSS") - idle)
"""


def rise(path, work):
    """(MiB while three threads do some work with a file, MiB afterwards, what they said)."""
    command = [sys.executable, "-c", MEASURE.format(work=work), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    meanwhile, after = map(int, done.stdout.split())
    return meanwhile, after, done.stderr


def save(path, kind):
    """A picture file of few bytes that takes as much memory as a file of its kind may."""
    if kind == "RGBA PNG":
        Image.new("RGBA", (8000, 8000), (9, 99, 200, 128)).save(path, "PNG", compress_level=1)
    elif kind == "16-bit PNG":
        Image.new("I;16", (8000, 8000), 30000).save(path, "PNG", compress_level=1)
    elif kind == "palette PNG":
        Image.new("P", (8000, 8000), 1).save(path, "PNG", compress_level=1, transparency=1)
    elif kind == "WebP":
        Image.new("RGBA", (4500, 4500), (9, 99, 200, 128)).save(path, "WEBP", quality=20, method=0)
    else:
        Image.new("CMYK", (6400, 6400), (9, 99, 200, 8)).save(path, "JPEG", progressive=True, quality=60)
    assert path.stat().st_size < 2 * 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["RGBA PNG", "16-bit PNG", "palette PNG", "WebP", "progressive JPEG"])
def test_three_photos_at_once_take_bounded_memory_and_give_it_back(tmp_path, kind):
    """Three of the largest pictures at once take less than half a GiB above idle, and next to nothing stays."""
    save(tmp_path / "photo", kind)
    meanwhile, after, said = rise(tmp_path / "photo", "read_photo(path.read_bytes(), 64, 3)")
    assert said == ""
    assert meanwhile < BOUND_MIB, meanwhile
    assert after < 64, after


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_preview_of_large_pictures_takes_bounded_memory(tmp_path):
    """So does a zip of them, whose files unpack to tens of MiB each, though threads read ahead."""
    picture = io.BytesIO()
    Image.new("RGB", (4400, 4400), (9, 99, 200)).save(picture, "BMP")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(8):
            archive.writestr(f"{i}.bmp", picture.getvalue())
    meanwhile, after, said = rise(tmp_path / "a.zip", "open_dataset(f'zip:{path}', first=64)")
    assert said == ""
    assert meanwhile < BOUND_MIB, meanwhile
    assert after < 96, after


def many_entries(path, count):
    """An archive of so many empty pictures, whose last record names only one of them."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("0.png", b"")
    content = path.read_bytes()
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    record = bytearray(content[end:])
    record[12:16] = (count * (end - start)).to_bytes(4, "little")
    path.write_bytes(content[:start] + content[start:end] * count + record)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("count", [400_000, 1_000_000])
def test_an_archive_of_many_entries_is_refused_before_it_is_parsed(tmp_path, count):
    """What its directory says of their number is not believed; they are counted, and take no objects in memory."""
    many_entries(tmp_path / "a.zip", count)
    meanwhile, _, said = rise(tmp_path / "a.zip", "check_zip(path)")
    assert said.count("has more than 300,000 entries") == 3
    assert meanwhile < BOUND_MIB / 2, meanwhile


def test_a_directory_of_long_names_is_refused(tmp_path, monkeypatch):
    """Few entries with long names take memory, too."""
    monkeypatch.setattr(zip_directory, "DIRECTORY_BYTES", 2000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x" * 3000, b"")
    with pytest.raises(DatasetError, match="has more than 300,000 entries"):
        check_zip(tmp_path / "a.zip")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
@pytest.mark.parametrize("turned", [1, 6])
def test_a_large_picture_looks_as_if_it_had_been_read_whole(mode, turned):
    """Reducing a large picture band by band cannot be seen, in any mode, upright or turned."""
    ramp = Image.radial_gradient("L").resize((2700, 2100))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(ramp).astype(np.uint16) * 257)
    elif mode in ("RGBA", "LA"):
        image = ramp.convert(mode)
        image.putalpha(Image.linear_gradient("L").resize(ramp.size))
    else:
        image = ramp.convert(mode)
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    image.save(buffer, "PNG", exif=exif, compress_level=1)
    picture = decode(buffer, 64)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(ramp, mask=image.getchannel("A") if mode in ("RGBA", "LA") else None)
    if mode == "1":
        paper = image.convert("RGB")
    upright = paper.transpose(Image.Transpose.ROTATE_270) if turned == 6 else paper
    expected = np.asarray(fit_square(upright, 64)).astype(int)
    assert picture.size == upright.size
    difference = np.abs(picture.pixels.astype(int) - expected)
    assert difference.mean() < 1 and np.percentile(difference, 99) <= 6
