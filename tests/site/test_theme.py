from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.errors import Mistake
from reportgen.site.assets import check_vendored, theme_assets
from reportgen.site.theme import find_theme


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
    with pytest.raises(Mistake, match=r"a\.css: no file \.\./pictures/dot\.svg#x"):
        theme_assets(find_theme(str(mine)))
    (mine / "styles" / "a.css").write_text("b { background: url('../pictures/dot.svg'), url(data:image/png;base64,AA) }")
    assets = theme_assets(find_theme(str(mine)))
    [picture] = [path for path in assets.files if "dot." in path]
    css = assets.files[assets.styles[0]].decode()
    assert f'url("{picture.removeprefix("assets/")}"), url(data:image/png;base64,AA)' in css


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("colour = 1", r"theme\.toml: no setting 'colour'"),
        ("inherits = 3", r"theme\.toml: inherits: Input should be a valid string"),
        ("inherits = ", r"theme\.toml: not valid TOML"),
        ("inherits = 'papre'", r"theme\.toml: no theme 'papre'"),
        ("inherits = '../mine'", r"theme\.toml: the theme '\.\./mine' inherits from itself"),
        ("[charts]\nlinewidth = 2", r"theme\.toml: charts: no setting 'linewidth'; did you mean 'line_width'\?"),
        ("[charts]\nline_width = 'thick'", r"theme\.toml: charts: line_width must be a float, not 'thick'"),
    ],
)
def test_a_mistake_in_a_theme_is_explained(tmp_path: Path, toml: str, message: str) -> None:
    mine = write(tmp_path / "mine", {"theme.toml": toml})
    with pytest.raises(Mistake, match=message):
        find_theme(str(mine)).chart_style()


def test_an_unknown_theme_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"no theme 'defautl'; did you mean 'default'\?"):
        find_theme("defautl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Mistake, match="the folder empty is no theme"):
        find_theme("empty", tmp_path)


def test_a_vendored_file_is_what_was_vendored(tmp_path: Path) -> None:
    entry = {"file": "a.js", "version": "1", "licence": "MIT", "sha256": "0" * 64}
    write(tmp_path, {"a.js": "changed", "manifest.json": json.dumps({"files": [entry]})})
    with pytest.raises(Mistake, match=r"a\.js is not the file that was vendored"):
        check_vendored(tmp_path)
    write(tmp_path, {"b.js": "stowaway"})
    with pytest.raises(Mistake, match=r"b\.js is not listed"):
        check_vendored(tmp_path)
