"""Repeats of an experiment: runs that differ in nothing but the seed."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis.column_format import exact
from reportgen.model import Run

SEEDS = frozenset({"seed", "random_seed", "rng_seed", "manual_seed", "random_state", "seeds"})
"""The last part of the config keys that make a repeat different from another."""

_UNDONE = frozenset({"running", "failed", "crashed", "killed", "pruned"})

def is_seed(key: str) -> bool:
    """Whether a config key is a seed, by its last part (`config.trainer.seed`)."""
    return key.replace("/", ".").rsplit(".", 1)[-1].casefold() in SEEDS


def seed_of(run: Run) -> str | None:
    """The seed of a run as it is compared, None when its config has none."""
    seeds = sorted((key, exact(value)) for key, value in run.config.items() if is_seed(key))
    return repr(seeds) if seeds else None


def repeats(runs: Sequence[Run]) -> dict[str, tuple[Run, ...]]:
    """Run id → the runs with the same config but for the seed, itself included; only runs that came to their end count.

    A run without any config has no repeats: nothing says what it did.
    """
    groups: dict[tuple[tuple[str, str], ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(_settings(run), []).append(run)
    found = {}
    for settings, group in groups.items():
        whole = tuple(run for run in group if run.state not in _UNDONE)
        for run in group:
            found[run.id] = whole if settings and run in whole else (run,)
    return found


def _settings(run: Run) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, exact(value)) for key, value in run.config.items() if not is_seed(key)))
