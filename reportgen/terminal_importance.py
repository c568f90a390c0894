"""The importance of parameters as text: a table for a terminal, JSON for other programs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from reportgen.analysis.importance import Importance, minus, percent, percent_range, share_text
from reportgen.analysis.importance.best import BEST_PART
from reportgen.analysis.importance.words_good import best_sentences, local_verdict, region_text

if TYPE_CHECKING:
    from rich.console import Group


def importance_table(found: Importance) -> Group:
    """The verdict, a line for each parameter, and what weakens the result."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    interval = f"{100 * found.level:.0f} %"
    among = [] if found.among is None else [f"among best {percent(found.among)}"]
    best = f"best {percent(BEST_PART)} at"
    for head in ("parameter", "share", interval, "total", *among, "ρ", "runs", "direction", best):
        table.add_column(head, justify="left" if head in ("parameter", "direction", best) else "right")
    for one in found.parameters:
        known = not math.isnan(one.share)
        table.add_row(
            Text(one.name, style="bold" if one.above_noise else ""),
            percent(one.share) if known else "",
            percent_range(one.low, one.high) if known else "",
            percent(one.total.value) if known else "",
            *([share_text(one.local) if one.local else ""] if among else []),
            minus(one.correlation.value) if one.correlation else "",
            str(one.n_runs),
            Text(one.direction),
            Text(region_text(one)),
        )
    notes = [Text(warning, style="yellow") for warning in found.warnings]
    left_out = [Text(f"not looked at: {one.name} ({one.reason})", style="dim") for one in found.ignored]
    good = [Text(text) for text in (*best_sentences(found), local_verdict(found)) if text]
    return Group(Text(found.verdict), *good, Text(), table, Text(), *notes, *left_out)


def importance_json(found: Importance) -> str:
    """All that was found as a JSON object; what is not known is null."""
    return json.dumps(known(asdict(found)), indent=2, ensure_ascii=False, allow_nan=False)


def known(value: Any) -> Any:
    """A value for JSON, where a number that is not finite means that nothing is known."""
    if isinstance(value, dict):
        return {key: known(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [known(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
