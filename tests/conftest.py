"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def faces_dir() -> Path:
    """The folder of real photographs (train.npy, test.npy). Without it a test skips; in CI it must be there."""
    folder = Path(os.environ.get("DCGAN_TEST_FACES", ROOT.parent / "shared" / "data" / "faces"))
    if (folder / "train.npy").is_file():
        return folder
    reason = f"no real photographs in {folder}; set DCGAN_TEST_FACES to a folder with train.npy"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
