"""Runs as text: a table for a terminal, JSON and CSV for other programs."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from reportgen.analysis.column_format import column_format, exact
from reportgen.model import ATTRIBUTES, Goal, Run, Runs, number
from reportgen.terminal_rows import Rows, widths

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

_MAX_CELL = 40
_GAP = 2
_MAX_WARNINGS = 12
_HELD_OUT = re.compile(r"(?i)(^|[^a-z])(val|valid|validation|test|eval|dev)([^a-z]|$)")
_PROGRESS = re.compile(r"(?i)(^|[/_.])(epoch|step|steps|iter|iteration|global_step)$")
_STATE_STYLES = {
    "finished": "green",
    "running": "cyan",
    "failed": "red",
    "crashed": "red",
    "killed": "yellow",
    "pruned": "yellow",
}


@dataclass(frozen=True)
class _Column:
    """A column of the table: its head, and a text for each run ("" where the run has no value)."""

    kind: Literal["attribute", "config", "metric"]
    head: str
    cells: tuple[str, ...]
    right: bool = False
    best: frozenset[int] = frozenset()

    @cached_property
    def width(self) -> int:
        return min(max(widths((self.head, *self.cells))), _MAX_CELL)

    @property
    def styles(self) -> dict[int, str]:
        """The styles of the cells that have one, by their rows."""
        if self.head == "state":
            return {i: style for i, cell in enumerate(self.cells) if (style := _STATE_STYLES.get(cell))}
        return dict.fromkeys(self.best, "bold")


def runs_table(runs: Runs, where: str | None = None, width: int = 100) -> Group:
    """A table of runs that fits into `width` characters, with what it leaves out and the runs' warnings below.

    Shown are name and state, then as many as fit of: the metrics (held-out ones first), the config keys that
    differ, duration and start. What is equal in all runs stands once in a line below. Runs of several formats or
    labels have a table each.

    Args:
        where: A SQL condition over the runs table.

    Raises:
        QueryError: The condition is wrong.
    """
    from rich.console import Group
    from rich.text import Text

    shown = runs if where is None else runs.where(where)
    if not shown:
        return Group(Text(f"none of {len(runs)} runs fits: {where}" if where else "no runs"))
    count = _count(shown, runs)
    groups = _groups(shown)
    if len(groups) == 1:
        return Group(*_table(shown, width, count), *_warnings(shown))
    parts: list[object] = []
    for title, several in groups:
        parts += [Text(title, style="bold"), *_table(several, width, ""), Text()]
    return Group(*parts, Text(count, style="dim"), *_warnings(shown))  # type: ignore[arg-type]


def _groups(runs: Runs) -> list[tuple[str, Runs]]:
    """The runs by their label and format, with a title for each: “baseline (mlflow), 6 runs”."""
    found: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        found.setdefault((run.source.label, run.source.format), []).append(run)
    titles = {(label, form): f"{clean(label)} ({form})" if label else form for label, form in found}
    counts = {key: f"{len(several)} run{'' if len(several) == 1 else 's'}" for key, several in found.items()}
    return [(f"{titles[key]}, {counts[key]}", runs.in_order(several)) for key, several in found.items()]


def _table(runs: Runs, width: int, count: str) -> Iterator[Rows | Text]:
    """The rows of runs, and the notes below them."""
    from rich.text import Text

    names = _Column("attribute", "name", tuple(clean(run.name) for run in runs))
    always = [names, _Column("attribute", "state", tuple(run.state for run in runs))]
    wanted = _candidates(runs)
    chosen = _fitting(wanted, width - sum(column.width for column in always) - _GAP)
    columns = always + [column for column in _in_order(wanted) if column in chosen]
    yield Rows(
        heads=[column.head for column in columns],
        cells=[column.cells for column in columns],
        styles=[column.styles for column in columns],
        right=[column.right for column in columns],
        most=_MAX_CELL,
    )
    notes = [count, *_equal(runs), *_left_out([column for column in wanted if column not in chosen])]
    yield from (Text("\n" + note if i == 0 and count else note, style="dim") for i, note in enumerate(notes) if note)


def runs_json(runs: Runs) -> str:
    """The runs as a JSON array, one object per run.

    Strict JSON: a number that JSON does not have is the text "NaN", "Infinity" or "-Infinity". Times are ISO
    8601 in UTC, `duration` is in seconds. `metrics` has for each metric the number of its values (`count`), its
    `value` (see `Run.metric`), and over its finite values `first`, `last`, `min` and `max`.
    """
    rows = [
        {
            **{name: json_value(run[name]) for name in ATTRIBUTES},
            "config": json_value(dict(run.config)),
            "summary": json_value(dict(run.summary)),
            "metrics": {key: _metric(run, key) for key in run.history},
            "warnings": [warning.text for warning in run.warnings],
        }
        for run in runs
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)


def runs_csv(runs: Runs) -> str:
    """The runs table as CSV, all columns, each value to its last digit; what a run does not have is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(runs.columns)
    for run in runs:
        writer.writerow("" if run[name] is None else exact(run[name]) for name in runs.columns)
    return out.getvalue()


# The columns of the table -------------------------------------------------------------------------------


def _candidates(runs: Runs) -> list[_Column]:
    """The columns that may be shown, the most important first."""
    metrics = [column for key in _ranked_metrics(runs) if (column := _column(runs, key, metric=True))]
    keys = sorted(runs.config_keys, key=lambda key: "seed" in key.casefold())
    configs = [column for key in keys if (column := _column(runs, f"config.{key}"))]
    duration, started = _column(runs, "duration"), _column(runs, "started")
    times = [column for column in (duration, started) if column]
    ranked = [*metrics[:1], *times[:1], *configs[:4], *metrics[1:3], *times[1:], *configs[4:], *metrics[3:]]
    seen: set[tuple[str, ...]] = set()
    unique = []
    for column in ranked:
        if column.cells not in seen or len(runs) == 1:
            unique.append(column)
            seen.add(column.cells)
    return unique


