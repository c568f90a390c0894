"""Hand-made figures on a page of their own: the charts' browser code without the rest of a site."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.site.assets import theme_assets, vega_script
from reportgen.site.figures import Charts
from reportgen.site.theme import find_theme
from reportgen.store.cache import Cache

POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'"
"""The Content-Security-Policy of every page."""


def curves(title: str = "Accuracy of three runs", runs: int = 3, rows: int = 60) -> Figure:
    """Lines of several runs, with a gap, an infinity, and a hostile name."""
    names = ["</script><b>bold</b>", *(f"run {i}" for i in range(1, runs))]
    steps = np.arange(rows)
    values = [1 - np.exp(-steps / (10 + 5 * i)) for i in range(runs)]
    values[0][5] = np.nan
    values[0][9] = np.inf
    data = pd.DataFrame(
        {
            "step": np.tile(steps, runs),
            "value": np.concatenate(values),
            "run": np.repeat(np.array(names, dtype=object), rows),
        }
    )
    style = ChartStyle()
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"name": "lines"},
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "title": "step"},
            "y": {"field": "value", "type": "quantitative", "title": "val/acc"},
            "color": {"field": "run", "type": "nominal", "legend": None},
            "tooltip": [{"field": "value", "type": "quantitative"}],
        },
        "params": [{"name": "zoom", "select": "interval", "bind": "scales"}],
        "width": "container",
        "height": 240,
        "config": style.vega_config(),
    }
    legend = tuple(zip(names, style.categories, strict=False))
    return Figure(spec, {"lines": data}, title, "by step", f"{title}: all rise to one.", legend=legend)


def write_page(folder: Path, *figures: Figure) -> Path:
    """A page with the figures in it and nothing else."""
    theme = find_theme()
    charts = Charts()
    body = "".join(f"<section>{charts.note(figure)}</section>" for figure in figures)
    vega, script = vega_script(Cache())
    assets = theme_assets(theme)
    files = {**assets.files, vega: script, **{path: text.encode() for path, text in charts.draw(Cache()).items()}}
    head = "".join(f'<link rel="stylesheet" href="{path}">' for path in assets.styles)
    head += "".join(f'<script src="{path}" defer></script>' for path in assets.scripts)
    body = charts.fill(body, theme.environment.get_template("figure.html"), "", vega, assets.font)
    page = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>charts</title>
        <meta http-equiv="Content-Security-Policy" content="{POLICY}">
        <meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
        <body style="max-width: 680px; margin: 40px auto; padding: 0 16px">{body}</body></html>"""
    for path, content in {**files, "index.html": page.encode()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder / "index.html"
