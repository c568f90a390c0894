"""An importance is computed once for the same runs and options, whatever part of a site asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from importance.known_functions import make_runs

import reportgen as rg
from reportgen.blocks import importance as fence
from reportgen.blocks import importances, sweep
from reportgen.blocks.block import Context
from reportgen.blocks.importances import importance_if_any, kept_importance
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place, QueryError
from reportgen.model import Runs
from reportgen.store.cache import Cache

STUDIES = Path(__file__).parents[1] / "data" / "optuna"


def some(n: int = 20, shift: float = 0.0) -> Runs:
    x = [i / n for i in range(n)]
    return make_runs([value * 2 + shift * (i == 3) for i, value in enumerate(x)], x=x, y=[(i * 7) % n for i in range(n)])


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The targets for which an importance was computed."""
    asked: list[str] = []
    real = importances.importance

    def counted(runs: Runs, target: str, *more: Any, **options: Any) -> Any:
        asked.append(target)
        return real(runs, target, *more, **options)

    monkeypatch.setattr(importances, "importance", counted)
    monkeypatch.setattr(importances, "Cache", lambda: Cache(tmp_path))
    return asked


def test_the_same_question_is_answered_once(computed: list[str]) -> None:
    first = kept_importance(some(), "score")
    again = kept_importance(some(), "score", params=None, log=())
    assert len(computed) == 1
    assert again == first
    # What could change the answer is asked anew.
    kept_importance(some(shift=0.5), "score")
    kept_importance(some(), "score", seed=1)
    kept_importance(some(), "score", "min")
    kept_importance(some(), "score", params=["config.x"])
    assert len(computed) == 5


def test_what_cannot_be_computed_says_why(computed: list[str]) -> None:
    with pytest.raises(QueryError):
        kept_importance(some(3), "score")
    with pytest.raises(QueryError, match="no column"):
        kept_importance(some(), "scor")
    assert importance_if_any(some(3), "score", None) is None


def test_fences_of_a_report_share_what_is_kept(computed: list[str]) -> None:
    runs = rg.load(STUDIES)
    runs = runs.in_order(run for run in runs if run.sweep == "digits")
    context = Context(runs, runs, "", Place(Path("report.md"), 1), ChartStyle(), lambda _text: None)
    for _ in range(2):
        sweep.render(sweep.Options(), context)
    assert len(computed) == 1
    for _ in range(2):
        fence.render(fence.Options(target="value", marginals=False), context)
    assert len(computed) == 2  # It is about all runs, the sweep about those that came to their end.
