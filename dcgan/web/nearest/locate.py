"""Which data set a model was trained on, where it still lies here and may be looked at."""

from __future__ import annotations

from pathlib import Path

from dcgan.data.spec import PUBLIC_KINDS, parse
from dcgan.errors import DatasetError
from dcgan.web.settings import Settings


def data_at_hand(model: str, spec: str, settings: Settings) -> str | None:
    """The data set of a model whose file names it `spec`, as it can be opened here; None where it is not at hand.

    Doodles always are. A run's pictures are read where the run found them. A checkpoint may come from anywhere, so that
    its word for a folder is taken for a name only, to be looked up in `settings.data`. Where strangers share the
    machine, no path of it is opened.
    """
    try:
        parsed = parse(spec)
    except DatasetError:
        return None
    trained_here = ":" in model
    if parsed.kind in PUBLIC_KINDS:
        return spec if trained_here or parsed.kind == "doodles" else None
    if settings.public:
        return None
    if trained_here:
        return spec if Path(parsed.target).expanduser().exists() else None
    name = Path(parsed.target).name
    if settings.data is None or name in ("", "..") or not (settings.data / name).exists():
        return None
    tail = "&".join(f"{option}={value}" for option, value in parsed.options.items())
    return f"{parsed.kind}:{settings.data / name}{'?' if tail else ''}{tail}"
