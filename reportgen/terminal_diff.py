"""What changed between two runs as text: the answer and a table for a terminal, JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from reportgen.analysis.compared_rows import Missing
from reportgen.analysis.what_changed import Fact, Result, Setting, WhatChanged
from reportgen.analysis.what_changed.sides import texts
from reportgen.analysis.what_changed.words import Voice, answer, caveat, not_logged, predicted_text, signs, told_text
from reportgen.blocks.machine import machine_names, machine_text
from reportgen.terminal import clean, json_value
from reportgen.terminal_importance import known

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

_MOST_LINES = 60
"""So many lines of each difference of code are printed; --json has all."""
_MOST_CELL = 40
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def diff_table(found: WhatChanged) -> Group:
    """The answer, a line for each setting that differs, then code, environment and data."""
    from rich.console import Group
    from rich.text import Text

    said = answer(found, Voice(name=lambda side: clean(side.name), key=clean))
    parts: list[Any] = [*map(Text, said), Text()]
    if found.settings:
        parts += [_settings(found), Text()]
    parts.append(Text(f"{found.equal} setting{'' if found.equal == 1 else 's'} equal", style="dim"))
    for title, lines in (("code", _code(found)), ("environment", _environment(found)), ("data", _data(found))):
        if several := list(lines):
            parts += [Text(), Text(title, style="bold"), *several]
    notes = [note for note in (signs(found), not_logged(found), caveat(found)) if note]
    return Group(*parts, *([Text()] if notes else []), *(Text(note, style="dim") for note in notes))


def diff_json(found: WhatChanged) -> str:
    """All that was found as a JSON object.

    What is not known is null. The values of a setting are those of the runs that have it; `missing_before` says that some have not.
    """
    results = [
        {"metric": one.metric, "goal": one.goal, **_samples(one), "difference": asdict(one.difference), "told": one.is_told}
        for one in found.results
    ]
    settings = [{**_setting(setting), "told": asdict(told) if told else None} for setting, told in found.settings]
    whole = {
        "answer": answer(found),
        "before": [run.id for run in found.before.runs],
        "after": [run.id for run in found.after.runs],
        "results": results,
        "settings": settings,
        "equal_settings": found.equal,
        "code": asdict(found.code),
        "environment": asdict(found.environment),
        "data": [
            {"name": one.name, "type": one.type, "before": [v.name for v in one.before], "after": [v.name for v in one.after]}
            for one in found.data.changed
        ],
    }  # fmt: skip
    return json.dumps(known(whole), indent=2, ensure_ascii=False, allow_nan=False, default=str)


def _setting(one: Setting) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    values = {name: [json_value(value) for value in own if not isinstance(value, Missing)] for name, own in sides.items()}
    missing = {f"missing_{name}": any(isinstance(value, Missing) for value in own) for name, own in sides.items()}
    return {"key": one.key, **values, **missing, "is_seed": one.is_seed}


def _samples(one: Result) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    return {name: {"n": own.n, "mean": own.mean, "sd": own.sd, "missing": own.missing} for name, own in sides.items()}


def _settings(found: WhatChanged) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    written = found.results[0].format if found.results else None
    metric = clean(found.results[0].metric) if found.results else ""
    heads = ["setting", *(_cut(side.name) for side in (found.before, found.after)), "step"]
    has_curve = written is not None and any(told and predicted_text(told, written) for _setting, told in found.settings)
    heads += [f"share of {metric}", *([f"{metric} by its curve"] if has_curve else [])] if written else []
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for setting, told in found.settings:
        values = map(_cut, texts(setting.before, setting.after))
        said = ["a seed" if setting.is_seed else "", ""]
        if told is not None and written is not None:
            said = [told_text(told), predicted_text(told, written)]
        style = "bold" if told is not None and told.verdict == "clear" else "dim" if setting.is_seed else ""
        table.add_row(*(Text(text, style=style) for text in (clean(setting.key), *values, setting.step, *said[: len(heads) - 4])))
    return table


def _code(found: WhatChanged) -> Iterator[Text]:
    from rich.text import Text

    yield from (_fact(fact, str) for fact in found.code.facts)
    for one in found.code.texts:
        yield Text.assemble((clean(one.name), "bold"), f" {one.kind}")
        for line in one.lines[:_MOST_LINES]:
            yield Text("  " + clean(line), style=_STYLES.get(line[:1], "") if one.kind == "changed" else "")
        if len(one.lines) > _MOST_LINES:
            yield Text(f"  and {len(one.lines) - _MOST_LINES} more lines; --json has all", style="dim")
    for name in found.code.mixed:
        yield Text(f"{clean(name)}: several versions on one side")


def _environment(found: WhatChanged) -> Iterator[Text]:
    names = machine_names()
    for fact in found.environment.facts:
        yield _fact(replace(fact, name=names.get(fact.name, fact.name)), partial(machine_text, fact.name))
    for one in found.environment.packages:
        yield _fact(Fact(one.name, one.before, one.after), str)


def _data(found: WhatChanged) -> Iterator[Text]:
    from rich.text import Text

    for one in found.data.changed:
        yield _fact(Fact(f"{one.name} ({one.type})", tuple(v.name for v in one.before), tuple(v.name for v in one.after)), str)
        if one.changes:
            counts = [f"{sum(file.kind == kind for file in one.changes.files)} {kind}" for kind in ("added", "removed", "changed")]
            yield Text(f"  files: {', '.join(counts)}, {one.changes.same} the same", style="dim")


def _fact(fact: Fact, written: Callable[[object], str]) -> Text:
    from rich.text import Text

    sides = (", ".join(clean(written(value)) for value in values) or "–" for values in (fact.before, fact.after))
    return Text.assemble((f"{clean(fact.name)}  ", "dim"), " → ".join(sides))


def _cut(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _MOST_CELL else text[: _MOST_CELL - 1] + "…"
