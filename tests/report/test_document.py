"""What a document says of a report beside its body."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup
from report.samples import Build, html, make_run

from reportgen.errors import Mistakes
from reportgen.model import Histogram, Runs, Table
from reportgen.report import Heading, LinkedFile, PlacedBlock, read_report
from reportgen.settings import read_settings

HEAD = """---
title: A *title*
subtitle: Below
authors: Kim
date: 2026-11-23
runs: wandb
params: {metric: val/acc, n: 2, share: 0.5, flag: false, list: [a]}
---
"""


def test_says_what_the_front_matter_says(build: Build) -> None:
    document = build(f"{HEAD}Text with {{{{ metric }}}}.\n\n## One\n\n### Two\n\n#### Three\n", target="a/b.html", root="../")
    assert (document.title, document.subtitle, document.authors) == ("A *title*", "Below", ("Kim",))
    assert (document.date, document.target) == (datetime.date(2026, 11, 23), "a/b.html")
    assert document.description == "Text with val/acc."
    assert document.contents == (Heading(2, "One", "one"), Heading(3, "Two", "two"))


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# The *first*\n\nText", "The first", "<p>Text</p>\n"),
        ("---\ntitle: T\n---\n# T\n\nText", "T", "<p>Text</p>\n"),
        ("Text", "Report", "<p>Text</p>\n"),
        ("```\n# no title\n```", "Report", '<pre class="highlight" tabindex="0"><code># no title\n</code></pre>\n'),
    ],
)  # fmt: skip
def test_title(build: Build, text: str, title: str, body: str) -> None:
    document = build(text)
    assert document.title == title
    assert html(document) == body
    assert read_report(Path("report.md")).title == title


def test_description_is_cut_between_words(build: Build) -> None:
    assert build("word " * 100).description == "word " * 58 + "word…"
    assert build("---\ndescription: Short.\n---\nText").description == "Short."


def test_no_contents(build: Build) -> None:
    assert build("---\ntoc: false\n---\n## One").contents == ()


def test_links_start_at_the_root(build: Build) -> None:
    document = build("{{ runs[0].link }} [a](data.csv) [b](other.md)", root="../")
    assert 'href="../runs/r0.html"' in html(document)
    assert 'href="../files/data.' in html(document)
    assert 'href="../other.html"' in html(document)


def test_files_are_copied_once_by_content(build: Build, folder: Path) -> None:
    document = build("[a](data.csv) [b](data.csv#x) ![c](figures/loss.png)")
    assert document.files == (
        LinkedFile(folder / "data.csv", "files/data.5be08c9684.csv"),
        LinkedFile(folder / "figures/loss.png", "files/loss.0f4636c78f.png"),
    )


def test_files_of_the_built_folder_only(build: Build, folder: Path, mistakes: Callable[..., list[str]]) -> None:
    reports = folder / "reports"
    reports.mkdir()
    (reports / "link").symlink_to("/etc/hostname")
    (reports / "r.md").write_text("[a](../data.csv)", encoding="utf-8")
    report = read_report(reports / "r.md")
    from reportgen.report import render

    assert render(report, Runs(), source_root=folder).files[0].source == folder / "data.csv"
    with pytest.raises(Mistakes, match="lies outside of the folder that is built"):
        render(report, Runs())
    (reports / "r.md").write_text("[a](link)", encoding="utf-8")
    with pytest.raises(Mistakes, match="lies outside of the folder that is built"):
        render(read_report(reports / "r.md"), Runs(), source_root=folder)


def test_a_report_that_is_no_page_is_linked_as_a_file(build: Build) -> None:
    document = build("[other](other.md)", site_pages={})
    assert document.warnings == ("report.md:1: 'other.md' is not a report of this site: its source is linked",)
    assert [file.target for file in document.files] == ["files/other.d438433124.md"]


def test_captions_are_html_and_plain_text_is_escaped(build: Build) -> None:
    document = build("```chart\ny: val/acc\ncaption: '*a* <b>'\n```\n\n```chart\ny: val/acc\n```")
    captions = [piece.fragment.caption for piece in document.pieces if isinstance(piece, PlacedBlock)]
    assert captions == [Markup("<em>a</em> <b></b>"), Markup("")]
    assert all(isinstance(caption, Markup) for caption in captions)


def test_aliases_line_up_what_logs_call_differently(build: Build) -> None:
    head = "---\naliases: {rate: [config.optimizer.lr]}\nwhere: config.rate > 0\n---\n"
    document = build(head + "{{ runs | length }} {{ runs.max(\"rate\") }}")
    assert html(document) == html(build("{{ runs | length }} {{ runs.max(\"optimizer.lr\") }}"))
    with pytest.raises(Mistakes) as caught:
        build("---\ntitle: x\naliases:\n  rate: [config.optimizer.lr, optimzer.lr]\n---\n")
    assert str(caught.value).endswith("report.md:4: front matter: aliases: rate: no column 'optimzer.lr'; did you mean 'optimizer.lr'?")


def test_where_narrows_the_runs(build: Build) -> None:
    document = build("---\nwhere: config.optimizer.name = 'adam'\n---\n{{ runs | length }}")
    assert [run.id for run in document.runs] == ["r1"]
    assert html(document) == "<p>1</p>\n"


def test_without_runs(mistakes: Callable[..., list[str]], build: Build) -> None:
    text = "Text\n\n```chart\ny: a\n```\n\n```list\n```\n\n{{ runs.best('val/acc') }}"
    hint = "name them in the front matter, as in `runs: path/to/wandb`, or with --runs"
    found = mistakes(text, runs=Runs())
    assert len(found) == 1
    assert found[0].endswith(f"this report names no runs; {hint}")
    assert html(build("{{ runs | length }}", runs=Runs())) == "<p>0</p>\n"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"metric": "val/loss"}, "val/loss 2 0.5 false a"),
        ({"metric": "5"}, "5 2 0.5 false a"),
        ({"n": "3", "share": "1", "flag": "true", "list": "[b, c]"}, "val/acc 3 1 true b, c"),
    ],
)
def test_parameters(build: Build, params: dict[str, str], expected: str) -> None:
    text = f"{HEAD}{{{{ metric }}}} {{{{ n }}}} {{{{ share }}}} {{{{ flag }}}} {{{{ list }}}}"
    assert html(build(text, params=params)) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"metrc": "x"}, "report.md:7: no parameter 'metrc'; did you mean 'metric'?"),
        ({"zzzzz": "x"}, "report.md:7: no parameter 'zzzzz'; there are: metric, n, share, flag, list"),
        ({"n": "many"}, "report.md:7: parameter 'n' expects a number, got 'many'"),
        ({"flag": "1"}, "report.md:7: parameter 'flag' expects true or false, got '1'"),
        ({"list": "a"}, "report.md:7: parameter 'list' expects a list such as [a, b], got 'a'"),
    ],
)
def test_wrong_parameters(mistakes: Callable[..., list[str]], params: dict[str, str], message: str) -> None:
    assert mistakes(f"{HEAD}Text", params=params) == [message]


def test_file_that_is_no_text(folder: Path) -> None:
    Path("report.md").write_bytes(b"one\ntwo \xff\n")
    with pytest.raises(Mistakes) as error:
        read_report(Path("report.md"))
    assert str(error.value) == "report.md:2: this line is not text in UTF-8; save the file as UTF-8"
    with pytest.raises(Mistakes) as error:
        read_report(Path("reprt.md"))
    assert str(error.value) == "no file 'reprt.md'; did you mean 'report.md'?"


def test_windows_line_ends_and_byte_order_mark(folder: Path, build: Build) -> None:
    build("x")
    text = "\ufeff---\r\ntitle: A\r\n---\r\nText\r\n\r\n[x](nothing.csv)\r\n"
    Path("report.md").write_bytes(text.encode())
    report = read_report(Path("report.md"))
    assert report.title == "A"
    from reportgen.report import render

    with pytest.raises(Mistakes, match=r"^report\.md:6: no file"):
        render(report, Runs())


def test_sources_of_front_matter_and_settings(folder: Path, build: Build) -> None:
    (folder / "logs").mkdir()
    (folder / "logs" / "b").mkdir()
    (folder / "logs" / "a").mkdir()
    (folder / "reportgen.toml").write_text('runs = "wandb"\nlanguage = "ko"\n', encoding="utf-8")
    settings = read_settings(folder)
    Path("report.md").write_text("Text", encoding="utf-8")
    report = read_report(Path("report.md"), settings=settings)
    assert [source.location for source in report.sources] == [folder / "wandb"]
    assert report.language == "ko"
    Path("report.md").write_text("---\nruns: {old: logs/*, far: 's3://bucket/x'}\nlanguage: en\n---\n", encoding="utf-8")
    report = read_report(Path("report.md"), settings=settings)
    found = [(source.location, source.label) for source in report.sources]
    assert found == [(folder / "logs/a", "old"), (folder / "logs/b", "old"), ("s3://bucket/x", "far")]
    assert report.language == "en"


def test_names_of_runs_cannot_smuggle_markers_or_broken_text(build: Build) -> None:
    hostile = replace(make_run(5, "x\ufdd30\ufdd4\ud800\x00"), notes="\ufdd01\ufdd4")
    document = build("# {{ runs[0].name }}\n\n{{ runs[0].link }} {{ runs[0].notes }}", runs=Runs([hostile]))
    text = html(document) + document.title
    assert not any("\ufdd0" <= letter <= "\ufdef" for letter in text)
    text.encode("utf-8")


def test_same_input_same_document(build: Build) -> None:
    text = "{{ runs[0].link }}[^1] ![a](figures/loss.png)\n\n[^1]: x\n\n```chart\ny: val/acc\n```\n\n## A\n"
    assert html(build(text)) == html(build(text))


def test_dates_in_the_language_of_the_report(build: Build) -> None:
    assert html(build("---\nlanguage: ko\n---\n{{ runs[0].started | date }}")) == "<p>2026년 11월 23일</p>\n"
    assert html(build("---\nlanguage: de\n---\n{{ runs[0].started | date }}")) == "<p>2026-11-23</p>\n"


def test_links_to_the_pages_of_the_workspace(folder: Path, runs: Runs, build: Build) -> None:
    table = Table("predictions", 1, ("image", "guess"), ((0, 1),))
    histogram = Histogram("gradients/fc", 0, 0.0, np.array([0.0, 1.0]), np.array([3.0]))
    full = Runs([replace(runs[0], tables={"predictions": (table,)}, histograms={"gradients/fc": (histogram,)}), *runs[1:]])
    text = html(build("---\n---\n[t](tables.html), {{ runs['r0'].gradients }}", runs=full, root="../", target="a/b.html"))
    assert '<a href="../tables.html">t</a>' in text
    assert '<a href="../gradients/r0.html">gradients of first_run</a>' in text


def test_pages_that_the_site_does_not_have_are_not_linked(mistakes: Callable[..., list[str]]) -> None:
    assert mistakes("---\n---\n[t](tables.html)") == ["report.md:3: no file 'tables.html'"]
    assert "logged no histogram" in mistakes("---\n---\n{{ runs['r0'].gradients }}")[0]
