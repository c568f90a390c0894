"""The real fences: their mistakes have the line of the option that is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportgen.blocks import KINDS

CASES = [
    ("chart", "y: val/acc\nx: val/epoch", "report.md:3: chart: no "),
    ("chart", "y: val_acc", "report.md:2: chart: no metric 'val_acc'; did you mean 'val/acc'?"),
    ("compare", "columns:\n  - config.optimizer.nam", "report.md:3: compare: no column 'config.optimizer.nam'; did you mean "),
    ("runs", "columns: [val_acc]", "report.md:2: runs: no column 'val_acc'; did you mean 'val/acc'?"),
    ("importance", "target: val_acc", "report.md:2: importance: no column 'val_acc'; did you mean 'val/acc'?"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_option(mistakes: Callable[..., list[str]], kind: str) -> None:
    found = mistakes(f"Text\n\n```{kind}\nwidht: wide\n```", kinds=KINDS)
    assert f"report.md:4: {kind}: no option 'widht'; did you mean 'width'?" in found


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_run(mistakes: Callable[..., list[str]], kind: str) -> None:
    options = {"chart": "y: val/acc", "importance": "target: val/acc", "vega-lite": "spec: {mark: point}"}.get(
        kind, "width: wide"
    )
    found = mistakes(f"```{kind}\n{options}\nruns: frist_run\n```", kinds=KINDS)
    assert found == [f"report.md:3: {kind}: no run 'frist_run'; did you mean 'first_run'?"]


@pytest.mark.parametrize(("kind", "options", "message"), [case for case in CASES if case[0] in KINDS])
def test_mistakes_of_the_fences(mistakes: Callable[..., list[str]], kind: str, options: str, message: str) -> None:
    found = mistakes(f"```{kind}\n{options}\n```", kinds=KINDS)
    assert len(found) == 1
    assert found[0].startswith(message)
