"""Where the training pictures of a model are on this machine, if visitors may see them."""

from __future__ import annotations

from pathlib import Path

from dcgan.data.spec import PUBLIC_KINDS, parse
from dcgan.errors import DatasetError
from dcgan.files import path_exists
from dcgan.web.settings import Settings


def locate_training_data(model: str, spec: str, settings: Settings) -> str | None:
    """Return the data set of a model whose file names it `spec`, as it can be opened here; None where it cannot.

    Doodles can always be drawn. A run's pictures are read from the folder that the run used, unless others can reach
    the page: then they are their owner's alone. A checkpoint may come from anywhere, so only the last part of its path
    is used, as a name within `settings.data`. On a public server no path is opened.
    """
    try:
        parsed = parse(spec)
    except DatasetError:
        return None
    is_run = ":" in model
    if parsed.kind in PUBLIC_KINDS:
        return spec if is_run or parsed.kind == "doodles" else None
    if settings.public:
        return None
    if is_run:
        return spec if not settings.shared and path_exists(parsed.target) else None
    name = Path(parsed.target).name
    if settings.data is None or name in ("", "..") or not path_exists(settings.data / name):
        return None
    options = "&".join(f"{option}={value}" for option, value in parsed.options.items())
    return f"{parsed.kind}:{settings.data / name}{'?' if options else ''}{options}"
