"""The typed context of the page of one run."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from reportgen.blocks.linked_file import LinkedFile
from reportgen.model import LogWarning, Run
from reportgen.site.contexts import ChartGroup, Fact, Link, PageContext, Section


@dataclass(frozen=True)
class ConfigGroup:
    """Keys of a config with a common beginning.

    Attributes:
        name: That beginning, "" for the whole config.
        entries: Keys with values, and groups below this one, in logged order.
        count: How many keys it has, those of the groups below included.
    """

    name: str
    entries: tuple[Fact | ConfigGroup, ...]
    count: int


@dataclass(frozen=True)
class Difference:
    """A key of the config with different values in two runs; None for the one that lacks it."""

    key: str
    label: Markup
    here: Markup | None
    there: Markup | None


@dataclass(frozen=True)
class Comparison:
    """How a run's config differs from that of another.

    Attributes:
        name: "previous", "best" or "first": by what the address of the page knows it.
        title: The same in words.
        said: How many keys differ, and what the results are.
        more: How many further keys differ.
    """

    name: str
    title: str
    run: Link
    said: str
    differences: tuple[Difference, ...]
    more: int = 0


@dataclass(frozen=True)
class RunContext(PageContext):
    """`run.html`: the page of one run.

    Attributes:
        lead: The answer in one sentence of safe HTML: “best val/acc 0.987 at epoch 12”.
        duration: "40 s", or "" when it is not known.
        command: How to run it again, "" when the log does not say.
        config: The config as a tree.
        charts: Small charts of its metrics, in groups.
        curves: The script that makes them live, a path below the site's root; "" leaves them still.
        thinned: What that script leaves out, in words; "" for nothing.
        axes: What their x axis may be: "step", "time", "wall" or a metric.
        comparisons: What it is compared with.
        summary: Flat key → value as safe HTML, in logged order.
        system: What was measured on the machine, drawn over the run's time.
        sections: What was logged beside metrics.
        files: What the sections show, to be copied.
        reports: The reports that were made from this run.
        warnings: What could not be read of the run as a whole; what concerns one part stands at that part.
        remarks: Links to the parts of which not all could be read.
        previous, next: The runs before and behind it among those of its project; None at the ends.
        place: Its place among them: “3 of 24 runs of digits”.
    """

    run: Run
    colour: str
    lead: Markup
    duration: str
    facts: tuple[Fact, ...]
    command: str
    config: ConfigGroup
    summary: tuple[Fact, ...]
    charts: tuple[ChartGroup, ...]
    curves: str = ""
    thinned: str = ""
    axes: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    system: tuple[ChartGroup, ...] = ()
    notes: Markup = Markup()  # noqa: RUF009 - immutable
    sections: tuple[Section, ...] = ()
    files: tuple[LinkedFile, ...] = ()
    reports: tuple[Link, ...] = field(default_factory=tuple)
    warnings: tuple[LogWarning, ...] = ()
    remarks: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    place: str = ""
