"""What a chart function returns: a Vega-Lite specification, its data by name, and the words that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

PIXELS: Mapping[str, int] = {"text": 680, "wide": 960, "full": 1200}
"""The widths of figures."""


@dataclass(frozen=True, eq=False)
class Figure:
    """One chart, before it is placed in a page.

    The specification has a `width` in pixels, which is that of the whole drawing where `autosize` is "fit-x" (the
    browser may then put the width of its container in its place, and the chart fits itself into it), and a `height`, which is
    that of the plot alone. `config` is `ChartStyle.vega_config()`. It works without evaluating text as code (Vega's
    interpreter) and draws nothing that waits for a pointer until there is one.

    Attributes:
        spec: A Vega-Lite specification whose data sources are all `{"name": …}` with a name of `data`.
            Colours of text and rules may be CSS variables of the theme (`var(--ink)`). `usermeta["reportgen"]`
            tells the page what the chart can do: `{"kind": "line", "zoom": true, "toggle": true}` – `zoom`: dragging
            zooms and a double click resets, and so do keys; `toggle`: entries of `legend` that are listed in the
            parameter `off` are hidden; `labels`: lines carry their names (the parameter `labels`) on a page of at least
            `least` pixels, and are named by a legend of `entries` on a narrower one; `brush`: dragging along an axis
            selects; `remarks`: what the build has told the author of a specification.
        data: The frames that the specification names. Columns are numbers, strings, booleans or datetimes;
            non-finite numbers are kept and reach the browser as gaps.
        title: What the chart shows, in a few words.
        subtitle: What was done to the data: "mean of 3 seeds, 95 % interval, EMA 0.6"; "" when nothing was.
        description: The text alternative: one to three sentences that say what can be seen, with numbers.
        width: How wide it is drawn: "text" (680 px), "wide" (960) or "full" (1,200). Small multiples are narrower
            and share this width.
        height: Height of the plot in pixels.
        legend: HTML-free legend entries as (label, colour), in the order of the last values, for a page to draw;
            empty when the specification draws a scale of numbers, the lines are labelled at their ends, or the chart
            needs none. In a live chart they are buttons.
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