def _ranked_metrics(runs: Runs) -> list[str]:
    """Metrics and numbers of the summary, the ones that tell most first: held out, then with a goal, then progress last."""
    summarised = {f"{key}.{kind}" for key in runs.metrics for kind in ("min", "max", "mean", "best", "last", "first")}
    keys = [key for key in runs.columns if key not in ATTRIBUTES and not key.startswith("config.") and key not in summarised]

    def rank(key: str) -> tuple[bool, bool, bool, bool]:
        goal = runs.goal(key)
        return _PROGRESS.search(key) is not None, goal is None, _HELD_OUT.search(key) is None, goal != "max"

    return sorted((key for key in keys if any(number(run[key]) is not None for run in runs)), key=rank)


def _column(runs: Runs, name: str, *, metric: bool = False) -> _Column | None:
    """A column, or None when it tells nothing: no run has it, or all have the same."""
    values = runs.values(name)
    if all(value is None for value in values) or (len(runs) > 1 and _is_one(values)):
        return None
    goal = runs.goal(name) if metric else None
    form = column_format(name, values, metric=metric, goal=goal)
    cells = tuple(form.texts(values) if form.is_number else map(clean, form.texts(values)))
    kind: Literal["attribute", "config", "metric"] = (
        "metric" if metric else "config" if name.startswith("config.") else "attribute"
    )
    return _Column(kind, clean(name.removeprefix("config.")), cells, form.is_number, _best(values, goal))


def _is_one(values: Sequence[object]) -> bool:
    """Whether all are the same, to the last digit."""
    first = exact(values[0])
    return all(exact(value) == first for value in values)


def _best(values: list[Any], goal: Goal | None) -> frozenset[int]:
    """The places of the best values, none when they are all there is or nothing says what is better."""
    if goal is None:
        return frozenset()
    sizes = {i: size for i, value in enumerate(values) if (size := number(value)) is not None and math.isfinite(size)}
    if len(set(sizes.values())) < 2:
        return frozenset()
    best = (min if goal == "min" else max)(sizes.values())
    return frozenset(i for i, size in sizes.items() if size == best)


def _fitting(columns: list[_Column], room: int) -> list[_Column]:
    chosen = []
    for column in columns:
        if column.width + _GAP <= room:
            chosen.append(column)
            room -= column.width + _GAP
    return chosen


def _in_order(columns: list[_Column]) -> list[_Column]:
    """Start and duration, then config, then metrics; each in the order of importance."""
    by_kind = {kind: [column for column in columns if column.kind == kind] for kind in ("attribute", "config", "metric")}
    return [*reversed(by_kind["attribute"]), *by_kind["config"], *by_kind["metric"]]


# What stands below the table ----------------------------------------------------------------------------


def _count(shown: Runs, runs: Runs) -> str:
    states = Counter(run.state for run in shown)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items(), key=lambda pair: (-pair[1], pair[0])))
    of = "" if len(shown) == len(runs) else f" of {len(runs)}"
    return f"{len(shown)}{of} run{'' if len(shown) == 1 else 's'}: {told}"


def _equal(runs: Runs) -> list[str]:
    """The settings that all runs share."""
    if len(runs) < 2:
        return []
    same = []
    for key in runs.config_keys:
        values = runs.values(f"config.{key}")
        if values[0] is not None and _is_one(values):
            same.append(f"{clean(key)} = {clean(column_format(key, values).text(values[0]))[:_MAX_CELL]}")
    return [f"the same in all: {', '.join(same[:8])}{', …' if len(same) > 8 else ''}"] if same else []


def _left_out(columns: list[_Column]) -> list[str]:
    if not columns:
        return []
    names = ", ".join(column.head for column in columns[:6]) + (", …" if len(columns) > 6 else "")
    return [f"{len(columns)} column{'' if len(columns) == 1 else 's'} left out (no room): {names}; --csv and --json have all"]


def _warnings(runs: Runs) -> Iterator[Text]:
    """The runs' warnings, the same one of several runs once."""
    from rich.text import Text

    by_text: dict[str, list[str]] = {}
    for run in runs:
        for warning in run.warnings:
            by_text.setdefault(warning.text, []).append(run.name)
    if by_text:
        yield Text()
    for text, names in list(by_text.items())[:_MAX_WARNINGS]:
        who = clean(names[0]) if len(names) == 1 else f"{clean(names[0])} and {len(names) - 1} more"
        yield Text.assemble(("warning: ", "yellow"), f"{who}: {clean(text)}")
    if len(by_text) > _MAX_WARNINGS:
        yield Text(f"and {len(by_text) - _MAX_WARNINGS} more warnings; --json has all", style="yellow")


def clean(text: str) -> str:
    """A text from a log without what would move a terminal's cursor, change its colours or turn the writing round."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else "�" for sign in text)


# Values for other programs ------------------------------------------------------------------------------


def _metric(run: Run, key: str) -> dict[str, Any]:
    finite = run.history[key].finite
    ends = {"first": finite[0], "last": finite[-1], "min": finite.min(), "max": finite.max()} if len(finite) else {}
    shown = {name: float(value) for name, value in ends.items()}
    return {"count": len(run.history[key]), "value": json_value(run.metric(key)), **shown}


def json_value(value: object) -> Any:
    """A value that was logged as strict JSON has it: a number that JSON does not have is a text, a time is ISO 8601."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [json_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): json_value(one) for key, one in value.items()}
    return value
