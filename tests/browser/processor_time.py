"""How long the main thread of a page works: in its own time, which other processes of the machine do not change."""

from __future__ import annotations

from typing import Any

PARTS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


class ProcessorTime:
    """Script, style and layout of a page, in milliseconds of processor time; not the painting, which has no graphics card in tests."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent(self) -> float:
        """Milliseconds since the page was opened."""
        metrics = {one["name"]: one["value"] for one in self.session.send("Performance.getMetrics")["metrics"]}
        return float(1000 * sum(metrics[part] for part in PARTS))

    def wait_for_rest(self) -> None:
        """Returns when the page has done next to nothing for a while, at the latest after a minute."""
        before = -1.0
        for _ in range(150):
            now = self.spent()
            if now <= before + 1:
                return
            before = now
            self.page.wait_for_timeout(400)
