"""`python -m dcgan timelapse`, on the run that an earlier version of the program left."""

from __future__ import annotations

from pathlib import Path

from decoding import decode_video

from dcgan.cli import main
from dcgan.engine.timelapse import FACE_SIZE, HOLD

RUN = Path(__file__).resolve().parents[1] / "fixtures" / "run_v1"


def test_timelapse_films_a_run(tmp_path, capsys):
    """The film has a frame for each of the run's grids and holds the last one; --face enlarges one of them."""
    assert main(["timelapse", str(RUN), "--out", str(tmp_path / "film.mp4")]) == 0
    assert f"wrote 2 grids as {2 + HOLD} frames" in capsys.readouterr().out
    frames, _ = decode_video(tmp_path / "film.mp4")
    assert len(frames) == 2 + HOLD and frames[0].shape == (274, 274, 3)
    assert main(["timelapse", str(RUN), "--out", str(tmp_path / "face.mp4"), "--face", "12"]) == 0
    assert decode_video(tmp_path / "face.mp4")[0][0].shape == (FACE_SIZE, FACE_SIZE, 3)


def test_timelapse_refuses_what_it_cannot_film(tmp_path, capsys):
    """A folder without grids and a face that is not there end with status 1 and a sentence; no file is left."""
    for words, said in (([str(tmp_path)], "no sample grids yet"), ([str(RUN), "--face", "64"], "no face 64")):
        assert main(["timelapse", *words, "--out", str(tmp_path / "film.mp4")]) == 1
        assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
