"""What is good, in words: where the best of the search space lies, what is at its border, and what matters among the good."""

from __future__ import annotations

import math

from reportgen.analysis.importance.result import Importance, ParameterImportance
from reportgen.analysis.importance.words import joined, percent, plain, share_text
from reportgen.words import _

_NAMED = 4


def best_sentences(found: Importance) -> tuple[str, ...]:
    """Where the best lies and what the target is there; and of each parameter whose best is at the border of what was searched, that."""
    clear = [one for one in found.parameters if one.best is not None]
    if not clear or found.optimum is None:
        return ()
    said = _("Predicted best: {parameters}; there {metric} is {value} ({low} to {high}).")
    at, top = ", ".join(map(_optimum, clear[:_NAMED])), found.optimum
    first = said.format(parameters=at, metric=found.target, value=_four(top.value), low=_four(top.low), high=_four(top.high))
    return first, *(text for one in clear if (text := _border(one)))


def _optimum(one: ParameterImportance) -> str:
    assert one.best is not None
    if one.best.low is None or one.best.high is None:
        return f"{one.name} {one.best.best}"
    value = f"{one.name} {plain(float(one.best.best))}"
    low, high = plain(one.best.low), plain(one.best.high)
    return value if low == high else _("{value} ({low} to {high})").format(value=value, low=low, high=high)


def _border(one: ParameterImportance) -> str:
    if one.best is None or not one.best.border:
        return ""
    end = float(one.best.best)
    if one.best.border == "upper":
        said = _("The best {key} lies at the upper end of what was searched ({value}): search further up, where that makes sense.")
    elif end == 0:
        said = _("The best {key} lies at the lower end of what was searched ({value}).")
    else:
        said = _("The best {key} lies at the lower end of what was searched ({value}): search further down, where that makes sense.")
    return said.format(key=one.name, value=plain(end))


def _four(value: float) -> str:
    """A target in four significant digits with a true minus sign."""
    return f"{value:.4g}".replace("-", "−").replace("e−0", "e−").replace("e+", "e")


def region_text(one: ParameterImportance) -> str:
    """The region of the best along a parameter: "0.002–0.08", "sgd, adam", "128, 64"; "" where none is known."""
    if one.best is None:
        return ""
    if one.kind == "continuous":
        low, high = (plain(float(end)) for end in one.best.at)
        return low if low == high else f"{low}–{high}"
    return ", ".join(level if isinstance(level, str) else plain(level) for level in one.best.at)


def local_verdict(found: Importance) -> str:
    """What matters among the best part of the search space; "" where that was not asked for or there were too few runs."""
    if found.among is None or not found.quantitative:
        return ""
    part = percent(found.among)
    clear = sorted((one for one in found.parameters if one.local and one.local.low > 0), key=_local)
    if not clear:
        return _("Among the best {part} of the search space no parameter can be told from noise.").format(part=part)
    first = clear[0]
    assert first.local is not None
    said = _("Among the best {part} of the search space {key} explains most: {share} of what varies there.")
    sentences = [said.format(part=part, key=first.name, share=share_text(first.local))]
    if others := [f"{one.name} {share_text(one.local)}" for one in clear[1:_NAMED] if one.local]:
        sentences.append(_("Then {parameters}.").format(parameters=joined(others)))
    whole = next((one for one in found.parameters if one.above_noise), None)
    if whole and whole not in clear:
        sentences.append(_("{key}, which explains most over the whole space, cannot be told from noise there.").format(key=whole.name))
    return " ".join(sentences)


def _local(one: ParameterImportance) -> tuple[float, str]:
    return (-one.local.value if one.local else math.nan), one.name
