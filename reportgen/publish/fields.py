"""All texts and files of a run, field by field: nothing that is added to the model can be forgotten here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.model import MetricDefinition, Run, Table

_FIXED = frozenset({"state", "kind", "role", "stream", "goal", "format", "span"})
"""Fields whose texts are words of the model and come from no log."""


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str | Path]]:
    """Each text and path in a run, with where it stands, for example "config.optimizer.name" or "console.17.text"."""
    match value:
        case str() | Path():
            yield key, value
        case Table():
            yield from _texts_of_table(value, key)
        case Mapping():
            for name, one in value.items():
                yield f"{key}: name of an entry", str(name)
                yield from texts(one, f"{key}.{name}") if key not in ("history", "system") else ()
        case tuple() | list():
            if len(value) <= 200 and all(isinstance(one, str) for one in value):
                yield key, " ".join(value)  # The name of an option and its value
            for number, one in enumerate(value, start=1):
                yield from texts(one, f"{key}.{number}")
        case _ if is_dataclass(value):
            for field in fields(value):
                if field.name not in _FIXED:
                    yield from texts(getattr(value, field.name), f"{key}.{field.name}" if key else field.name)


def changed(value: Any, text: Callable[[str], str], file: Callable[[Path], Path | None]) -> Any:
    """The value with all its texts and paths changed; itself where nothing is changed.

    Args:
        text: Changes a text.
        file: Changes an absolute path; None where the file is to be left out. Relative paths are texts.
    """
    match value:
        case str():
            return text(value)
        case Path():
            return file(value) if value.is_absolute() else _same_or(value, Path(text(str(value))))
        case Mapping():
            return _changed_mapping(value, text, file)
        case tuple() | list():
            several = [changed(one, text, file) for one in value]
            return value if all(map(_is, several, value)) else type(value)(several)
        case MetricDefinition():
            return replace(value, key=text(value.key), step_metric=value.step_metric and text(value.step_metric))
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _changed_fields(value, text, file)
    return value


def _changed_fields(value: Any, text: Callable[[str], str], file: Callable[[Path], Path | None]) -> Any:
    new: dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        one: Any
        if isinstance(value, Run) and field.name in ("history", "system"):
            one = _with_names(old, text)
        else:
            one = old if field.name in _FIXED else changed(old, text, file)
        if one is not old and not (isinstance(old, str) and one == old):
            new[field.name] = one
    return replace(value, **new) if new else value


def _changed_mapping(value: Mapping[Any, Any], text: Callable[[str], str], file: Callable[[Path], Path | None]) -> Mapping[Any, Any]:
    names = _unique(value, text)
    new = {names[name]: changed(one, text, file) for name, one in value.items()}
    same = all(map(_is, names.values(), value)) and all(map(_is, new.values(), value.values()))
    return value if same else new


def _with_names(value: Mapping[str, Any], text: Callable[[str], str]) -> Mapping[str, Any]:
    """Series under changed names; the numbers are not touched, and not loaded where no name is changed."""
    names = _unique(value, text)
    if all(name == old for old, name in names.items()):
        return value
    return {name: replace(value[old], key=name) for old, name in names.items()}


def _unique(value: Mapping[Any, Any], text: Callable[[str], str]) -> dict[Any, Any]:
    """Old name → new name; two that would become one are told apart by a number, so that no entry is lost."""
    names: dict[Any, Any] = {}
    taken: set[Any] = set()
    for old in value:
        new = wanted = text(old) if isinstance(old, str) else old
        number = 2
        while new in taken:
            new, number = f"{wanted} {number}", number + 1
        taken.add(new)
        names[old] = new
    return names


def _texts_of_table(table: Table, key: str) -> Iterator[tuple[str, str | Path]]:
    for column in table.columns:
        yield f"{key}: name of a column", column
    for number, row in enumerate(table.rows, start=1):
        for column, cell in zip(table.columns, row, strict=False):
            if not isinstance(cell, (int, float)):
                yield from texts(cell, f"{key} row {number}.{column}")
    if table.path:
        yield f"{key}.path", table.path


def _is(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, str) and one == other)


def _same_or(old: Path, new: Path) -> Path:
    return old if old == new else new
