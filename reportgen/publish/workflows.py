"""`reportgen init --github` and `--gitlab`: a workflow that builds a report at each push and deploys it to the Pages of the repository."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

from reportgen.errors import Mistake
from reportgen.sources.git_remotes import without_credentials

Forge = Literal["github", "gitlab"]
_FILES: dict[Forge, str] = {"github": ".github/workflows/reports.yml", "gitlab": ".gitlab-ci.yml"}


@dataclass(frozen=True)
class Workflow:
    """A workflow that was written.

    Attributes:
        path: Its file.
        notes: What is left to do by hand, one sentence each.
    """

    path: Path
    notes: tuple[str, ...]


def write_workflow(forge: Forge, report: Path) -> Workflow:
    """Writes the workflow for a report into the repository around it.

    Raises:
        Mistake: There is one already, or the report has a name that a workflow cannot have.
    """
    top = _top(report.absolute().parent)
    path = top / _FILES[forge]
    if path.exists():
        raise Mistake(f"{path} exists", hint="add what is needed there by hand: reportgen publish REPORT --to FOLDER")
    target = report.absolute().relative_to(top).as_posix()
    if "${{" in target or not target.isprintable():
        raise Mistake(f"the name of the report cannot stand in a workflow: {target!r}", hint="rename it")
    source = installed_from()
    text = workflow(forge, target, _branch(top), source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    where = {
        "github": "the repository's settings, under Secrets and variables, Actions, Variables",
        "gitlab": "the project's settings, under CI/CD, Variables",
    }[forge]
    notes = [] if source else [f"set the variable REPORTGEN in {where}: where pip installs reportgen from"]
    if forge == "github":
        notes.append("choose GitHub Actions as the source in the repository's settings, under Pages")
    notes.append("commit the run logs, too: the workflow reads them from the repository")
    return Workflow(path, tuple(notes))


def workflow(forge: Forge, report: str, branch: str, source: str) -> str:
    """The text of a workflow.

    Args:
        report: The report, relative to the top of the repository.
        branch: The branch whose pushes are built.
        source: Where pip installs reportgen from; "" for a variable that the user sets.
    """
    # The name alone must never be asked for: on the public index it is another project's.
    given = json.dumps(source) if source else "${{ vars.REPORTGEN }}" if forge == "github" else ""
    variable = f"REPORTGEN: {given}" if given else ""
    text = _GITHUB if forge == "github" else _GITLAB
    text = text.replace("%VARIABLES%\n", f"variables:\n  {variable}\n\n" if variable else "")
    return (
        text.replace("%VARIABLE%", variable)
        .replace("%BRANCH%", json.dumps(branch))
        .replace("%REPORT%", shlex.quote(report if not report.startswith("-") else f"./{report}"))
    )


def installed_from() -> str:
    """Where pip installed this reportgen from, if that is a repository that others can reach; else ""."""
    try:
        about = json.loads(distribution("reportgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return ""
    revision = about.get("vcs_info", {})
    address = without_credentials(str(about.get("url", "")))
    is_commit = re.fullmatch(r"[0-9a-f]{40,64}", revision.get("commit_id", ""))
    if revision.get("vcs") != "git" or not address.startswith("https://") or not is_commit:
        return ""
    return f"git+{address}@{revision['commit_id']}"


def _top(folder: Path) -> Path:
    """The top of the repository around a folder; the folder itself where there is none."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def _branch(top: Path) -> str:
    """The branch that is checked out, "main" where that cannot be told."""
    try:
        head = (top / ".git" / "HEAD").read_text(encoding="utf-8").strip()
    except OSError:
        return "main"
    name = head.removeprefix("ref: refs/heads/")
    return name if name != head and re.fullmatch(r"[\w./-]+", name) else "main"


_GITHUB = """\
# Written by `reportgen init --github`: builds the report at each push and deploys it to GitHub Pages.
# Secrets stop it, and personal data of the runs are removed, as `reportgen publish` does on your own machine.
name: Reports

on:
  push:
    branches: [%BRANCH%]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: pages
  cancel-in-progress: false

jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pages: read
    env:
      %VARIABLE%
    steps:
      - uses: actions/checkout@v7
        with:
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - name: Install reportgen
        run: |
          test -n "$REPORTGEN" || { echo "set the variable REPORTGEN: where pip installs reportgen from"; exit 1; }
          python -m pip install "$REPORTGEN"
      - name: Build the report
        run: |
          reportgen publish %REPORT% --to _site
      - uses: actions/configure-pages@v6
      - uses: actions/upload-pages-artifact@v5
        with:
          path: _site

  deploy:
    needs: build
    runs-on: ubuntu-latest
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: actions/deploy-pages@v5
"""

_GITLAB = """\
# Written by `reportgen init --gitlab`: builds the report at each push and deploys it to GitLab Pages.
# Secrets stop it, and personal data of the runs are removed, as `reportgen publish` does on your own machine.
%VARIABLES%
pages:
  image: python:3.12
  rules:
    - if: $CI_COMMIT_BRANCH == %BRANCH%
  script:
    - test -n "$REPORTGEN" || { echo "set the variable REPORTGEN, where pip installs reportgen from"; exit 1; }
    - python -m pip install "$REPORTGEN"
    - |
      reportgen publish %REPORT% --to public
  artifacts:
    paths:
      - public
"""
