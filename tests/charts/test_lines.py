"""Line charts: the values exactly, the specification in small."""

from __future__ import annotations

import math

import numpy as np
import pytest
from chart_runs import drawn, named, run, series, texts

from reportgen.charts.layout import Layout
from reportgen.charts.line_values import LineSettings, line_values
from reportgen.charts.lines import line_chart
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.model import MetricDefinition, Runs

STYLE = ChartStyle()


def test_one_line_per_run_in_the_colours_of_the_site() -> None:
    runs = named({"a": [0.1, 0.5], "b": [0.2, 0.9], "c": [0.3, 0.4]})
    style = ChartStyle(run_colours={"a": "#111111", "b": "#222222", "c": "#333333"})
    [figure] = line_chart(runs, "val/acc", LineSettings(), style)
    assert figure.title == "val/acc over step, 3 runs"
    assert figure.description == (
        "Line chart of val/acc over step, 3 runs. Last values range from 40.0\u202f% to 90.0\u202f%; the best is b with 90.0\u202f%."
    )
    lines = figure.data["lines"]
    assert lines.groupby("series", sort=True)["y"].apply(list).to_dict() == {"a": [0.1, 0.5], "b": [0.2, 0.9], "c": [0.3, 0.4]}
    assert lines["series"].iloc[-1] == "b", "the best is in front"
    values = line_values(runs, "val/acc", LineSettings(), style)
    assert values.colours.colours == {"b": "#222222", "a": "#111111", "c": "#333333"}, "in the order of the last values"
    assert (values.y.domain, values.y.percent) == ((0.0, 1.0), True)


def test_labels_at_the_ends_are_apart_and_in_order() -> None:
    runs = named({"a": [0, 0.50], "b": [0, 0.501], "c": [0, 0.499]})
    [figure] = line_chart(runs, "val/acc", LineSettings(), STYLE, Layout(height=200))
    ends = figure.data["ends"].sort_values("top")
    assert ends["series"].tolist() == ["b", "a", "c"]
    assert np.diff(ends["top"]).min() >= 14.9
    assert "a" in texts(drawn(figure))


def test_of_more_than_ten_runs_the_best_ten_have_colours() -> None:
    runs = named({f"r{i:02d}": [0.0, i / 100] for i in range(24)})
    [figure] = line_chart(runs, "val/acc", LineSettings(), ChartStyle(run_colours=run_colours(runs)))
    shown = set(figure.data["lines"]["entry"])
    assert shown == {"14 other runs", *(f"r{i:02d}" for i in range(14, 24))}
    assert figure.subtitle == "the best 10 in colour"
    colours = figure.spec["layer"][0]["encoding"]["stroke"]["scale"]
    assert colours["domain"][0] == "r23"
    assert len(set(colours["range"])) == 11


def test_a_loss_is_best_when_it_is_low() -> None:
    values = line_values(named({f"r{i:02d}": [i] for i in range(12)}, "loss"), "loss", LineSettings(), STYLE)
    assert "r00" in values.colours.colours
    assert "r11" not in values.colours.colours


def test_charts_beside_each_other_colour_the_same_runs() -> None:
    runs = Runs(run(f"r{i:02d}", {"acc": [i / 20], "loss": [(i * 7) % 12]}) for i in range(12))
    first, second = (line_values(runs, key, LineSettings(about="acc"), STYLE).colours for key in ("acc", "loss"))
    assert first.entries == second.entries


def test_smoothing_leaves_the_raw_line_behind() -> None:
    [figure] = line_chart(named({"a": [0.0, 1.0, 1.0]}), "val/acc", LineSettings(smooth=0.5), STYLE)
    assert figure.subtitle == "EMA 0.5"
    assert figure.data["lines"]["y"].tolist() == pytest.approx([0, 2 / 3, 6 / 7])
    assert figure.data["raw"]["y"].tolist() == [0, 1, 1]


def test_on_a_log_axis_logarithms_are_smoothed_and_what_has_none_is_said() -> None:
    [figure] = line_chart(named({"a": [1.0, 100.0, 0.0, -1.0]}, "loss"), "loss", LineSettings(smooth=0.5, log_y=True), STYLE)
    y = figure.data["lines"]["y"].tolist()
    assert y[:2] == pytest.approx([1, 10 ** (2 * 2 / 3)])
    assert all(math.isnan(one) for one in y[2:])
    assert figure.notes == ("2 values of loss of zero or less cannot stand on the logarithmic axis: gaps.",)


