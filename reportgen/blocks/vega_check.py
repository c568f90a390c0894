"""What is wrong with a Vega-Lite specification, in words: parts that its schema does not know, fields that the data do not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportgen.errors import Mistake, QueryError, did_you_mean, did_you_mean_key

if TYPE_CHECKING:
    from jsonschema import ValidationError

_VIEWS = ("layer", "hconcat", "vconcat", "concat")
_MADE = {
    "fold": ("key", "value"),
    "density": ("value", "density"),
    "quantile": ("prob", "value"),
    "aggregate": (),
    "timeUnit": (),
    "bin": (),
}
"""Fields that transforms make without being told a name."""
_ANY = ("pivot", "lookup", "flatten", "extent")
"""Transforms of which it is not known what they make."""


def field_mistakes(spec: Mapping[str, Any], fields: Mapping[str, Collection[str]]) -> tuple[Mistake, ...]:
    """The fields of encodings, facets and repeats that are not in the data, each once.

    Args:
        fields: The fields of all data that are known, by the name of the data.
    """
    found = {str(one): one for one in _of_view(spec, None, frozenset(), (), fields)}
    return tuple(found.values())


def schema_mistake(error: ValidationError) -> Mistake:
    """What jsonschema says of a specification, as a mistake.

    It names one of the alternatives that a part does not fit, not always the one that is meant; so all of them are looked at.
    """
    every, path = list(_all_errors(error)), list(error.absolute_path)
    where = ".".join(["spec", *map(str, path)])
    choices = sorted({choice for one in every if list(one.absolute_path) == path for choice in _choices(one)})
    of_mark = _of_mark(error.parent.instance) if path[-2:] == ["mark", "type"] and error.parent is not None else None
    if of_mark:
        return Mistake(f"{where.removesuffix('.type')}: {of_mark.message}", hint=of_mark.hint)
    if isinstance(error.instance, str) and choices and error.instance not in choices:
        hint = did_you_mean(error.instance, choices) or f"there are: {', '.join(choices)}"
        return Mistake(f"{where}: there is no '{error.instance}'", hint=hint)
    paths = [list(one.absolute_path) for one in every]
    closed = [one for one in every if one.validator == "additionalProperties" and "properties" in one.schema]
    for one in sorted(closed, key=lambda one: -len(one.absolute_path)):
        known = {name: None for other in closed if other.absolute_path == one.absolute_path for name in other.schema["properties"]}
        here = list(one.absolute_path)
        # A property with a mistake of its own is known to one of the alternatives.
        known |= {path[len(here)]: None for path in paths if len(path) > len(here) and path[: len(here)] == here}
        if unknown := [name for name in one.instance if name not in known]:
            where = ".".join(["spec", *map(str, one.absolute_path)])
            return Mistake(f"{where}: no property '{unknown[0]}'", hint=did_you_mean(str(unknown[0]), known))
    error = max([error, *every], key=lambda one: len(one.absolute_path))
    got = str(error.instance)
    got = got if len(got) <= 80 else f"{got[:77]}…"
    where = ".".join(["spec", *map(str, error.absolute_path)])
    return Mistake(f"{where}: '{got}' does not fit: {str(error.message).splitlines()[0]}")


def _of_mark(mark: Any) -> Mistake | None:
    """What is wrong with the properties of a mark; Altair names only that it is no composite mark."""
    import altair as alt
    from jsonschema import ValidationError

    try:
        alt.MarkDef.from_dict(mark)
    except ValidationError as error:
        known = error.schema.get("properties", {}) if error.validator == "additionalProperties" else {}
        if unknown := [name for name in mark if known and name not in known]:
            return Mistake(f"no property '{unknown[0]}'", hint=did_you_mean(str(unknown[0]), known))
    return None


def _all_errors(error: ValidationError) -> Iterator[ValidationError]:
    """An error and those of all other alternatives."""
    while error.parent is not None:
        error = error.parent
    waiting = [error]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.context or []


def _choices(error: ValidationError) -> Iterator[str]:
    """The texts that one alternative allows."""
    values = {"const": [error.validator_value], "enum": error.validator_value}.get(str(error.validator), [])
    yield from (value for value in values if isinstance(value, str))


def _of_view(
    view: Mapping[str, Any],
    data: str | None,
    made: frozenset[str],
    encoded: tuple[str, ...],
    fields: Mapping[str, Collection[str]],
) -> Iterator[Mistake]:
    """The mistakes of a view and of those in it.

    Args:
        data, made: What it inherits: the name of the data, None when they are not known, and the fields that transforms add.
        encoded: Fields that the views around it encode for all views in them.
    """
    if "data" in view:
        source = view["data"]
        name = source.get("name") if isinstance(source, Mapping) and "values" not in source else None
        data, made = (name if name in fields else None), frozenset()
    for transform in view.get("transform") or ():
        made, data = made | frozenset(_names_made(transform)), None if any(kind in transform for kind in _ANY) else data
    encoded = (*encoded, *_fields_in(view.get("encoding", {})))
    own = [*_fields_in(view.get("facet", {})), *_repeated(view.get("repeat"))]
    children = [one for kind in _VIEWS for one in view.get(kind) or ()] + ([view["spec"]] if isinstance(view.get("spec"), Mapping) else [])
    for field in (*own, *(() if children else encoded)):
        if data is not None and field not in fields[data] and field not in made and field != "*":
            yield QueryError(f"no field '{field}' in the data '{data}'", hint=_near(field, [*fields[data], *sorted(made)]))
    for child in children:
        yield from _of_view(child, data, made, encoded if "layer" in view else (), fields)


def _near(field: str, known: Sequence[str]) -> str:
    """The nearest field: in `config_optimizer_lr` an underscore stands for a dot."""
    dotted = {name.replace("_", "."): name for name in known}
    near = did_you_mean(field, known) if field.replace("_", ".") in dotted else did_you_mean_key(field.replace("_", "."), dotted)
    for name, written in dotted.items():
        if near == f"did you mean '{name}'?":
            return f"did you mean '{written}'?"
    return near or f"there are: {', '.join(known[:30])}{', …' if len(known) > 30 else ''}"


def _fields_in(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "field" and isinstance(value, str):
                yield value
            else:
                yield from _fields_in(value)
    elif isinstance(node, list):
        for one in node:
            yield from _fields_in(one)


def _repeated(repeat: Any) -> Iterator[str]:
    for one in repeat.values() if isinstance(repeat, Mapping) else [repeat]:
        yield from (field for field in one if isinstance(field, str)) if isinstance(one, list) else ()


def _names_made(transform: Any) -> Iterator[str]:
    """The names that a transform gives to what it makes."""
    if isinstance(transform, Mapping):
        for kind, names in _MADE.items():
            if kind in transform:
                yield from names
        for key, value in transform.items():
            if key == "as":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _names_made(value)
    elif isinstance(transform, list):
        for one in transform:
            yield from _names_made(one)
