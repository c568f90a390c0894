"""What the page of a run says of its log: what is missing, and, apart from that, how it was read."""

from __future__ import annotations

import re

from markupsafe import Markup
from theme.theme_runs import made, page

from reportgen.model import LogWarning
from reportgen.site.theme import find_theme


def boxes(*warnings: LogWarning) -> list[str]:
    """The texts of the boxes on the page of a run with these warnings."""
    html = find_theme().environment.get_template("run.html").render(page=page(made({"loss": [1.0]}, warnings=warnings)))
    return [" ".join(Markup(one).striptags().split()) for one in re.findall(r'<div class="notice.*?</div>', html, re.DOTALL)]


def test_files_that_were_not_copied_are_not_said_to_be_unreadable() -> None:
    torn, left = LogWarning("The log is torn."), LogWarning("1 file was not copied.", is_loss=False)
    assert boxes() == []
    assert boxes(torn) == ["Not all of this run could be read The log is torn."]
    assert boxes(left) == ["How this run was read 1 file was not copied."]
    assert boxes(left, torn) == ["Not all of this run could be read The log is torn.", "How this run was read 1 file was not copied."]


def test_of_many_the_first_are_shown() -> None:
    (box,) = boxes(*(LogWarning(f"Lost {i}.") for i in range(11)))
    assert box.endswith("Lost 7. … and 3 more of the kind.")
