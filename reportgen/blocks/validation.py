"""What is written against the model that says what may be written: pydantic's errors as mistakes that people can act on."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.errors import Mistake, Mistakes, Place, did_you_mean

Model = TypeVar("Model", bound=BaseModel)
Steps = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "a mapping of names to values",
    "mapping_type": "a mapping of names to values",
    "model_type": "a mapping of names to values",
    "model_attributes_type": "a mapping of names to values",
    "none_required": "nothing",
    "finite_number": "a finite number",
    "date_type": "a date such as 2026-11-23",
    "date_parsing": "a date such as 2026-11-23",
    "date_from_datetime_parsing": "a date such as 2026-11-23",
    "date_from_datetime_inexact": "a date such as 2026-11-23",
}
_BOUNDS = {
    "greater_than": ("gt", "a number greater than {}"),
    "greater_than_equal": ("ge", "a number of at least {}"),
    "less_than": ("lt", "a number less than {}"),
    "less_than_equal": ("le", "a number of at most {}"),
    "too_short": ("min_length", "at least {} entries"),
    "too_long": ("max_length", "at most {} entries"),
    "string_too_short": ("min_length", "at least {} characters"),
    "string_too_long": ("max_length", "at most {} characters"),
    "string_pattern_mismatch": ("pattern", "text like {}"),
}


def validate(model: type[Model], value: Any, place: Callable[[Steps], Place], what: str, noun: str = "option") -> Model:
    """A model made of what is written.

    Args:
        value: Mappings, lists and scalars as read.
        place: Gives the file and line of a path of keys.
        what: Written before each message, for example "chart: ".
        noun: What a key is called: "option", "setting", …

    Raises:
        Mistakes: All that does not fit the model.
    """
    value = {} if value is None else value
    if not isinstance(value, Mapping):
        raise Mistakes([Mistake(f"{what}expected {noun}s as `name: value`, got {shown(value)}", place(()))])
    try:
        return model.model_validate(value)
    except ValidationError as error:
        mistakes = [
            _mistake(model, steps, details, place(steps), what, noun)
            for steps, details in _by_path(error.errors(), value).items()
        ]
        raise Mistakes(mistakes) from None
    except Mistake as mistake:  # Of a validator of the whole model.
        named = re.search(rf"\b{noun} '([^']+)'", mistake.message)
        steps = (named[1],) if named and named[1] in value else ()
        message = mistake.message if mistake.message.startswith(what) else f"{what}{mistake.message}"
        raise Mistakes([Mistake(message, mistake.place or place(steps), mistake.hint)]) from None


def validate_rest(
    model: type[Model], value: Any, place: Callable[[Steps], Place], what: str, noun: str = "option", vital: Sequence[str] = ()
) -> tuple[Model, list[Mistake]]:
    """As `validate`; but what does not fit is left out, so that one mistake does not hide others.

    Args:
        vital: Keys that nothing can be said without.

    Returns:
        The model, and the mistakes.

    Raises:
        Mistakes: One is about a vital key, or may be one that is misspelled.
    """
    try:
        return validate(model, value, place, what, noun), []
    except Mistakes as several:
        keys = {key for key in value if _blamed(key, several.mistakes)} if isinstance(value, Mapping) else set()
        suspects = {*keys, *(word for one in several.mistakes for word in re.findall(r"did you mean '([^']+)'", one.hint or ""))}
        if not keys or suspects & set(vital):
            raise
        rest = {key: one for key, one in value.items() if key not in keys}
        try:
            return validate(model, rest, place, what, noun), list(several.mistakes)
        except Mistakes:
            raise several from None


def _blamed(key: Any, mistakes: Sequence[Mistake]) -> bool:
    """Whether a mistake is about a key of the outermost mapping, by the name in its message."""
    return any(re.search(rf"'{re.escape(str(key))}[.']", one.message) for one in mistakes)


def shown(value: object) -> str:
    """A value as it may stand in a message: short, and on one line."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value[:60]}…'" if len(value) > 60 else f"'{value}'"
        case int() | float():
            return str(value)
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
    return str(value)


def _by_path(errors: Sequence[ErrorDetails], value: Any) -> dict[Steps, list[ErrorDetails]]:
    """The errors by the path of what is written there; of a union's errors only those that lie deepest."""
    found: dict[Steps, list[ErrorDetails]] = {}
    for details in errors:
        found.setdefault(_written(details, value), []).append(details)
    return {
        steps: details
        for steps, details in found.items()
        if not any(len(other) > len(steps) and other[: len(steps)] == steps for other in found if steps)
    }


def _written(details: ErrorDetails, value: Any) -> Steps:
    """The error's location without the names of the types that pydantic tried on the way."""
    missing = details["type"] in ("missing", "extra_forbidden")
    location = details["loc"]
    steps: list[str | int] = []
    for position, step in enumerate(location):
        if _has(value, step):
            value = value[step]
        elif not (missing and position == len(location) - 1):
            continue
        steps.append(step)
    return tuple(steps)


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and 0 <= step < len(value)
    return isinstance(value, Mapping) and step in value


def _mistake(model: type[BaseModel], steps: Steps, errors: list[ErrorDetails], place: Place, what: str, noun: str) -> Mistake:
    first = errors[0]
    name = ".".join(str(step) for step in steps if isinstance(step, str))
    match first["type"]:
        case "extra_forbidden":
            known = _names(model, steps[:-1])
            hint = did_you_mean(str(steps[-1]), known)
            return Mistake(f"{what}no {noun} '{steps[-1]}'", place, hint or (f"there are: {', '.join(known)}" if known else None))
        case "missing":
            return Mistake(f"{what}the {noun} '{name}' is missing", place)
        case "value_error" | "assertion_error":
            cause = first.get("ctx", {}).get("error")
            if isinstance(cause, Mistake):
                return Mistake(f"{what}{cause.message}", place, cause.hint)
            text = first["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
            return Mistake(f"{what}{noun} '{name}': {text}" if name else f"{what}{text}", place)
    given = first["input"]
    expected = " or ".join(dict.fromkeys(_expected(details) for details in errors))
    choices = [choice for details in errors for choice in _choices(details)]
    hint = did_you_mean(given, choices) if isinstance(given, str) else None
    if hint is None and isinstance(given, bool | int | float) and any(details["type"] == "string_type" for details in errors):
        hint = f"put it in quotes: '{given}'"
    return Mistake(f"{what}{noun} '{name}' expects {expected}, got {shown(given)}", place, hint)


def _expected(details: ErrorDetails) -> str:
    kind = details["type"]
    if kind == "literal_error":
        return _joined(_choices(details))
    if kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        return text.format(details.get("ctx", {}).get(name, ""))
    return _EXPECTED.get(kind) or details["msg"].removeprefix("Input should be ")


def _choices(details: ErrorDetails) -> list[str]:
    if details["type"] not in ("literal_error", "enum"):
        return []
    expected = str(details.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _joined(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _names(model: type[BaseModel], steps: Steps) -> list[str]:
    """The keys that may stand at a path of the model."""
    models = [model]
    for step in steps:
        fields = [one.model_fields[key] for one in models for key in one.model_fields if _key(one, key) == step]
        if fields:
            models = [inner for one in fields for inner in _models(one.annotation)]
    return [_key(one, key) for one in models for key in one.model_fields]


def _key(model: type[BaseModel], field: str) -> str:
    return model.model_fields[field].alias or field


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
