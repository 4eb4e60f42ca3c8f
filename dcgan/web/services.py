"""The objects behind the page: made once by app.py and passed everywhere, so that there is no global state."""

from __future__ import annotations

from dataclasses import dataclass

from dcgan.engine.critic import Critic
from dcgan.engine.renderer import Renderer
from dcgan.jobs.preset_speeds import PresetSpeeds
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.store import ModelStore
from dcgan.web.client import check_cancelled
from dcgan.web.limiters import Limiters, make_limiters
from dcgan.web.nearest.index import NearestSearch
from dcgan.web.settings import Settings


@dataclass(frozen=True)
class Services:
    """The objects behind the page."""

    store: ModelStore
    renderer: Renderer
    jobs: TrainingJobs
    speeds: PresetSpeeds
    settings: Settings
    critic: Critic
    nearest: NearestSearch
    limiters: Limiters


def make_services(settings: Settings) -> Services:
    """Build the objects behind the page. No model is loaded: that happens at the first picture."""
    store = ModelStore(settings.checkpoints, settings.runs)
    # On one's own machine nobody has to prove that a run is theirs; where others can reach the page, they have to.
    owners = settings.shared
    training_limits = PublicLimits() if settings.public else None
    jobs = TrainingJobs(
        settings.runs, training_limits, owners=owners, admin=settings.admin, checkpoints=settings.checkpoints
    )
    # Where strangers share the machine, only the runs' folder is written to.
    renderer = Renderer(store, settings.device, lambda model: ":" in model or not settings.public, check_cancelled)
    return Services(
        store=store,
        renderer=renderer,
        jobs=jobs,
        speeds=PresetSpeeds(jobs.runs, settings.device),
        settings=settings,
        critic=Critic(renderer),
        nearest=NearestSearch(store, renderer, settings),
        limiters=make_limiters(settings),
    )
