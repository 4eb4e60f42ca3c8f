"""Uploaded zips: who may open them, what is refused, and what makes room."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from dcgan.data import open_dataset
from dcgan.errors import ConfigError, DatasetError
from dcgan.jobs.uploads import IDLE, UploadLimits, Uploads, clean_name


@pytest.fixture
def zipped(tmp_path):
    """zipped(pictures) → the path of a zip of so many pictures."""

    def make(pictures=2):
        path = tmp_path / "sent"
        with zipfile.ZipFile(path, "w") as archive:
            for i in range(pictures):
                content = io.BytesIO()
                Image.new("RGB", (8, 8), (i * 20, 80, 120)).save(content, "PNG")
                archive.writestr(f"{i}.png", content.getvalue())
        return path

    return make


def idle(uploads, upload):
    """Make an upload as old as one that may make room."""
    path = uploads.spec(upload).removeprefix("zip:")
    os.utime(path, (time.time() - IDLE - 1,) * 2)


def test_an_upload_opens_only_with_its_secret(tmp_path, zipped):
    """The same zip sent twice has two names; neither opens without its secret, nor with the other's."""
    uploads = Uploads(tmp_path / "kept")
    one, two = uploads.keep(zipped()), uploads.keep(zipped())
    assert one != two and len(open_dataset(uploads.spec(one)).pictures) == 2
    (one_id, one_secret), (two_id, two_secret) = (name.removeprefix("upload:").split(".") for name in (one, two))
    for wrong in (
        one_id,
        f"{one_id}.",
        f"{one_id}.{two_secret}",
        f"{two_id}.{one_secret}",
        f"../{one_id}.{one_secret}",
    ):
        with pytest.raises(DatasetError, match="not kept here any more"):
            uploads.spec(f"upload:{wrong}")


def test_nothing_kept_tells_the_secret(tmp_path, zipped):
    """Neither a file's name nor its content holds the secret, so reading the folder opens no upload for others."""
    uploads = Uploads(tmp_path / "kept")
    secret = uploads.keep(zipped(), "my faces.zip").rpartition(".")[2]
    for path in (tmp_path / "kept").iterdir():
        assert secret not in path.name and secret.encode() not in path.read_bytes()


@pytest.mark.parametrize("content", [b"nine byte", b"", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_of_pictures_is_refused_and_not_kept(tmp_path, content):
    """Junk, an empty file and an empty zip are refused by the sender's own file name, and leave nothing behind."""
    (tmp_path / "sent").write_bytes(content)
    uploads = Uploads(tmp_path / "kept")
    with pytest.raises(DatasetError, match=r"^mine\.zip is not|in mine\.zip"):
        uploads.keep(tmp_path / "sent", "C:\\faces\\mine.zip")
    assert not (tmp_path / "kept").exists()


def test_a_zip_of_one_picture_is_refused(tmp_path, zipped):
    """Two readable pictures are needed, as in every data set."""
    with pytest.raises(DatasetError, match=r"At least 2 pictures in mine\.zip must be readable, not 1"):
        Uploads(tmp_path / "kept").keep(zipped(pictures=1), "mine.zip")


def test_a_visitors_new_upload_replaces_the_own_oldest(tmp_path, zipped):
    """A visitor's fourth upload replaces that visitor's oldest; those of others stay."""
    uploads = Uploads(tmp_path / "kept", UploadLimits(by_visitor=3))
    theirs = uploads.keep(zipped(), visitor="1.1.1.1")
    mine = []
    for age in range(10, 0, -1):
        mine.append(uploads.keep(zipped(), visitor="2.2.2.2"))
        path = uploads.spec(mine[-1]).removeprefix("zip:")
        os.utime(path, (time.time() - age,) * 2)
    assert uploads.spec(theirs)
    assert [upload for upload in mine if (tmp_path / "kept" / f"{upload[7:31]}.zip").exists()] == mine[-3:]


def test_uploads_in_use_never_make_room(tmp_path, zipped):
    """In a full folder, uploads used lately or trained on stay and a new one is refused; idle ones go."""
    size = zipped().stat().st_size
    uploads = Uploads(tmp_path / "kept", UploadLimits(total_bytes=size))
    first = uploads.keep(zipped(), visitor="1.1.1.1")
    for visitor in ("2.2.2.2", "3.3.3.3"):
        with pytest.raises(ConfigError, match="no room"):
            uploads.keep(zipped(), visitor=visitor)
    idle(uploads, first)
    trained_on = next((tmp_path / "kept").glob("*.zip"))
    with pytest.raises(ConfigError, match="no room"):
        uploads.keep(zipped(), visitor="2.2.2.2", in_use=[trained_on])
    second = uploads.keep(zipped(), visitor="2.2.2.2")
    assert uploads.spec(second)
    with pytest.raises(DatasetError):
        uploads.spec(first)
    assert len(list((tmp_path / "kept").iterdir())) == 2, "a zip and what is known of it"


def test_a_file_over_the_limit_is_refused(tmp_path, zipped):
    """A zip larger than the limit is refused before it is read."""
    with pytest.raises(ConfigError, match="at most"):
        Uploads(tmp_path / "kept", UploadLimits(file_bytes=10)).keep(zipped())


def test_sentences_name_the_senders_own_file(tmp_path, zipped):
    """An error about an upload names the file as its sender does, and not where it lies."""
    uploads = Uploads(tmp_path / "kept")
    path = uploads.spec(uploads.keep(zipped(), "mine.zip")).removeprefix("zip:")
    assert uploads.show_own_names(f"{path} is damaged") == "mine.zip is damaged"
    assert json.loads(Path(path).with_suffix(".json").read_text())["name"] == "mine.zip"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.zip", "a.zip"),
        ("../../etc/a.zip", "a.zip"),
        ("a\x00\n.zip", "a.zip"),
        ("", "the uploaded zip"),
        ("x" * 999, "x" * 80),
    ],
)
def test_a_file_name_is_shown_without_folders_and_control_characters(name, shown):
    """What a visitor calls a file is shown in one short printable line."""
    assert clean_name(name) == shown
