"""What is kept of an event file, so that it is read on from where it ended: its numbers as columns, everything else as it stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.sources.tensorboard.layouts import Column
from reportgen.sources.tensorboard.values import Placed, joined
from reportgen.store import Arrays, Continuation, logged_json, logged_of

if TYPE_CHECKING:
    from reportgen.sources.tensorboard.file import EventFile

_OBJECTS = ("histograms", "media", "tables")


def kept(file: EventFile, arrays: Arrays) -> dict[str, Any]:
    """What `restore` needs of a file that was read, its numbers in `arrays`.

    Raises:
        CannotBeStored: A value has no such form.
    """
    columns = {}
    for key, pieces in file.values.columns.items():
        whole = joined(pieces)
        pieces[:] = [whole]
        integers = [_sequence(one, arrays) for one in (whole.record - file.number, whole.step)]
        columns[key] = [*integers, arrays.add(whole.time), arrays.add(whole.value)]
    return {
        "prefix": file.prefix,
        "given": _listed(file.given),
        "plugins": _listed(file.plugins),
        "columns": columns,
        "objects": [
            {
                key: [[one.record - file.number, one.time, logged_json(one.value, arrays)] for one in several]
                for key, several in getattr(file.values, name).items()
            }
            for name in _OBJECTS
        ],
        "restarts": [[record - file.number, step] for record, step in file.values.restarts],
        "hparams": [content.decode("latin-1") for content in file.hparams],
        "unread": [[key, plugin, count] for (key, plugin), count in file.unread.items()],
        "about": [file.writer, file.first_time, file.last_time, file.count, file.undecodable],
    }


def restore(file: EventFile, before: Continuation) -> bool:
    """Brings a new file into the state of `kept`; False when tags meant something else where it began, or had another prefix."""
    state, number, floats = before.state, file.number, before.floats
    if state["prefix"] != file.prefix or state["given"] != _listed(file.given):
        return False
    file.plugins = {tag: (plugin, caption) for tag, plugin, caption in state["plugins"]}
    for key, (record, step, time, value) in state["columns"].items():
        integers = _numbers(record, before) + number, _numbers(step, before)
        file.values.add(key, Column(key, *integers, before.real(time), before.real(value)))
    for name, by_key in zip(_OBJECTS, state["objects"], strict=True):
        own = getattr(file.values, name)
        for key, several in by_key.items():
            own[key] = [Placed(record + number, time, logged_of(value, floats)) for record, time, value in several]
    file.values.restarts = [(record + number, step) for record, step in state["restarts"]]
    file.hparams = [content.encode("latin-1") for content in state["hparams"]]
    file.unread = Counter({(key, plugin): count for key, plugin, count in state["unread"]})
    file.writer, file.first_time, file.last_time, file.count, file.undecodable = state["about"]
    return True


def _listed(plugins: dict[str, tuple[str, str]]) -> list[list[str]]:
    return [[tag, *about] for tag, about in plugins.items()]


def _sequence(numbers: NDArray[np.int64], arrays: Arrays) -> list[int]:
    """Where a column of integers lies, or the first, the step and the count of evenly spaced ones, as most are."""
    first, step = int(numbers[0]), int(numbers[1]) - int(numbers[0]) if len(numbers) > 1 else 1
    if (np.diff(numbers) == step).all():
        return [first, step, len(numbers)]
    return list(arrays.add(numbers))


def _numbers(kept: list[int], before: Continuation) -> NDArray[np.int64]:
    """The integers of `_sequence`."""
    if len(kept) == 2:
        return before.whole((kept[0], kept[1]))
    first, step, count = kept
    return first + step * np.arange(count)
