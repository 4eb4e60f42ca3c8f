"""What is said of faces that were found for photographs, by the included model of faces."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from dcgan.data.open import open_dataset
from dcgan.data.photo import describe_distance
from dcgan.engine.renderer import Renderer
from dcgan.store import ModelStore

ROOT = Path(__file__).resolve().parents[3]
COUNT = 6
pytestmark = pytest.mark.slow


def test_a_detail_of_a_photograph_is_no_good_likeness(faces_dir, tmp_path):
    """Of six held-out faces two or more are found as good likenesses; of their six noses, enlarged, none is."""
    renderer = Renderer(ModelStore(ROOT / "checkpoints", tmp_path), "cpu")
    faces = open_dataset(f"npy:{faces_dir}?split=test", 64, 1).pictures[100 : 100 + COUNT]
    noses = torch.nn.functional.interpolate(faces[:, :, 30:46, 24:40].float(), 64, mode="bicubic")
    good = []
    for pictures in (faces, noses.clamp(0, 255).to(torch.uint8)):
        found = renderer.invert("faces", pictures)
        said = [describe_distance(float(rmse), one) for rmse, one in zip(found.rmse, pictures, strict=True)]
        good.append(sum(words.startswith(("very close", "a good likeness")) for words in said))
    renderer.close()
    assert good[0] >= 2 and good[1] == 0
