"""Every line that comes out of a template knows the line that went in."""

from __future__ import annotations

import random
import re
from pathlib import Path

from report.samples import KINDS

from reportgen.report.expressions import evaluate
from reportgen.report.inserts import Inserts
from reportgen.report.template import prepare, split

PIECES = (
    "line L{n}", "- item L{n}", "{{{{ 'x' }}}} L{n}", "{{% for i in [1, 2, 3] %}}", "{{% endfor %}}", "{{% if true %}}",
    "{{% endif %}}", "",
    "> quote L{n} {{{{ 1 }}}}", "`code {{{{ L{n}` {{{{ 2 }}}}", "    indented L{n}", "{{% set a = 1 %}}", "{{# comment #}}",
    "```python", "```", "```chart",
    "y: L{n}", "{{% if false %}}", "{{% raw %}}{{{{ L{n}{{% endraw %}}", "tail {{% if true %}}L{n}{{% endif %}}",
    "<!-- L{n} {{{{ -->", "{{{{ [1,", "2] }}}} L{n}",
)  # fmt: skip


def test_markers_survive_any_order_of_lines() -> None:
    chance = random.Random(7)
    checked = 0
    for _ in range(600):
        body = "\n".join(chance.choice(PIECES).format(n=n + 10) for n in range(chance.randint(1, 25)))
        found: list[object] = []
        result = evaluate(prepare(body, 10, KINDS), Path("r.md"), 10, {}, Inserts(), found.append)
        if not result.whole:
            continue
        for text, line in zip(result.text.split("\n"), result.lines, strict=True):
            for named in re.findall(r"L(\d+)", text)[:1]:
                assert int(named) == line or "[1," in body, f"{body}\n----\n{result.text}"
                checked += 1
    assert checked > 200


def test_parts_are_the_body() -> None:
    chance = random.Random(3)
    for _ in range(600):
        body = "\n".join(chance.choice(PIECES).format(n=n) for n in range(chance.randint(1, 25)))
        parts = list(split(body, 1, KINDS))
        without_raw = re.sub(r"\{% (?:end)?raw %\}", "", body)
        assert re.sub(r"\{% (?:end)?raw %\}", "", "".join(part.text for part in parts)) == without_raw
        line = 1
        for part in parts:
            assert part.line == line
            line += part.text.count("\n")
