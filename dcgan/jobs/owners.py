"""Who may stop, resume, rename and delete a run: whoever holds the token that was given out when it was started.

A run's folder keeps only a digest of its token, so reading the folder gives nobody control over the run.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from dcgan.files import write_atomic

OWNER_FILE = "owner"


def give_token(run: Path) -> str:
    """Make a new token for a run, and keep its digest in the run's folder."""
    token = secrets.token_urlsafe(24)
    write_atomic(run / OWNER_FILE, _digest(token).encode())
    return token


def has_owner(run: Path) -> bool:
    """Whether somebody was given a token for the run; a run that was started from a shell has no owner."""
    return (run / OWNER_FILE).is_file()


def is_owner(run: Path, token: str) -> bool:
    """Whether the token is the run's."""
    return has_owner(run) and same_secret(_digest(token), (run / OWNER_FILE).read_text("utf-8"))


def same_secret(given: str, secret: str) -> bool:
    """Compare in a time that tells nothing about the secret; an empty secret equals nothing."""
    return bool(secret) and hmac.compare_digest(_encode(given), _encode(secret))


def _digest(token: str) -> str:
    return hashlib.sha256(_encode(token)).hexdigest()


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a visitor's JSON can hold half of a surrogate pair
