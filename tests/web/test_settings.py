"""Settings of an installation."""

from __future__ import annotations

import pytest

from dcgan.errors import ConfigError
from dcgan.web.settings import Settings, read_settings


def test_settings_take_flags_before_environment(tmp_path):
    """Flags override the environment; a Space is public, listens on all addresses and has smaller limits."""
    environment = {"DCGAN_CHECKPOINTS": str(tmp_path), "DCGAN_RUNS": "/r", "GRADIO_SERVER_PORT": "8123"}
    settings = read_settings(["--runs", "/other", "--host", "::1"], environment)
    assert (settings.checkpoints, str(settings.runs), settings.host, settings.port) == (tmp_path, "/other", "::1", 8123)
    assert not settings.public
    space = read_settings([], {"SYSTEM": "spaces"})
    assert space.public and space.host == "0.0.0.0"
    assert space.film_frames < Settings().film_frames
    with pytest.raises(ConfigError, match="GRADIO_SERVER_PORT"):
        read_settings([], {"GRADIO_SERVER_PORT": "eighty"})
