"""A page that starts where little can be written: other folders are taken, and it is said which."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

import pytest
from live_page import save_model

from dcgan.data.cache_folder import cache_folder
from dcgan.errors import ConfigError
from dcgan.files import first_writable
from dcgan.web import folders
from dcgan.web.folders import choose_runs, choose_temporary_folder
from dcgan.web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def blocked(tmp_path):
    """A path below a file, where not even an administrator can make a folder."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "folder"


@pytest.fixture
def unwritable_default(blocked, monkeypatch):
    """The folder of runs beside the program cannot be written."""
    monkeypatch.setattr(Settings, "runs", blocked)
    return blocked


def test_the_first_folder_that_can_be_written_is_taken_and_made(tmp_path, blocked):
    """One that cannot be made or is a file is passed over, and nothing is left in the one that is taken."""
    assert first_writable([blocked, tmp_path / "file", tmp_path / "a" / "b", tmp_path]) == tmp_path / "a" / "b"
    assert list((tmp_path / "a" / "b").iterdir()) == []
    assert first_writable([blocked]) is None


def test_runs_are_kept_in_the_users_data_where_the_program_cannot_be_written(tmp_path, unwritable_default):
    """The folder is said; the temporary folder is the last resort."""
    said = []
    settings = choose_runs(Settings(runs=unwritable_default), {"XDG_DATA_HOME": str(tmp_path)}, said.append)
    if sys.platform == "linux":
        assert settings.runs == tmp_path / "dcgan" / "runs"
    assert settings.runs.is_dir() and str(settings.runs) in said[0]
    nowhere = {"XDG_DATA_HOME": str(unwritable_default), "LOCALAPPDATA": str(unwritable_default)}
    if sys.platform != "darwin":
        assert choose_runs(settings.__class__(runs=unwritable_default), nowhere, said.append).runs.parent == Path(
            tempfile.gettempdir()
        )


def test_a_chosen_folder_of_runs_stays(tmp_path, unwritable_default):
    """A folder that somebody named is not replaced; the default is not either where it can be written."""
    for runs in (tmp_path / "mine", tmp_path / "file" / "mine"):
        assert choose_runs(Settings(runs=runs), {}, pytest.fail).runs == runs


def test_no_folder_at_all_is_a_sentence(unwritable_default, monkeypatch):
    """Where nothing can be written, the program says what to set."""
    monkeypatch.setattr(folders, "first_writable", lambda folders: None)
    with pytest.raises(ConfigError, match="set DCGAN_RUNS"):
        choose_runs(Settings(runs=unwritable_default), {}, pytest.fail)


def test_a_temporary_folder_is_chosen_or_new_and_then_deleted(tmp_path, blocked):
    """GRADIO_TEMP_DIR is taken where it can be written; a new folder is nobody else's, and goes with its holder."""
    assert choose_temporary_folder({"GRADIO_TEMP_DIR": str(tmp_path / "mine")}, pytest.fail) == (
        tmp_path / "mine",
        None,
    )
    said = []
    folder, holder = choose_temporary_folder({"GRADIO_TEMP_DIR": str(blocked)}, said.append)
    assert folder.is_dir() and str(folder) in said[0]
    other, other_holder = choose_temporary_folder({}, pytest.fail)
    assert other != folder
    holder.cleanup()
    other_holder.cleanup()
    assert not folder.exists() and not other.exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no numbers of users")
def test_the_cache_of_another_user_is_left_alone(monkeypatch):
    """Where dcgan-cache cannot be written, the cache has the user's own number in its name."""
    monkeypatch.delenv("DCGAN_CACHE", raising=False)
    shared = Path(tempfile.gettempdir(), "dcgan-cache")
    assert cache_folder() == shared
    shared.mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert cache_folder() == shared.with_name(f"dcgan-cache-{os.getuid()}")


@pytest.fixture
def program(tmp_path):
    """A copy of the program in which no folder of runs can be made, with one small model."""
    copy = tmp_path / "program"
    shutil.copytree(ROOT / "dcgan", copy / "dcgan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", copy)
    save_model(copy / "checkpoints" / "first", seed=1)
    (copy / "runs").write_text("a file in the place of the folder")
    return copy


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="ends the page by SIGTERM")
def test_a_page_without_home_and_with_a_read_only_program_draws_films_and_trains(program, blocked, tmp_path):
    """Pictures, films and a run are made; the page says where; its own temporary folder goes when it ends."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DCGAN_", "XDG_"))},
        **{"HOME": str(blocked), "GRADIO_TEMP_DIR": str(blocked), "TMPDIR": str(temporary), "PYTHONPATH": str(program)},
        "GRADIO_SERVER_PORT": str(free_port()),  # this process's own may be taken by a page of another test
    }
    page = subprocess.Popen(
        [sys.executable, "-u", "app.py"],
        cwd=program,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()

    def read():
        for line in page.stdout:
            lines.put(line)
        lines.put("the page has ended")

    reader = threading.Thread(target=read)
    reader.start()
    try:
        said = []
        while not (found := re.search(r"http://[0-9.:]+", said[-1] if said else "")):
            said.append(lines.get(timeout=120))
            assert said[-1] != "the page has ended", "".join(said)
        url = found[0]

        def ask(path, body):
            request = urllib.request.Request(f"{url}/{path}", json.dumps(body).encode())
            request.add_header("Content-Type", "application/json")
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.loads(response.read().splitlines()[-1])

        faces = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 0.5, "fps": 8, "size": 64, "format": "zip"}
        assert ask("dcgan/film", faces)["frames"] == 4
        (picture,) = ask("gradio_api/run/generate", {"data": [1, 1.0, None, "", 64, "", None]})["data"]
        assert temporary in Path(picture["path"]).parents and Path(picture["path"]).is_file()
        tiny = {"kimg": 0.1, "image_size": 32, "ngf": 4, "ndf": 4, "nz": 8, "batch": 8, "threads": 1}
        run = ask("dcgan/train/start", {"data": "doodles:64", "preset": "quick", "overrides": tiny})["run"]
        (runs,) = temporary.glob("dcgan-runs-*")
        assert (runs / run / "status.json").is_file()
        page.send_signal(signal.SIGTERM)
        page.wait(90)
        reader.join(30)
        said += [lines.get() for _ in range(lines.qsize())]
        assert f"{program / 'runs'} cannot be written, so runs are kept in {runs}" in "".join(said)
        assert f"GRADIO_TEMP_DIR={blocked} cannot be written" in "".join(said)
        assert "Traceback" not in "".join(said)
        assert sorted(path.name for path in temporary.glob("dcgan-*") if path != runs) == ["dcgan-cache"]
    finally:
        page.kill()
        page.wait()