def test_the_mean_of_a_group_and_its_interval() -> None:
    runs = Runs(run(f"r{i}", {"loss": [i, i + 1.0]}, {"lr": 0.1 if i < 3 else 0.01}) for i in range(4))
    [figure] = line_chart(runs, "loss", LineSettings(group=("config.lr",), band="se"), STYLE)
    lines = figure.data["lines"]
    assert lines[["series", "x", "y"]].to_dict("list") == {
        "series": ["lr 0.01", "lr 0.01", "lr 0.1", "lr 0.1"], "x": [0, 1, 0, 1], "y": [3, 4, 1, 2],
    }  # fmt: skip
    assert lines["n"].tolist() == [1, 1, 3, 3]
    assert lines["lower"].tolist() == pytest.approx([math.nan, math.nan, 1 - 3**-0.5, 2 - 3**-0.5], nan_ok=True)
    assert lines["upper"].tolist() == pytest.approx([math.nan, math.nan, 1 + 3**-0.5, 2 + 3**-0.5], nan_ok=True)
    assert "area" in {layer["mark"]["type"] for layer in figure.spec["layer"] if "mark" in layer}
    drawn(figure)
    assert figure.subtitle == "mean of 1–3 runs, ± one standard error"


def test_define_metric_chooses_the_axis() -> None:
    runs = Runs([run("a", {"val/acc": [0.1, 0.2], "epoch": [3, 4]}, metrics=(MetricDefinition("val/*", "epoch"),))])
    [figure] = line_chart(runs, "val/acc", LineSettings(), STYLE)
    assert figure.title == "val/acc over epoch, a"
    assert figure.data["lines"]["x"].tolist() == [3, 4]


def test_time_is_written_in_minutes_and_wall_time_in_utc() -> None:
    runs = Runs([run("a", {"loss": series("loss", [3.0, 2.0, 1.0], [0, 60, 300])})])
    [figure] = line_chart(runs, "loss", LineSettings(x="time"), STYLE)
    assert figure.data["lines"]["x"].tolist() == [0, 2, 10]
    assert "time since start, min" in texts(drawn(figure))
    [figure] = line_chart(runs, "loss", LineSettings(x="wall"), STYLE)
    assert figure.data["lines"]["x"].tolist()[0] == 1_795_165_200_000
    assert any("09:05" in text for text in texts(drawn(figure)))


def test_an_axis_logged_at_other_steps_is_interpolated_and_said() -> None:
    runs = Runs([run("a", {"loss": series("loss", [5, 4, 3, 2], [0, 15, 20, 40]), "epoch": series("epoch", [0, 1], [10, 30])})])
    [figure] = line_chart(runs, "loss", LineSettings(x="epoch"), STYLE)
    assert figure.data["lines"][["x", "y"]].to_numpy().tolist() == [[0.25, 4], [0.5, 3]]
    assert figure.notes == (
        "loss and epoch were logged at different steps: epoch is interpolated between its own.",
        "2 values of loss in 1 run without epoch of their own are left out.",
    )


def test_a_long_line_keeps_its_extremes_in_a_thousand_points() -> None:
    y = np.random.default_rng(0).normal(size=50_000)
    y[31_234], y[41_234] = 99.0, -99.0
    [figure] = line_chart(named({"a": y.tolist()}, "loss"), "loss", LineSettings(), STYLE)
    assert len(figure.data["lines"]) <= 1010
    assert figure.data["lines"]["y"].agg(["min", "max"]).tolist() == [-99, 99]
    assert len(figure.data["hover"]) <= 400


def test_the_table_under_the_pointer_has_logged_values_only() -> None:
    runs = Runs([run("a", {"m": series("m", [1, 2, 3], [0, 10, 20])}), run("b", {"m": series("m", [5, 6], [10, 30])})])
    [figure] = line_chart(runs, "m", LineSettings(), STYLE)
    hover = figure.data["hover"]
    assert sorted(zip(hover["series"], hover["x"], hover["at"], hover["y"], strict=True)) == [
        ("a", 0, 0, 1), ("a", 10, 10, 2), ("a", 20, 20, 3), ("b", 10, 10, 5), ("b", 20, 10, 5), ("b", 30, 30, 6),
    ]  # fmt: skip


