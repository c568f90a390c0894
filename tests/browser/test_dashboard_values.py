"""What the dashboard computes in the browser is what Python computes: curves, smoothing, means, conditions, written numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.axes import Trace, start_time, trace
from reportgen.analysis.column_format import column_format
from reportgen.analysis.downsampling import keep_extremes
from reportgen.analysis.grouping import align, summarise
from reportgen.analysis.smoothing import moving_average
from reportgen.errors import QueryError
from reportgen.model import Run, Runs, Series
from reportgen.model.run import Source
from reportgen.site.assets import theme_assets
from reportgen.site.curves import metric_script, pack
from reportgen.site.run_columns import column_data
from reportgen.site.site import Site
from reportgen.site.theme import find_theme
from reportgen.site.workspace import Workspace, read_workspace

Open = Callable[..., Any]
NAN = math.nan


def series(key: str, values: Any, steps: Any = None, start: float = 0.0) -> Series:
    value = np.array(values, np.float64)
    step = np.arange(len(value)) if steps is None else np.array(steps)
    return Series(key, step.astype(np.int64), 1.7e9 + start + 0.1 * step, value)


def some_runs() -> Runs:
    def made(i: int, **config: Any) -> Run:
        rng = np.random.default_rng(i)
        loss = rng.normal(size=50 + 10 * i).cumsum()
        loss[7] = NAN
        history = {
            "train/loss": series("train/loss", loss, start=100 * i),
            "val/acc": series("val/acc", rng.random(5), np.arange(5) * 10 + i),
            "epoch": series("epoch", np.arange(5), np.arange(5) * 10 + i),
        }
        return Run(
            f"r{i}", ("fast", "Slow one", "it's", "x%y")[i], Source("plain", Path("/x")), started=datetime(2026, 1, 1 + i, tzinfo=UTC),
            tags=("a", "b") if i % 2 else (), config=config, history=history, summary={"m": (1.0, NAN, math.inf, None)[i]},
            state="finished" if i else "crashed",
        )  # fmt: skip

    return Runs([
        made(0, lr=0.1, amp=True, opt="sgd", f=0.5, seed=2**60), made(1, lr=None, amp=False, f=NAN, seed=1),
        made(2, lr=1e-4, opt="10", f=2, layers=[1, 2]), made(3, amp=True, opt="adam", lr=0.02),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Runs, Site, Path]:
    """Runs, a site of them, and a page with the browser code and the data scripts."""
    folder = tmp_path_factory.mktemp("values")
    (folder / "logs" / "a").mkdir(parents=True)
    (folder / "logs" / "a" / "config.json").write_text("{}")
    (folder / "logs" / "a" / "metrics.csv").write_text("step,loss\n0,1\n")
    workspace = read_workspace(folder / "logs")
    runs = some_runs()
    site = Site(Workspace(folder, workspace.settings, (), runs, workspace.theme, workspace.style), ())
    assets = theme_assets(find_theme())
    began = [start_time(run) for run in runs]
    metrics = {key: metric_script(site, key, ["step", "time", "wall", "epoch"], began) for key in runs.metrics}
    columns = column_data(site, [name for name in runs.columns if name != "config.layers"])
    about = {"metrics": metrics, "columns": columns, "starts": began}
    page = folder / "page.html"
    head = "".join(f'<script src="{path}"></script>' for path in assets.scripts)
    for path, content in {**assets.files, **site.scripts}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "about.js").write_text(f"window.about = {json.dumps(about)};")
    page.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title>{head}<script src="about.js"></script>', "utf-8")
    return runs, site, page


def curves(seen: Any, key: str, axis: str) -> dict[int, tuple[list[float], list[float]]]:
    found = seen.page.evaluate(
        """async ([key, axis]) => {
          const metric = await reportgen.lines.load('', about.metrics[key], about.starts);
          const text = (numbers) => [...numbers].map(String);
          return [...await metric.along(axis)].map(([run, { x, y }]) => [run, text(x), text(y)]);
        }""",
        [key, axis],
    )
    number = {"NaN": NAN, "Infinity": math.inf, "-Infinity": -math.inf}
    return {run: ([number.get(v) or float(v) for v in x], [number.get(v) or float(v) for v in y]) for run, x, y in found}


@pytest.mark.parametrize("axis", ["step", "time", "wall", "epoch"])
def test_curves_arrive_as_they_were_logged(visit: Open, data: tuple[Runs, Site, Path], axis: str) -> None:
    runs, _site, page = data
    seen = visit(page)
    for key in ("train/loss", "val/acc"):
        found = curves(seen, key, axis)
        for i, run in enumerate(runs):
            expected = trace(run, key, axis)
            assert expected is not None
            x, y = found.get(i, ([], []))
            # Wall times are the start and the seconds since, added again.
            np.testing.assert_allclose(x, expected.x, rtol=0, atol=1e-6 if axis == "wall" else 0)
            np.testing.assert_array_equal(y, expected.y)
    assert seen.complaints == []


@pytest.mark.parametrize("is_exact", [True, False])
def test_every_form_of_packed_numbers_is_read(visit: Open, data: tuple[Runs, Site, Path], is_exact: bool) -> None:
    seen = visit(data[2])
    rng = np.random.default_rng(0)
    cases = [
        [np.arange(10.0), np.arange(10.0)], [np.arange(5.0), np.arange(7.0)], [np.array([0.0, 3, 900, 90_000]), np.array([7.0])],
        [np.array([0.0, 1e9])], [np.array([5.0, 3.0])], [np.array([0.5, NAN, math.inf])], [rng.random(300)], [np.array([1e300, 1.0])],
        [np.array([]), np.array([2.0])], [np.full(40, 3.0)] * 2, [np.array([0.0, 0.25])],
    ]  # fmt: skip
    for parts in cases:
        packed = pack([np.asarray(part, np.float64) for part in parts], is_exact)
        found = seen.page.evaluate(
            "([packed, counts]) => reportgen.lines.unpack(packed, counts).map((one) => [...one].map(String))",
            [packed, [len(part) for part in parts]],
        )
        for part, texts in zip(parts, found, strict=True):
            np.testing.assert_allclose([float(text) for text in texts], part, rtol=0 if is_exact else 1e-5)


def test_no_spike_is_lost() -> None:
    rng = np.random.default_rng(1)
    y = rng.normal(size=100_000)
    spikes = rng.choice(100_000, 40, replace=False)
    y[spikes] = np.where(np.arange(40) % 2, 99.0, -99.0)
    y[5000:6000] = NAN
    chosen = keep_extremes(y, 600)
    assert len(chosen) <= 1.25 * 600 + 4
    size = -(-int(np.isfinite(y).sum()) // 300)
    finite = np.flatnonzero(np.isfinite(y))
    for part in np.array_split(finite, range(size, len(finite), size)):
        kept = y[np.intersect1d(part, chosen)]
        assert (kept.min(), kept.max()) == (y[part].min(), y[part].max())
    assert np.isnan(y[chosen]).sum() == 1
    assert {0, 99_999} <= set(chosen.tolist())


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.6, 0.99])
def test_smoothing_is_that_of_python(visit: Open, data: tuple[Runs, Site, Path], weight: float) -> None:
    seen = visit(data[2])
    rng = np.random.default_rng(3)
    for x in (np.arange(40.0), np.sort(rng.random(40)) * 9, np.repeat(np.arange(20.0), 2), np.array([3.0]), np.array([])):
        y = rng.normal(size=len(x))
        if len(y) > 9:
            y[4], y[9] = NAN, math.inf
        call = "([x, y, w]) => [...reportgen.lines.movingAverage(x.map(Number), y.map(Number), w)].map(String)"
        found = seen.page.evaluate(call, [[repr(float(v)) for v in x], [_text(v) for v in y], weight])
        np.testing.assert_allclose([float(v) for v in found], moving_average(x, y, weight), rtol=1e-12)


def _text(value: float) -> str:
    return "NaN" if math.isnan(value) else repr(float(value)).replace("inf", "Infinity")


@pytest.mark.parametrize("kind", ["minmax", "se"])
def test_means_and_bands_are_those_of_python(visit: Open, data: tuple[Runs, Site, Path], kind: Any) -> None:
    runs, _site, page = data
    seen = visit(page)
    for key, axis in (("train/loss", "step"), ("val/acc", "step"), ("val/acc", "epoch")):
        found = seen.page.evaluate(
            """async ([key, axis, kind]) => {
              const metric = await reportgen.lines.load('', about.metrics[key], about.starts);
              const curves = [...(await metric.along(axis)).values()];
              const found = await reportgen.lines.moments(curves, reportgen.lines.pieces());
              const band = await reportgen.lines.band(kind, found, curves, reportgen.lines.pieces());
              const { x, y, n } = found;
              return [x, y, n, band.low, band.high].map((one) => [...one].map(String));
            }""",
            [key, axis, kind],
        )
        traces = [one for run in runs if (one := trace(run, key, axis)) is not None]
        band = summarise(*align(traces), kind)
        for texts, expected in zip(found, (band.x, band.mean, band.n, band.lower, band.upper), strict=True):
            np.testing.assert_allclose([float(text) for text in texts], expected, rtol=1e-9, atol=1e-12)


def test_a_bootstrap_band_is_that_of_python_but_for_chance(visit: Open, data: tuple[Runs, Site, Path]) -> None:
    seen = visit(data[2])
    rng = np.random.default_rng(5)
    values = rng.normal(size=(12, 30))
    lines = [{"x": list(range(30)), "y": row.tolist()} for row in values]
    call = """async (lines) => {
      const found = await reportgen.lines.moments(lines, reportgen.lines.pieces());
      const { low, high } = await reportgen.lines.band('bootstrap', found, lines, reportgen.lines.pieces());
      return [[...low], [...high]];
    }"""
    low, high = seen.page.evaluate(call, lines)
    traces = [Trace(str(i), np.arange(30.0), row) for i, row in enumerate(values)]
    band = summarise(*align(traces), "bootstrap")
    assert np.abs(np.array(low) - band.lower).mean() < 0.06
    assert np.abs(np.array(high) - band.upper).mean() < 0.06
    assert seen.page.evaluate(call, lines) == [low, high]


CONDITIONS = [
    "m > 0.5", "m = m", "m is null", "m is not null", "config.f > 1", "config.f is null", "config.lr = '0.1'", "lr < 0.01",
    "lr < 0.05 and state = 'finished'", "opt = '10'", "config.amp", "not config.amp", "amp = 1", "amp = 'true'", "amp is true",
    "amp is not true", "'a' in tags", "'z' in tags", "started > '2026-01-02'", "started >= '2026-01-02 00:00:00'", "lr + 1 > 1.05",
    "config.f % 2 = 0.5", "lr in (0.1, '0.02')", "lr not in (0.1)", "lr between 0.01 and 0.2", "lr not between 0.01 and 0.2",
    "opt like 's%'", "name ilike 'SLOW%'", "name not like '%o%'", "name like 'x\\%y'", "name = 'it''s'", "name like '_t%'",
    "lr = null", "lr <> 0.1", "not (m > 0.5)", "-lr < 0", "project = ''", "id in ('r1', 'r2')", "true", "1", "lr is null or opt is null",
    "opt != 'sgd'", "(lr > 0.01 or amp) and not opt = 'adam'", "lr is null or config.lr = 0.1 OR NOT amp", '"config.lr" > 0.01',
    "train/loss > 0", "val/acc>.5", "val/acc*2-1<val/acc", "layers is null", "duration is null", "max(val/acc) > 0.8", "2 > 1",
    "lr >= 1e-4", "lr / 2 >= 5E-5", "seed = 1", "f = lr", "state in ('finished','failed') and (f > 1 or f <= 1)", "m = 'nan'", "amp > 0",
]  # fmt: skip
WRONG = [
    "lr <", "lr = 1 = 2", "(lr = 1", "lr = 1)", "lr = 'x'", "opt = 10", "state = finished", "loss > 1", "'x'", "name", "lr like '1'",
    "tags = 'a'", "lr between 1", "lr not 1", "lr = 'open", "lr & 1", "lr in (", "", "started > 'soon'", "and", "lr is 1",
]  # fmt: skip
MATCH = """(text) => {
  const table = new Map(about.columns.map((column) => [column.name, column]));
  const full = (name) => [name, 'config.' + name].find((one) => table.has(one));
  const names = [...table.keys()].flatMap((name) => [name, name.replace(/^config\\./, '')]);
  const coded = ({ v, i }, run) => (i[run] < 0 ? null : v[i[run]]);
  const at = (values, i) => (Array.isArray(values) ? values[i] : 'all' in values ? values.all : coded(values, i));
  const column = (name) => ({ kind: table.get(full(name)).kind, at: (i) => at(table.get(full(name)).values, i) });
  try {
    return reportgen.query.matching(reportgen.query.parse(text, names), column, about.starts.length);
  } catch (error) {
    if (!(error instanceof reportgen.query.QueryError)) throw error;
    return error.message;
  }
}"""


def test_a_condition_means_what_it_means_in_python(visit: Open, data: tuple[Runs, Site, Path]) -> None:
    runs, _site, page = data
    seen = visit(page)
    seen.page.evaluate("""async () => {
      for (const column of about.columns) if (column.script) column.values = (await reportgen.valueOf('', column.script))[column.at];
    }""")
    wrong = {}
    for text in CONDITIONS:
        kept = set(runs.where(text))
        found = seen.page.evaluate(MATCH, text)
        if found != [run in kept for run in runs]:
            wrong[text] = (found, [run in kept for run in runs])
    assert wrong == {}


def test_a_wrong_condition_says_what_is_wrong(visit: Open, data: tuple[Runs, Site, Path]) -> None:
    runs, _site, page = data
    seen = visit(page)
    seen.page.evaluate("about.columns.forEach((column) => { column.values = column.values || []; })")
    for text in WRONG:
        with pytest.raises(QueryError):
            runs.where(text)
        assert isinstance(seen.page.evaluate(MATCH, text), str), text
    assert "did you mean “config.lr”" in seen.page.evaluate(MATCH, "config.lrr = 1")
    assert "“x” is no number" in seen.page.evaluate(MATCH, "lr = 'x'")


def test_numbers_are_written_as_python_writes_them(visit: Open, data: tuple[Runs, Site, Path]) -> None:
    seen = visit(data[2])
    lists: list[tuple[str, list[Any]]] = [
        ("val/acc", [0.982, 0.9819, 0.5]), ("config.lr", [1e-5, 3e-4, 0.1]), ("loss", [12345.678, 99999.1, 0.0]), ("steps", [1, 20_000, 3]),
        ("duration", [0.02, 3.2, 40]), ("duration", [70.0, 4000, 200_000]), ("config.seed", [1, 2**40]), ("x", [1e-9, -2e-8]),
        ("x", [NAN, math.inf, -math.inf, -0.5]), ("config.wd", [0, 1e-4]), ("big", [1e13, 2e13]),
    ]  # fmt: skip
    for name, values in lists:
        written = column_format(name, values, metric="config" not in name)
        form = [written.style, written.notation, written.decimals, int(written.grouped)]
        call = "([form, values]) => values.map((one) => reportgen.columnText({ kind: 'number', format: form }, Number(one)))"
        assert seen.page.evaluate(call, [form, [_text(float(v)) for v in values]]) == [written.text(v) for v in values], name
