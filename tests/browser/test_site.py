"""A whole site over both folders of sample runs, opened from the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.site.build import build

ROOT = Path(__file__).parents[2]
REPORT = """---
title: Everything at once
runs:
  sweep: {sweep}
  cnn: {cnn}
---
{{{{ runs | length }}}} runs; the best is {{{{ runs.best("val/acc").link }}}}.

```chart
y: val/acc
x: epoch
width: wide
```

```chart
y: train/*
runs: cnn
smooth: 0.6
log: y
```

```chart
kind: scatter
x: config.optimizer.lr
y: val/acc
runs: sweep
```

```chart
kind: bar
y: val/acc
runs: cnn
```

```chart
kind: box
x: config.optimizer.name
y: val/acc
runs: sweep
```

```chart
kind: histogram
x: val/acc
runs: sweep
```

```chart
kind: heatmap
x: config.channels
y: config.batch_size
color: val/acc
runs: sweep
```

```chart
kind: parallel
x: [config.optimizer.lr, config.dropout, config.channels]
y: val/acc
runs: sweep
width: full
```

```runs
columns: [config.optimizer.lr, val/acc]
runs: top(5, val/acc)
```

```compare
runs: cnn
```

```importance
target: val/acc
runs: sweep
among: top 25 %
```

```importance
targets: [val/acc, val/loss]
runs: sweep
```

```marginal
target: val/acc
runs: sweep
x: optimizer.lr
by: channels
```

```interaction
target: val/acc
runs: sweep
x: optimizer.lr
y: channels
```
"""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("everything")
    logs = {"sweep": ROOT / "examples" / "digits" / "wandb", "cnn": ROOT / "examples" / "three-runs" / "wandb"}
    (folder / "report.md").write_text(REPORT.format(**logs))
    build(folder / "report.md", out=folder / "site")
    return folder / "site"


def pages(site: Path) -> list[Path]:
    """The report, the table of all runs, and a run of each folder."""
    runs = sorted((site / "runs").iterdir(), key=lambda path: path.stat().st_size)
    return [site / "index.html", site / "runs.html", runs[0], runs[-1]]


@pytest.mark.parametrize("width", [1440, 390])
def test_all_charts_are_drawn_without_a_word_and_without_a_request(visit: Open, site: Path, width: int) -> None:
    for path in pages(site):
        seen = visit(path, viewport={"width": width, "height": 900}, color_scheme="dark" if width == 390 else "light")
        charts = seen.page.locator(".chart[data-chart]").count()
        assert seen.wait_for_charts() == charts, path.name
        metrics = seen.page.locator(".metric-card[data-metric]")
        for metric in metrics.all():
            metric.scroll_into_view_if_needed()
            metric.locator("canvas[aria-label]").wait_for()
        assert charts or metrics.count() or path.name == "runs.html"
        for drawing in seen.page.locator(".chart-live svg, .metric-card[data-metric] .lines-base").all():
            box = drawing.bounding_box()
            assert box, path.name
            assert min(box["width"], box["height"]) > 30, path.name
        assert (seen.complaints, seen.requests) == ([], []), path.name
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_without_javascript_every_chart_is_seen(visit: Open, site: Path) -> None:
    for path in pages(site):
        seen = visit(path, java_script_enabled=False)
        charts = seen.page.locator(".chart").all()
        for chart in charts:
            picture = chart.locator(".chart-static > svg")
            assert picture.is_visible(), path.name
            assert picture.locator("path, circle, rect, line, text").count() > 3, path.name
        assert (seen.complaints, seen.requests) == ([], []), path.name


def test_the_pointer_finds_values_and_leaves_no_word(visit: Open, site: Path) -> None:
    seen = visit(site / "index.html")
    seen.wait_for_charts()
    for drawing in seen.page.locator(".chart-live svg").all():
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        for share in (0.3, 0.5, 0.7):
            seen.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        seen.page.mouse.down()
        seen.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 3)
        seen.page.mouse.up()
        seen.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert (seen.complaints, seen.requests) == ([], [])
