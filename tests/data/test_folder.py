"""Folders of picture files as people have them."""

from __future__ import annotations

import os
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.data import open_dataset
from dcgan.errors import DatasetError

RED, WHITE = (255, 0, 0), (255, 255, 255)


def corner_picture(size=(64, 64)) -> Image.Image:
    """A black picture whose top left quarter is red, which shows how it was turned."""
    image = Image.new("RGB", size)
    image.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    return image


def quarters(picture: torch.Tensor) -> list[bool]:
    """Whether each quarter of [3, S, S] is red: top left, top right, bottom left, bottom right."""
    s = picture.shape[-1]
    points = [(s // 4, s // 4), (s // 4, 3 * s // 4), (3 * s // 4, s // 4), (3 * s // 4, 3 * s // 4)]
    return [bool(picture[0, y, x] > 127) for y, x in points]


def open_one(folder, image_size=32, nc=3) -> torch.Tensor:
    """The picture a folder holds twice (one is too few for a data set)."""
    dataset = open_dataset(f"folder:{folder}", image_size, nc)
    assert dataset.count == 2
    assert torch.equal(dataset.pictures[0], dataset.pictures[1])
    return dataset.pictures[0]


def save_twice(folder, image: Image.Image, suffix: str, **options) -> None:
    """Save a.suffix and b.suffix."""
    for name in "ab":
        image.save(folder / f"{name}.{suffix}", **options)


def huge_png(width: int, height: int) -> bytes:
    """A few hundred bytes of PNG whose header claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def test_every_format_below_the_folder_in_the_order_of_names(tmp_path):
    """All kinds are found in subfolders, in any case of suffix, sorted; others are counted, hidden ones are not."""
    names = ["a/one.JPG", "a/two.jpeg", "b/c/three.png", "b/four.webp", "five.bmp", "g.GIF", "t.tif", "t.tiff"]
    for i, name in enumerate(sorted(names)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 40), (30 * i, 0, 0)).save(path)
    (tmp_path / "notes.txt").write_text("not a picture")
    for other in ("IMG_1.HEIC", "IMG_2.heic", "LICENSE"):
        (tmp_path / other).write_bytes(b"0")
    for hidden in (".thumbnails/x.png", "__MACOSX/y.png", "a/._one.jpg", ".git/a.txt", "a/Thumbs.db"):
        path = tmp_path / hidden
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"0")
    dataset = open_dataset(f"folder:{tmp_path}", 32, 3)
    assert dataset.count == 8
    assert dataset.skipped == ()
    assert dataset.other_kinds == {".heic": 2, ".txt": 1, "without a suffix": 1}
    assert "Only 8 pictures: G will repeat them; a few hundred pictures give varied results" in dataset.description
    assert "Skipped: 2 .heic, 1 .txt, 1 without a suffix, which are not JPEG" in dataset.description
    assert dataset.original_size == "40 × 40"
    reds = dataset.pictures[:, 0, 16, 16].int()
    assert (reds - torch.arange(8) * 30).abs().max() <= 4, "JPEG and WebP lose a little"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_a_picture_means_the_same_in_every_mode(tmp_path, mode):
    """Palette, alpha, gray, 16-bit and CMYK files all come out as the gray picture they show."""
    ramp = Image.linear_gradient("L").resize((64, 64))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(ramp).astype(np.uint16) * 257)
    elif mode == "1":
        ramp = image = ramp.point(lambda value: 255 * (value > 127)).convert("1")
        ramp = ramp.convert("L")
    else:
        image = ramp.convert("P") if mode == "P" else ramp.convert("RGB").convert(mode)
    assert image.mode == mode
    save_twice(tmp_path, image, "jpg" if mode == "CMYK" else "png", **({"quality": 100} if mode == "CMYK" else {}))
    picture = open_one(tmp_path, 64)
    difference = (picture.int() - torch.from_numpy(np.asarray(ramp).astype(int))).abs().max()
    assert difference <= (3 if mode == "CMYK" else 0)


def test_transparency_shows_white_paper(tmp_path):
    """What is transparent becomes white, half of it half white, whether by alpha channel or palette."""
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 32, 64))
    image.paste((0, 0, 0, 128), (32, 32, 64, 64))
    (tmp_path / "alpha").mkdir()
    save_twice(tmp_path / "alpha", image, "png")
    picture = open_one(tmp_path / "alpha", 64)
    assert picture[:, 32, 8].tolist() == [255, 0, 0]
    assert picture[:, 8, 48].tolist() == [255, 255, 255]
    assert picture[:, 48, 48].tolist() == [127, 127, 127]

    (tmp_path / "palette").mkdir()
    palette = Image.new("P", (64, 64), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.paste(1, (0, 0, 32, 64))
    save_twice(tmp_path / "palette", palette, "png", transparency=0)
    picture = open_one(tmp_path / "palette", 64)
    assert picture[:, 32, 8].tolist() == [255, 0, 0]
    assert picture[:, 32, 48].tolist() == [255, 255, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_pictures_are_turned_upright(tmp_path, orientation, suffix):
    """All eight EXIF orientations come out as the camera was held: as Pillow's own exif_transpose turns them."""
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    save_twice(tmp_path, corner_picture(), suffix, exif=exif.tobytes())
    with Image.open(tmp_path / f"a.{suffix}") as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB").resize((32, 32))).transpose(2, 0, 1)
    picture = open_one(tmp_path)
    assert quarters(picture) == quarters(torch.from_numpy(expected.copy()))
    assert sum(quarters(picture)) == 1


def test_the_size_stated_is_the_one_that_is_seen(tmp_path):
    """A large JPEG is decoded at a fraction, and one may lie on its side; its stated size is the upright whole."""
    exif = Image.Exif()
    exif[0x0112] = 6
    for suffix in ("jpg", "tif"):
        (tmp_path / suffix).mkdir()
        save_twice(tmp_path / suffix, corner_picture((900, 600)), suffix, exif=exif.tobytes())
        assert open_dataset(f"folder:{tmp_path / suffix}", 32).original_size == "600 × 900"


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_an_animation_gives_its_first_frame(tmp_path, suffix):
    """A GIF, WebP or PNG that moves, and a TIFF of several pages, is one picture: the first."""
    frames = [corner_picture(), Image.new("RGB", (64, 64), WHITE), Image.new("RGB", (64, 64), RED)]
    save_twice(tmp_path, frames[0], suffix, save_all=True, append_images=frames[1:])
    assert quarters(open_one(tmp_path)) == [True, False, False, False]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate"])
def test_tiff_of_every_mode(tmp_path, mode, compression):
    """Scans and microscopes write TIFF in all modes, with and without compression, turned or not."""
    image = corner_picture().convert("L").point(lambda value: 255 * (value > 0))
    image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257) if mode == "I;16" else image.convert("RGB")
    image = image if mode == "I;16" else image.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the top left corner is to be at the top right
    save_twice(tmp_path, image, "tif", compression=compression, exif=exif.tobytes())
    assert quarters(open_one(tmp_path)) == [False, True, False, False]


def test_decoding_large_jpegs_at_a_fraction_cannot_be_seen(tmp_path):
    """The short cut for large JPEGs stays within what a JPEG loses anyway."""
    rng = np.random.default_rng(0)
    image = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)).resize((1024, 1024), 3)
    save_twice(tmp_path, image, "jpg", quality=95)
    expected = torch.from_numpy(np.array(image.resize((32, 32), Image.Resampling.LANCZOS))).permute(2, 0, 1)
    assert (open_one(tmp_path).int() - expected.int()).abs().float().mean() < 2


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    """A 16-bit medical or depth picture keeps its shades."""
    shades = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    save_twice(tmp_path, Image.fromarray(shades), "png")
    picture = open_one(tmp_path, 64, 1)
    assert (picture[0].numpy() == np.rint(shades / 257)).all()


