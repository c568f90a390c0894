"""The result in words: how a parameter acts, the verdict, and the warnings that belong to it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.correlation import rank_correlation
from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.result import Importance, Marginal, ParameterImportance
from reportgen.model import Goal, Run

FEWEST_RUNS = 10
"""With fewer runs nothing quantitative is said."""
_COMFORTABLE = 30
_MONOTONE = 0.9
_NEAR_BEST = 0.1


def percent(share: float) -> str:
    """A share as a whole percentage: 0.614 → "61 %"; "< 1 %" for what would read 0 but is not."""
    if 0 < share < 0.005:
        return "< 1 %"
    return f"{100 * share:.0f} %"


def percent_range(low: float, high: float) -> str:
    """The ends of an interval of shares: "52–70"."""
    return f"{100 * low:.0f}–{100 * high:.0f}"


def plain(value: float) -> str:
    """A number in two significant digits, or all digits of a whole one, as a person would write it: 0.0024, 3.2e-5, 128."""
    if value == round(value) and abs(value) < 1e5:
        return f"{value:.0f}"
    return re.sub(r"e([+-])0?", lambda sign: "e-" if sign[1] == "-" else "e", f"{value:.2g}")


def direction(parameter: Parameter, marginal: Marginal, goal: Goal | None) -> str:
    """How the target goes with a parameter, by its marginal curve; "" where the curve is flat."""
    curve = np.array(marginal.mean)
    if np.ptp(curve) <= 1e-12 * max(1.0, float(np.abs(curve).max())):
        return ""
    if parameter.kind == "category":
        best = marginal.at[int(curve.argmin() if goal == "min" else curve.argmax())]
        return f"{'best' if goal else 'highest'}: {best}"
    at = np.array(marginal.at, dtype=float)
    rising = rank_correlation(at, curve)
    if abs(rising) >= _MONOTONE:
        if goal is None:
            return "rises with it" if rising > 0 else "falls with it"
        return "higher is better" if (rising > 0) == (goal == "max") else "lower is better"
    if parameter.kind == "grid":
        best = float(at[int(curve.argmin() if goal == "min" else curve.argmax())])
        return f"{'best' if goal else 'highest'} at {plain(best)}"
    low, high = _best_stretch(at, -curve if goal == "min" else curve)
    return f"{'best' if goal else 'highest'} at {plain(low)}–{plain(high)}"


def _best_stretch(at: NDArray[np.float64], curve: NDArray[np.float64]) -> tuple[float, float]:
    """The ends of the stretch around the highest point that stays within a tenth of the curve's height."""
    good = curve >= curve.max() - _NEAR_BEST * np.ptp(curve)
    first = last = int(curve.argmax())
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(at) - 1 and good[last + 1]:
        last += 1
    return float(at[first]), float(at[last])


def verdict(found: Importance) -> str:
    """The answer in one or two sentences."""
    runs, target = f"{found.n_runs} runs", found.target
    if not found.quantitative:
        return (
            f"{runs} are too few to say which parameter moved {target}; {FEWEST_RUNS} are the least, "
            f"and {_COMFORTABLE} are better."
        )
    first = found.parameters[0]
    if found.r2 <= 0:
        return (
            f"Which parameter moved {target} cannot be told from these {runs}: the model does not explain the target "
            f"(out-of-bag R² {minus(found.r2)})."
        )
    clear = [one for one in found.parameters if one.above_noise]
    if not clear:
        return (
            f"Which parameter moved {target} cannot be told from these {runs}: the largest share, {percent(first.share)} for "
            f"{first.name}, is no more than chance gives (up to {percent(found.noise_floor)})."
        )
    said = _explains(clear[0], found)
    others = clear[1:4]
    if others:
        also = [f"{one.name} {percent(one.share)} ({percent_range(one.low, one.high)})" for one in others]
        said += f" Then {_joined(also)}."
    elif len(found.parameters) > 1:
        said += " No other parameter can be told from noise."
    return said


def _explains(one: ParameterImportance, found: Importance) -> str:
    shape = f"; {one.direction}" if one.direction else ""
    return (
        f"{one.name} explains {percent(one.share)} ({percent_range(one.low, one.high)}) of the variance of "
        f"{found.target} over {found.n_runs} runs{shape}."
    )


def minus(value: float) -> str:
    """A number in two decimals with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


def signed(value: float) -> str:
    """A correlation with its sign: "+0.71", "−0.20"."""
    return minus(value) if round(value, 2) < 0 else f"+{abs(value):.2f}"


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def warnings(
    used: Sequence[Run], without: int, target: NDArray[np.float64], parameters: Sequence[Parameter], r2: float
) -> tuple[str, ...]:
    """Plain sentences about what weakens the result, most serious first."""
    said: list[str] = []
    n = len(used)
    if n < FEWEST_RUNS:
        said.append("Only rank correlations and the runs themselves are shown.")
    elif r2 <= 0:
        said.append("The model does not explain the target: its out-of-bag predictions are no better than the mean of all runs.")
    if FEWEST_RUNS <= n < _COMFORTABLE:
        said.append(f"{n} runs are few: the intervals are wide, and weak effects cannot be seen.")
    if n >= FEWEST_RUNS and len(parameters) > n / 3:
        said.append(f"{len(parameters)} parameters are many for {n} runs.")
    if without:
        said.append(
            f"{without} of {n + without} runs {'has' if without == 1 else 'have'} no finite value of the target "
            "and could not be used; what made them fail is not in these shares."
        )
    if unfinished := sum(run.state in ("running", "failed", "crashed", "killed", "pruned") for run in used):
        said.append(f"{unfinished} of the {n} runs did not finish; the value that they had reached was taken.")
    said += _dominated(target) + _confounded(parameters)
    said += [
        f"{one.name} is not set in {n - int(one.present.sum())} of {n} runs; they count as a level of its own."
        for one in parameters
        if not one.present.all()
    ]
    return tuple(said)


def _dominated(target: NDArray[np.float64]) -> list[str]:
    """A warning where a twentieth of the runs holds most of the variance."""
    deviations = np.sort((target - target.mean()) ** 2)[::-1]
    few = max(1, math.floor(len(target) / 20))
    held = float(deviations[:few].sum() / deviations.sum())
    if held < 0.5 or len(target) < FEWEST_RUNS:
        return []
    who = "One run holds" if few == 1 else f"{few} runs hold"
    return [f"{who} {percent(held)} of the variance of the target, so the shares are mostly about that; try `scale: rank`."]


def _confounded(parameters: Sequence[Parameter]) -> list[str]:
    """Warnings for pairs of parameters that were changed together."""
    said = []
    for i, one in enumerate(parameters):
        for other in parameters[i + 1 :]:
            a, b = one.numbers(), other.numbers()
            if a is None or b is None:
                if _absence_tells(one, other) or _absence_tells(other, one):
                    said.append(f"{one.name} and {other.name} were changed together; their shares cannot be told apart well.")
                continue
            both = np.isfinite(a) & np.isfinite(b)
            if both.sum() < 6 or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
                continue
            together = rank_correlation(a[both], b[both])
            if abs(together) >= 0.8:
                said.append(
                    f"{one.name} and {other.name} were changed together (rank correlation {minus(together)}); "
                    "their shares cannot be told apart well."
                )
    return said


def _absence_tells(one: Parameter, other: Parameter) -> bool:
    """Whether `one` is missing exactly where a category has one of its values."""
    if other.kind != "category" or one.present.all():
        return False
    present: set[object] = set()
    absent: set[object] = set()
    for has, value in zip(one.present, other.values, strict=True):
        (present if has else absent).add(value)
    return not present & absent
