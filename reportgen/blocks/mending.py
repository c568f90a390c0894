"""Which option of a fence a mistake is about, and the options with that mistake mended, so that the next one shows."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.blocks.validation import Steps
from reportgen.blocks.yaml import Written
from reportgen.errors import Mistake, QueryError


def quoted(message: str) -> set[str]:
    """The words that a message quotes."""
    return set(re.findall(r"'([^']+)'", message))


def blamed(message: str, options: Any) -> Steps:
    """The option that a message is about: the one that it names, or whose value it quotes."""
    if not isinstance(options, Mapping):
        return ()
    words = re.findall(r"'([^']+)'", message)
    for word in words:
        if re.search(rf"\boption '{re.escape(word)}'", message) and word in options:
            return (word,)
    leaves = list(_leaves(options, ()))
    for word in words:
        for steps, text in leaves:
            if text == word:
                return steps
    for word in words:
        for steps, text in leaves:
            if _whole(word).search(text):
                return steps
    return ()


def mended(written: Written, mistake: Mistake) -> tuple[Written, str]:
    """The options with the suggested name in the place of the wrong one, or without the unknown name that nothing comes near.

    Returns:
        The options, the same object when nothing can be done; and the word that was put in or the option that was left out.
    """
    steps = blamed(mistake.message, written.value)
    suggested = re.search(r"did you mean '([^']+)'\?", mistake.hint or "")
    if not steps or not (suggested or isinstance(mistake, QueryError)):
        return written, ""
    value = copy.deepcopy(written.value)
    around = value
    for step in steps[:-1]:
        around = around[step]
    leaf = around[steps[-1]]
    if suggested and isinstance(leaf, str):
        wrong = next((word for word in re.findall(r"'([^']+)'", mistake.message) if _whole(word).search(leaf)), None)
        if wrong is None:
            return written, ""
        around[steps[-1]] = _whole(wrong).sub(lambda _: suggested[1], leaf)
        return Written(value, written.lines), suggested[1]
    del around[steps[-1]]
    return Written(value, _without(written.lines, steps)), str(steps[0])


def _without(lines: Mapping[Steps, int], gone: Steps) -> dict[Steps, int]:
    """The lines of the paths when one of them is taken out: the items of a list after it move up."""
    here, last = gone[:-1], gone[-1]
    kept: dict[Steps, int] = {}
    for path, line in lines.items():
        step = path[len(here)] if path[: len(here)] == here and len(path) > len(here) else None
        if isinstance(last, int) and isinstance(step, int) and step > last:
            kept[(*here, step - 1, *path[len(gone) :])] = line
        elif step != last:
            kept[path] = line
    return kept


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./]){re.escape(word)}(?![\w./])")


def _leaves(value: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*steps, index))
    elif value is not None and steps[0] not in ("title", "caption", "id"):
        yield steps, str(value)
