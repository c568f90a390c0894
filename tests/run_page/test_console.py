"""The console: what a terminal would show, as safe HTML and as data for the search."""

from __future__ import annotations

import json
from typing import Any

import pytest
from theme.theme_runs import made

from reportgen.analysis.ansi import Look, changed, shown_lines
from reportgen.blocks.console_view import console_html, look_css
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.model import ConsoleLine


def pieces(*texts: str) -> list[list[tuple[str, Look]]]:
    return [list(line.pieces) for line in shown_lines(ConsoleLine(text) for text in texts)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", [("plain", Look())]),
        ("", []),
        ("\x1b[31mred\x1b[0m not", [("red", Look(ink="1")), (" not", Look())]),
        ("\x1b[1;92;44mx\x1b[22;39my", [("x", Look(("bold",), "10", "4")), ("y", Look(paper="4"))]),
        ("\x1b[38;5;208ma\x1b[48;5;240mb", [("a", Look(ink="#ff8700")), ("b", Look(ink="#ff8700", paper="#585858"))]),
        ("\x1b[38;2;1;2;300mx", [("x", Look(ink="#0102ff"))]),
        ("\x1b[38:2:1:2:3mx", [("x", Look(ink="#010203"))]),
        ("\x1b[38;5mx\x1b[38mx\x1b[mx", [("xxx", Look())]),
        ("\x1b[2K\x1b[1Aline\x1b[?25l", [("line", Look())]),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\ \x1b]0;title\x07end", [("link end", Look())]),
        ("0%\r50%\r100%", [("100%", Look())]),
        ("done\r", [("done", Look())]),
        ("ab\b\bc", [("c", Look())]),
        ("torn \x1b", [("torn ", Look())]),
        ("torn \x1b[3", [("torn ", Look()), ("[3", Look())]),
    ],
)  # fmt: skip
def test_a_line_is_shown_as_a_terminal_would(text: str, shown: list[tuple[str, Look]]) -> None:
    if text.endswith("[3"):
        assert "".join(part for part, _ in pieces(text)[0]).startswith("torn ")
    else:
        assert pieces(text) == [shown]


def test_a_look_lasts_over_the_end_of_a_line_of_its_stream() -> None:
    lines = [ConsoleLine("\x1b[31ma"), ConsoleLine("b", "stderr"), ConsoleLine("c"), ConsoleLine("\x1b[0md")]
    assert [[look.ink for _, look in line.pieces] for line in shown_lines(lines)] == [["1"], [""], ["1"], [""]]


def test_any_codes_are_survived() -> None:
    for codes in ("999999999999", "38;5;999", "48;2;1", ";;;", "38;5;15;1"):
        changed(Look(), codes)
    assert changed(Look(), "38;5;15;1") == Look(("bold",), "15")
    assert look_css(Look(("bold",), "#ff8700", "4")) == ("ansi-bold ansi-ink ansi-paper-4", "--ansi-ink:#ff8700")


def html_and_lines(*lines: ConsoleLine, still: int = 200) -> tuple[str, list[Any]]:
    files = SiteFiles()
    html = str(console_html(made(), lines, files, "../", still=still))
    scripts = [(file.content or b"").decode() for file in files.linked.values()]
    return html, [line for script in scripts for line in json.loads(script.partition(",")[2].removesuffix(");\n"))]


def test_the_page_has_the_last_lines_and_the_data_all() -> None:
    html, lines = html_and_lines(*(ConsoleLine(f"line {i}") for i in range(9_000)), still=5)
    assert html.count('class="console-line"') == 5
    assert "The last 5 of 9,000 lines." in html
    assert 'data-n="9000">line 8999</div>' in html
    assert lines == [f"line {i}" for i in range(9_000)]
    assert len(html.split('data-console="')[1].split('"')[0].split()) == 3


def test_what_is_hostile_is_text() -> None:
    html, lines = html_and_lines(ConsoleLine('\x1b[38;5;1m</div><script>alert("x")</script>\x1b[0m', "stderr"), ConsoleLine("\x00\ud800ü"))
    assert "<script" not in html
    assert 'class="console-line is-err"' in html
    text = '</div><script>alert("x")</script>'
    assert lines == [[text, 1, [len(text), "ansi-ink-1", ""]], "\ufffd\ufffdü"]


def test_lengths_of_pieces_are_those_of_the_browser() -> None:
    _, lines = html_and_lines(ConsoleLine("\x1b[1m🏃\x1b[0mab"))
    assert lines == [["🏃ab", 0, [2, "ansi-bold", "", 2, "", ""]]]
