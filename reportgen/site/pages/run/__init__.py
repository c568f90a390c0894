"""The pages of single runs."""

from __future__ import annotations

from reportgen.site.pages.run.page import run_page, run_pages

__all__ = ["run_page", "run_pages"]
