"""Names and numbers as they stand in a chart: short, unique, and about as wide as estimated."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Literal

from reportgen.analysis.attribute_names import attribute_name
from reportgen.analysis.column_format import amount, plain_text
from reportgen.model import Run
from reportgen.words import _, count, ngettext

_NARROW = frozenset("ijl|!.,:;'`I()[]{}/\\ tfr-")
_WIDE = frozenset("mwMW@%—…")
_SHARES = frozenset({"acc", "accuracy", "precision", "recall", "auc", "auroc", "iou", "dice", "top1", "top5"})
_LONG_PREFIX = 12
"""A beginning of so many letters that long names share says nothing of any of them."""
Noun = Literal[
    "bar", "box", "cell", "group", "hyperparameter", "improvement", "non-finite value", "other run", "point", "row", "run", "trial", "value"
]
"""What is counted in sentences about charts."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is in a sans face of this size, in pixels; rather too wide than too narrow."""
    ems = 0.0
    for letter in text:
        if unicodedata.combining(letter):
            continue
        if unicodedata.east_asian_width(letter) in "WF":
            ems += 1.0
        elif letter in _NARROW:
            ems += 0.36
        elif letter in _WIDE:
            ems += 0.95
        else:
            ems += 0.7 if letter.isupper() else 0.6
    return ems * size


def shorten(text: str, most: int = 28) -> str:
    """A text of at most `most` characters: the beginning and the end, where names differ, stay."""
    text = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def shortened(names: Sequence[str], most: int = 28) -> list[str]:
    """The names in at most `most` characters each; of a long beginning that long names share little stays.

    `experiment-digits-resnet18-lr0.1` and `…-lr0.01` become `experime…lr0.1` and `experime…lr0.01`.
    """
    long = {name for name in names if len(name) > most}
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*long, strict=False))
    prefix = "".join(letters[0] for letters in alike) if len(long) > 1 else ""
    while prefix and (prefix[-1].isalnum() or prefix[-1] == "."):
        prefix = prefix[:-1]
    if len(prefix) < _LONG_PREFIX:
        return [shorten(name, most) for name in names]
    rest = max(len(name) for name in long) - len(prefix)
    head = prefix[: max(3, min(_LONG_PREFIX - 2, most - 1 - rest))].rstrip(" -_./")
    return [shorten(f"{head}…{name[len(prefix) :]}" if name in long else name, most) for name in names]


def run_labels(runs: Sequence[Run], most: int = 28) -> dict[str, str]:
    """Run id → what a chart calls it: its name, with the id where several would look the same."""
    short = dict(zip([run.id for run in runs], shortened([run.name or run.id for run in runs], most), strict=True))
    times = Counter(short.values())
    labels: dict[str, str] = {}
    taken: set[str] = set()
    for run in runs:
        label = short[run.id]
        if times[label] > 1:
            label = f"{shorten(label, max(most - 10, 8))} ({shorten(run.id, 9)})"
        fresh, copy = label, 2
        while fresh in taken:
            fresh, copy = f"{label} {copy}", copy + 1
        taken.add(fresh)
        labels[run.id] = fresh
    return labels


def axis_name(x_key: str) -> str:
    """What the horizontal axis of lines is called in sentences: a metric by its name, the others in the reader's language."""
    return {"step": _("step"), "time": _("time"), "wall": _("wall")}.get(x_key) or x_key


def key_words(column: str) -> str:
    """A column as a title writes it: without `config.` and `summary.`, an attribute of runs in the reader's language."""
    return attribute_name(column).removeprefix("config.").removeprefix("summary.")


def leaf(column: str) -> str:
    """The last part of a column's name: `config.optimizer.lr` → `lr`."""
    return key_words(column).replace("/", ".").rstrip(".").rsplit(".", 1)[-1] or column


def value_label(column: str, value: object) -> str:
    """A category in the chart: the value; numbers, truth values and nothing with the name of their key."""
    if value is None or value == "":
        return without(column)
    if isinstance(value, str):
        return shorten(value)
    return shorten(f"{leaf(column)} {plain_text(value)}")


def category(column: str, value: object) -> str:
    """The name of a value of a column where the column's own name stands beside it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if amount(value) is not None:
        return value_label(column, value).removeprefix(f"{leaf(column)} ")
    return value_label(column, ", ".join(map(str, value)) if isinstance(value, tuple) else value)


def natural(label: str) -> tuple[int, float, str]:
    """The key to sort labels by: those that end in a number by it, then all others by name."""
    try:
        return (0, float(label.rsplit(" ", 1)[-1]), label)
    except ValueError:
        return (1, 0.0, label)


def is_share(column: str, values: Iterable[float]) -> bool:
    """Whether a metric is a share of one by its name and its values, so that per cent reads better."""
    if leaf(column).casefold().split("(")[-1].rstrip(")").split("_")[-1] not in _SHARES:
        return False
    finite = [value for value in values if math.isfinite(value)]
    return bool(finite) and min(finite) >= 0 and max(finite) <= 1


def number_text(value: float, percent: bool = False) -> str:
    """A number for a sentence: three or four significant digits; shares as per cent."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if percent:
        return f"{value * 100:.1f}\u202f%"
    return plain_text(float(f"{value:.4g}"))


def without(column: str) -> str:
    """What a run without a value of a column is called: `no dropout`."""
    return _("no {key}").format(key=leaf(column))


def counted(n: int, noun: Noun) -> str:
    """`1 run`, `24 runs`, in the reader's language."""
    return _counts(noun, n).format(n=count(n))


def _counts(noun: Noun, n: int) -> str:
    match noun:
        case "bar":
            return ngettext("{n} bar", "{n} bars", n)
        case "box":
            return ngettext("{n} box", "{n} boxes", n)
        case "cell":
            return ngettext("{n} cell", "{n} cells", n)
        case "group":
            return ngettext("{n} group", "{n} groups", n)
        case "hyperparameter":
            return ngettext("{n} hyperparameter", "{n} hyperparameters", n)
        case "improvement":
            return ngettext("{n} improvement", "{n} improvements", n)
        case "non-finite value":
            return ngettext("{n} non-finite value", "{n} non-finite values", n)
        case "other run":
            return ngettext("{n} other run", "{n} other runs", n)
        case "point":
            return ngettext("{n} point", "{n} points", n)
        case "row":
            return ngettext("{n} row", "{n} rows", n)
        case "run":
            return ngettext("{n} run", "{n} runs", n)
        case "trial":
            return ngettext("{n} trial", "{n} trials", n)
        case "value":
            return ngettext("{n} value", "{n} values", n)


def listed(names: Sequence[str], most: int = 4) -> str:
    """`a, b and c`, `a, b, c, d and 3 more`."""
    shown, rest = list(names[:most]), len(names) - most
    if rest > 0:
        return _("{names} and {n} more").format(names=", ".join(shown), n=rest)
    return _("{names} and {last}").format(names=", ".join(shown[:-1]), last=shown[-1]) if len(shown) > 1 else "".join(shown)


def named(field: str, name: str) -> dict[str, str]:
    """An entry of a tooltip: the field, and its name where that is not the field's own."""
    return {"field": field} if name == field else {"field": field, "title": name}


def expression(message: str, **values: str) -> str:
    """A message as an expression of Vega's, with expressions for what it names: `'and ' + datum.n + ' more'`."""
    parts = re.split(r"\{(\w+)\}", message)
    return " + ".join(values[part] if i % 2 else repr(part) for i, part in enumerate(parts) if part)
