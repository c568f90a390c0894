"""What is wrong with a condition, in words: DuckDB's messages are about the SQL around it, too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.errors import QueryError, did_you_mean, did_you_mean_key

SELECTIONS = ("top", "bottom", "best")
OPERATORS = ("=", "<>", "<", "<=", ">", ">=", "and", "or", "not", "in", "like", "between", "is null")


def complaint(expression: str, error: Exception, names: Sequence[str]) -> QueryError:
    """A mistake for what DuckDB says of a condition.

    Args:
        error: Of a query in which the condition stands alone on the second of three lines.
        names: The columns.
    """
    said = str(error)
    if unknown := re.search(r'Referenced column "([^"]+)" not found', said):
        near = did_you_mean_key(unknown[1], names)
        return QueryError(f"no column '{unknown[1]}'", hint=near or f"text stands in single quotes: '{unknown[1]}'")
    if unknown := re.search(r"Function with name (\S+) does not exist", said):
        if not re.match(r"\w", unknown[1]):
            return QueryError(f"'{expression}' is not a condition: no operator '{unknown[1]}'", hint=f"there are: {', '.join(OPERATORS)}")
        return QueryError(f"'{expression}' is not a condition: no function '{unknown[1]}'", hint=did_you_mean(unknown[1], SELECTIONS))
    text, hint = _words(said, expression)
    return QueryError(f"'{expression}' is not a condition: {text}", hint=hint)


def _words(said: str, expression: str) -> tuple[str, str | None]:
    if found := re.match(r'Parser Error: syntax error at or near "(.*)"', said):
        if "LINE 3:" not in said:
            return f"it cannot be read at '{found[1]}'", None
        bare = re.sub(r"""'[^']*'|"[^"]*\"""", "", expression)
        if bare.count("(") != bare.count(")"):
            return "a ( without its )" if bare.count("(") > bare.count(")") else "a ) without its (", None
        return "something is missing at its end", None
    if "unterminated" in said.splitlines()[0]:
        return "a quote that is never closed", None
    if found := re.search(r"Cannot compare values of type (\S+) and type (\S+)", said):
        kinds = {"a text" if "VARCHAR" in kind or "STRING" in kind else "a number" for kind in found.groups()}
        if len(kinds) == 2:
            return "it compares a text with a number", "put the number in single quotes, or name a column of numbers"
    if "Chained comparisons" in said:
        return "comparisons stand beside each other", "join them with and, or"
    if "Values were not provided" in said:
        return "it has a place for a value and no value", "text stands in single quotes"
    if "aggregate" in said.casefold() or "GROUP BY" in said:
        return "it would put several runs together", "a condition is about one run; max(metric) is of its history"
    return re.sub(r"^[\w ]+ Error: ", "", said.splitlines()[0]).rstrip("!."), None
