"""The result in words: how a parameter acts, the verdict, and the warnings that belong to it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.correlation import rank_correlation
from reportgen.analysis.importance.parameters import Parameter, decides
from reportgen.analysis.importance.result import Importance, Marginal, ParameterImportance, Share
from reportgen.analysis.importance.target import Response
from reportgen.model import Goal, Run
from reportgen.words import _, ngettext

FEWEST_RUNS = 10
"""With fewer runs nothing quantitative is said."""
SIGNIFICANCE = 0.05
"""Of the tests that say whether anything was found."""
_COMFORTABLE = 30
_TOGETHER = 0.1
"""From so large a share in interactions on, they are named beside what a parameter explains alone."""
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


def share_text(share: Share) -> str:
    """A share with its interval: "61 % (52–70)"; without one where none is known."""
    return percent(share.value) + ("" if math.isnan(share.low) else f" ({percent_range(share.low, share.high)})")


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
        return (_("best: {value}") if goal else _("highest: {value}")).format(value=best)
    at = np.array(marginal.at, dtype=float)
    rising = rank_correlation(at, curve)
    if abs(rising) >= _MONOTONE:
        if goal is None:
            return _("rises with it") if rising > 0 else _("falls with it")
        return _("higher is better") if (rising > 0) == (goal == "max") else _("lower is better")
    where = _("best at {place}") if goal else _("highest at {place}")
    if parameter.kind == "grid":
        best = float(at[int(curve.argmin() if goal == "min" else curve.argmax())])
        return where.format(place=plain(best))
    low, high = _best_stretch(at, -curve if goal == "min" else curve)
    return where.format(place=f"{plain(low)}–{plain(high)}")


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
    about = {"n": found.n_runs, "metric": found.target}
    if not found.quantitative:
        few = _("{n} runs are too few to say which parameter moved {metric}; {least} are the least, and {better} are better.")
        return few.format(least=FEWEST_RUNS, better=_COMFORTABLE, **about)
    clear = [one for one in found.parameters if one.above_noise]
    if not clear:
        chance = _("Which parameter moved {metric} cannot be told from these {n} runs: shuffled values go with the parameters as well.")
        several = _("Which parameter moved {metric} cannot be told from these {n} runs: no single one is needed to explain it.")
        return (chance if found.by_chance > SIGNIFICANCE else several).format(**about)
    said = _explains(clear[0], found)
    others = clear[1:4]
    if others:
        also = [f"{one.name} {percent(one.share)} ({percent_range(one.low, one.high)})" for one in others]
        return " ".join([said, _("Then {parameters}.").format(parameters=joined(also))])
    return " ".join([said, _("No other parameter can be told from noise.")]) if len(found.parameters) > 1 else said


def _explains(one: ParameterImportance, found: Importance) -> str:
    if one.total.value - one.share > _TOGETHER:
        sentence = (
            _("{key} alone explains {share} ({range}) of the variance of {metric} over {n} runs, {total} with interactions; {direction}.")
            if one.direction
            else _("{key} alone explains {share} ({range}) of the variance of {metric} over {n} runs, {total} with interactions.")
        )
    else:
        sentence = (
            _("{key} explains {share} ({range}) of the variance of {metric} over {n} runs; {direction}.")
            if one.direction
            else _("{key} explains {share} ({range}) of the variance of {metric} over {n} runs.")
        )
    return sentence.format(
        key=one.name, share=percent(one.share), range=percent_range(one.low, one.high), metric=found.target, n=found.n_runs,
        total=share_text(one.total), direction=one.direction,
    )  # fmt: skip


def minus(value: float) -> str:
    """A number in two decimals with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


def signed(value: float) -> str:
    """A correlation with its sign: "+0.71", "−0.20"."""
    return minus(value) if round(value, 2) < 0 else f"+{abs(value):.2f}"


def joined(parts: Sequence[str]) -> str:
    """Names in a sentence: "a, b and c"."""
    return parts[0] if len(parts) == 1 else _("{names} and {last}").format(names=", ".join(parts[:-1]), last=parts[-1])