def test_gray_and_colour_are_told_apart(tmp_path):
    """Gray pictures saved as RGB are known to be gray; one coloured one among them is enough for colour."""
    save_twice(tmp_path, Image.linear_gradient("L").convert("RGB"), "png")
    assert open_dataset(f"folder:{tmp_path}", 32, 3).grayscale
    assert open_dataset(f"folder:{tmp_path}", 32, 1).grayscale
    corner_picture().save(tmp_path / "c.png")
    assert not open_dataset(f"folder:{tmp_path}", 32, 1).grayscale
    assert open_dataset(f"folder:{tmp_path}", 32, 3).original_size == "several sizes"


def test_broken_files_are_named_skipped_and_counted(tmp_path):
    """One bad file does not spoil a data set: the good ones are all there, the bad ones each with a reason."""
    save_twice(tmp_path, corner_picture(), "png")
    whole = (tmp_path / "a.png").read_bytes()
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(tmp_path / "cut.jpg")
    cut = (tmp_path / "cut.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(cut[: len(cut) // 2])
    (tmp_path / "aa_cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.webp").write_bytes(b"")
    (tmp_path / "text.bmp").write_text("hello")
    Image.new("RGB", (8, 8)).save(tmp_path / "icon.png", "ICO")
    Image.new("F", (64, 64)).save(tmp_path / "float.tif")
    (tmp_path / "bomb.png").write_bytes(huge_png(30_000, 30_000))
    (tmp_path / "large.png").write_bytes(huge_png(8_001, 8_000))
    (tmp_path / "strip.png").write_bytes(huge_png(1, 60_000_000))
    dataset = open_dataset(f"folder:{tmp_path}", 32, 3)
    assert dataset.count == 2
    assert torch.equal(dataset.pictures[0], dataset.pictures[1])
    names = [
        "aa_cut.png",
        "bomb.png",
        "cut.jpg",
        "empty.webp",
        "float.tif",
        "icon.png",
        "large.png",
        "strip.png",
        "text.bmp",
    ]
    assert [line.split(":")[0] for line in dataset.skipped] == names
    assert "9 pictures could not be read" in dataset.description
    reasons = dict(line.split(": ", 1) for line in dataset.skipped)
    assert "megapixels" in reasons["bomb.png"]
    assert "megapixels" in reasons["large.png"]
    assert "narrow" in reasons["strip.png"]
    assert "not a JPEG" in reasons["icon.png"]
    assert "floats" in reasons["float.tif"]
    assert "BytesIO" not in dataset.description


def test_nothing_but_broken_files(tmp_path):
    """When no file can be read the error names a few of them, not all."""
    for i in range(9):
        (tmp_path / f"{i}.png").write_bytes(b"broken")
    with pytest.raises(DatasetError, match=r"None of the 9 .*0\.png.*2\.png.*…") as caught:
        open_dataset(f"folder:{tmp_path}", 32, 3)
    assert "3.png" not in str(caught.value)


def test_too_few_pictures(tmp_path):
    """No folder, an empty folder, and a single picture each give their own sentence."""
    with pytest.raises(DatasetError, match=r"no folder .*: give the path of a folder of pictures\.$"):
        open_dataset(f"folder:{tmp_path / 'nowhere'}")
    with pytest.raises(DatasetError, match=r"no picture \(JPEG.*it is empty"):
        open_dataset(f"folder:{tmp_path}")
    (tmp_path / "a.heic").write_bytes(b"0")
    with pytest.raises(DatasetError, match=r"no picture \(JPEG.*it holds 1 \.heic"):
        open_dataset(f"folder:{tmp_path}")
    corner_picture().save(tmp_path / "a.png")
    with pytest.raises(DatasetError, match="only one picture"):
        open_dataset(f"folder:{tmp_path}")
    (tmp_path / "b.png").write_bytes(b"broken")
    with pytest.raises(DatasetError, match=r"Only one of the 2 .*b\.png"):
        open_dataset(f"folder:{tmp_path}")


def test_what_looks_like_a_picture_but_is_no_file(tmp_path):
    """A pipe, a folder and a dangling link named like pictures neither hang nor break the reading."""
    save_twice(tmp_path, corner_picture(), "png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert open_dataset(f"folder:{tmp_path}", 32).count == 2


def test_resize_and_centre_crop(tmp_path):
    """A tall picture keeps its middle, undistorted."""
    image = Image.new("RGB", (100, 300), WHITE)
    image.paste(RED, (25, 125, 75, 175))
    save_twice(tmp_path, image, "png")
    bright = open_one(tmp_path, 32)[1] < 127
    assert bright.sum() == 16 * 16
    assert bright[8:24, 8:24].all()


def test_progress_ends_at_the_end(tmp_path):
    """The last report says that everything was read, and reports do not come for every picture."""
    for i in range(40):
        Image.new("L", (32, 32), i).save(tmp_path / f"{i:02}.png")
    seen: list[tuple[int, int]] = []
    dataset = open_dataset(f"folder:{tmp_path}", 32, 1, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40, 40)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert dataset.pictures[:, 0, 0, 0].tolist() == list(range(40)), "threads keep the order"


def test_an_error_in_progress_stops_the_reading(tmp_path):
    """Whoever reports may stop: their exception comes through, and nothing is left running."""
    for i in range(10):
        Image.new("L", (32, 32), i).save(tmp_path / f"{i:02}.png")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_dataset(f"folder:{tmp_path}", 32, 1, stop)
