"""The figures and the fence of a hand-made result: values first, then words, tables and escaping."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from importance.known_functions import TRAINING, make_runs

from reportgen.analysis.importance import (
    Correlation,
    Ignored,
    Importance,
    Marginal,
    PairImportance,
    ParameterImportance,
    Share,
    percent,
    plain,
)
from reportgen.blocks import importance as block
from reportgen.blocks.block import Context
from reportgen.charts.figure import Figure
from reportgen.charts.importance import bar_values, importance_bars, marginal_curves, marginal_values
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place
from reportgen.model import Runs

LR = ParameterImportance(
    "lr", "config.lr", "continuous", True, 0.61, 0.52, 0.7, Share(0.75, 0.6, 0.8), True, Correlation(0.7, 0.4, 0.9), 4, "higher is better",
    Marginal((0.001, 0.01, 0.1), (0.2, 0.5, 0.8), (0.1, 0.4, 0.7), (0.3, 0.6, 0.9)), (0.001, 0.01, 0.02, 0.1),
)  # fmt: skip
NAME = ParameterImportance(
    "optimizer", "config.optimizer", "category", False, 0.004, 0.0, 0.2, Share(0.006, 0.0, 0.2), False, None, 3, "",
    Marginal(("adam", "sgd"), (0.5, 0.4), (0.3, 0.3), (0.6, 0.6), (0.45, 0.2, 0.7)), ("adam", "sgd", None, "adam"),
)  # fmt: skip
DEPTH = ParameterImportance(
    "depth", "config.depth", "grid", False, 0.0, 0.0, 0.1, Share(0.0, 0.0, 0.1), False, Correlation(-0.1, -0.5, 0.4), 4, "",
    Marginal((1.0, 2.0), (0.5, 0.5), (0.4, 0.4), (0.6, 0.6)), (1.0, 2.0, 2.0, 1.0),
)  # fmt: skip
FOUND = Importance(
    "val/acc", "max", "lr explains 61 %.", True, (LR, NAME, DEPTH), ("a", "b", "c", "d"), (0.1, 0.5, 0.6, 0.9),
    1, (Ignored("seed", "a random seed"),), ("4 runs are few.",), "linear", Share(0.14, 0.08, 0.2),
    (PairImportance(("lr", "optimizer"), Share(0.14, 0.08, 0.2)),), Share(0.246, 0.2, 0.3), 0.6, 0.001,
)  # fmt: skip


def _valid(figure: Figure) -> None:
    """The specification fits Vega-Lite's schema, takes its data by name, and has no colour of ink but the theme's."""
    alt.Chart.from_dict({key: value for key, value in figure.spec.items() if key != "config"}, validate=True)
    assert "datasets" not in figure.spec
    named = {node["name"] for node in _nodes(figure.spec) if set(node) == {"name"}}
    assert named == set(figure.data)


def _nodes(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        return [value, *(found for inner in value.values() for found in _nodes(inner))]
    return [found for inner in value for found in _nodes(inner)] if isinstance(value, list | tuple) else []


def test_bar_values() -> None:
    frame = bar_values(FOUND, 10)
    assert list(frame["parameter"]) == ["lr", "optimizer", "depth", "interactions", "what no parameter explains"]
    labels = ["61 % (52–70); with interactions 75 %", "< 1 % (0–20)", "0 % (0–10)", "14 % (8–20)", "25 % (20–30)"]
    assert list(frame["label"]) == labels
    assert list(frame["told"]) == ["told from noise", "within the noise", "within the noise", "rest", "rest"]
    assert frame["share"].sum() == pytest.approx(1)
    shorter = bar_values(FOUND, 1)
    assert list(shorter["parameter"]) == ["lr", "2 smaller parameters", "interactions", "what no parameter explains"]
    assert shorter["share"].sum() == pytest.approx(1)


def test_bars() -> None:
    figure = importance_bars(FOUND, ChartStyle())
    _valid(figure)
    assert "lr 61 % (52–70)" in figure.description
    assert "interactions 14 %; unexplained 25 %." in figure.description
    assert figure.subtitle == "share of the variance of val/acc over 4 runs; lines: 90 % intervals; paler: with interactions"
    ranked = importance_bars(replace(FOUND, target_scale="rank"), ChartStyle())
    assert ranked.subtitle.startswith("share of the variance of the rank of val/acc")


def test_marginal_values() -> None:
    values = marginal_values(FOUND, NAME, {"a": "first"})
    assert values.curve.to_dict("list") == {
        "x": ["adam", "sgd", "not set"],
        "mean": [0.5, 0.4, 0.45],
        "low": [0.3, 0.3, 0.2],
        "high": [0.6, 0.6, 0.7],
    }
    assert values.runs.to_dict("list") == {
        "x": ["adam", "sgd", "not set", "adam"],
        "target": [0.1, 0.5, 0.6, 0.9],
        "run": ["first", "b", "c", "d"],
    }


def test_curves_share_their_vertical_axis_and_use_a_log_axis_where_the_parameter_is_log() -> None:
    figures = marginal_curves(FOUND, ChartStyle(), {})
    for figure in figures:
        _valid(figure)
    scales = [
        [node["scale"] for node in _nodes(figure.spec) if node.get("field") in ("target", "mean") and "scale" in node] for figure in figures
    ]
    assert {tuple(scale["domain"]) for one in scales for scale in one} == {(0.0, 0.9)}
    types = [{node["scale"]["type"] for node in _nodes(f.spec) if node.get("field") == "x" and "scale" in node} for f in figures]
    assert types == [{"log"}, set(), {"linear"}]
    assert [figure.subtitle for figure in figures] == [
        "explains 61 %, higher is better",
        "not told from noise",
        "not told from noise",
    ]
    assert marginal_curves(FOUND, ChartStyle(), {}, top=1)[0].title == "lr"


def test_a_number_that_some_runs_do_not_set_is_said_below_its_curve() -> None:
    assert LR.marginal is not None
    partly = replace(LR, values=(0.001, None, 0.02, 0.1), n_runs=3, marginal=replace(LR.marginal, unset=(0.4, 0.35, 0.52)))
    (figure,) = marginal_curves(replace(FOUND, parameters=(partly,)), ChartStyle(), {})
    assert figure.notes == ("Not set in 1 runs: 0.4 (0.35–0.52).",)
    assert len(figure.data["runs"]) == 3


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.003, "< 1 %"), (0.006, "1 %"), (0.614, "61 %"), (1.0, "100 %")]
)  # fmt: skip
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00236, "0.0024"),
        (3.2e-5, "3.2e-5"),
        (128.0, "128"),
        (2.5, "2.5"),
        (1e7, "1e7"),
        (-0.5, "-0.5"),
        (0.0, "0"),
        (1.2e-12, "1.2e-12"),
    ],
)
def test_plain(value: float, text: str) -> None:
    assert plain(value) == text


# The fence --------------------------------------------------------------------------------------------------


def _context(runs: Runs, said: list[str]) -> Context:
    return Context(runs, runs, "", Place(Path("report.md"), 3), ChartStyle(), said.append)


def _html(parts: tuple[str | Figure, ...]) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def test_the_fence_says_the_verdict_first() -> None:
    said: list[str] = []
    runs = TRAINING.runs(60, 4)
    fragment = block.render(block.Options(target="score", goal="max", marginals=2), _context(runs, said))
    assert isinstance(fragment.parts[0], str)
    said_first = r'<p class="verdict">(lr|optimizer) explains \d+\u00a0% \(\d+\u2060–\u2060\d+\) of the variance of score'
    assert re.match(said_first, fragment.parts[0])
    assert sorted(part.title for part in fragment.parts if isinstance(part, Figure)) == ["What explains score", "lr", "optimizer"]
    html = _html(fragment.parts)
    assert html.count("<tr>") == 5
    assert '<span class="leaf">lr</span> <span class="prefix">(log)</span>' in html
    assert said == []
    assert any("cross-validated R² 1.00" in note and "Sudret 2008" in note for note in fragment.notes)
    figures = [part for part in fragment.parts if isinstance(part, Figure)]
    assert all(isinstance(frame, pd.DataFrame) for figure in figures for frame in figure.data.values())


def test_nothing_to_tell_is_a_plain_warning() -> None:
    said: list[str] = []
    few = make_runs([1.0, 2.0, 4.0, 3.0, 5.0], lr=[1.0, 2.0, 3.0, 4.0, 5.0])
    fragment = block.render(block.Options(target="score"), _context(few, said))
    assert isinstance(fragment.parts[0], str)
    assert fragment.parts[0].startswith('<div class="notice warn" role="note"><p class="notice-title">5 runs are too few')
    assert said == ["importance of score: 5 runs are too few to say which parameter moved score; 10 are the least, and 30 are better."]
    assert "rank correlation" in _html(fragment.parts)
    assert ">share</th>" not in _html(fragment.parts)
    (curve,) = [part for part in fragment.parts if isinstance(part, Figure)]
    _valid(curve)
    assert curve.subtitle == "rank correlation +0.90"


def test_the_table() -> None:
    view = block.table_view(FOUND)
    assert [head.name for head in view.heads] == ["parameter", "share", "with interactions", "direction", "rank correlation", "runs"]
    first, second, _ = view.rows
    assert [cell.value for cell in first] == ["lr", "0.61", "0.75", None, "0.7", None]
    assert "61 % (52–70)" in first[1].html
    assert "75 % (60–80)" in first[2].html
    assert "higher is better" in first[3].html
    assert "+0.70 (0.40 to 0.90)" in first[4].html
    assert "within the noise" in second[3].html
    assert second[4].value == ""
    assert "3 of 4" in second[5].html
    assert view.constants == ()


def test_what_all_runs_have_needs_no_column() -> None:
    view = block.table_view(replace(FOUND, parameters=(LR, DEPTH)))
    assert [head.name for head in view.heads] == ["parameter", "share", "with interactions", "direction", "rank correlation"]
    assert view.constants == ()


def test_strong_interactions_are_named() -> None:
    assert "Interactions: lr × optimizer 14 % (8–20)." in block.notes(FOUND)
    weak = replace(FOUND, pairs=(PairImportance(("lr", "optimizer"), Share(0.02, 0.001, 0.2)),))
    assert not any("×" in note for note in block.notes(weak))


def test_names_from_logs_are_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    n = 12
    runs = make_runs([float(i * 5 % n) for i in range(n)], **{nasty: [float(i) for i in range(n)], "kind": [nasty, "b", "c"] * 4})
    options = block.Options(target="score", marginals=False)
    fragment = block.render(options, _context(runs, []))
    html = _html(fragment.parts)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_every_option_is_described() -> None:
    assert all(field.description for field in block.Options.model_fields.values())


def test_marginals_without_a_model_show_only_the_runs() -> None:
    bare = replace(LR, marginal=None, share=math.nan, above_noise=False)
    (figure,) = marginal_curves(replace(FOUND, parameters=(bare,), r2=math.nan), ChartStyle(), {})
    _valid(figure)
    assert set(figure.data) == {"runs"}
