"""The next search space: which ranges to narrow, to widen or to fix, with the reason and the number of trials behind it.

The best trials (a fifth, at least five) are compared with all others, hyperparameter by hyperparameter. A range is changed only where
the best lie differently from the others by more than chance explains; the rule and its thresholds are the constants of this module.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.column_format import plain_text
from reportgen.analysis.importance import Importance, percent, percent_range
from reportgen.analysis.importance.correlation import ranked
from reportgen.analysis.search_space_values import Action, Advice, NextSpace
from reportgen.analysis.sweeps.parameters import Searched, searched, value_at
from reportgen.analysis.sweeps.pareto import pareto_front
from reportgen.analysis.sweeps.trials import Trials
from reportgen.model import Distribution, Scalar
from reportgen.words import _, ngettext

LEAST_TRIALS = 20
"""With fewer trials that count no range is changed."""
LEAST_BEST = 5
BEST_SHARE = 0.2
SIGNIFICANCE = 0.05
"""Of the tests that the best trials lie elsewhere or closer together than others, that a choice is missing among them, or is preferred."""
_SHUFFLES = 1999
TOUCHES = 0.1
"""The best touch the border when one of them is within so much of the range from it,"""
LEANS = 0.375
"""and lean on it when the middle of the better half is within so much of the stretch that they cover from it. On a slope that is a
quarter on average, around a peak a half, however densely the range was searched."""
_ROOM = 0.1
"""So much of the old range stays free on both sides of the best trials."""
_LEAST_CUT = 0.15
"""A range that would become shorter by less stays as it is."""
_WIDER = 0.5
"""So much of the old range is added beyond a border."""
_NEGLIGIBLE = 0.05
"""A hyperparameter whose share of the variance surely lies below that may be fixed."""
_BOUNDS = {"dropout": (0.0, 1.0), "momentum": (0.0, 1.0), "beta1": (0.0, 1.0), "beta2": (0.0, 1.0)}
"""What some hyperparameters can be at all, by the last part of their key."""


def next_space(trials: Trials, importance: Importance | None = None) -> NextSpace:
    """The next search space of a sweep.

    Args:
        importance: Of the first objective over the trials that count; without it no hyperparameter is fixed as negligible.
    """
    runs = trials.counted_runs
    parameters = [searched(key, runs) for key in trials.varied] if runs else []
    parameters = [one for one in parameters if one.has.any()]
    best = best_trials(trials)
    n, n_best = trials.n, int(best.sum())
    if n < LEAST_TRIALS or not trials.objectives:
        kept = tuple(replace(_kept(one, best, "unknown", _("Too few trials.")), only_if=_condition(one, parameters)) for one in parameters)
        return NextSpace(kept, _too_few(trials), False, n, n_best)
    advice = tuple(replace(_advice(one, best, trials, importance), only_if=_condition(one, parameters)) for one in parameters)
    space = NextSpace(advice, "", True, n, n_best)
    return replace(space, said=_summary(space))


def best_trials(trials: Trials) -> NDArray[np.bool_]:
    """Which of the trials that count are the best fifth (at least five), shape (n,).

    With several objectives those of the first Pareto fronts, as many as are needed.
    """
    n = trials.n
    wanted = min(n, max(LEAST_BEST, math.ceil(BEST_SHARE * n)))
    best = np.zeros(n, dtype=bool)
    if not n or not trials.objectives:
        return best
    if len(trials.objectives) == 1:
        best[np.argsort(trials.losses[:, 0], kind="stable")[:wanted]] = True
        return best
    while best.sum() < wanted:
        rest = np.flatnonzero(~best)
        best[rest[pareto_front(trials.losses[rest])]] = True
    return best


def better_half(trials: Trials, best: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The better half of the best trials, shape (n,); with several objectives, which give no order, all of them."""
    if len(trials.objectives) != 1:
        return best
    where = np.flatnonzero(best)
    half = np.zeros(len(best), dtype=bool)
    half[where[np.argsort(trials.losses[where, 0], kind="stable")[: max(3, math.ceil(len(where) / 2))]]] = True
    return half


