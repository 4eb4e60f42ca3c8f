"""The Explore tab's named endpoints."""

from __future__ import annotations


def test_api_lists_models(client):
    """/models gives the names that the other endpoints take."""
    assert client.predict(api_name="/models") == ["first", "second"]
