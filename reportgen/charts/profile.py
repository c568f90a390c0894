"""Performance profiles: for each score the share of the runs of a group that are better.

`python -m reportgen.charts.profile > profile.svg` draws an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.grouping import Band
from reportgen.analysis.statistics import Profile
from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.colouring import Colouring, colour_names
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.charts.line_values import Line, LineSettings, LineValues
from reportgen.charts.lines import draw
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, is_share, key_words, listed, shorten
from reportgen.model import Goal
from reportgen.words import _


@dataclass(frozen=True)
class GroupProfile:
    """The profile of a group: `id` is that of its first run."""

    id: str
    label: str
    profile: Profile


def profile_chart(
    groups: Sequence[GroupProfile],
    metric: str,
    goal: Goal,
    level: float,
    style: ChartStyle,
    layout: Layout | None = None,
    colours: Colouring | None = None,
) -> Figure:
    """One line of steps for each group, with its band.

    Args:
        colours: Those that the groups have in other charts; by default in the order of the groups.
    """
    layout = layout or Layout()
    scores = groups[0].profile.scores
    percent = is_share(metric, scores.tolist())
    lines = tuple(_line(one) for one in groups)
    banded = any(line.has_band for line in lines)
    values = LineValues(
        key=metric,
        x_key=metric,
        lines=lines,
        x=scale_for(metric, scores, log=wants_log(metric, scores), nice=False, percent=percent),
        y=Scale(_("share of runs that are better"), "linear", (0.0, 1.0), percent=True),
        colours=colours or colour_names({one.id: one.label for one in groups}, style),
        # Lines that all end at zero cannot carry their names there: a colour of its own gives them a legend.
        settings=LineSettings(group=("group",), color="group"),
        facets=("",),
        subtitle=_("{level} % bootstrap interval").format(level=f"{100 * level:.4g}") if banded else "",
        notes=(),
        run_count=sum(one.profile.n for one in groups),
        goal=None,
    )
    figure = draw(values, style, layout)
    title = _("Which share of the runs is better than a {metric}").format(metric=shorten(key_words(metric), 40))
    said = _("Performance profiles of {metric} for {groups}: the share of runs above each score.")
    if goal == "min":
        said = _("Performance profiles of {metric} for {groups}: the share of runs below each score.")
    listing = listed([f"{one.label} ({counted(one.profile.n, 'run')})" for one in groups])
    return replace(figure, title=layout.title or title, description=said.format(metric=metric, groups=listing))


def _line(one: GroupProfile) -> Line:
    """The profile as steps: at each score the share up to it, then the share from it on."""
    found = one.profile
    x = np.repeat(found.scores, 2)[1:]
    share, low, high = (np.repeat(part, 2)[:-1] for part in (found.share, found.low, found.high))
    n = np.full(len(x), found.n)
    return Line(one.id, one.label, x, share, np.arange(len(x)), band=Band(x, share, low, high, n), runs=("",) * found.n)


if __name__ == "__main__":
    from reportgen.analysis.statistics import Sample, profile
    from reportgen.charts.demo import print_svg

    rng = np.random.default_rng(0)
    samples = {name: Sample.of(rng.normal(mean, 0.05, 12)) for name, mean in (("adam", 0.9), ("sgd", 0.85))}
    at = np.unique(np.concatenate([sample.pooled for sample in samples.values()]))
    example = [GroupProfile(name, name, profile(sample, at)) for name, sample in samples.items()]
    print_svg(profile_chart(example, "val/acc", "max", 0.95, ChartStyle()))
