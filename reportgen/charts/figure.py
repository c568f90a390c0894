"""What a chart function returns: a Vega-Lite specification, its data by name, and the words that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True, eq=False)
class Figure:
    """One chart, before it is placed in a page.

    Attributes:
        spec: A Vega-Lite specification whose data sources are all `{"name": …}` with a name of `data`.
            Colours of text and rules may be CSS variables of the theme (`var(--ink)`).
        data: The frames that the specification names. Columns are numbers, strings, booleans or datetimes;
            non-finite numbers are kept and reach the browser as gaps.
        title: What the chart shows, in a few words.
        subtitle: What was done to the data: "mean of 3 seeds, 95 % interval, EMA 0.6"; "" when nothing was.
        description: The text alternative: one to three sentences that say what can be seen, with numbers.
        width: How wide it is drawn: "text" (680 px), "wide" (960) or "full" (1,200).
        height: Height of the plot in pixels.
        legend: HTML-free legend entries as (label, colour), in the order of the last values; empty when the
            lines are labelled at their ends or the chart needs none.
        notes: Plain sentences that must stand beside the chart (“2 of 24 runs have no val/acc”).
    """

    spec: Mapping[str, Any]
    data: Mapping[str, pd.DataFrame]
    title: str
    subtitle: str = ""
    description: str = ""
    width: str = "text"
    height: int = 280
    legend: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)