def warnings(
    used: Sequence[Run], without: int, answer: Response, parameters: Sequence[Parameter], found: Importance
) -> tuple[str, ...]:
    """Plain sentences about what weakens the result, most serious first."""
    said: list[str] = []
    n = len(used)
    if n < FEWEST_RUNS:
        said.append(_("Only rank correlations and the runs themselves are shown."))
    elif found.r2 <= 0:
        unseen = _("The model predicts runs that it has not seen no better than their mean does (cross-validated R² {r2}).")
        said.append(unseen.format(r2=minus(found.r2)))
    if FEWEST_RUNS <= n < _COMFORTABLE:
        said.append(_("{n} runs are few: the intervals are wide, and weak effects cannot be seen.").format(n=n))
    if n >= FEWEST_RUNS and len(parameters) > n / 3:
        said.append(_("{parameters} parameters are many for {n} runs.").format(parameters=len(parameters), n=n))
    if without:
        unused = ngettext(
            "{n} of {all} runs has no finite value of the target and could not be used; what made them fail is not in these shares.",
            "{n} of {all} runs have no finite value of the target and could not be used; what made them fail is not in these shares.",
            without,
        )
        said.append(unused.format(n=without, all=n + without))
    if unfinished := sum(run.state in ("running", "failed", "crashed", "killed", "pruned") for run in used):
        reached = _("{n} of the {all} runs did not finish; the value that they had reached was taken.")
        said.append(reached.format(n=unfinished, all=n))
    said += [*_wild(answer), *_dominated(answer.standard), *_confounded(parameters)]
    for one in parameters:
        if not one.present.all():
            deciding = next((other for other in parameters if decides(other, one)), None)
            sentence = (
                _("{key} is set only where {other} asks for it ({n} of {all} runs); its share is about those.")
                if deciding
                else _("{key} is not set in {missing} of {all} runs; they count as a level of its own.")
            )
            set_in = int(one.present.sum())
            said.append(sentence.format(key=one.name, other=deciding.name if deciding else "", n=set_in, missing=n - set_in, all=n))
    return tuple(said)


def _wild(answer: Response) -> list[str]:
    """What was done to values that would decide everything, such as a loss that diverged."""
    wild = int(answer.wild.sum())
    if not wild:
        return []
    sentence = ngettext(
        "One value of the target is so far from the others that it was brought nearer to them; how far is not in these shares.",
        "{n} values of the target are so far from the others that they were brought nearer to them; how far is not in these shares.",
        wild,
    )
    return [sentence.format(n=wild)]


def _dominated(target: NDArray[np.float64]) -> list[str]:
    """A warning where a twentieth of the runs holds most of the variance."""
    deviations = np.sort((target - target.mean()) ** 2)[::-1]
    few = max(1, math.floor(len(target) / 20))
    held = float(deviations[:few].sum() / deviations.sum())
    if held < 0.5 or len(target) < FEWEST_RUNS:
        return []
    sentence = ngettext(
        "One run holds {share} of the variance of the target, so the shares are mostly about that; try `scale: rank`.",
        "{n} runs hold {share} of the variance of the target, so the shares are mostly about that; try `scale: rank`.",
        few,
    )
    return [sentence.format(n=few, share=percent(held))]


def _confounded(parameters: Sequence[Parameter]) -> list[str]:
    """Warnings for pairs of parameters that were changed together."""
    said = []
    for i, one in enumerate(parameters):
        for other in parameters[i + 1 :]:
            a, b = one.numbers(), other.numbers()
            if a is None or b is None:
                continue
            both = np.isfinite(a) & np.isfinite(b)
            if both.sum() < 6 or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
                continue
            correlation = rank_correlation(a[both], b[both])
            if abs(correlation) >= 0.8:
                together = _(
                    "{one} and {other} were changed together (rank correlation {value}); their shares cannot be told apart well."
                )
                said.append(together.format(one=one.name, other=other.name, value=minus(correlation)))
    return said