def _advice(one: Searched, best: NDArray[np.bool_], trials: Trials, importance: Importance | None) -> Advice:
    has = one.has
    n, n_best = int(has.sum()), int((has & best).sum())
    if n < LEAST_TRIALS or n_best < LEAST_BEST:
        few = ngettext(
            "{n} trial has it, {best} of the best: too few to say.", "{n} trials have it, {best} of the best: too few to say.", n
        ).format(n=n, best=n_best)
        return _kept(one, best, "unknown", few)
    if one.is_choice:
        return _choices(one, best)
    if fixed := _negligible(one, best, trials, importance):
        return fixed
    return _range(one, best, better_half(trials, best), importance)


def _range(one: Searched, best: NDArray[np.bool_], better: NDArray[np.bool_], importance: Importance | None) -> Advice:
    inside = one.position[one.has & best]
    if not _matters(one, importance) and _by_chance(one.position[one.has], best[one.has]) >= SIGNIFICANCE:
        return _kept(one, best, "keep", _("The best {n} trials lie as the others do.").format(n=len(inside)))
    low, high = float(np.quantile(inside, 0.05)) - _ROOM, float(np.quantile(inside, 0.95)) + _ROOM
    halves = one.position[one.has & better]
    middle = float(np.median(halves)) if len(halves) else 0.5
    widens_low, widens_high = _leans(inside, middle), _leans(1 - inside, 1 - middle)
    low, high = (-_WIDER if widens_low else max(0.0, low)), (1 + _WIDER if widens_high else min(1.0, high))
    after = _bounded(one, low, high)
    if widens_low or widens_high:
        return _widened(one, best, after, widens_high, middle)
    if high - low > 1 - _LEAST_CUT or after == one.space:
        return _kept(one, best, "keep", _("The best {n} trials reach over nearly all of it.").format(n=len(inside)))
    ends = [_text(value_at(one.space, float(end)), one.is_whole) for end in (inside.min(), inside.max())]
    reason = _("The best {n} of {all} trials lie between {low} and {high}.").format(
        n=len(inside), all=int(one.has.sum()), low=ends[0], high=ends[1]
    )
    return replace(_kept(one, best, "narrow", reason), after=after)


def _leans(away: NDArray[np.float64], middle: float) -> bool:
    """Whether the best trials lean on a border, given how far from it they lie and how far the middle of their better half does."""
    stretch = float(np.quantile(away, 0.95))
    return float(away.min()) <= TOUCHES and stretch <= 0.5 and middle <= LEANS * stretch + 1e-9


def _matters(one: Searched, importance: Importance | None) -> bool:
    """Whether the importance tells this hyperparameter from noise."""
    return importance is not None and any(found.name == one.key and found.above_noise for found in importance.parameters)


def _by_chance(position: NDArray[np.float64], best: NDArray[np.bool_]) -> float:
    """How probable it is that as many trials, drawn at random, lie as far from the middle or as close together as the best do.

    A permutation test of the ranks of the positions with two statistics (the mean, and the mean distance from it), the smaller
    p-value doubled. Ranks, since a sampler that learns has not tried all of the range equally.
    """
    order = ranked(position)
    k, n = int(best.sum()), len(order)
    rng = np.random.default_rng(0)
    drawn = np.stack([order[best], *(rng.permutation(order)[:k] for _ in range(_SHUFFLES))])
    away = np.abs(drawn.mean(axis=1) - (n + 1) / 2)
    spread = np.abs(drawn - drawn.mean(axis=1, keepdims=True)).mean(axis=1)
    # The best themselves are one of the drawings (Phipson and Smyth 2010).
    p_values = ((away >= away[0] - 1e-9).mean(), (spread <= spread[0] + 1e-9).mean())
    return float(min(1.0, 2 * min(p_values)))


