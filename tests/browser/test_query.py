"""Queries in the browser: the same answers as at the build, from a disk and a server; mistakes, links, keys, and no request to anywhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from browser.accessibility import serious
from browser.waiting import address
from site_samples import write_runs
from table_logs import write_predictions, write_run

from reportgen.model import Runs
from reportgen.model.sql import ask
from reportgen.site.build import build
from reportgen.site.workspace import read_workspace

Open = Callable[..., Any]
PHONE = {"width": 390, "height": 844}
PATIENCE = 120_000
"""Compiling 34 MB of WebAssembly takes a second alone, and many on a machine that does other things, too."""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "logs"
    write_runs(folder / "plain")
    write_predictions(folder / "tables")
    write_run(folder / "odd", 3, "odd", {'we"ird <b>.json': (("id", 'a "b"', "from"), [[1, "x", None], [2, "y", 0.5]])})
    return folder


@pytest.fixture(scope="module")
def runs(logs: Path) -> Runs:
    """As the site has them: their paths are relative to its folder."""
    return read_workspace(logs).runs


@pytest.fixture(scope="module")
def site(logs: Path) -> Path:
    return build(logs, out=logs.parent / "site", query="browser").out


@pytest.fixture
def server(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.parent))) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/site/query.html"
        running.shutdown()


def settled(seen: Any) -> None:
    seen.page.wait_for_selector("[data-sql]:not([data-busy]) [data-sql-run]:enabled", timeout=PATIENCE)


def opened(visit: Open, where: Path | str, sql: str = "", **options: Any) -> Any:
    address = where if isinstance(where, str) else (where / "query.html").resolve().as_uri()
    seen = visit(address + (f"?sql={quote(sql)}" if sql else ""), **options)
    settled(seen)
    return seen


def asked(seen: Any, sql: str) -> None:
    seen.page.fill(".sql-text", sql)
    seen.page.keyboard.press("Control+Enter")
    settled(seen)


def trouble(seen: Any) -> str:
    return str(seen.page.inner_text("[data-sql-trouble]"))


def rows(seen: Any) -> list[list[str]]:
    """The answer as it is saved: head and rows, to the last digit."""
    assert trouble(seen) == ""
    with seen.page.expect_download() as download:
        seen.page.click(".sql-save")
    return list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))


def text(value: object) -> str:
    """A value of Python as the page's CSV has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "NaN" if value != value else str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def same(seen: Any, runs: Runs, sql: str) -> None:
    expected = ask(runs, sql, most=1000)
    head, *found = rows(seen)
    assert tuple(head) == expected.columns
    assert [[_number(cell) for cell in row] for row in found] == [[_number(text(cell)) for cell in row] for row in expected.rows]


def _number(cell: str) -> str | float:
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?(e[-+]?\d+)?", cell) else cell


@pytest.mark.parametrize("where", ["disk", "server"])
def test_answers_are_those_of_the_build(visit: Open, site: Path, server: str, runs: Runs, where: str) -> None:
    seen = opened(visit, site if where == "disk" else server)
    first = seen.page.input_value(".sql-text")
    assert first.startswith("select name, val/acc, config.lr")
    same(seen, runs, first)
    assert re.fullmatch(r"6 rows in [\d,]+ ms", seen.page.inner_text("[data-sql-status]"))
    found = re.findall(r'data-sql-example="([^"]+)"[^>]*>([^<]+)<', (site / "query.html").read_text())
    titles = {unescape(sql): unescape(title) for sql, title in found}
    assert len(titles) == 4
    for example in list(titles)[1:]:
        seen.page.locator("[data-sql-example]").filter(has_text=titles[example]).click()
        settled(seen)
        assert seen.page.input_value(".sql-text") == example
        same(seen, runs, example)
    for sql in (
        "select run, key, step, time, value from history order by run, key, step",
        "select id, tags, config.layers, state, path, format from runs order by id -- config.lr",
        "select name, step, id, label, prediction, confidence, kind from predictions.json order by name, id;",
        'select name, id, "a ""b""", "from" from "we""ird <b>.json" order by id',
        "from history select count(*) as n, avg(value) as mean, sum(step) as s, true as yes, null as none, 'val/acc' as key",
        "with best as (select name, max(value) as v from history where key = 'val/acc' group by name) select * from best order by v, name",
    ):
        asked(seen, sql)
        same(seen, runs, sql)
    assert (seen.complaints, [one for one in seen.requests if not one.startswith(("file:", server.rsplit("/", 1)[0]))]) == ([], [])


