"""The fences `table` and `sql`: rows, comparisons, charts, and their mistakes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from table_runs import draw, html_of, run

from reportgen.analysis.table_columns import table_columns
from reportgen.analysis.table_join import join
from reportgen.blocks import KINDS
from reportgen.charts.figure import Figure
from reportgen.errors import Mistake, QueryError
from reportgen.model import Runs, Table


def predictions(*guesses: str) -> tuple[Table, ...]:
    return (Table("pred", 3, ("id", "label", "prediction", "score"), tuple((i, "cat", one, i / 7) for i, one in enumerate(guesses))),)


RUNS = Runs(
    [
        run("first", tables={"pred": predictions("cat", "dog", "cat", "cow")}),
        run("second", tables={"pred": predictions("cat", "cat", "dog", "dog")}),
    ]
)


def cells(html: str) -> list[list[str]]:
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_rows_of_one_run() -> None:
    options: dict[str, Any] = {"where": "label <> prediction", "columns": ["id", "prediction"], "sort": "id desc"}
    fragment = draw(KINDS["table"], RUNS, table="pred", runs="first", **options)
    assert cells(html_of(fragment)) == [["3", "cow"], ["1", "dog"]]
    assert (fragment.title, fragment.subtitle, fragment.label) == ("pred", "2 rows", "Table")


def test_rows_of_several_runs_have_the_run_in_front() -> None:
    fragment = draw(KINDS["table"], RUNS, table="pred", columns=["run", "id"], where="prediction = 'dog'")
    assert cells(html_of(fragment)) == [["first", "1"], ["second", "2"], ["second", "3"]]
    assert 'href="runs/first.html"' in html_of(fragment)


def test_comparison() -> None:
    fragment = draw(KINDS["table"], RUNS, table="pred", runs="first", compare="second")
    assert fragment.subtitle == "Of 4 rows 1 went from wrong to right, 1 from right to wrong, 1 from one wrong answer to another."
    assert [row[:2] for row in cells(html_of(fragment))] == [["now right", "1"], ["now wrong", "2"], ["changed", "3"]]
    assert "prediction · second" in html_of(fragment)


def test_join_without_answers() -> None:
    several = (("a", 1), ("b", 2), ("c", 3)), (("b", 2), ("c", 4), ("d", 5))
    one, other = (table_columns(Table("t", 0, ("key", "v"), rows)) for rows in several)
    joined = join(one, other, "key", ("x", "y"))
    assert joined.columns == ("change", "key", "v · x", "v · y")
    assert joined.rows == (("changed", "c", 3, 4),)
    assert (joined.joined, joined.other, joined.alone, joined.has_answers) == (2, 1, 2, False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"table": "pre"}, "no table 'pre'; did you mean 'pred'?"),
        ({"table": "pred", "columns": "lable"}, "no column 'lable'; did you mean 'label'?"),
        ({"table": "pred", "sort": "scor"}, "no column 'scor'; did you mean 'score'?"),
        ({"table": "pred", "where": "lable = 1"}, "no column 'lable'; did you mean 'label'?"),
        ({"table": "pred", "step": 9}, "no table 'pred' at step 9"),
        ({"table": "pred", "key": "id"}, "option 'key' belongs to a comparison; name the other run with `compare:`"),
        ({"table": "pred", "compare": "secnd"}, "no run 'secnd'; did you mean 'second'?"),
        ({"table": "pred", "runs": "second", "compare": "second"}, "there is no other run to compare with"),
    ],
)
def test_mistakes_of_table(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake) as caught:
        draw(KINDS["table"], RUNS, **options)
    assert str(caught.value).startswith(message)


def test_an_answer_is_a_table() -> None:
    fragment = draw(KINDS["sql"], RUNS, query="select run, count(*) as n from pred group by run order by run")
    assert cells(html_of(fragment)) == [["first", "4"], ["second", "4"]]
    assert (fragment.title, fragment.label) == ("2 rows", "Table")
    cut = draw(KINDS["sql"], RUNS, query="select id from pred", limit=3)
    assert cut.title == "The first 3 rows"


@pytest.mark.parametrize("chart", ["line", "scatter", "bar", "histogram"])
def test_an_answer_is_a_chart(chart: str) -> None:
    fragment = draw(KINDS["sql"], RUNS, query="select id, score, run from pred", chart=chart)
    (figure,) = fragment.parts
    assert isinstance(figure, Figure)
    assert figure.description
    assert fragment.label == "Figure"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query": "select id from pred", "x": "id"}, "option 'x' belongs to a chart"),
        ({"query": "select id from pred", "chart": "line"}, "a chart needs at least two columns"),
        ({"query": "select id, score from pred", "chart": "line", "y": "scor"}, "no column 'scor' in the answer; did you mean 'score'?"),
        ({"query": "select run, label from pred", "chart": "line"}, "the answer has no number to draw"),
    ],
)
def test_mistakes_of_sql(options: dict[str, Any], message: str) -> None:
    with pytest.raises((Mistake, QueryError, ValueError)) as caught:
        draw(KINDS["sql"], RUNS, **options)
    assert message in str(caught.value)
