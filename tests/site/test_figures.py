from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import escape

from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Place
from reportgen.site.figures import Charts
from reportgen.site.svg import for_page
from reportgen.site.theme import find_theme
from reportgen.store.cache import Cache

HOSTILE = '"><img src=x onerror=alert(1)>'


def points(**changes: object) -> Figure:
    spec = {
        "data": {"name": "points"},
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "at", "type": "temporal", "axis": {"format": "%H:%M"}},
            "y": {"field": "name", "type": "nominal"},
        },
        "width": 400,
        "height": 100,
        "config": ChartStyle().vega_config(),
    }
    data = pd.DataFrame({"at": pd.to_datetime(["2026-01-01 06:00", "2026-01-01 12:00"], utc=True), "name": ["one", HOSTILE]})
    return replace(Figure(spec, {"points": data}, "Points", description=HOSTILE), **changes)  # type: ignore[arg-type]


def page_of(*figures: Figure) -> str:
    charts = Charts()
    html = "".join(charts.note(figure) for figure in figures)
    charts.draw(Cache())
    return charts.fill(html, find_theme().environment.get_template("figure.html"), "../", "assets/vega.js")


def test_a_chart_stands_in_the_page_as_a_picture() -> None:
    page = page_of(points())
    assert page.count("<svg ") == 1
    assert "var(--hairline)" in page
    assert "chart-here" not in page
    assert "font-family" not in page


def test_ids_are_unique_in_a_page_with_a_chart_twice() -> None:
    page = page_of(points(), points(), points(title="Another"))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for clip in re.findall(r"url\(#([^)]+)\)", page):
        assert clip in ids


def test_what_comes_from_a_log_is_text() -> None:
    page = page_of(points(title=HOSTILE, subtitle=HOSTILE, notes=(HOSTILE,), legend=((HOSTILE, "#123456"),)))
    assert "<img" not in page
    assert str(escape(HOSTILE)) in page


def test_a_link_in_a_picture_runs_no_script() -> None:
    svg = '<svg class="marks" width="1" height="1" viewBox="0 0 1 1"><a xlink:href="javascript:alert(1)"><g/></a></svg>'
    assert "javascript" not in for_page(svg, "chart-1", "")


def test_times_are_those_of_utc_wherever_the_site_is_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    charts = Charts()
    charts.note(points())
    charts.draw(Cache(tmp_path))
    svg = next(path for path in tmp_path.rglob("*.svg")).read_text()
    assert "06:00" in svg
    assert "15:00" not in svg


def test_a_chart_that_cannot_be_drawn_names_its_fence() -> None:
    charts = Charts()
    charts.note(points())
    charts.note(points(spec={"mark": "nonsense", "data": {"name": "points"}}), Place(Path("report.md"), 12))
    with pytest.raises(Mistake, match=r"^report\.md:12: Vega-Lite cannot draw 'Points': ."):
        charts.draw(Cache())


def test_a_chart_reaches_no_address_and_no_file(tmp_path: Path) -> None:
    charts = Charts()
    charts.note(points(spec={"mark": "point", "data": {"url": "http://127.0.0.1:9/data.csv"}}))
    with pytest.raises(Mistake, match="External data url not allowed"):
        charts.draw(Cache())
    (tmp_path / "secret.csv").write_text("name\nsecret\n")
    for address in (str(tmp_path / "secret.csv"), (tmp_path / "secret.csv").as_uri()):
        charts = Charts()
        charts.note(points(spec={"mark": "text", "data": {"url": address}, "encoding": {"text": {"field": "name"}}}))
        with suppress(Mistake):
            charts.draw(Cache(tmp_path / "cache"))
    assert not any("secret" in path.read_text() for path in tmp_path.rglob("*.svg"))


def test_what_was_drawn_before_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for _ in range(2):
        charts = Charts()
        charts.note(points())
        charts.draw(cache)
        [kept] = tmp_path.rglob("*.svg")
        kept.write_text('<svg class="marks" width="7" height="7" viewBox="0 0 7 7"></svg>')
    assert 'viewBox="0 0 7 7"' in charts.fill(
        str(charts.note(points())), find_theme().environment.get_template("figure.html"), "", "assets/vega.js"
    )


def test_the_cache_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    import os

    cache = Cache(tmp_path)
    for i in range(4):
        cache.put("svg", f"{i}.svg", b"x" * 100)
        os.utime(tmp_path / "svg" / f"{i}.svg", (i, i))
    assert cache.get("svg", "0.svg") is not None
    cache.trim(250)
    assert sorted(path.name for path in (tmp_path / "svg").iterdir()) == ["0.svg", "3.svg"]
