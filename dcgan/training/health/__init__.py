"""A run's health in words: pure functions from a run's numbers and grids to alarms.

Nothing here stops a run. A run that diverges is stopped by `training.divergence`; the alarm "diverged" shows it.
"""
