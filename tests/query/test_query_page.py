"""The page for queries as it is built: only where it is wanted, with all data, the same bytes each time, and links that lead to it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from site_samples import write_runs
from table_logs import write_predictions
from table_runs import at, run

from reportgen.cli import main
from reportgen.errors import Mistakes
from reportgen.model import Runs, Table
from reportgen.model.sql import ask, sql_name
from reportgen.model.sql_arrow import arrow_tables
from reportgen.settings import read_settings
from reportgen.site.build import build, check
from reportgen.site.pages.query.examples import first_query, other_queries
from reportgen.store.folder import cache_folder


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "logs"
    write_runs(folder / "plain")
    write_predictions(folder / "tables")
    return folder


@pytest.fixture(scope="module")
def site(logs: Path) -> Path:
    return build(logs, out=logs.parent / "site", query="browser").out


def value(site: Path, path: str) -> Any:
    found = re.fullmatch(rf'reportgen\.value\("{re.escape(path)}",(.*)\);\n', (site / path).read_text(), re.DOTALL)
    assert found
    return json.loads(found[1])


def files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_without_the_option_nothing_of_it_is_in_the_site(logs: Path, tmp_path: Path) -> None:
    found = files(build(logs, out=tmp_path / "site").out)
    assert not [name for name in found if "query" in name or "duckdb" in name]
    for name, content in found.items():
        if name.endswith(".html"):
            assert b"query.html" not in content, name
            assert b"wasm-unsafe-eval" not in content, name
    [index] = [content for name, content in found.items() if name.startswith("data/search/")]
    assert b"query.html" not in index


def test_links_lead_to_it(site: Path) -> None:
    for name in ("index.html", "runs.html", "tables.html"):
        text = (site / name).read_text()
        assert '<a href="query.html">Query</a>' in text, name
        assert '<a href="query.html">Ask in SQL</a>' in text, name
    assert '<a href="../query.html">Query</a>' in (site / "runs" / next((site / "runs").iterdir()).name).read_text()
    link = 'href="../query.html?sql=select%20%2A%0Afrom%20predictions.json%0Alimit%20100"'
    assert link in (site / "tables" / "predictions.json.html").read_text()
    [index] = (site / "data" / "search").iterdir()
    assert '"query":[["SQL","query.html"' in index.read_text()


def test_only_this_page_may_run_wasm(site: Path) -> None:
    for name, content in files(site).items():
        if name.endswith(".html"):
            [policy] = re.findall(rb'Content-Security-Policy" content="([^"]+)"', content)
            assert (b"wasm-unsafe-eval" in policy, b"worker-src" in policy) == (name == "query.html",) * 2, name
            assert b"connect-src" not in policy


def test_all_that_was_logged_is_there(site: Path, logs: Path) -> None:
    import reportgen

    runs = reportgen.load(logs)
    [index] = re.findall(r'data-index="([^"]+)"', (site / "query.html").read_text())
    tables = value(site, index)["tables"]
    assert list(tables) == ["runs", "history", "predictions.json"]
    for name, told in tables.items():
        rows = pa.ipc.open_stream(gzip.decompress(base64.b64decode(value(site, told["script"])))).read_all()
        whole = ask(runs, f"select * from {sql_name(name)}", most=100_000)
        assert tuple(told["columns"]) == whole.columns == tuple(rows.column_names)
        assert rows.num_rows == len(whole.rows) > 0
    assert "Ask 5 runs, 239 points of their history and 1 logged table in SQL" in (site / "query.html").read_text()


def test_the_same_input_gives_the_same_bytes(site: Path, logs: Path, tmp_path: Path) -> None:
    again = files(build(logs, out=tmp_path / "site", query="browser").out)
    assert again == files(site)


def test_arrow_has_the_types_and_values_that_a_query_sees() -> None:
    rows = ((1, "cat", 0.5, True), (2, "dog", None, False), (3, "cat", float("nan"), None))
    runs = Runs([
        run("a", {"lr": 0.1, "n": 2**40}, {"acc": 0.9}, {"acc": [0.5, float("nan")]}, **at(0),
            tables={"p": (Table("p", 4, ("i", "s", "x", "b"), rows),)}),
        run("b", {"lr": "high"}, {"acc": 0.8}, {"acc": [0.7] * 1500}, tables={"P": (Table("P", 1, ("i",), ((7,),)),)}),
    ])  # fmt: skip
    tables = {table.name: table for table in arrow_tables(runs)}
    assert list(tables) == ["runs", "history", "P"]  # SQL does not tell p and P
    types = dict(tables["runs"].columns)
    assert (types["started"], types["tags"], types["config.lr"], types["config.n"]) == ("TIMESTAMP", "VARCHAR[]", "VARCHAR", "DOUBLE")
    assert tables["runs"].rows.schema.field("started").type == pa.timestamp("us")
    history = tables["history"].rows
    assert history.num_rows == 1502
    assert pa.types.is_dictionary(history.schema.field("name").type)
    assert history.column("value").to_pylist()[:3] == [0.5, None, 0.7]


@pytest.mark.parametrize(
    "runs",
    [
        Runs([run("a"), run("b")]),
        Runs([
            run("a", {"a b": 1, 'q"uote': 2, "order": 3}, {}, {"it's/loss": [0.5]}),
            run("b", {"a b": 2, 'q"uote': 3}, {}, {"it's/loss": [0.4]}),
        ]),
        Runs([run("a", history={"step": [1.0], "loss": [2.0]}, tables={"select": (Table("select", 0, ("name", "from"), (("x", 1),)),)})]),
    ],
)  # fmt: skip
def test_each_example_has_an_answer(runs: Runs) -> None:
    assert ask(runs, first_query(runs).sql, most=10).rows
    for one in other_queries(runs):
        assert ask(runs, one.sql, most=10).rows


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"browsr"', "setting 'query' expects browser or a mapping of names to values, got 'browsr'; did you mean 'browser'?"),
        ("{browsr = 'x'}", "no setting 'browsr'; did you mean 'browser'?"),
        ("true", "setting 'query' expects browser or a mapping"),
    ],
)
def test_a_wrong_setting_names_the_right_one(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "reportgen.toml").write_text(f"query = {written}\n")
    with pytest.raises(Mistakes, match=rf"reportgen\.toml:1: {re.escape(said)}"):
        read_settings(tmp_path)


def test_the_command_line_names_the_right_value(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", str(tmp_path), "--query", "server"])
    assert done.exit_code == 2
    assert "'server' is not 'browser'" in done.output


def test_a_folder_that_is_not_the_package_is_named_with_its_line(logs: Path, tmp_path: Path) -> None:
    write_runs(tmp_path / "logs")
    for folder, said in (("nowhere", "no folder 'nowhere'"), ("logs", "duckdb-eh.wasm cannot be read")):
        (tmp_path / "reportgen.toml").write_text(f'title = "T"\nruns = "logs"\nquery = {{browser = "{folder}"}}\n')
        done = CliRunner().invoke(main, ["build", str(tmp_path), "-o", str(tmp_path / "site")])
        assert done.exit_code == 1
        assert re.search(rf"reportgen\.toml:3: .*{said}", done.output), done.output
    kept = next((cache_folder() / "packages").iterdir())
    (tmp_path / "reportgen.toml").write_text(f'runs = "logs"\nquery = {{browser = "{kept}"}}\n')
    check(tmp_path)