def _widened(one: Searched, best: NDArray[np.bool_], after: Distribution, is_high: bool, middle: float) -> Advice:
    """A range of which the best lie on the border: what lies beyond is added, what lies far away left out."""
    n = int((one.has & best).sum())
    words = (
        _("The better half of the best {n} trials lies on the upper border, {end}: its middle is {middle}.")
        if is_high
        else _("The better half of the best {n} trials lies on the lower border, {end}: its middle is {middle}.")
    )
    border = one.space.high if is_high else one.space.low
    shown = _text(value_at(one.space, middle), one.is_whole)
    reason = words.format(n=n, end=_text(float(border or 0), one.is_whole), middle=shown)
    beyond = after.high if is_high else after.low
    if beyond == border:
        reason += " " + _("It cannot go beyond.")
        return replace(_kept(one, best, "keep" if after == one.space else "narrow", reason), after=after)
    cut = (after.low != one.space.low) if is_high else (after.high != one.space.high)
    return replace(_kept(one, best, "shift" if cut else "widen", reason), after=after)


def _choices(one: Searched, best: NDArray[np.bool_]) -> Advice:
    """Which choices the best trials lack though they were tried often; beyond the last of ordered numbers that they prefer one is added."""
    from scipy.stats import hypergeom

    place = one.position
    n, n_best = int(one.has.sum()), int((one.has & best).sum())
    kept: list[Scalar] = []
    dropped: list[str] = []
    preferred = None
    for i, choice in enumerate(one.space.choices):
        times, among = int((place == i).sum()), int(((place == i) & best).sum())
        law = hypergeom(n, times, n_best)
        if among == 0 and times and float(law.pmf(0)) < SIGNIFICANCE:
            dropped.append(_("{choice} ({n} trials)").format(choice=plain_text(choice), n=times))
        else:
            kept.append(choice)
        if 2 * among >= n_best and float(law.sf(among - 1)) < SIGNIFICANCE:
            preferred = choice
    beyond = _beyond(one, preferred)
    if beyond is not None:
        reason = _("At least half of the best {n} trials have {choice}, the last in its order.").format(
            n=n_best, choice=plain_text(preferred)
        )
        choices = sorted([*kept, beyond], key=lambda choice: float(choice))  # type: ignore[arg-type]
        return replace(_kept(one, best, "shift" if dropped else "widen", reason), after=Distribution(choices=tuple(choices)))
    if not dropped:
        return _kept(one, best, "keep", _("Each choice that was tried often is among the best {n} trials.").format(n=n_best))
    reason = _("None of the best {n} trials has {choices}.").format(n=n_best, choices=", ".join(dropped))
    action: Action = "fix" if len(kept) == 1 else "drop"
    return replace(_kept(one, best, action, reason), after=Distribution(choices=tuple(kept)))


def _beyond(one: Searched, preferred: Scalar) -> float | None:
    """The number that comes after the last (or before the first) of ordered numbers, in equal steps or equal ratios."""
    numbers = [choice for choice in one.space.choices if isinstance(choice, int | float) and not isinstance(choice, bool)]
    if len(numbers) < max(3, len(one.space.choices)) or preferred not in (numbers[0], numbers[-1]):
        return None
    last, before = (numbers[-1], numbers[-2]) if preferred == numbers[-1] else (numbers[0], numbers[1])
    is_geometric = numbers[0] > 0 and numbers[-1] / numbers[0] >= 4
    value = float(f"{last * last / before if is_geometric else 2 * last - before:.3g}")
    if (numbers[0] >= 0 and value <= 0) or (one.is_whole and value < 1 <= numbers[0]):
        return None
    return round(value) if one.is_whole else value


