"""Builds that remember give what a first build gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import Mistakes
from reportgen.remembering import Memory, Same, logs_seen, remembered, remembered_while, using
from reportgen.report.skeleton import skeleton_of
from reportgen.report.template import prepare as template_of
from reportgen.site.build import content_of, contents, prepare


def built(report: Path, memory: Memory) -> dict[str, bytes]:
    with using(memory):
        workspace, documents = prepare(report, (), None, None, True, None)
        files = {path: content_of(content) for path, content in contents(workspace, documents)}
    memory.forget()
    return files


def csv_run(folder: Path, name: str, *values: float) -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "config.yaml").write_text(f"lr: {len(name)}\n", encoding="utf-8")
    rows = "".join(f"{step},{value}\n" for step, value in enumerate(values))
    (folder / name / "metrics.csv").write_text(f"step,acc\n{rows}", encoding="utf-8")


START = """---
title: Remembered
runs: logs
---

Best of {{ runs | length }}: {{ runs.best('acc').link }}.
{% for run in runs %}Run {{ run.name }} has {{ run['acc'] | num(2) }}; {% endfor %}

```runs
columns: [name, acc, config.lr]
caption: All of them, the best is {{ runs.best('acc').name }}.
```

{% if runs | length > 1 %}

```chart
y: acc
title: A chart
```

{% endif %}

The end.
"""


def test_what_is_remembered_is_what_a_first_build_gives(tmp_path: Path) -> None:
    report, memory = tmp_path / "report.md", Memory()
    csv_run(tmp_path / "logs", "one", 0.1, 0.5)
    csv_run(tmp_path / "logs", "three", 0.2, 0.4)
    texts = [
        START,
        START.replace("The end", "Another end"),
        START.replace("The end.", "## A heading\n\nThe end, {{ runs | length }} runs.\n\n> A quotation."),
        START.replace("title: A chart", "title: Another chart\nsmooth: 0.5"),
        START.replace("config.lr]", "config.lr]\nruns: top(1, acc)"),
        START.replace("runs: logs", "runs: logs\nwhere: \"config.lr > 3\""),
        START.replace("title: Remembered", "title: Renamed\nlanguage: ko"),
        START,
    ]
    for text in texts:
        report.write_text(text, encoding="utf-8")
        assert built(report, memory) == built(report, Memory())
    csv_run(tmp_path / "logs", "three", 0.2, 0.4, 0.9)
    # Logs are looked at again only when somebody says that they changed.
    assert b"one</a>.\nRun" in built(report, memory)["index.html"]
    memory.logs += 1
    after = built(report, memory)
    assert b"three</a>.\nRun" in after["index.html"]
    assert after == built(report, Memory())


def test_mistakes_are_the_same_again(tmp_path: Path) -> None:
    report, memory = tmp_path / "report.md", Memory()
    csv_run(tmp_path / "logs", "one", 0.1)
    report.write_text(START, encoding="utf-8")
    built(report, memory)
    wrong = START.replace("y: acc", "y: ac").replace("The end.", "{{ 1 / 0 }}, {{ runs.nobody }} {{ 1 | nofilter }}").replace("> 1", "> 0")
    report.write_text(wrong, encoding="utf-8")
    told = []
    for one in (memory, memory, Memory()):
        with pytest.raises(Mistakes) as caught:
            built(report, one)
        told.append(str(caught.value))
    assert told[0] == told[1] == told[2]
    assert len(told[0].splitlines()) >= 3
    report.write_text(START, encoding="utf-8")
    assert built(report, memory) == built(report, Memory())


def test_questions() -> None:
    memory, computed = Memory(), []

    def compute() -> list[int]:
        computed.append(1)
        return [1]

    one, two = [1], [1]
    assert remembered(lambda: "a", compute) == remembered(lambda: "a", compute)  # outside: nothing is kept
    assert len(computed) == 2
    with using(memory):
        assert remembered(lambda: ("a", Same(one)), compute) is remembered(lambda: ("a", Same(one)), compute)
        assert remembered(lambda: ("a", Same(one)), compute) is not remembered(lambda: ("a", Same(two)), compute)
        assert logs_seen() == 0
    for _ in range(5):
        memory.forget()
    assert len(memory) == 0


def test_what_is_read_from_files_is_kept_while_they_are_the_same() -> None:
    states, made = [1], iter(range(10))
    with using(Memory()):
        found = [remembered_while("a", lambda _: states[0], lambda: next(made)) for states[0] in (1, 1, 2, 2, 1)]
    assert found == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("body", "has_one"),
    [
        ("Words {{ x }} and\nmore {# not said #}.\n\n{% if x %}\nYes\n{% else %}\nNo\n{% endif %}\n", True),
        ("Words {% set y = 1 %}{{ y }}\n", False),
        ("{% macro m() %}Words{% endmacro %}{{ m() | upper }}\n", False),
        ("{% filter upper %}words{% endfilter %}\n", False),
        ("{% raw %}{{ x }}{% endraw %}\n", True),
        ("No tags at all.\n", True),
    ],
)
def test_skeletons(body: str, has_one: bool) -> None:
    template = template_of(body, 1, ())
    skeleton = skeleton_of(template)
    assert (skeleton is not None) == has_one
    if skeleton:
        assert skeleton.restore(skeleton.source) == template.source
        assert skeleton.source.count("\n") == template.source.count("\n")
        other = skeleton_of(template_of(body.replace("Words", "Other words"), 1, ()))
        assert other is not None
        assert other.source == skeleton.source
