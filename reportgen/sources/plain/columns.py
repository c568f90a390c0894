"""Which columns of plain metrics place a row: its step and its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

_STEPS = (
    "step", "_step", "global_step", "trainer/global_step", "train_step", "iteration", "iter", "it", "n_iter", "itr", "steps",
    "update", "updates", "num_steps", "total_steps", "timestep", "timesteps", "total_timesteps", "training_iteration",
    "batch", "epoch", "epochs", "round", "generation",
)  # fmt: skip
"""Names of columns of steps, the finest first: what is left (usually the epoch) stays a metric."""

_TIMES = ("_timestamp", "timestamp", "time", "wall_time", "walltime", "datetime", "date", "created_at")
_ALSO_METRICS = frozenset({"epoch", "epochs", "round", "generation"})
_FIRST_MOMENT, _IN_MILLISECONDS = 1e8, 1e11


def step_column(names: Iterable[str]) -> str | None:
    """The column that counts the steps, None when there is none."""
    return _first(_STEPS, names)


def time_column(names: Iterable[str]) -> str | None:
    """The column that may hold the moments, None when there is none."""
    return _first(_TIMES, names)


def stays_metric(step: str) -> bool:
    """Whether the column of steps is also worth drawing over: an epoch is, a mere count is not."""
    return step.casefold() in _ALSO_METRICS


def moment(value: object) -> float | None:
    """Epoch seconds of a number (seconds or milliseconds since 1970) or an ISO date; None for what is neither.

    A date without a zone is taken as UTC. Small numbers are seconds since the run's own start, and no moment.
    """
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not _FIRST_MOMENT <= value < 1e14:
        return None
    return value / 1000 if value >= _IN_MILLISECONDS else float(value)


def _first(wanted: tuple[str, ...], names: Iterable[str]) -> str | None:
    by_name = {name.strip().casefold().replace(" ", "_"): name for name in names}
    return next((by_name[name] for name in wanted if name in by_name), None)
