"""SQL over runs, histories and logged tables: answers, names that SQL could not read, mistakes, and what a query cannot reach."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from table_runs import run

from reportgen.errors import QueryError
from reportgen.model import Media, Runs, Table
from reportgen.model.sql import ask, rows_where, sql_name

ROWS = ((1, "cat", 0.5, True), (2, "dog", None, False), (3, "cat", math.nan, None))
LOGGED = {"eval/pred": (Table("eval/pred", 4, ("id", "name", "score", "ok"), ROWS),)}
RUNS = Runs(
    [
        run("a", {"optimizer.lr": 0.1}, {"val/acc": 0.9}, {"val/acc": [0.5, 0.9]}, tables=LOGGED),
        run("b", {"optimizer.lr": 0.01}, {"val/acc": 0.8}, {"val/acc": [0.7, 0.8]}),
    ]
)


def answer(sql: str, most: int = 100) -> list[tuple[object, ...]]:
    return list(ask(RUNS, sql, most=most).rows)


def test_runs_with_plain_names() -> None:
    assert answer("select name, config.optimizer.lr from runs where val/acc > 0.85") == [("a", 0.1)]
    assert answer("select 'val/acc', max(\"val/acc\") from runs -- config.optimizer.lr") == [("val/acc", 0.9)]


def test_times_are_in_utc_wherever_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    begun = datetime(2026, 11, 23, 21, 37, 5, tzinfo=timezone(timedelta(hours=9)))
    runs = Runs([run("a", started=begun), run("b")])
    sql = "select started, strftime(started, '%d %H:%M'), started > '2026-11-23 12:00' from runs order by name"
    assert list(ask(runs, sql, most=2).rows) == [(begun, "23 12:37", True), (None, None, None)]


def test_history() -> None:
    assert answer("select name, max(value) from history where key = 'val/acc' group by name order by name") == [("a", 0.9), ("b", 0.8)]


def test_a_metric_that_a_query_names_does_not_hide_the_others() -> None:
    runs = Runs([run("a", history={"val/acc": [0.5, 0.9], "lr": [0.1]})])
    assert list(ask(runs, "select count(*) from history where key <> 'val/acc'", most=1).rows) == [(1,)]
    assert list(ask(runs, "select count(*), count(*) filter (key = 'val/acc') from history", most=1).rows) == [(3, 2)]


def test_a_table_is_found_by_a_name_with_quotes() -> None:
    runs = Runs([run("a", tables={'we"ird': (Table('we"ird', 0, ("x",), ((1,),)),)})])
    assert list(ask(runs, "select x from " + sql_name('we"ird'), most=1).rows) == [(1,)]


def test_a_logged_table_has_run_and_step_and_own_names_win() -> None:
    assert answer("select run, _name, step, id, name from eval/pred where id = 2") == [("a", "a", 4, 2, "dog")]
    assert answer('select count(*), count(score), count(ok) from "eval/pred"') == [(3, 2, 2)]
    assert answer("select count(*) from eval/pred where isnan(score)") == [(1,)]


def test_media_stand_by_their_captions() -> None:
    media = Media("t.i", 0, "image", Path("x.png"), "a seven")
    runs = Runs([run("a", tables={"t": (Table("t", 0, ("i",), ((media,), (None,))),)})])
    assert list(ask(runs, "select i from t", most=5).rows) == [("a seven",), (None,)]


def test_more_rows_than_asked_for() -> None:
    result = ask(RUNS, "select name from runs order by name", most=1)
    assert (result.rows, result.has_more) == ((("a",),), True)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select valacc from runs", "no column 'valacc'; did you mean 'val/acc'?"),
        ("select config.lr from runs", "no column 'config.lr'; did you mean 'config.optimizer.lr'?"),
        ("select r.valacc from runs r", "no column 'valacc'; did you mean 'val/acc'?"),
        ("select *\nfrom eval_pred", "no table 'eval_pred' (line 2 of the query); did you mean 'eval/pred'?"),
        ("select * from nothing", "no table 'nothing'; there are: runs, history, eval/pred"),
        ("selec 1", "the query cannot be read at 'selec'"),
        ("select nofun(name) from runs", "no function 'nofun'; did you mean 'count'?"),
        ("", "the query is empty"),
        ("select 1; select 2", "a query is one SELECT"),
        ("create table x as select 1", "a query is one SELECT"),
        ("set threads = 4", "a query is one SELECT"),
        ("copy (select 1) to '/tmp/x'", "a query is one SELECT"),
    ],
)
def test_mistakes(sql: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(RUNS, sql, most=5)
    assert str(caught.value) == message


@pytest.mark.parametrize("sql", ["select * from read_csv('{file}')", "select * from '{file}'", "select content from read_text('{file}')"])
def test_no_file_can_be_read(sql: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(QueryError, match=r"reads the logs and no files|no table"):
        ask(RUNS, sql.format(file=tmp_path / "secret.csv"), most=5)


def test_no_variable_of_python_can_be_read() -> None:
    import pandas as pd

    secret = pd.DataFrame({"a": [1]})
    assert len(secret) == 1
    with pytest.raises(QueryError, match="no table 'secret'"):
        ask(RUNS, "select * from secret", most=5)


def test_a_query_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(QueryError, match=r"takes longer than 0.2 seconds"):
        ask(RUNS, "select sum(a.range * b.range) from range(1000000) a, range(1000000) b", most=5, seconds=0.2)


def test_rows_by_condition_and_order() -> None:
    columns, rows = ["id", "val/acc", "kind"], [[1, 0.5, "a"], [2, None, "b"], [3, 0.7, "a"]]
    assert rows_where(columns, rows, "", "") == [0, 1, 2]
    assert rows_where(columns, rows, "kind = 'a' and val/acc > 0.6", "") == [2]
    assert rows_where(columns, rows, "", "val/acc desc") == [2, 0, 1]
    with pytest.raises(QueryError, match="did you mean 'kind'"):
        rows_where(columns, rows, "knd = 'a'", "")
    with pytest.raises(QueryError, match="did you mean 'val/acc'"):
        rows_where(columns, rows, "", "val/ac")
    with pytest.raises(QueryError):
        rows_where(columns, rows, "1=1) union select 1 --", "")
