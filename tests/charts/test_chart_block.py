"""The fence `chart`: what its options mean, and the messages about those that do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chart_runs import drawn, run
from pydantic import ValidationError

from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.chart import Options, render
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Place
from reportgen.model import Runs

RUNS = Runs(
    run(
        f"run-{i}", {"val/acc": [0.1, 0.2 + i / 20], "val/loss": [2.0, 1.0], "train/loss": [3.0, 2.0], "epoch": [0, 1]},
        {"lr": 10.0 ** -(i % 4 + 1), "opt": "adam" if i % 2 else "sgd", "seed": i, "note": f"text {i}"},
    )
    for i in range(8)
)  # fmt: skip


def block(**options: Any) -> Fragment:
    context = Context(RUNS, RUNS, "", Place(Path("report.md"), 3), ChartStyle(), lambda text: None)
    return render(Options(**options), context)


def figures(fragment: Fragment) -> list[Figure]:
    return [part for part in fragment.parts if isinstance(part, Figure)]


def test_a_metric_alone_makes_a_chart() -> None:
    fragment = block(y="val/acc")
    assert (fragment.title, fragment.kind, fragment.width) == ("val/acc over step, 8 runs", "chart", "text")
    [figure] = figures(fragment)
    assert (figure.spec["width"], figure.spec["height"]) == (680, 280)
    drawn(figure)


def test_several_metrics_are_small_charts_below_one_legend() -> None:
    fragment = block(y=["val/*", "train/loss"])
    assert [figure.title for figure in figures(fragment)] == ["val/acc", "val/loss", "train/loss"]
    assert fragment.title == "val/acc, val/loss and train/loss, 8 runs"
    html = "".join(part for part in fragment.parts if isinstance(part, str))
    assert html.count("<li ") == 8
    assert html.startswith('<ul class="chart-legend">')
    assert all(figure.spec["width"] == 304 and figure.legend == () for figure in figures(fragment))


def test_one_small_chart_for_each_value_of_a_key() -> None:
    fragment = block(y="val/acc", facet="opt", color="lr")
    assert [figure.title for figure in figures(fragment)] == ["adam", "sgd"]
    assert fragment.title == "val/acc by opt, 8 runs"


def test_what_is_said_of_all_facets_stands_below_them() -> None:
    odd = Runs([*RUNS, run("broken", {"val/acc": [0.1, float("nan")]}, {"opt": "sgd"}), run("lacking", {"x": [1]}, {"opt": "adam"})])
    said = ("1 of 10 runs has no val/acc: lacking.", "1 non-finite value of val/acc in broken is a gap.")
    for options, notes in (({"group": "opt"}, said), ({"kind": "histogram"}, ("1 of 10 runs has no finite val/acc.",))):
        context = Context(odd, odd, "", Place(Path("r.md")), ChartStyle(), lambda text: None)
        fragment = render(Options(y="val/acc", facet="opt", **options), context)
        assert fragment.notes == notes
        assert [figure.notes for figure in figures(fragment)] == [(), ()]
    alone = render(Options(y="val/acc"), context)
    assert (alone.notes, figures(alone)[0].notes) == ((), said)


def test_the_title_and_subtitle_of_the_report_win() -> None:
    said = {"title": "Mine", "subtitle": "and mine", "caption": "Words", "id": "here", "width": "wide"}
    fragment = block(y="val/acc", smooth=0.5, height=100, **said)
    [figure] = figures(fragment)
    assert {name: getattr(fragment, name) for name in said} == said
    assert (figure.title, figure.spec["width"], figure.spec["height"]) == ("Mine", 960, 100)


def test_names_in_the_shared_legend_are_escaped() -> None:
    odd = Runs(run(name, {"a": [1.0], "b": [2.0], "c": [3.0]}) for name in ("<b>x</b>", "y"))
    fragment = render(Options(y=["a", "b", "c"]), Context(odd, odd, "", Place(Path("r.md")), ChartStyle(), lambda text: None))
    assert "&lt;b&gt;x&lt;/b&gt;" in str(fragment.parts[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"y": "val_acc"}, "no metric 'val_acc'; did you mean 'val/acc'?"),
        ({"y": "val/acc", "x": "epochs"}, "no metric 'epochs' to draw over; did you mean 'epoch'?"),
        ({"y": "val/acc", "color": "learning"}, "no column 'learning'"),
        ({"y": "val/acc", "band": "se"}, "option 'band' needs the option 'group'; name the keys whose equal values make one line"),
        ({"y": "val/acc", "kind": "bar", "smooth": 0.5}, "option 'smooth' belongs to kind: line, not to bar"),
        ({"y": "val/acc", "kind": "box", "y_range": [0, 1]}, "option 'y_range' belongs to kind: line or scatter, not to box"),
        ({"y": "val/acc", "kind": "bar", "log": "y"}, "option 'log' does not fit kind: bar, whose bars begin at zero"),
        ({"kind": "line"}, "kind: line needs the option 'y'; for example y: val/acc"),
        ({"kind": "scatter", "y": "val/acc"}, "kind: scatter needs the option 'x'; for example x: config.lr, y: val/acc"),
        ({"kind": "heatmap", "x": "lr", "y": "opt"}, "kind: heatmap needs the option 'color'; for example"),
        ({"kind": "histogram"}, "kind: histogram needs the option 'x'; for example x: val/acc"),
        ({"kind": "scatter", "x": "lr", "y": "note"}, "'config.note' holds no numbers; colour or group by it instead"),
        ({"kind": "parallel", "y": ["val/acc", "val/loss"]}, "option 'y' of kind: parallel is one target; name the axes with x"),
        ({"kind": "parallel", "y": "val/acc", "facet": "opt"}, "option 'facet' belongs to kind: line, scatter, bar, box, histogram or"),
        ({"kind": "box", "y": "val/acc", "x": ["lr", "opt"]}, "option 'x' of kind: box is one name, not a list"),
    ],
)
def test_what_does_not_fit_is_said(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake) as caught:
        block(**options)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("options", [{"smooth": 1}, {"x_range": [2, 1]}, {"kind": "pie"}, {"colour": "b"}])
def test_what_no_chart_can_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(y="a", **options)


def test_an_empty_selection_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="there are no runs to draw"):
        render(Options(y="val/acc"), Context(Runs(), RUNS, "", Place(Path("r.md")), ChartStyle(), lambda text: None))