def test_runs_without_a_common_position_are_all_in_the_table_under_the_pointer() -> None:
    """Each with its nearest value, and where that stands; but nothing in a gap, nor beyond the ends of a run."""
    slow, fast = [0, 31, 62, 93], [0, 7, 13, 22, 40, 55, 71, 90]
    runs = Runs([run("slow", {"m": series("m", [1, 2, math.nan, 4], slow)}), run("fast", {"m": series("m", list(range(8)), fast)})])
    hover = line_chart(runs, "m", LineSettings(), STYLE)[0].data["hover"].astype({"at": int})
    there = {x: dict(zip(rows["series"], rows["at"], strict=True)) for x, rows in hover.groupby("x")}
    assert there[7] == {"slow": 0, "fast": 7}
    assert there[31] == {"slow": 31, "fast": 22}
    assert there[55] == {"fast": 55}
    assert there[90] == {"slow": 93, "fast": 90}
    assert there[93] == {"slow": 93}


def test_a_facet_of_each_group_has_the_colours_of_the_groups() -> None:
    runs = Runs(
        run(f"{method}-{seed}", {"loss": [seed, seed + 1.0, math.nan if (method, seed) == ("b", 1) else 2]}, {"method": method})
        for method in ("a", "b", "c")
        for seed in range(3)
    )
    together = line_values(runs, "loss", LineSettings(group=("config.method",)), STYLE).colours
    settings = LineSettings(group=("config.method",), facet="config.method", band="minmax")
    figures = line_chart(runs, "loss", settings, STYLE, Layout(columns=3))
    assert [figure.title for figure in figures] == ["a", "b", "c"]
    for figure in figures:
        assert set(figure.data["lines"]["series"]) == {figure.title}
        assert figure.data["lines"]["upper"].notna().all()
        assert figure.spec["layer"][0]["encoding"]["y"]["scale"] == figures[0].spec["layer"][0]["encoding"]["y"]["scale"]
        assert f'stroke="{together.colours[figure.title]}"' in drawn(figure)
        assert figure.legend == (), "the titles say it"
        assert figure.subtitle == "mean of 3 runs, band from least to greatest"


def test_in_place_of_a_chart_without_a_value_stands_why() -> None:
    runs = Runs(run(f"r{i}", {"loss": [math.nan] * 20}) for i in range(2))
    [figure] = line_chart(runs, "loss", LineSettings(), STYLE)
    assert texts(drawn(figure)) == ["All 40 values are NaN (2 runs)."]
    assert (figure.title, figure.height, figure.notes) == ("loss over step, 2 runs", 20, ())
    runs = Runs([run("a", {"loss": [math.inf, math.nan, -1]}, {"k": 1}), run("b", {"loss": [1, math.nan]}, {"k": 2}), run("c", {})])
    said, _ = line_chart(runs, "loss", LineSettings(facet="config.k", log_y=True), STYLE)
    assert texts(drawn(said)) == ["1 value is NaN, 1 value is infinite and 1 value is not on the logarithmic axis (1 run)."]
    assert said.notes[:2] == ("1 of 3 runs has no loss: c.", "1 non-finite value of loss in b is a gap.")
    [alone] = line_chart(Runs([run("a", {"x": [math.nan]})]), "x", LineSettings(), STYLE)
    assert texts(drawn(alone)) == ["1 value is NaN (1 run)."]


def test_small_charts_for_each_value_of_a_key_have_common_axes() -> None:
    runs = Runs(run(f"r{i}", {"val/acc": [0.1 * i] * (i + 2)}, {"n": n}) for i, n in enumerate([16, 4, 128, 4]))
    figures = line_chart(runs, "val/acc", LineSettings(facet="config.n"), STYLE, Layout(columns=3))
    assert [figure.title for figure in figures] == ["n 4", "n 16", "n 128"]
    scales = {repr(layer["encoding"]["x"]["scale"]) for figure in figures for layer in figure.spec["layer"] if layer.get("name") == "reach"}
    assert len(scales) == 1


def test_nothing_waits_for_the_pointer_in_the_picture() -> None:
    [figure] = line_chart(named({"a": [1, 2], "b": [2, 1]}, "loss"), "loss", LineSettings(), STYLE)
    svg = drawn(figure)
    assert svg.count('stroke-width="11"') == 0
    assert texts(svg).count("a") == 1


def test_the_specification_is_vega_lite() -> None:
    """But for the events of parameters, which Vega-Lite hands on to Vega without knowing them."""
    import altair as alt

    [figure] = line_chart(named({"a": [1, 2], "b": [2, 1]}, "loss"), "loss", LineSettings(smooth=0.5), STYLE)
    spec = {**figure.spec, "params": [{key: value for key, value in one.items() if key != "on"} for one in figure.spec["params"]]}
    spec["config"] = {key: value for key, value in spec["config"].items() if key != "background"}
    alt.LayerChart.from_dict(spec)
