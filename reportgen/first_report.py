"""`reportgen init`: a first report about the logs below a folder, worth reading as it is and made to be changed."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportgen.analysis.importance.words import FEWEST_RUNS
from reportgen.analysis.main_metric import interest, main_metric
from reportgen.analysis.repeats import is_seed, repeats
from reportgen.errors import Mistake, SourceError
from reportgen.model import Runs, goal_of
from reportgen.sources import load

EXAMPLE = Path(__file__).parent / "example"
"""A small log that an empty folder is given."""
_YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_CURVES = 4
_MOST_SOURCES = 6
_SWEEPS = 3


@dataclass(frozen=True)
class FirstReport:
    """A report that was written.

    Attributes:
        path: Its file.
        runs: How many runs it is about.
        example: The folder of the example log that was put there; None where there were logs.
    """

    path: Path
    runs: int
    example: Path | None = None


def write_first_report(folder: Path, name: str = "report.md", today: date | None = None) -> FirstReport:
    """Finds the logs below a folder and writes a report about them.

    Args:
        today: The date of the report.

    Raises:
        Mistake: The report exists, or the folder does not.
    """
    if not folder.is_dir():
        raise Mistake(f"no folder '{folder}'", hint="make it, or name another one")
    path = folder / name
    if path.exists():
        raise Mistake(f"{path} exists", hint="name another file with -o")
    example = None
    try:
        runs = load(folder)
    except SourceError:
        if any(not one.name.startswith(".") for one in folder.iterdir()):
            raise
        example = folder / "runs"
        shutil.copytree(EXAMPLE, example)
        runs = load(folder)
    path.write_text(first_report(runs, folder, today or date.today()), encoding="utf-8")
    return FirstReport(path, len(runs), example)


def first_report(runs: Runs, folder: Path, today: date) -> str:
    """The text of the report: what it shows depends on what the runs have."""
    parts = [_front_matter(runs, folder, today), _LEAD, *_about(runs)]
    return "\n\n".join(parts) + "\n"


_LEAD = """\
<!-- Written by `reportgen init`, to be rewritten by you. `reportgen build` makes a site of it, `reportgen check` finds mistakes.
     Text is Markdown; what stands in {{ … }} is filled in from the runs; a fence such as ```chart draws what it says. All fences and
     their options are in the reference of reportgen. Comments such as this one are not shown. -->"""


def _front_matter(runs: Runs, folder: Path, today: date) -> str:
    sources = _sources(runs, folder)
    listed = f"[{', '.join(map(_option, sources))}]" if len(sources) > 1 else _option(sources[0])
    return f"---\ntitle: {_option(_title(runs, folder))}\ndate: {today.isoformat()}\nruns: {listed}\n---"


def _title(runs: Runs, folder: Path) -> str:
    """The project that most runs name, else the name of the folder."""
    projects = Counter(run.project for run in runs if run.project)
    title = projects.most_common(1)[0][0] if projects else folder.resolve().name
    return title if _is_plain(title) and title.strip() else "Runs"


def _sources(runs: Runs, folder: Path) -> list[str]:
    """The folders right below this one that hold logs; "." where they lie in it, or are too many to name."""
    here = folder.resolve()
    first = {Path(os.path.relpath(run.source.path, here)).parts[0] for run in runs}
    if any(not (here / name).is_dir() for name in first) or len(first) > _MOST_SOURCES:
        return ["."]
    return sorted(first)


def _about(runs: Runs) -> Iterator[str]:
    """The sections of the report."""
    metric = main_metric(runs)
    metric = metric if _is_plain(metric) else ""
    varied = _varied(runs)
    sweeps = list(dict.fromkeys(run.sweep for run in runs if run.sweep and _is_plain(run.sweep)))[:_SWEEPS]
    yield _opening(runs, metric)
    if curves := _curves(runs):
        yield _fence("chart", f"y: {_list(curves)}", "caption: What the runs logged while they trained.")
    if metric and len(runs) > 1:
        yield "## The best runs" if len(runs) > 10 else "## The runs side by side"
        yield _fence("compare", *([f"runs: {_option(f'top(10, {metric})')}"] if len(runs) > 10 else []), f"sort: {_option(metric)}")
    yield from _groups(runs, metric, varied)
    for sweep in sweeps:
        yield f"## The search {_code(sweep)}"
        yield _fence("sweep", f"sweep: {_option(sweep)}")
    if metric and varied and len(runs) >= FEWEST_RUNS and not sweeps:
        yield f"## What moved {_code(metric)}"
        yield _fence("importance", f"target: {_option(metric)}")
    yield "## All runs"
    yield _fence("runs")
    yield "<!-- Next: say in the first paragraph what you wanted to find out and what came of it; delete what does not help. -->"


def _opening(runs: Runs, metric: str) -> str:
    count = "{{ runs | length }} runs" if len(runs) > 1 else "One run"
    if not metric:
        return f"{count}, read from their logs."
    key = json.dumps(metric, ensure_ascii=False)
    best = f"{{{{ runs.best({key}).link }}}}"
    value = f"{{{{ runs.best({key})[{key}] | num(4) }}}}"
    if len(runs) == 1:
        return f"{best} ends at {value} in {_code(metric)}."
    return f"Of {count} {best} ends with the best {_code(metric)}: {value}."


def _curves(runs: Runs) -> list[str]:
    """The metrics that say most and that at least half of the runs logged more than once."""
    ranked = sorted((interest(key, run), key) for run in runs for key, series in run.history.items() if len(series) > 1)
    counted = Counter(key for run in runs for key, series in run.history.items() if len(series) > 1)
    known = dict.fromkeys(key for _, key in ranked if _is_plain(key) and not key.startswith("_"))
    named = [key for key in known if 2 * counted[key] >= len(runs)]
    directed = [key for key in named if goal_of(key, tuple(runs))]
    return (directed or named)[:_CURVES]


def _is_plain(name: str) -> bool:
    """Whether a name can stand in a report: what looks like an expression would be taken for one."""
    return not any(sign in name for sign in ("{{", "{%", "{#", "\n", "\r"))


def _varied(runs: Runs) -> list[str]:
    """The config keys that differ, seeds apart: those with the fewest values first, words before numbers."""
    keys = [key for key in runs.config_keys if not is_seed(key) and not key.startswith("_") and _is_plain(key)]
    values = {key: {repr(run.config.get(key)) for run in runs} for key in keys}
    words = {key for key in keys if any(isinstance(run.config.get(key), str) for run in runs)}
    return sorted((key for key in keys if len(values[key]) > 1), key=lambda key: (len(values[key]), key not in words, key))


def _groups(runs: Runs, metric: str, varied: Sequence[str]) -> Iterator[str]:
    """Where settings were repeated with other seeds: the settings compared with what their spread can tell."""
    families = {tuple(sorted(run.id for run in several)) for several in repeats(runs).values()}
    repeated = [one for one in families if len(one) > 1]
    if not metric or not varied or len(repeated) < 2 or len(repeated) > 30:
        return
    yield "## What the seeds can tell"
    group = [f"config.{key}" for key in _dividing(runs, varied)]
    yield _fence("compare", f"group: {_list(group)}", f"columns: {_option(metric)}", f"sort: {_option(metric)}", "statistics: true")


def _dividing(runs: Runs, varied: Sequence[str]) -> list[str]:
    """As few of the keys as divide the runs in the same way as all of them."""
    chosen: list[str] = []

    def groups(keys: Sequence[str]) -> int:
        return len({tuple(repr(run.config.get(key)) for key in keys) for run in runs})

    for key in varied:
        if groups([*chosen, key]) > groups(chosen):
            chosen.append(key)
    return chosen


def _fence(kind: str, *options: str) -> str:
    return "\n".join([f"```{kind}", *options, "```"])


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_option, names))}]" if len(names) > 1 else _option(names[0])


def _option(text: str) -> str:
    """A value of an option: quoted where YAML would read it as something else."""
    safe = text[:1].isalpha() and all(sign.isalnum() or sign in "/._-" for sign in text) and text.lower() not in _YAML_WORDS
    return text if safe else json.dumps(text, ensure_ascii=False)


def _code(text: str) -> str:
    """A name as code in Markdown, whatever it holds."""
    ticks = "`" * (max((len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"
