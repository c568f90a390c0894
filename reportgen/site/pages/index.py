"""The first page of a folder of reports that has no `index.md`, or of a folder of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import Runs
from reportgen.site.contexts import IndexContext, ReportCard


def index_page(cards: tuple[ReportCard, ...], runs: Runs, *, base: Mapping[str, Any], description: str = "") -> IndexContext:
    """All that the template of the list of reports shows."""
    title = base["site_title"] or ("Reports" if cards else "Runs")
    return IndexContext(**base, title=title, description=description, cards=cards, run_count=len(runs))
