"""Which metric says most of the result of a run, and of several runs."""

from __future__ import annotations

import re

from reportgen.errors import QueryError
from reportgen.model import Run, Runs, goal_of

_HELD_OUT = re.compile(r"(?<![a-z])(val|valid|validation|test|eval|evaluation|dev|heldout)(?![a-z])")
_EFFORT = re.compile(r"(?<![a-z])(time|seconds|runtime|duration|latency|memory|cost)(?![a-z])")


def interest(key: str, run: Run) -> tuple[bool, bool, bool, bool, str]:
    """Sorts metrics by how much they say of the result: those with a direction, held-out data, scores before losses."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", key).lower()
    goal = goal_of(key, (run,))
    return goal is None, bool(_EFFORT.search(words)), not _HELD_OUT.search(words), goal != "max", key


def main_metric(runs: Runs) -> str:
    """The metric that says most of the results of these runs and that at least half of them have, or ""."""
    ranked = sorted((interest(key, run), key) for run in runs for key in run.history)
    for key in dict.fromkeys(key for _, key in ranked):
        if runs.goal(key) and 2 * len(ranking(runs, key)) >= len(runs):
            return key
    return ""


def ranking(runs: Runs, key: str) -> Runs:
    """The runs with a finite value of a metric, best first; none when nothing says what is better."""
    try:
        return runs.top(len(runs), key)
    except QueryError:
        return Runs()