MISTAKES = [
    ("select nme from runs", "no column “nme”; did you mean “name”?"),
    ("select name\nfrom runs\nwhere val/ac > 1", "no column “val” (line 3 of the query); …"),
    ("select config.lrr from runs", "no column “config.lrr”…"),
    ("select runs.lrr from runs", "no column “lrr”…"),
    ("select * from run", "no table “run”; there are: runs, history, predictions.json, we\"ird <b>.json"),
    ("select 'a' || b from runs", "no column “b”; …"),
    ("selec 1", "the query cannot be read at “selec”"),
    ("select 1; select 2", "a query is one SELECT"),
    ("drop table runs", "a query is one SELECT"),
    ("select (", "the query …"),
    ("select nofunction(1)", "no function “nofunction”…"),
    ("select to_json(1)", "this needs DuckDB’s extension “json”, which a page without a network cannot load"),
    ("select * from read_csv('https://example.org/a.csv')", "a query reads the logs and no files; there are: runs, …"),
    ("select * from 'https://example.org/a.parquet'", "no table “…"),
    ("select 'a'::int", "the query is wrong: Could not convert string 'a' to INT32…"),
    ("", "the query is empty"),
]
"""Query and what is said of it, “…” for anything."""


def test_values_mistakes_and_names_that_are_put_in(visit: Open, site: Path) -> None:
    seen = opened(visit, site, "select 9007199254740993 as big, 170141183460469231731687303715884105727 as huge, 'nan'::double as n, "
                  "'-inf'::double as low, date '2026-11-23' as day, [1, 2] as list, {'a': 1} as record, 1.5::decimal(4, 2) as d, 1 as d, "
                  "'a' || chr(8238) || 'b' as turned, ''::blob as nothing, 3::utinyint as small, interval 2 day as gap")  # fmt: skip
    assert rows(seen) == [
        ["big", "huge", "n", "low", "day", "list", "record", "d", "d_1", "turned", "nothing", "small", "gap"],
        ["9007199254740993", "170141183460469231731687303715884105727", "NaN", "'-Infinity", "2026-11-23", "[1, 2]", "{'a': 1}", "1.5", "1",
         "a\u202eb", "", "3", "2 days"],
    ]  # fmt: skip
    cells = seen.page.locator(".sql-answer tbody tr:not(.grid-space) td").all_inner_texts()
    assert cells[2:4] == ["NaN", "−∞"]
    assert cells[9] == "a\ufffdb"
    asked(seen, "select unnest([0.00001234, 0.0625, 0, -12.5, 123456.789, 3e15, 'nan'::double]) as v")
    shown = seen.page.locator(".sql-answer tbody tr:not(.grid-space) td").all_inner_texts()
    assert shown == ["1.23e-5", "0.0625", "0", "−12.5", "123457", "3.00e15", "NaN"]
    for sql, said in MISTAKES:
        asked(seen, sql)
        assert re.fullmatch(re.escape(said).replace("…", ".*"), trouble(seen)), (sql, trouble(seen))
        assert seen.page.get_attribute(".sql-text", "aria-invalid") == "true"
        assert not seen.page.is_visible(".sql-answer")
    asked(seen, "select count(*) as n from runs")
    assert rows(seen) == [["n"], ["6"]]
    seen.page.fill(".sql-text", "select")
    seen.page.click(".sql-table[open] [data-sql-insert='config.lr']")
    seen.page.keyboard.type(" from")
    seen.page.click(".sql-table[open] [data-sql-insert='runs']")
    assert seen.page.input_value(".sql-text") == "select config.lr from runs"
    seen.page.keyboard.press("Control+Enter")
    settled(seen)
    assert len(rows(seen)) == 7
    seen.page.locator("h1").click()
    seen.page.keyboard.press("?")
    assert "in the query: run it" in seen.page.inner_text(".key-help")
    assert not seen.complaints
    assert all(address.startswith("file://") for address in seen.requests)


