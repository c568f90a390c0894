"""What a Python user gets: the values with their pictures, in a notebook and in a file."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
import vl_convert
from importance.known_functions import TRAINING, make_runs

import reportgen as rg
from reportgen.analysis.importance import Importance
from reportgen.analysis.importance import importance as plain_importance
from reportgen.errors import QueryError


def test_the_public_function_gives_the_same_values() -> None:
    runs = TRAINING.runs(40, 4)
    drawn, plain = rg.importance(runs, "score", "max"), plain_importance(runs, "score", "max")
    assert isinstance(drawn, Importance)
    assert repr(drawn) == repr(plain)
    assert all(repr(getattr(drawn, field.name)) == repr(getattr(plain, field.name)) for field in fields(plain))
    assert rg.importance.__doc__ == plain_importance.__doc__


def test_the_chart_stands_by_itself() -> None:
    found = rg.importance(TRAINING.runs(40, 4), "score", "max")
    spec = found.chart(top=2).to_dict()
    rows = spec["datasets"]["shares"]
    assert [row["parameter"] for row in rows][-3:] == ["2 smaller parameters", "interactions", "what no parameter explains"]
    assert rows[0]["share"] == pytest.approx(found.parameters[0].share)
    assert rows[-1]["total"] is None
    assert "var(--" not in json.dumps(spec)
    svg = vl_convert.vegalite_to_svg(spec)
    assert "What explains score" in svg
    assert found.parameters[0].name in svg


def test_a_notebook_shows_the_verdict_and_a_table() -> None:
    nasty = "<script>alert(1)</script>"
    n = 24
    ramp, mixed = [float(i) for i in range(n)], [float(i * 7 % n) for i in range(n)]
    found = rg.importance(make_runs(ramp, **{nasty: ramp, "k": mixed}), "score")
    html = found._repr_html_()
    assert html.startswith("<div><p><strong>&lt;script&gt;")
    assert "<script" not in html
    assert html.count("<tr>") == 3
    assert "within the noise" in html


def test_too_few_runs_have_no_chart() -> None:
    found = rg.importance(make_runs([1.0, 2.0, 4.0, 3.0, 5.0], lr=[1.0, 2.0, 3.0, 4.0, 5.0]), "score")
    assert "<table" not in found._repr_html_()
    assert "5 runs are too few" in found._repr_html_()
    with pytest.raises(QueryError, match="there are no shares to draw: 5 runs are too few"):
        found.chart()