def _negligible(one: Searched, best: NDArray[np.bool_], trials: Trials, importance: Importance | None) -> Advice | None:
    """Fixing a hyperparameter that surely explains next to nothing, at its middle among the best trials."""
    if importance is None or not importance.conclusive or len(trials.objectives) > 1 or not one.has.all():
        return None
    share = next((found for found in importance.parameters if found.name == one.key), None)
    if share is None or share.above_noise or not share.total.high < _NEGLIGIBLE:
        return None
    inside = np.sort(one.position[best])
    value = value_at(one.space, float(inside[len(inside) // 2]))
    value = _stepped(one, value)
    reason = _("It explains {share} ({range}) of {target}; {value} is the middle of the best {n} trials.").format(
        share=percent(share.total.value), range=percent_range(share.total.low, share.total.high), target=importance.target,
        value=_text(value, one.is_whole), n=int(best.sum()),
    )  # fmt: skip
    return replace(_kept(one, best, "fix", reason), after=Distribution(choices=(value,)))


def _kept(one: Searched, best: NDArray[np.bool_], action: Action, reason: str) -> Advice:
    return Advice(one.key, action, one.space, one.space, reason, int(one.has.sum()), int((one.has & best).sum()), one.is_whole)


def _condition(one: Searched, parameters: Sequence[Searched]) -> tuple[str, tuple[Scalar, ...]] | None:
    """The choice that decides whether a trial has a hyperparameter: those with it and those without it never have the same value."""
    has = one.has
    if has.all():
        return None
    for other in parameters:
        if other.is_choice and other.has.all():
            place = {int(position) for position in other.position[has]}
            if not place & {int(position) for position in other.position[~has]}:
                return other.key, tuple(other.space.choices[i] for i in sorted(place))
    return None


def _bounded(one: Searched, low: float, high: float) -> Distribution:
    """A new range between two positions, with round ends, inside of what the hyperparameter can be at all."""
    space = one.space
    ends = [value_at(space, low), value_at(space, high)]
    least, most = _BOUNDS.get(one.key.replace("/", ".").rsplit(".", 1)[-1].casefold(), (-math.inf, math.inf))
    if space.low is not None and space.low >= 0:
        least = max(least, 1.0 if one.is_whole and space.low >= 1 else 0.0)
    first, last = (min(max(_round(end, ends[1] - ends[0], space.log), least), most) for end in ends)
    first = space.low if low <= 0 and low == 0 and space.low is not None else first
    last = space.high if high == 1 and space.high is not None else last
    if one.is_whole or space.step:
        first, last = _stepped(one, first), _stepped(one, last)
    if space.log and first <= 0:
        first = space.low if space.low is not None else last
    return replace(space, low=first, high=max(first, last))


def _stepped(one: Searched, value: float) -> float:
    """The nearest value that can be drawn: a whole number, or one of the steps."""
    step, low = one.space.step, one.space.low
    if step and low is not None:
        value = float(f"{low + round((value - low) / step) * step:.12g}")
    return round(value) if one.is_whole else value


def _round(value: float, span: float, log: bool) -> float:
    """A number of two digits on a log scale, else of a hundredth of the range."""
    if log or span <= 0:
        return float(f"{value:.2g}")
    digits = 2 - math.floor(math.log10(span))
    return round(value, digits - 1) if digits - 1 < 300 else value


def _text(value: float, is_whole: bool) -> str:
    return plain_text(round(value) if is_whole else float(f"{value:.3g}"))


def _too_few(trials: Trials) -> str:
    if not trials.objectives:
        return _("Nothing tells what is better, so no range can be advised.")
    n = trials.n
    return ngettext(
        "{n} trial with a result is too few to advise a range: it would follow chance. From {least} on this page does.",
        "{n} trials with a result are too few to advise a range: it would follow chance. From {least} on this page does.",
        n,
    ).format(n=n, least=LEAST_TRIALS)


def _summary(space: NextSpace) -> str:
    """“narrow optimizer.lr, widen channels, drop rmsprop …, by the best 12 of 60 trials.”"""
    verbs: Sequence[tuple[Action, str]] = (
        ("narrow", _("narrow {keys}")),
        ("widen", _("widen {keys}")),
        ("shift", _("move {keys}")),
        ("drop", _("leave out choices of {keys}")),
        ("fix", _("fix {keys}")),
    )
    parts = []
    for action, words in verbs:
        if keys := [one.key for one in space.advice if one.action == action]:
            parts.append(words.format(keys=", ".join(keys)))
    counted = _("the best {best} of {n} trials").format(best=space.n_best, n=space.n)
    if not parts:
        return _("Search on as before: {trials} give no reason to change a range.").format(trials=counted)
    said = "; ".join(parts)
    return _("{what}, by {trials}.").format(what=said[:1].upper() + said[1:], trials=counted)
