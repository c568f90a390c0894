"""What all runs say of a change: how much the setting matters, and what its curve predicts for this very step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reportgen.analysis.compared_rows import Missing
from reportgen.analysis.importance import Importance, Marginal, ParameterImportance, Share
from reportgen.analysis.what_changed.settings import Setting
from reportgen.analysis.what_changed.sides import Side, distinct
from reportgen.model import Run, Runs

Verdict = Literal["clear", "noise", "few", "alone", "ignored"]
"""It can be told from noise; it cannot; the runs are too few; no other run varies it; it was not looked at."""
_UNKNOWN = Share()


@dataclass(frozen=True)
class Predicted:
    """The target that a curve gives, with the ends of its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Told:
    """What all runs say of a setting that differs.

    Attributes:
        share: The part of the target's variance that it explains alone; NaN where nothing quantitative can be said.
        total: The same with its interactions.
        before, after: What the mean over all other settings predicts for the values of each side; None where it cannot.
        reason: Why it was not looked at.
    """

    verdict: Verdict
    share: Share = _UNKNOWN
    total: Share = _UNKNOWN
    before: Predicted | None = None
    after: Predicted | None = None
    reason: str = ""


def told(setting: Setting, before: Side, after: Side, among: Runs, importance: Importance | None) -> Told:
    """What all runs say of a change.

    Args:
        among: All runs.
        importance: What moved the target over them; None where that could not be computed.
    """
    sides = {run.id for run in (*before.runs, *after.runs)}
    used = set(importance.run_ids) if importance else {run.id for run in among}
    others = [run for run in among if run.id in used - sides]
    if importance is None or not importance.quantitative:
        return Told("few")
    if others and not _varies(setting, others):
        return Told("alone")
    ignored = next((one for one in importance.ignored if one.name == setting.key), None)
    if ignored:
        return Told("ignored", reason=ignored.reason)
    try:
        found = importance[f"config.{setting.key}"]
    except KeyError:
        return Told("few")
    share = Share(found.share, found.low, found.high)
    at = [_predicted(found, importance.run_ids, side.runs) for side in (before, after)]
    return Told("clear" if found.above_noise else "noise", share, found.total, at[0], at[1])


def _varies(setting: Setting, others: Sequence[Run]) -> bool:
    """Whether other runs, or those of one side among themselves, have several values."""
    return max(len(setting.before), len(setting.after), len(distinct(run.config.get(setting.key, Missing()) for run in others))) > 1


def _predicted(found: ParameterImportance, ids: Sequence[str], runs: Sequence[Run]) -> Predicted | None:
    """The mean of what the curve gives for the values of some runs; None where one of them is not on it."""
    if found.marginal is None:
        return None
    places = {run: i for i, run in enumerate(ids)}
    rows = []
    for run in runs:
        if run.id not in places:
            continue  # Without a target it is no part of the analysis.
        row = _on_curve(found.marginal, found.values[places[run.id]], found.log)
        if row is None:
            return None
        rows.append(row)
    return Predicted(*map(float, np.mean(rows, axis=0))) if rows else None


def _on_curve(curve: Marginal, value: float | str | None, log: bool) -> tuple[float, float, float] | None:
    """Mean, low and high of a curve at a value, by straight lines between its points."""
    if value is None:
        return curve.unset
    if isinstance(value, str) or any(isinstance(one, str) for one in curve.at):
        return (curve.mean[i], curve.low[i], curve.high[i]) if value in curve.at and (i := curve.at.index(value)) >= 0 else None
    at, x = np.array(curve.at, dtype=float), float(value)
    if log:
        at, x = np.log(at), float(np.log(x))
    mean, low, high = (float(np.interp(x, at, line)) for line in (curve.mean, curve.low, curve.high))
    return mean, low, high
