"""The settings of a run, as the form of a new run takes them, so that a run can be started again with changes."""

from __future__ import annotations

from typing import Any

from dcgan.config import make_config, to_dict
from dcgan.data.spec import PUBLIC_KINDS, parse
from dcgan.errors import ConfigError, DatasetError, RequestError, RunError
from dcgan.jobs.configure import REPORTS_PER_RUN
from dcgan.jobs.public_limits import PUBLIC_SETTINGS
from dcgan.jobs.runs import find_run
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.visibility import visibility
from dcgan.presets import PRESETS
from dcgan.schema import OVERRIDES
from dcgan.training.runlog import read_config
from dcgan.web.train.form import FIELDS

# The length has a field of its own. `init` is chosen anew. The machine's settings are not the run's.
NOT_COPIED = ("kimg", "epochs", "init", "precision", "threads", *REPORTS_PER_RUN)


def run_settings(jobs: TrainingJobs, run_id: str, token: str) -> dict[str, Any]:
    """Return {"data", "preset", "kimg", "values": by field of the form, "others": settings that the form lacks}.

    "data" is "" where this page may not read the run's pictures again. A visitor who may not change the run gets its
    preset, its length and public data only. Raises RunError when there is no such run,
    or its settings cannot be read.
    """
    run = find_run(jobs.runs, run_id)
    try:
        config, mine = read_config(run), visibility(jobs, run, token).mine
    except RunError:  # whose sentence has the path of the run's folder
        raise RunError(f"The settings of the run {run.name} cannot be read; start a new run.") from None
    preset = config.preset if config.preset in PRESETS else next(iter(PRESETS))
    ours, standard = ({**to_dict(one), **to_dict(one.model)} for one in (config, make_config(preset, config.data)))
    fields = {field.name for field in FIELDS}
    names = [name for name in OVERRIDES if name not in NOT_COPIED and ours[name] != standard[name]] if mine else []
    total = jobs.status(run.name).get("total") or 0
    return {
        "data": config.data if _can_read(jobs, config.data, mine) else "",
        "preset": preset,
        "kimg": config.kimg or total / 1000,
        "values": {name: ours[name] for name in names if name in fields},
        "others": {
            name: ours[name]
            for name in names
            if name not in fields and (jobs.public_limits is None or name in PUBLIC_SETTINGS)
        },
    }


def _can_read(jobs: TrainingJobs, data: str, mine: bool) -> bool:
    """Whether a new run may be started on the data set by its name alone."""
    try:
        if not mine and parse(data).kind not in PUBLIC_KINDS:
            return False
        jobs.data_spec(data)
    except (DatasetError, ConfigError, RequestError):
        return False
    return True
