"""The share of pictures in which a classical detector finds a face (Haar cascades, Viola and Jones 2001).

It is meant for photographs of faces, and easily fooled: blurred mean faces of a half-trained generator score 88 %. It
needs OpenCV 4, because version 5 has neither the detector nor the cascade files.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from torch import Tensor

from dcgan.errors import ConfigError
from dcgan.images import to_hwc

CASCADES = ("frontalface_default", "frontalface_alt2")
BORDER, SCALE = 16, 2


def available() -> bool:
    """Return whether an OpenCV with Haar cascades is installed."""
    return _opencv() is not None


def _opencv() -> Any:
    """Return the module, an optional dependency; None if it is missing or too new."""
    try:
        cv2 = importlib.import_module("cv2")
    except ImportError:
        return None
    return cv2 if hasattr(cv2, "CascadeClassifier") else None


def face_rate(pictures: Tensor, count: int = 600) -> float:
    """Return the share of the first `count` uint8 pictures [N, nc, S, S] in which a cascade finds a face, 0 … 1.

    Pictures get a replicated border of 16 pixels and are doubled in size first, because the detector misses faces that
    fill the picture. The real photographs of the model `faces` score 0.95. Raises ConfigError without OpenCV 4.
    """
    assert len(pictures) > 0
    cv2 = _opencv()
    if cv2 is None:
        raise ConfigError("The face rate needs OpenCV 4: pip install 'opencv-python-headless<5'.")
    folder = Path(cv2.data.haarcascades)
    detectors = [cv2.CascadeClassifier(str(folder / f"haarcascade_{name}.xml")) for name in CASCADES]
    found = 0
    for picture in pictures[:count]:
        gray = cv2.cvtColor(to_hwc(picture), cv2.COLOR_RGB2GRAY)
        wide = cv2.copyMakeBorder(gray, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE)
        large = cv2.resize(wide, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
        found += any(len(detector.detectMultiScale(large)) > 0 for detector in detectors)
    return found / min(count, len(pictures))
