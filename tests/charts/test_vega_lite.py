"""The fence `vega-lite`: which data it has, what it refuses, and that Vega-Lite draws it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chart_runs import drawn, texts

from reportgen.blocks import vega_lite
from reportgen.blocks.block import Context
from reportgen.charts.figure import Figure
from reportgen.charts.remarks import _LISTENER, remarks
from reportgen.charts.style import CATEGORIES, ChartStyle
from reportgen.errors import Mistake, Place
from reportgen.model import Run, Runs, Series, Source, Table

STEPS = np.arange(3, dtype=np.int64)
RUN = Run(
    id="a",
    name="<b>a</b>",
    source=Source("hand", Path("a")),
    config={"optimizer.lr": 0.1, "layers": [1, 2]},
    summary={"val/acc": 0.5},
    history={"val/acc": Series("val/acc", STEPS, STEPS.astype(float), np.array([0.1, np.nan, 0.5]))},
    tables={"confusion": (Table("confusion", 2, ("actual", "n[0]"), (("cat", 3), ("dog", 4))),)},
)


def draw(spec: dict[str, Any], warn: Callable[[str], None] = print) -> Figure:
    runs = Runs([RUN])
    context = Context(runs, runs, "", Place(Path("report.md"), 1), ChartStyle(), warn)
    [part] = vega_lite.render(vega_lite.Options(spec=spec), context).parts
    assert isinstance(part, Figure)
    return part


def test_columns_have_names_that_vega_reads_as_one_field() -> None:
    frame = draw({"mark": "point", "encoding": {"x": {"field": "config_optimizer_lr", "type": "quantitative"}}}).data["runs"]
    assert frame["config_optimizer_lr"].tolist() == [0.1]
    assert frame["val/acc"].tolist() == [0.5]
    assert frame["config_layers"].tolist() == ["[1, 2]"]
    assert "path" not in frame


def test_history_and_tables_are_data() -> None:
    layers = [{"data": {"name": "history"}, "mark": "line"}, {"data": {"name": "confusion"}, "mark": "bar"}]
    figure = draw({"layer": layers})
    assert figure.data["history"]["value"].isna().tolist() == [False, True, False]
    assert figure.data["confusion"].to_dict("list") == {"actual": ["cat", "dog"], "n_0_": [3, 4], "run": ["<b>a</b>"] * 2}


def test_vega_lite_draws_it() -> None:
    import vl_convert

    figure = draw({"mark": {"type": "bar", "color": "#4269d0"}, "data": {"name": "confusion"}, "encoding": {"x": {"field": "n_0_", "type": "quantitative"}}})  # noqa: E501
    spec = {**figure.spec, "datasets": {"confusion": json.loads(figure.data["confusion"].to_json(orient="records"))}}
    assert vl_convert.vegalite_to_svg(json.dumps(spec)).count('fill="#4269d0"') == 2


def test_the_config_of_the_theme_stays_below_ones_own() -> None:
    spec = draw({"mark": "point", "config": {"axis": {"labelFontSize": 20}}}).spec
    assert spec["config"]["axis"]["labelFontSize"] == 20
    assert spec["config"]["axis"]["gridColor"] == "var(--hairline)"


def test_what_vega_lite_remarks_is_a_warning_of_the_build() -> None:
    said: list[str] = []
    odd = {"mark": "rect", "encoding": {"x": {"field": "val/acc", "type": "quantitative"}, "size": {"field": "name"}}}
    figure = draw(odd, said.append)
    assert said == ['Vega-Lite: size dropped as it is incompatible with "rect".']
    assert figure.spec["usermeta"]["reportgen"]["remarks"] == ['size dropped as it is incompatible with "rect".']
    draw({"mark": "point", "encoding": {"x": {"field": "val/acc", "type": "quantitative"}}}, said.append)
    assert len(said) == 1


def test_it_looks_like_the_charts_of_the_project() -> None:
    x = {"field": "config_optimizer_lr", "type": "quantitative", "scale": {"type": "log", "domain": [1e-5, 0.1]}}
    svg = drawn(draw({"mark": "point", "encoding": {"x": x}}))
    assert "#4c78a8" not in svg
    assert CATEGORIES[0] in svg
    assert {"1e-5", "1e-4", "0.001", "0.1"} <= set(texts(svg))
    own = draw({"mark": "point", "encoding": {"x": {**x, "axis": {"format": "e"}}}})
    assert "labelExpr" not in own.spec["encoding"]["x"]["axis"]


def test_all_remarks_are_heard_by_one_process() -> None:
    odd = [{"data": {"name": "x"}, "mark": "rect", "height": 91 + i, "encoding": {"size": {"field": "a"}}} for i in range(3)]
    fine: dict[str, Any] = {"data": {"name": "x"}, "mark": "point"}
    said = remarks([odd[0], fine])
    process = _LISTENER._process
    assert [*said, *remarks([{"mark": "pont"}, odd[1]])] == [('size dropped as it is incompatible with "rect".',), (), (), said[0]]
    assert _LISTENER._process is process
    assert process is not None
    process.kill()
    process.wait()
    assert remarks([odd[2]]) == [said[0]], "another one takes its place"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"mark": "point", "data": {"name": "run"}}, "no data 'run'; did you mean 'runs'?"),
        ({"mark": "point", "data": {"url": "x.csv"}}, "the data of a specification cannot be fetched; name them: data:"),
        (
            {"mark": {"type": "image", "url": "https://example.org/a.png"}},
            "url: a report makes no request to another host; take it out",
        ),
        ({"layer": [{"mark": "point", "encoding": {"href": {"value": "javascript:alert(1)"}}}]}, "href: a report makes no"),
    ],
)
def test_mistakes(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake) as caught:
        draw(spec)
    assert str(caught.value).startswith(message)


def test_what_is_not_vega_lite_is_said_in_one_line() -> None:
    with pytest.raises(Mistake) as caught:
        draw({"mark": "pont"})
    assert "pont" in str(caught.value)
    assert "\n" not in str(caught.value)
