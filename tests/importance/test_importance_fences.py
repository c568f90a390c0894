"""The fences `marginal` and `interaction`: the words first, then what is drawn, values exactly."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pytest
import vl_convert
from importance.known_functions import CHOICES, make_runs, unit_space

from reportgen.analysis.importance import Importance, importance
from reportgen.blocks import interaction, marginal
from reportgen.blocks.block import Context, Fragment
from reportgen.charts.figure import Figure
from reportgen.charts.interaction_map import clearness, map_cells, map_points
from reportgen.charts.marginal import curves_of, marginal_chart
from reportgen.charts.notebook import notebook_chart
from reportgen.charts.parameter_axis import level_names
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place, QueryError
from reportgen.model import Distribution, Runs


def _together(n: int = 80) -> Runs:
    """adam is best at lr = 0.0001, sgd at 0.1; width adds a little, noise nothing."""
    rng = np.random.default_rng(5)
    part, name = rng.random(n), [CHOICES[0] if u < 0.5 else CHOICES[2] for u in rng.random(n)]
    width = [16 * 2 ** int(4 * u) for u in rng.random(n)]
    place = [0.2 if one == "adam" else 0.8 for one in name]
    score = [-((p - at) ** 2) + 0.02 * np.log2(w) for p, at, w in zip(part, place, width, strict=True)]
    space = {"lr": Distribution(1e-5, 1.0, log=True)}
    return make_runs([float(s) for s in score], space, lr=(10 ** (5 * part - 5)).tolist(), optimizer=name, width=width)


TOGETHER = _together()
SLOPES = make_runs(
    (np.random.default_rng(1).random((40, 2)) @ np.array([2.0, 1.0])).tolist(), unit_space(2),
    **{f"x{j}": np.random.default_rng(1).random((40, 2))[:, j].tolist() for j in range(2)},
)  # fmt: skip


def _context(runs: Runs, said: list[str] | None = None) -> Context:
    return Context(runs, runs, "", Place(Path("report.md"), 3), ChartStyle(), [].append if said is None else said.append)


def _marginal(runs: Runs, **options: Any) -> Fragment:
    return marginal.render(marginal.Options(target="score", goal="max", **options), _context(runs))


def _interaction(runs: Runs, **options: Any) -> Fragment:
    return interaction.render(interaction.Options(target="score", goal="max", **options), _context(runs))


def _figure(fragment: Fragment) -> Figure:
    (figure,) = [part for part in fragment.parts if isinstance(part, Figure)]
    return figure


def _works(figure: Figure) -> str:
    """The specification is valid and can be drawn; the drawing."""
    spec = {key: value for key, value in figure.spec.items() if key not in ("config", "params")}
    alt.LayerChart.from_dict(spec, validate=True)
    named = {layer["data"]["name"] for layer in figure.spec["layer"]}
    assert named == set(figure.data)
    if "params" in figure.spec:
        return ""
    return str(vl_convert.vegalite_to_svg(notebook_chart(figure).to_dict()))


# marginal ---------------------------------------------------------------------------------------------------


def test_the_most_important_parameter_is_shown_first() -> None:
    fragment = _marginal(SLOPES)
    figure = _figure(fragment)
    assert str(fragment.parts[0]).startswith('<p class="verdict">x0 explains ')
    assert "higher is better" in str(fragment.parts[0])
    assert fragment.title == figure.title == "score over x0"
    assert fragment.notes == ("By a Gaussian process over 40 runs; cross-validated R² 1.00.",)
    assert len(figure.data["runs"]) == 40
    assert figure.data["curves"]["mean"].iloc[-1] - figure.data["curves"]["mean"].iloc[0] == pytest.approx(2, abs=0.05)
    assert "score" in _works(figure)


def test_several_parameters_are_small_multiples_in_their_order() -> None:
    fragment = _marginal(TOGETHER, x=["width", "config.lr"])
    assert [part.title for part in fragment.parts if isinstance(part, Figure)] == ["width", "lr"]
    assert fragment.title == "How score goes with width, lr"


def test_by_draws_a_curve_for_each_level_where_the_two_act_together() -> None:
    fragment = _marginal(TOGETHER, x="lr", by="optimizer")
    figure = _figure(fragment)
    assert "lr and optimizer act together: that explains" in str(fragment.parts[0])
    assert [label for label, _ in figure.legend] == ["adam", "sgd"]
    curves = figure.data["curves"]
    best = {entry: group.loc[group["mean"].idxmax(), "x"] for entry, group in curves.groupby("entry")}
    assert np.log10(best["adam"]) == pytest.approx(-4, abs=0.3)
    assert np.log10(best["sgd"]) == pytest.approx(-1, abs=0.3)
    assert set(figure.data["runs"]["entry"]) == {"adam", "sgd"}
    _works(figure)


def test_by_a_number_draws_three_values_of_it() -> None:
    found = importance(TOGETHER, "score", "max", maps=[("optimizer", "lr")])
    (made,) = found.maps
    values = curves_of(found, found["optimizer"], {}, made)
    assert values.entries == ("lr 4.2e-5", "lr 0.0032", "lr 0.24")
    assert set(values.runs["entry"]) == {""}
    figure = marginal_chart(found, found["optimizer"], ChartStyle(), {}, made=made)
    assert len(figure.data["curves"]) == 6
    _works(figure)


def test_by_what_does_not_act_with_it_leaves_one_curve() -> None:
    fragment = _marginal(TOGETHER, x="lr", by="width")
    assert "That lr and width act together on score cannot be told from noise over these 80 runs." in str(fragment.parts[0])
    assert set(_figure(fragment).data["curves"]["entry"]) == {""}
    assert _figure(fragment).legend == ()


def test_of_noise_a_curve_says_nothing() -> None:
    rng = np.random.default_rng(0)
    runs = make_runs(rng.standard_normal(30).tolist(), x=rng.random(30).tolist(), y=rng.random(30).tolist())
    fragment = _marginal(runs, x="x")
    assert str(fragment.parts[0]) == '<p class="verdict">What x does to score cannot be told from noise over these 30 runs.</p>'


def test_a_run_that_is_far_away_is_counted_and_not_drawn() -> None:
    values = [float(i) for i in range(29)]
    runs = make_runs([*values, 1e30], x=[*values, 29.0])
    figure = _figure(_marginal(runs, x="x"))
    assert "1 run too far away to be drawn." in figure.notes
    assert len(figure.data["runs"]) == 30
    _works(figure)


# interaction ------------------------------------------------------------------------------------------------


def test_the_strongest_pair_is_the_default() -> None:
    fragment = _interaction(TOGETHER)
    figure = _figure(fragment)
    said = str(fragment.parts[0])
    assert said.startswith('<p class="verdict">lr and optimizer act together: that explains ')
    assert "Predicted best lr: " in said
    assert " where optimizer is adam, " in said
    assert fragment.title == "score over lr and optimizer"
    assert "score over lr and optimizer, 80 runs." in figure.description
    assert len(figure.data["runs"]) == 80
    assert "<image" in _works(figure)


def test_a_pair_that_is_named() -> None:
    fragment = _interaction(TOGETHER, x="width", y="lr", width="wide")
    figure = _figure(fragment)
    assert "That width and lr act together on score cannot be told" in str(fragment.parts[0])
    assert set(figure.data["cells"]["x"]) == {"16", "32", "64", "128"}
    assert figure.width == "wide"
    _works(figure)


def test_the_picture_is_the_map() -> None:
    """Of the slope 2 x0 + x1 the darkest corner is below at the left, the brightest above at the right; all of it is sure."""
    figure = _figure(_interaction(SLOPES, x="x0", y="x1"))
    url = figure.data["picture"]["url"].iloc[0]
    data = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    width, height = struct.unpack(">II", data[16:24])
    at = data.index(b"IDAT")
    raw = zlib.decompress(data[at + 4 : at + 4 + struct.unpack(">I", data[at - 4 : at])[0]])
    pixels = np.frombuffer(raw, dtype=np.uint8).reshape(height, 1 + 4 * width)[:, 1:].reshape(height, width, 4)
    steps = [tuple(int(one[i : i + 2], 16) for i in (1, 3, 5)) for one in ChartStyle().ordered(10)]
    assert tuple(map(int, pixels[-1, 0, :3])) == steps[0]
    assert tuple(map(int, pixels[0, -1, :3])) == steps[-1]
    assert pixels[..., 3].min() > 150


def test_where_the_runs_say_little_the_map_is_faint() -> None:
    rng = np.random.default_rng(2)
    noise = importance(make_runs(rng.standard_normal(30).tolist(), x=rng.random(30).tolist(), y=rng.random(30).tolist()), "score", maps=1)
    sure = importance(SLOPES, "score", "max", maps=1)
    assert clearness(noise.maps[0]).mean() < 0.3
    assert clearness(sure.maps[0]).min() == 1


def _branch() -> Importance:
    optimizer = ["adam", "sgd"] * 20
    momentum = [... if name == "adam" else i / 40 for i, name in enumerate(optimizer)]
    target = [0.0 if value is ... else value for value in momentum]
    return importance(make_runs(target, optimizer=optimizer, momentum=momentum), "score", "max", maps=[("optimizer", "momentum")])


def test_a_branch_has_its_half_of_the_map() -> None:
    found = _branch()
    (made,) = found.maps
    assert set(map_points(found, made, {})["x"]) == {"sgd"}
    assert set(map_cells(found, made)["x"]) == {"sgd"}
    assert np.nanmin(clearness(made)) > 0.9
    optimizer = ["adam", "sgd"] * 20
    momentum = [... if name == "adam" else i / 40 for i, name in enumerate(optimizer)]
    runs = make_runs([0.0 if value is ... else value for value in momentum], optimizer=optimizer, momentum=momentum)
    fragment = _interaction(runs, x="optimizer", y="momentum")
    assert "One of optimizer and momentum is set only where the other one asks for it" in str(fragment.parts[0])
    assert "20 runs without both." in _figure(fragment).notes


def test_few_runs_have_neither_curve_nor_map() -> None:
    few = make_runs([1.0, 2.0, 4.0, 3.0, 5.0], a=[1.0, 2.0, 3.0, 4.0, 5.0], b=[5.0, 1.0, 3.0, 2.0, 4.0])
    for block, kind in ((marginal, "marginal"), (interaction, "interaction")):
        said: list[str] = []
        fragment = block.render(block.Options(target="score"), _context(few, said))  # type: ignore[attr-defined]
        assert "5 runs are too few" in str(fragment.parts[0])
        assert not [part for part in fragment.parts if isinstance(part, Figure)]
        assert said[0].startswith(f"{kind} of score: 5 runs are too few")


@pytest.mark.parametrize(
    ("block", "options", "message"),
    [
        (marginal, {"x": "x2"}, "no parameter 'x2'"),
        (marginal, {"x": "x0", "by": "x2"}, "no parameter 'x2'"),
        (marginal, {"x": ["x0", "x1"], "by": "x1"}, "by is for one hyperparameter in x; write a fence for each"),
        (marginal, {"x": "x0", "by": "x0"}, "a pair is two parameters, not 'x0' twice"),
        (interaction, {"x": "x0"}, "a pair is two hyperparameters; give both x and y, or neither"),
        (interaction, {"x": "x0", "y": "y"}, "no parameter 'y'"),
    ],
)
def test_mistakes(block: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        block.render(block.Options(target="score", goal="max", **options), _context(SLOPES))


def test_one_parameter_has_no_interaction() -> None:
    runs = make_runs([float(i) for i in range(20)], x=[float(i) for i in range(20)])
    with pytest.raises(QueryError, match="no two hyperparameters vary"):
        _interaction(runs)


def test_names_from_logs_are_escaped() -> None:
    nasty = "<b>x</b>"
    rng = np.random.default_rng(0)
    runs = make_runs((x := rng.random(20)).tolist(), **{nasty: x.tolist(), "y": rng.random(20).tolist()})
    assert "<b>" not in str(_marginal(runs).parts[0])
    assert "<b>" not in str(_interaction(runs).parts[0])


def test_levels_have_different_short_names() -> None:
    names = level_names(["a" * 40 + "x", "a" * 40 + "y", "b"])
    assert len(set(names)) == 3
    assert all(len(name) < 24 for name in names)
    assert level_names([16.0, 0.1, 0.1000000001]) == ("16", "0.1", "0.1000000001")


def test_every_option_is_described() -> None:
    for block in (marginal, interaction):
        assert all(field.description for field in block.Options.model_fields.values())  # type: ignore[attr-defined]
