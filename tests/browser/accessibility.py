"""What axe-core finds on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_AXE = Path(__file__).parent / "axe-core" / "axe.min.js"
_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_SERIOUS = {"serious", "critical"}


def serious(page: Any) -> list[str]:
    """One sentence for each serious or critical finding: rule, how often, and the first element.

    The page must have been opened with `bypass_csp=True`: no page lets a foreign script in.
    """
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    result = page.evaluate("standards => axe.run(document, {runOnly: standards, resultTypes: ['violations'], preload: false})", _STANDARDS)
    return [
        f"{one['id']}: {one['help']} ({len(one['nodes'])} times), first {one['nodes'][0]['target']}: {one['nodes'][0]['html'][:160]}"
        for one in result["violations"]
        if one["impact"] in _SERIOUS
    ]
