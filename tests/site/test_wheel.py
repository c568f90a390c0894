from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from site_samples import write_runs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("reportgen", "themes"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def test_the_wheel_holds_every_file_of_the_themes(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    themes = {f"reportgen/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "themes").rglob("*") if path.is_file()}
    assert themes
    assert themes <= inside


def test_an_installed_wheel_finds_its_themes_and_builds(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip does it, in a place of its own that comes before the checkout, whose packages it uses."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "packages")
    write_runs(tmp_path / "logs")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'packages')!r}); import reportgen;"
        "from reportgen.site.theme import find_theme, theme_folders;"
        "print(theme_folders()); print(find_theme().folder); print(reportgen.build('logs').pages)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    themes = tmp_path / "packages" / "reportgen" / "themes"
    assert done.stdout.splitlines() == [str(themes), str(themes / "default"), "6"]
