"""The parts of a sweep's page, each with its charts: those that its trials do not fill are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from reportgen.analysis.importance import Importance
from reportgen.analysis.sweeps import Trials
from reportgen.analysis.sweeps.trials import COMPLETE, duplicates
from reportgen.blocks import sweep_figures as figures
from reportgen.blocks.importance_view import notes as importance_notes
from reportgen.blocks.links import run_link
from reportgen.blocks.sweep_words import state_words
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.model import Run
from reportgen.site.site import Site
from reportgen.site.sweep_contexts import SweepPart
from reportgen.words import _, count, ngettext

_MOST_LISTED = 30


def parts_before(site: Site, trials: Trials, importance: Importance | None, keys: Sequence[str], target: str) -> Iterator[SweepPart]:
    """What explains the objective, how the search went, and the Pareto front of several objectives."""
    style = site.workspace.style
    if drawn := figures.front(trials, style):
        said = _("On the front no objective can be made better without making another one worse.")
        yield _part(site, _("Pareto front"), "front", said, drawn, 2)
    if drawn := figures.bars(importance, style):
        notes = (*importance.warnings, *importance_notes(importance)) if importance else ()
        found = _part(site, _("Importance"), "importance", "", drawn, 0, notes)
        yield replace(found, how_to_read=site.how_to_read("importance", target))
    if drawn := figures.progress(trials, style):
        yield _part(site, _("Best so far"), "progress", "", drawn, 2)


def parts_after(site: Site, trials: Trials, keys: Sequence[str], root: str) -> Iterator[SweepPart]:
    """The objective over hyperparameters and pairs of them, its distribution, how trials ran, and which failed or repeat others."""
    style = site.workspace.style
    if drawn := figures.slices(trials, keys, style):
        said = _("Each point is a trial; those that began first are dark blue, the last ones yellow.")
        more = len(keys) - len(drawn)
        notes = (ngettext("{n} more has no slice here.", "{n} more have no slice here.", more).format(n=more),) if more > 0 else ()
        yield _part(site, _("Slices"), "slices", said, drawn, 3, notes)
    if drawn := figures.pairs(trials, keys, style, figures.CARD):
        said = _("The surface between the trials is the mean of those nearby; where there are none it is blank.")
        yield _part(site, _("Contours"), "contours", said, drawn, 3)
    if drawn := figures.pairs(trials, keys, style, figures.CARD, rank=True):
        yield _part(site, _("Ranks"), "ranks", _("Coloured by rank, so that a few wild values do not outshine the rest."), drawn, 3)
    if drawn := figures.distribution(trials, style):
        yield _part(site, _("Distribution"), "distribution", _("How many of the trials reached how much."), drawn, 2)
    if drawn := figures.intermediate(trials, style, Layout("full")):
        yield _part(
            site, _("While they ran"), "intermediate", _("All trials that reported something, also those that were cut short."), drawn, 0
        )
    if drawn := figures.over_time(trials, style, Layout("full")):
        yield _part(site, _("Timeline"), "timeline", "", drawn, 0)
    if lists := [*_undone(site, trials, root), *_repeated(site, trials, root)]:
        yield SweepPart(_("Failed, pruned and repeated trials"), "others", Markup(), tuple(lists))


def _part(
    site: Site, title: str, anchor: str, said: str, drawn: Sequence[Figure], columns: int, notes: Sequence[str] = ()
) -> SweepPart:  # fmt: skip
    return SweepPart(title, anchor, Markup("{}").format(said), tuple(site.draw(figure) for figure in drawn), columns, tuple(notes))


def _undone(site: Site, trials: Trials, root: str) -> Iterator[Markup]:
    """The trials that did not come to their end, by state."""
    words = state_words()
    by_state: dict[str, list[Run]] = {}
    for run in trials.runs:
        if run.state not in COMPLETE:
            by_state.setdefault(words[run.state], []).append(run)
    for state, several in by_state.items():
        yield _listed(site, f"{count(len(several))} {state}", several, root)
    lacking = [run for run, counts in zip(trials.runs, trials.counted, strict=True) if run.state in COMPLETE and not counts]
    if lacking and trials.objectives:
        said = _("{n} came to the end without a finite result, or broke a constraint")
        yield _listed(site, said.format(n=count(len(lacking))), lacking, root)


def _repeated(site: Site, trials: Trials, root: str) -> Iterator[Markup]:
    """Groups of trials with the same config."""
    groups = duplicates(trials)
    if not groups:
        return
    rows = [Markup("<li>{}</li>").format(_links(site, several, root)) for several in groups[:_MOST_LISTED]]
    if len(groups) > _MOST_LISTED:
        rows.append(Markup("<li>{}</li>").format(_("and {n} more").format(n=count(len(groups) - _MOST_LISTED))))
    title = ngettext("{n} config was tried more than once", "{n} configs were tried more than once", len(groups))
    yield Markup("<h3>{}</h3><ul>{}</ul>").format(title.format(n=count(len(groups))), Markup("").join(rows))


def _listed(site: Site, title: str, several: Sequence[Run], root: str) -> Markup:
    return Markup('<h3>{}</h3><p class="trial-links">{}</p>').format(title, _links(site, several, root))


def _links(site: Site, several: Sequence[Run], root: str) -> Markup:
    links = Markup(", ").join(run_link(run, root, site.workspace.style.colour(run.id)) for run in several[:_MOST_LISTED])
    more = len(several) - _MOST_LISTED
    return links + (Markup(" ") + _("and {n} more").format(n=count(more)) if more > 0 else Markup())
