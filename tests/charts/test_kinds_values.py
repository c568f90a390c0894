"""Scatter charts, heatmaps, parallel coordinates, axes and colours as values."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chart_runs import run

from reportgen.charts.axis import duration_scale, log_ticks, nice_decades, nice_domain, scale_for, wants_log
from reportgen.charts.bins import binned
from reportgen.charts.colouring import colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.heatmap import Cell, HeatmapSettings, heatmap_values
from reportgen.charts.line_values import LineSettings
from reportgen.charts.lines import line_chart
from reportgen.charts.parallel import ParallelSettings, parallel_values, varying_columns
from reportgen.charts.scatter import ScatterSettings, scatter_values
from reportgen.charts.style import CATEGORIES, ChartStyle, run_colours
from reportgen.charts.words import is_share, number_text, run_labels, shorten, shortened, value_label
from reportgen.model import Run, Runs, Source

STYLE = ChartStyle()


def summed(rows: list[dict[str, Any]], key: str = "acc") -> Runs:
    """One run per row: `acc` (or `key`) is its result, all else its config."""
    return Runs(
        Run(f"r{i}", f"run {i}", Source("hand", Path(str(i))), summary={key: row[key]} if key in row else {},
            config={name: value for name, value in row.items() if name != key})
        for i, row in enumerate(rows)
    )  # fmt: skip


def test_points_without_a_place_are_said() -> None:
    runs = summed([{"lr": 0.1, "acc": 0.5}, {"lr": 0.001, "acc": 0.9}, {"acc": 0.3}, {"lr": 0.2, "acc": math.nan}, {"lr": 0.0, "acc": 0.1}])
    values = scatter_values(runs, ScatterSettings("config.lr", "acc", log_x=True), STYLE)
    assert [(point.run, point.x, point.y) for point in values.points] == [("r0", 0.1, 0.5), ("r1", 0.001, 0.9)]
    assert values.best == "r1"
    assert values.notes == (
        "1 of 5 runs has no lr or no acc: run 2.",
        "2 runs cannot be drawn, a value is not finite, or not positive on a logarithmic axis: run 3 and run 4.",
    )


def test_text_makes_a_strip_of_each_category() -> None:
    values = scatter_values(summed([{"opt": o, "acc": 0.1} for o in ("sgd", "adam", "sgd")]), ScatterSettings("config.opt", "acc"), STYLE)
    assert values.x is None
    assert values.categories == ("adam", "sgd")


def test_a_heatmap_is_the_mean_of_each_cell() -> None:
    rows = [{"a": 1, "b": "x", "acc": 0.2}, {"a": 1, "b": "x", "acc": 0.4}, {"a": 2, "b": "y", "acc": 0.9}, {"a": 2, "acc": 0.9}]
    values = heatmap_values(summed(rows), HeatmapSettings("config.a", "config.b", "acc"))
    assert values.cells == (Cell("1", "x", pytest.approx(0.3), 2), Cell("2", "y", 0.9, 1))
    assert (values.columns, values.rows) == (("1", "2"), ("x", "y"))
    assert values.notes == ("1 of 4 runs has not all of a, b and a finite acc.",)


def test_many_numbers_are_binned_between_round_ends() -> None:
    places, names = binned("dropout", [i / 20 for i in range(12)], 6, None)
    assert names == ("0 – 0.1", "0.1 – 0.2", "0.2 – 0.3", "0.3 – 0.4", "0.4 – 0.5", "0.5 – 0.6")
    assert places[0] == "0 – 0.1"
    assert places[-1] == "0.5 – 0.6"
    _, names = binned("lr", [10.0 ** -(i / 4) for i in range(4, 20)], 8, None)
    small = ["1e-5", "3e-5", "1e-4", "3e-4", "1e-3"]
    large = ["0.001", "0.003", "0.01", "0.03", "0.1"]
    assert names == tuple(f"{low} – {high}" for ends in (small, large) for low, high in pairwise(ends)), "no label mixes two ways"


def test_axes_of_parallel_coordinates() -> None:
    rows: list[dict[str, Any]] = [
        {"lr": 10.0**-i, "n": 2**i, "opt": "adam" if i % 2 else "sgd", "same": 1, "seed": i, "acc": i / 10} for i in range(5)
    ]
    odd = {"n": 4, "opt": "sgd", "same": 1}
    runs = summed([*rows, odd | {"lr": 0.1, "seed": 9}, odd | {"seed": 10, "acc": 0.05}])
    columns = varying_columns(runs, "acc")
    assert columns == ["config.lr", "config.n", "config.opt"]
    values = parallel_values(runs, ParallelSettings(tuple(columns), "acc"))
    lr, n, opt, acc = values.axes
    assert [lr.places.get(f"r{i}") for i in range(5)] == pytest.approx([1, 0.75, 0.5, 0.25, 0])
    assert [label for _, label in n.ticks] == ["1", "2", "4", "8", "16"]
    assert opt.ticks == ((0.25, "adam"), (0.75, "sgd"))
    assert acc.texts["r4"] == "40.0\u202f%"
    assert values.runs[-1].id == "r4", "the best is drawn last"
    assert values.notes == ("1 of 7 runs has no finite acc and no line.", "1 run without lr: the line has a gap there.")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.12, 0.97, (0, 1)), (3, 3, (2.7, 3.3)), (0, 0, (-1, 1)), (98.2, 99.1, (98.2, 99.2)), (-5, 120, (-20, 120)), (1e-9, 7e-9, (0, 7e-9))],
)
def test_nice_domains(low: float, high: float, expected: tuple[float, float]) -> None:
    assert nice_domain(low, high) == pytest.approx(expected)


def test_log_axes_have_few_ticks_and_one_digit_ends() -> None:
    assert nice_decades(1.85e-5, 0.302) == (1e-5, 0.4)
    assert log_ticks(1e-5, 0.4) == [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
    assert log_ticks(0.2, 3) == [0.2, 0.5, 1, 2]
    assert log_ticks(1e-30, 1) == [1e-30, 1e-24, 1e-18, 1e-12, 1e-6, 1]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("config.optimizer.lr", [1e-4, 1e-1], True), ("learning_rate", [1e-4, 1e-2], True), ("lr", [0.01, 0.02], False),
        ("lr", [0.0, 0.1], False), ("color", [1, 1000], False), ("weight_decay", [1e-6, 1e-2], True),
    ],
)  # fmt: skip
def test_learning_rates_are_logarithmic(name: str, values: list[float], expected: bool) -> None:
    assert wants_log(name, values) is expected


def test_durations_have_a_unit_that_reads_well() -> None:
    assert [(duration_scale([0, end], "t").unit, duration_scale([0, end], "t").domain[1]) for end in (90, 600, 36000, 1e6)] == [
        ("s", 90), ("min", 10), ("h", 10), ("days", pytest.approx(11.574, abs=1e-3)),
    ]  # fmt: skip


def test_shares_are_per_cent_by_name_and_values() -> None:
    assert is_share("val/acc", [0.1, 1])
    assert is_share("max(val_accuracy)", [0.5])
    assert not is_share("val/acc", [98.0])
    assert not is_share("val/loss", [0.5])
    assert scale_for("val/acc", [0.2, 0.999]).domain == (0, 1)


def test_colours_by_a_key() -> None:
    runs = summed([{"lr": 10.0**-i, "opt": ["adam", None, "sgd"][i % 3], "n": 2 ** (i % 3), "many": str(i)} for i in range(12)])
    assert colour_by(runs, "config.lr", STYLE).kind == "numbers"
    assert list(colour_by(runs, "config.n", STYLE).colours) == ["1", "2", "4"]
    opt = colour_by(runs, "config.opt", STYLE).colours
    assert opt == {"adam": CATEGORIES[0], "sgd": CATEGORIES[1], "no opt": STYLE.muted}
    many = colour_by(runs, "config.many", STYLE)
    assert len(many.colours) == 11
    assert many.rest == "2 others"


def test_thirty_runs_have_colours_of_their_own() -> None:
    runs = Runs(run(f"r{i:02d}", {}) for i in range(30))
    colours = run_colours(runs)
    assert len(set(colours.values())) == 30
    assert tuple(colours.values())[:10] == CATEGORIES


def test_names_in_charts_are_short_and_unique() -> None:
    runs = [run("x" * 50 + end, {}, id=f"id-{i}") for i, end in enumerate(["-seed1", "-seed2", "-seed2"])]
    labels = list(run_labels(runs).values())
    assert labels[0].endswith("seed1")
    assert len(set(labels)) == 3
    assert all(len(label) <= 42 for label in labels)
    assert shorten("a\x00b\u202ec") == "a b c"
    assert value_label("config.lr", 0.01) == "lr 0.01"
    assert value_label("config.lr", None) == "no lr"


@pytest.mark.parametrize(
    ("value", "text"), [(0.98000001907, "0.98"), (1234567, "1235000"), (1e-5, "1e-5"), (math.nan, "NaN"), (-math.inf, "−∞"), (-0.5, "−0.5")]
)
def test_numbers_in_sentences(value: float, text: str) -> None:
    assert number_text(value) == text


def test_of_long_names_the_part_that_differs_stays() -> None:
    names = [f"experiment-digits-resnet18-seed0-lr{lr}" for lr in ("0.1", "0.01")]
    assert shortened(names) == ["experiment…lr0.1", "experiment…lr0.01"]
    assert shortened([*names, "short"])[2] == "short"
    assert shortened(["a" * 40, "b" * 40]) == [shorten("a" * 40), shorten("b" * 40)]
    assert all(len(one) <= 28 for one in shortened([f"{'p' * 30}-{'m' * 60}-{i}" for i in range(3)]))


def test_names_beside_lines_that_ended_early_would_hang_in_the_air() -> None:
    def figure(lengths: list[int]) -> Figure:
        runs = Runs(run(f"run-{n}", {"loss": [1.0 / (i + 1) for i in range(n)]}) for n in lengths)
        return line_chart(runs, "loss", LineSettings(), STYLE)[0]

    assert figure([100, 99]).legend == ()
    assert figure([100, 99]).spec["usermeta"]["reportgen"]["labels"]["entries"][0][0] == "run-99"
    assert {label for label, _ in figure([100, 20]).legend} == {"run-100", "run-20"}
    assert "labels" not in figure([100, 20]).spec["usermeta"]["reportgen"]
