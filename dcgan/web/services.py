"""What the tabs are built from: made once by app.py, passed everywhere, so that nothing hides in a global."""

from __future__ import annotations

from dataclasses import dataclass

from dcgan.engine.renderer import Renderer
from dcgan.jobs.limits import Limits
from dcgan.jobs.trainer import TrainingJobs
from dcgan.store import ModelStore
from dcgan.web.nearest.index import Nearest
from dcgan.web.settings import Settings


@dataclass(frozen=True)
class Services:
    """The objects behind the page."""

    store: ModelStore
    renderer: Renderer
    jobs: TrainingJobs
    settings: Settings
    nearest: Nearest


def make_services(settings: Settings) -> Services:
    """Builds the objects behind the page. Loads no model: that happens at the first picture."""
    store = ModelStore(settings.checkpoints, settings.runs)
    # on one's own machine nobody has to prove that a run is theirs; where others can reach the page, they have to
    owners = settings.shared
    limits = Limits() if settings.public else None
    jobs = TrainingJobs(settings.runs, limits, owners=owners, admin=settings.admin, checkpoints=settings.checkpoints)
    # where strangers share the machine, only the runs' folder is written to
    renderer = Renderer(store, settings.device, lambda model: ":" in model or not settings.public)
    return Services(store, renderer, jobs, settings, Nearest(store, renderer, settings))
