"""Mistakes in a theme's templates: found before a page is made where they can be, and named with file and line in any case."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import Mistakes
from reportgen.site.build import build, check
from reportgen.site.theme import find_theme, theme_folders


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a report of one run, and a theme `mine` without templates."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "logs" / "one"
    run.mkdir(parents=True)
    (run / "config.json").write_text('{"lr": 0.1}')
    (run / "metrics.csv").write_text("step,loss\n0,2\n1,1\n")
    (tmp_path / "report.md").write_text("---\nruns: logs\ntheme: mine\n---\n\n# A report\n\n```chart\ny: loss\n```\n")
    (tmp_path / "mine" / "templates").mkdir(parents=True)
    return tmp_path


BEFORE = [
    ("report.html", "{% if %}", ["report.html:1: expected an expression, got %}"]),
    ("report.html", "\n{% if page %}\n", ["report.html:2: {% if %} is not closed; end it with {% endif %}"]),
    ("report.html", "{% inclde 'x.html' %}", ["report.html:1: no statement 'inclde'; did you mean 'include'?"]),
    ("report.html", "{% endif %}", ["report.html:1: {% endif %}: there is nothing to end here"]),
    ("report.html", "{{ page.title | uper }}\n{{ page.title is defned }}", [
        "report.html:1: no filter 'uper'; did you mean 'upper'?", "report.html:2: no test 'defned'; did you mean 'defined'?",
    ]),
    ("reprot.html", "x", ["reprot.html: this template replaces none, and none includes it; did you mean 'report.html'?"]),
    ("nosuch.html", "x", [
        "nosuch.html: this template replaces none, and none includes it; "
        f"there are: {', '.join(sorted(path.name for path in (theme_folders() / 'default' / 'templates').iterdir()))}",
    ]),
    ("report.html", '{% extends "bse.html" %}', ["report.html:1: no template 'bse.html'; did you mean 'base.html'?"]),
    ("report.html", '\n{% include "footr.html" %}', ["report.html:2: no template 'footr.html'"]),
    ("base.html", '{% extends "base.html" %}', [
        'base.html:1: this template extends itself; write {% extends "default/base.html" %} for the one that it replaces',
    ]),
    ("report.html", '{% extends "default/report.html" %}\n{% block foter %}{% endblock %}\n{% block x %}{% endblock %}', [
        "report.html:2: no block 'foter' in default/report.html; did you mean 'footer'?",
        "report.html:3: no block 'x' in default/report.html; there are: policy, kind, header, breadth, main, footer",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), BEFORE)
def test_what_can_be_said_before_a_page_is_made(folder: Path, name: str, text: str, expected: list[str]) -> None:
    (folder / "mine" / "templates" / name).write_text(text)
    with pytest.raises(Mistakes) as error:
        find_theme("mine")
    assert str(error.value).split("\n") == [f"mine/templates/{line}" for line in expected]


WHILE = [
    ("report.html", "\n{{ page.titel }}", "report.html:2: a ReportContext has no 'titel'; did you mean 'title'?"),
    ("report.html", "{{ page.author.x }}", "report.html:1: a ReportContext has no 'author'; did you mean 'authors'?"),
    ("report.html", "{{ pge }}", "report.html:1: no name 'pge'; did you mean 'page'?"),
    ("base.html", "\n\n{{ page.title + 1 }}", 'base.html:3: cannot be computed: TypeError: can only concatenate str (not "int") to str'),
    ("run.html", "{{ 1 // 0 }}", "run.html:1: division by zero"),
    ("block.html", "{{ block.titel }}", "block.html:1: a BlockContext has no 'titel'; did you mean 'title'?"),
    ("figure.html", "{{ figure.svgg }}", "figure.html:1: a FigureContext has no 'svgg'; did you mean 'svg'?"),
]


@pytest.mark.parametrize(("name", "text", "expected"), WHILE)
@pytest.mark.parametrize("command", [check, build])
def test_what_shows_when_a_page_is_made(folder: Path, command: object, name: str, text: str, expected: str) -> None:
    (folder / "mine" / "templates" / name).write_text(text)
    with pytest.raises(Mistakes) as error:
        command("report.md")  # type: ignore[operator]
    assert str(error.value) == f"mine/templates/{expected}"
    assert not (folder / "site").exists()


def test_of_several_templates_all_mistakes_are_named(folder: Path) -> None:
    for name in ("report.html", "run.html", "runs.html"):
        (folder / "mine" / "templates" / name).write_text("{{ page.nothing_of_the_kind }}")
    with pytest.raises(Mistakes) as error:
        check("report.md")
    assert [line.split(":")[0] for line in str(error.value).split("\n")] == [
        f"mine/templates/{name}" for name in ("report.html", "run.html", "runs.html")
    ]


def test_a_template_of_ones_own_that_is_included_is_in_order(folder: Path) -> None:
    templates = folder / "mine" / "templates"
    (templates / "note.html").write_text("<p>{{ page.title }}</p>")
    inside = '{{ super() }}{% include "note.html" %}{% block own %}{% endblock %}'
    text = f'{{% extends "default/report.html" %}}\n{{% block footer %}}{inside}{{% endblock %}}'
    (templates / "report.html").write_text(text)
    assert check("report.md") == ()


def test_a_theme_in_the_settings_is_named_with_its_line(folder: Path) -> None:
    (folder / "reportgen.toml").write_text('title = "x"\ntheme = "papre"\n')
    with pytest.raises(Mistakes) as error:
        check(".")
    assert str(error.value) == "reportgen.toml:2: no theme 'papre'; did you mean 'paper'?"
