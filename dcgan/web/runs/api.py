"""The API endpoints of the list of runs. A token may be that of a run's owner or the administrator's."""

from __future__ import annotations

from typing import Any

from dcgan.schema import parse_compare, parse_rename, parse_run
from dcgan.web.named_api import add_endpoint
from dcgan.web.runs.run_table import comparison, run_rows
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add /runs, /rename_run, /delete_run, /restore_run and /compare_runs to the Blocks being built."""
    jobs = services.jobs

    def runs(token: str = "") -> list[dict[str, Any]]:
        """List the newest 200 runs: run (the id), name, state, data, preset, nimg, total, kid (× 1000), size, and more.

        place is a run's place in the queue, 1 for the next; 0 where it does not wait.

        Args:
            token: a token that /train_start returned; without it, the name of its run is left out.
        """
        wanted = parse_run({"token": token})
        return run_rows(jobs, lambda run: wanted.token)

    def rename_run(run: str, name: str, token: str = "") -> dict[str, str]:
        """Give a run a name, which is shown beside its id.

        Args:
            run: the run's id.
            name: at most 60 characters; empty takes the name away.
            token: the token that /train_start returned.
        """
        wanted = parse_rename({"run": run, "name": name, "token": token})
        jobs.rename(wanted.run, wanted.token, wanted.name)
        return {"run": wanted.run, "name": wanted.name.strip()}

    def delete_run(run: str, token: str = "") -> dict[str, str]:
        """Delete a run. For a day, /restore_run brings it back.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.delete(wanted.run, wanted.token)
        return {"run": wanted.run}

    def restore_run(run: str, token: str = "") -> dict[str, str]:
        """Bring back a run that was deleted within the last day.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.restore(wanted.run, wanted.token)
        return {"run": wanted.run}

    def compare_runs(first: str, second: str, token: str = "") -> dict[str, Any]:
        """Compare two runs: {"runs": their facts and curves, "differences": settings with both values, "same_latents"}.

        Args:
            first: a run's id.
            second: another run's id.
            token: a token that /train_start returned; without it, others' runs show only some settings.
        """
        wanted, by = parse_compare({"first": first, "second": second}), parse_run({"token": token})
        return comparison(jobs, wanted.first, wanted.second, lambda run: by.token)

    for endpoint in (runs, rename_run, delete_run, restore_run, compare_runs):
        add_endpoint(endpoint, services.limiters.analyses)