def test_a_copied_link_shows_the_same(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    assert "?" not in address(seen.page)
    asked(seen, "select name, id\nfrom runs -- all\norder by id")
    seen.page.click("th[data-name=name] .sort")
    seen.page.click("th[data-name=name][aria-sort=ascending] .sort")
    seen.page.wait_for_selector("th[data-name=name][aria-sort=descending]")
    there = opened(visit, address(seen.page))
    assert there.page.input_value(".sql-text") == "select name, id\nfrom runs -- all\norder by id"
    assert rows(there) == rows(seen)
    names = [row[0] for row in rows(there)[1:]]
    assert names[0] == "second"
    there.page.click(".sql-answer td a.run >> text=second")
    there.page.wait_for_url("**/runs/**")
    assert there.page.inner_text("h1") == "second"
    assert (seen.complaints, there.complaints) == ([], [])


def test_a_long_query_is_stopped_and_long_answers_say_that_there_is_more(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    seen.page.fill(".sql-text", "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3")
    seen.page.click("[data-sql-run]")
    seen.page.get_by_role("button", name="Stop").click()
    assert seen.page.inner_text("[data-sql-status]") == "Stopped."
    asked(seen, "select range as i from range(100001) order by i desc")
    assert seen.page.inner_text("[data-sql-status]").startswith("The first 100,000 rows; there are more in ")
    assert seen.page.locator(".sql-answer tbody tr:not(.grid-space)").first.inner_text().split() == ["1", "100,000"]
    assert not seen.complaints


def test_everybody_can_use_it_in_light_and_dark(visit: Open, site: Path) -> None:
    seen = opened(visit, site, bypass_csp=True, color_scheme="light", viewport=PHONE)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(seen.page) == []
    seen.page.emulate_media(color_scheme="dark")
    seen.page.set_viewport_size({"width": 1440, "height": 900})
    assert serious(seen.page) == []
    asked(seen, "select nme from runs")
    assert serious(seen.page) == []


def test_without_a_script_the_first_answer_is_there(visit: Open, site: Path) -> None:
    still = visit(site / "query.html", java_script_enabled=False)
    assert still.page.locator("table.data tbody tr").count() == 6
    assert still.page.locator("table.data a.run").first.get_attribute("href").startswith("runs/")
    assert "Asking needs JavaScript." in still.page.content()


def test_korean(visit: Open, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(f'runs = "{logs}"\nlanguage = "ko"\nquery = "browser"\n', encoding="utf-8")
    built = build(tmp_path, out=tmp_path / "site").out
    seen = opened(visit, built)
    assert seen.page.inner_text("h1") == "질의"
    assert re.fullmatch(r"행 6개, [\d,]+밀리초", seen.page.inner_text("[data-sql-status]"))
    asked(seen, "select nme from runs")
    assert trouble(seen) == "“nme” 열이 없습니다; “name”입니까?"
    assert not seen.complaints


def test_a_browser_that_cannot_run_it_says_so(visit: Open, site: Path) -> None:
    seen = visit("about:blank")
    seen.page.add_init_script("window.Worker = class { constructor() { throw new Error('workers are switched off'); } };")
    seen.page.goto((site / "query.html").resolve().as_uri())
    settled(seen)
    assert trouble(seen) == "DuckDB does not run in this browser: workers are switched off"
