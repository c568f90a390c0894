"""The HTML of tables: one small table in full, and what comes from logs."""

from __future__ import annotations

import doctest
from html.parser import HTMLParser

from markupsafe import Markup

import reportgen.blocks.table as table
from reportgen.blocks.table import MISSING, Cell, Constant, Head, TableView, table_html

GOLDEN = """\
<div class="data-table">
<p class="constants"><span class="constants-lead">Equal in all 2 runs</span> <span class="constant"><span class="key">\
<span class="prefix">config.</span><span class="leaf">epochs</span></span> <span class="value">8</span></span></p>
<div class="table-scroll" role="region" tabindex="0" aria-label="2 runs">
<table class="data" data-sortable="" data-name="best">
<thead>
<tr><td class="spanner"></td><th class="spanner" scope="colgroup" colspan="2"><span class="prefix">config.optimizer</span></th>\
<th class="spanner" scope="colgroup"><span class="prefix">val</span></th></tr>
<tr><th scope="col" class="text" data-name="run">run</th>\
<th scope="col" class="text" data-name="config.optimizer.name" title="config.optimizer.name">name</th>\
<th scope="col" class="number" data-name="config.optimizer.lr" title="config.optimizer.lr">lr</th>\
<th scope="col" class="number" data-name="max(val/acc)" data-goal="max" title="max(val/acc)">max(acc)</th></tr>
</thead>
<tbody>
<tr><th class="text" scope="row">a</th><td class="text"><span class="value">adam</span></td>\
<td class="number" data-value="0.001" title="0.001"><span class="value">1e-3</span></td>\
<td class="number best" data-value="0.98222" title="0.98222"><span class="said">best: </span>\
<span class="value">0.982</span></td></tr>
<tr><th class="text" scope="row">b</th><td class="text"><span class="value">sgd</span></td>\
<td class="number missing" data-value=""><span class="value">—</span></td>\
<td class="number like-best"><span class="like" aria-hidden="true">≈</span>\
<span class="said">not told from the best: </span><span class="value">0.98</span></td></tr>
</tbody>
</table>
</div>
</div>
"""


def test_whole_table() -> None:
    view = TableView(
        heads=(
            Head("run"), Head("config.optimizer.name"), Head("config.optimizer.lr", number=True),
            Head("max(val/acc)", number=True, goal="max"),
        ),
        rows=(
            (Cell("a"), Cell.of("adam", "adam"), Cell.of("1e-3", "0.001"), Cell.of("0.982", "0.98222", best=True)),
            (Cell("b"), Cell.of("sgd", "sgd"), MISSING, Cell.of("0.98", "0.98", like_best=True)),
        ),
        label="2 runs",
        constants=(Constant("config.epochs", "8", "8"),),
        of_what="2 runs",
        id="best",
    )  # fmt: skip
    assert table_html(view) == GOLDEN


class Elements(HTMLParser):
    """The elements and attributes that a browser would make."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_hostile_text_stays_text() -> None:
    bad = '"><img src=x onerror=alert(1)>\u2028\x00\ud800</td><script>'
    heads = (Head("run"), Head(f"config.{bad}"), Head(bad, label=Markup("<b>safe</b>")))
    rows = ((Cell(bad, bad, copied=bad, title=bad), Cell.of(bad, bad), Cell(bad)),)
    html = table_html(TableView(heads, rows, bad, (Constant(bad, bad, bad + "x"),), bad, id=bad))
    found = Elements(html)
    assert found.tags == {"div", "p", "span", "table", "thead", "tbody", "tr", "th", "td", "b"}
    assert not found.attributes & {"onerror", "src"}
    html.encode("utf-8")
    assert "\x00" not in html


def test_many_constants_are_folded_away() -> None:
    view = TableView((Head("run"),), ((Cell("a"),),), constants=tuple(Constant(f"config.k{i}", "1", "1") for i in range(30)))
    html = table_html(view)
    assert "<details" in html
    assert "and 18 more" in html
    assert html.count('class="constant"') == 30


def test_long_values_do_not_make_long_titles() -> None:
    html = table_html(TableView((Head("run"), Head("x")), ((Cell("a"), Cell.of("short", "y" * 10_000)),)))
    assert 'title="' + "y" * 399 + '…"' in html
    assert 'data-value="' + "y" * 10_000 + '"' in html


def test_examples() -> None:
    assert doctest.testmod(table).failed == 0
