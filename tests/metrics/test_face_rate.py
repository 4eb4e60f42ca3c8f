"""The Haar face rate, where an OpenCV that has the detector is installed."""

import numpy as np
import pytest
import torch

from dcgan.errors import ConfigError
from dcgan.metrics import face_rate as face_rate_module
from dcgan.metrics.face_rate import available, face_rate

needs_opencv = pytest.mark.skipif(not available(), reason="OpenCV 4 with Haar cascades is not installed")


@needs_opencv
@pytest.mark.faces
def test_real_photographs_give_the_reference_rate(faces_dir):
    """The detector finds a face in 95.7 % of 600 photographs, within 1.5 points."""
    photographs = torch.from_numpy(np.load(faces_dir / "test.npy")[..., :600]).permute(2, 0, 1).unsqueeze(1)
    assert abs(face_rate(photographs.contiguous()) - 0.957) < 0.015


@needs_opencv
def test_noise_and_flat_pictures_show_no_face():
    """Pictures without faces have the rate 0, in colour and in gray."""
    noise = torch.randint(0, 256, (20, 3, 64, 64), generator=torch.Generator().manual_seed(0)).to(torch.uint8)
    assert face_rate(noise) == 0.0
    assert face_rate(torch.full((5, 1, 64, 64), 128, dtype=torch.uint8)) == 0.0


def test_without_opencv_4_the_sentence_says_what_to_install(monkeypatch):
    """Without OpenCV 4 the message names the version to install."""
    monkeypatch.setattr(face_rate_module, "_opencv", lambda: None)
    with pytest.raises(ConfigError, match="opencv-python-headless<5"):
        face_rate(torch.zeros(1, 1, 64, 64, dtype=torch.uint8))
