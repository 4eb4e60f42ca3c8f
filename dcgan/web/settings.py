"""Where the page is served, where its models lie, how much one visitor may ask for: flags first, then environment."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dcgan.errors import ConfigError
from dcgan.schema import MAX_FRAMES

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings:
    """All that distinguishes one installation from another. `public` means strangers share the machine."""

    host: str = "127.0.0.1"
    port: int | None = None  # None: the first free one from 7860 on
    checkpoints: Path = ROOT / "checkpoints"
    runs: Path = ROOT / "runs"
    data: Path | None = None  # where data sets lie under the names that models know them by
    device: str | None = None  # None: the best there is
    public: bool = False
    admin: str = ""  # a token that may stop anybody's run
    allowed_hosts: tuple[str, ...] = ()  # names of this server besides the machine's own, as visitors type them
    behind_proxy: bool = False  # a proxy in front passes on the visitor's Host as X-Forwarded-Host

    @property
    def shared(self) -> bool:
        """Whether others than the machine's owner may reach the page."""
        return self.public or self.host not in LOOPBACK

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this server may be reached; a request for another name is refused."""
        names = {*LOOPBACK, self.host, *self.allowed_hosts}
        if self.shared:
            machine = socket.gethostname()
            names |= {machine, f"{machine.partition('.')[0]}.local", socket.getfqdn()}
        return frozenset(name.lower() for name in names)

    @property
    def film_frames(self) -> int:
        """Longest film one request may ask for."""
        return 600 if self.public else MAX_FRAMES

    @property
    def film_size(self) -> int:
        """Longest side of a film, in pixels."""
        return 512 if self.public else 1024

    @property
    def films_at_once(self) -> int:
        """Films being made at the same time; the next ones wait."""
        return 1 if self.public else 2

    @property
    def arriving_bytes(self) -> int:
        """Bytes of all requests together that are not answered yet, on a public page."""
        return 512 * 2**20


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read settings from flags; defaults are DCGAN_CHECKPOINTS, DCGAN_RUNS, DCGAN_DATA, DCGAN_DEVICE and Gradio's.

    Raises ConfigError when a variable cannot be used; a bad flag ends the program with argparse's message.
    """
    on_spaces = environment.get("SYSTEM") == "spaces"
    default_host = environment.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if on_spaces else Settings.host)
    parser = argparse.ArgumentParser(prog="app.py", description="Serves the DCGAN page.")
    parser.add_argument("--host", default=default_host, help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=_port(environment), help="port (default: first free one from 7860)")
    parser.add_argument(
        "--checkpoints",
        type=Path,
        default=Path(environment.get("DCGAN_CHECKPOINTS") or Settings.checkpoints),
        help="folder of models (default %(default)s)",
    )
    parser.add_argument(
        "--runs",
        type=Path,
        default=Path(environment.get("DCGAN_RUNS") or Settings.runs),
        help="folder of training runs (default %(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(environment["DCGAN_DATA"]) if environment.get("DCGAN_DATA") else None,
        help="folder where data sets lie by name; their pictures are then shown beside a model's own",
    )
    parser.add_argument("--device", default=environment.get("DCGAN_DEVICE") or None, help="cpu, cuda or mps")
    parser.add_argument("--public", action="store_true", default=on_spaces, help="smaller limits, for a shared machine")
    parser.add_argument(
        "--allowed-hosts",
        type=_names,
        default=_names(environment.get("DCGAN_ALLOWED_HOSTS", "")),
        metavar="NAME,…",
        help="names of this server besides the machine's own, such as that of a proxy in front of it",
    )
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        default=on_spaces,
        help="a proxy in front of this server sets X-Forwarded-Host; it is ignored otherwise",
    )
    chosen = parser.parse_args(list(arguments))
    chosen.allowed_hosts += _names(environment.get("SPACE_HOST", ""))
    return Settings(**vars(chosen), admin=environment.get("DCGAN_ADMIN", ""))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def _port(environment: Mapping[str, str]) -> int | None:
    text = environment.get("GRADIO_SERVER_PORT", "")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigError(f"GRADIO_SERVER_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
