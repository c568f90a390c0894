from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes
from reportgen.site.assets import check_vendored, theme_assets
from reportgen.site.css import is_colour
from reportgen.site.theme import find_theme
from reportgen.site.theme_options import ChartOptions


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_theme_by_path_replaces_single_templates_and_inherits_the_rest(tmp_path: Path) -> None:
    write(tmp_path / "mine", {"templates/block.html": '[{% include "default/block.html" ignore missing %}own]'})
    theme = find_theme("mine", tmp_path)
    assert [one.name for one in theme.chain] == ["mine", "default"]
    source = theme.environment.loader.get_source(theme.environment, "block.html")[0]  # type: ignore[union-attr]
    assert source.endswith("own]")
    assert theme.environment.get_template("figure.html").filename != theme.environment.get_template("block.html").filename


def test_a_theme_adds_styles_scripts_and_colours(tmp_path: Path) -> None:
    toml = '[light]\naccent = "#aa0000"\n[dark]\naccent = "#ffaaaa"\n[charts]\nline_width = 3\ncategories = ["#111111", "#222222"]\n'
    mine = write(tmp_path / "mine", {"theme.toml": toml, "styles/60-mine.css": ".mine { color: red }", "browser/zz.js": "'mine';"})
    theme = find_theme(str(mine))
    assets = theme_assets(theme)
    css, js = (assets.files[paths[0]].decode() for paths in (assets.styles, assets.scripts))
    assert css.index(".chart ") < css.index(".mine") < css.index("--accent: #aa0000")
    assert ":root[data-theme='dark'] { --accent: #ffaaaa; }" in css
    assert js.index("reportgen") < js.index("'mine'")
    assert theme.chart_style().line_width == 3.0
    assert theme.chart_style().categories == ("#111111", "#222222")


def test_a_style_sheet_replaces_the_inherited_one_of_its_name(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine", {"styles/50-figures.css": ".bare {}"})
    css = theme_assets(find_theme(str(mine))).files
    text = next(content.decode() for path, content in css.items() if path.endswith(".css"))
    assert ".bare" in text
    assert ".chart-canvas" not in text


def test_files_of_a_style_sheet_come_with_it(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine", {"styles/a.css": "b { background: url('../pictures/dot.svg#x') }", "pictures/dot.svg": "<svg/>"})
    with pytest.raises(Mistakes, match=r"a\.css:1: no file \.\./pictures/dot\.svg#x"):
        theme_assets(find_theme(str(mine)))
    (mine / "styles" / "a.css").write_text("b { background: url('../pictures/dot.svg'), url(data:image/png;base64,AA) }")
    assets = theme_assets(find_theme(str(mine)))
    [picture] = [path for path in assets.files if "dot." in path]
    css = assets.files[assets.styles[0]].decode()
    assert f'url("{picture.removeprefix("assets/")}"), url(data:image/png;base64,AA)' in css


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("colour = 1", ["1: no setting 'colour'; there are: inherits, description, light, dark, charts"]),
        ("\ninherits = 3", ["2: setting 'inherits' expects text, got 3; put it in quotes: '3'"]),
        ("inherits = ", ['1: invalid TOML: expected a value; text stands in quotes, as in "text"']),
        ("inherits = 'papre'", ["1: no theme 'papre'; did you mean 'paper'?"]),
        ("inherits = '../mine'", ["1: the theme '../mine' inherits from itself"]),
        ("[charts]\nlinewidth = 2\nline_width = 'thick'", [
            "2: no setting 'linewidth'; did you mean 'line_width'?", "3: setting 'charts.line_width' expects a number, got 'thick'",
        ]),
        ("[charts]\nband_opacity = 2", ["2: setting 'charts.band_opacity' expects a number of at most 1.0, got 2"]),
        ("[charts]\nink = 'blakc'\ncategories = [\n  '#fff',\n  'gren',\n]", [
            "2: setting 'charts.ink' expects a colour, got 'blakc'; did you mean 'black'?",
            "5: setting 'charts.categories' expects a colour, got 'gren'; did you mean 'green'?",
        ]),
        ("[charts]\nsequence = ['#123456', 'red']", [
            "2: setting 'charts.sequence' expects a colour as #rrggbb, got 'red'; the colours between them are computed",
        ]),
        ("[light]\naccnt = '#fff'\n[dark]\n--ink = '#fff'", [
            "2: no variable 'accnt'; did you mean 'accent'?", "4: no variable '--ink'; did you mean 'ink'?",
        ]),
        ("[light]\npaper = 'notacolour; } body{display:none'", [
            "2: variable 'paper' expects a colour, got 'notacolour; } body{display:none'; as in #3451c6, rgb(52 81 198) or rebeccapurple",
        ]),
        ("[light]\ntext = 'wide'\nmono = 'x} *{all:unset'\nsans = '\"Inter'\nwide = 3", [
            "5: setting 'light.wide' expects text, got 3; put it in quotes: '3'",
        ]),
        ("[light]\ntext = 'wide'\nmono = 'x} *{all:unset'\nsans = '\"Inter'", [
            "2: variable 'text' expects a length, got 'wide'; as in 680px or 42rem",
            "3: variable 'mono' expects a value without }, got 'x} *{all:unset'; what needs it belongs in a style sheet",
            "4: variable 'sans' expects a value whose quotes and parentheses are closed, got '\"Inter'",
        ]),
        ("light = 3", ["1: setting 'light' expects a mapping of names to values, got 3"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_theme_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, expected: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine", {"theme.toml": toml})
    with pytest.raises(Mistakes) as error:
        find_theme("mine")
    assert str(error.value).split("\n") == [f"mine/theme.toml:{line}" for line in expected]


@pytest.mark.parametrize(
    "value",
    ["#fff", "#3451C6", "#3451c680", "Rebeccapurple", "rgb(52 81 198 / 50%)", "hsla(120, 50%, 50%, .3)", "var(--ink)", "transparent",
     "oklch(0.7 0.1 200)", "color-mix(in srgb, red 20%, white)"],
)  # fmt: skip
def test_what_css_takes_for_a_colour(value: str) -> None:
    assert is_colour(value)


@pytest.mark.parametrize("value", ["", "#ff", "#12345", "blu", "rgb(1,2,3", "rgb(1));x(", "red;", "url(x)", "1px", "var(x)"])
def test_what_it_does_not(value: str) -> None:
    assert not is_colour(value)


def test_what_a_chart_can_be_told_is_what_its_style_has() -> None:
    assert set(ChartOptions.model_fields) == {field.name for field in fields(ChartStyle)} - {"run_colours"}


def test_an_unknown_theme_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match=r"no theme 'defautl'; did you mean 'default'\?"):
        find_theme("defautl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Mistakes, match="the folder empty is no theme"):
        find_theme("empty", tmp_path)


def test_a_vendored_file_is_what_was_vendored(tmp_path: Path) -> None:
    entry = {"file": "a.js", "version": "1", "licence": "MIT", "sha256": "0" * 64}
    write(tmp_path, {"a.js": "changed", "manifest.json": json.dumps({"files": [entry]})})
    with pytest.raises(Mistake, match=r"a\.js is not the file that was vendored"):
        check_vendored(tmp_path)
    write(tmp_path, {"b.js": "stowaway"})
    with pytest.raises(Mistake, match=r"b\.js is not listed"):
        check_vendored(tmp_path)
