"""The page of all sweeps."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportgen.analysis.column_format import duration_text
from reportgen.analysis.sweeps import Sweep, Trials
from reportgen.analysis.sweeps.groups import LEAST
from reportgen.analysis.sweeps.progress import timeline
from reportgen.analysis.sweeps.trials import states
from reportgen.blocks.links import SWEEPS_PAGE, run_link, sweep_href
from reportgen.blocks.readable import readable
from reportgen.blocks.sweep_words import best_said, state_words
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.words import key_words
from reportgen.site.pages.lead import value_text
from reportgen.site.site import ComposedPage, Site
from reportgen.site.sweep_contexts import SweepsContext
from reportgen.words import _, count, ngettext


def overview(site: Site, trials: Sequence[Trials]) -> ComposedPage:
    """The page of all sweeps; `trials` are those of `site.sweeps`."""
    lead = _lead(site, trials)
    heads = (
        Head(_("sweep")), Head(_("what it is")), Head(_("trials"), number=True), Head(_("how they ended")), Head(_("objective")),
        Head(_("best")), Head(_("by")), Head(_("varied"), number=True), Head(_("time"), number=True),
    )  # fmt: skip
    rows = tuple(_row(site, sweep, one) for sweep, one in zip(site.sweeps, trials, strict=True))
    context = SweepsContext(
        **site.base(SWEEPS_PAGE),
        title=_("Sweeps"),
        description=lead.striptags(),
        lead=lead,
        table=table_html(TableView(heads, rows, _("Sweeps"), id="sweeps")),
        notes=(
            _(
                "A sweep is what a tracker calls one. Where none does, at least {n} runs of one group, else of one project, else in one "
                "folder count as one when their configs differ. No run is in two."
            ).format(n=LEAST),
        ),
    )
    return site.page(SWEEPS_PAGE, "sweeps.html", context)


def _lead(site: Site, trials: Sequence[Trials]) -> Markup:
    """How many sweeps and trials there are, and the best trial of the largest sweep."""
    n = ngettext("{n} sweep", "{n} sweeps", len(trials)).format(n=count(len(trials)))
    total = sum(len(one) for one in trials)
    said = Markup(_("{sweeps} with {trials} in all.")).format(
        sweeps=n, trials=ngettext("{n} trial", "{n} trials", total).format(n=count(total))
    )
    sweep, largest = max(zip(site.sweeps, trials, strict=True), key=lambda pair: pair[1].n)
    parts = [said, best_said(largest, "", site.workspace.style)]
    if len(trials) > 1:
        link = Markup('<a href="{}">{}</a>').format(sweep_href(sweep.name, ""), readable(sweep.title))
        parts.insert(1, Markup(_("The largest is {sweep}.")).format(sweep=link))
    return Markup(" ").join(parts)


def _row(site: Site, sweep: Sweep, trials: Trials) -> tuple[Cell, ...]:
    words = state_words()
    told = {"group": _("runs of one group"), "project": _("runs of one project"), "folder": _("runs in one folder")}
    formats = {
        "optuna": _("Optuna study"), "wandb": _("W&B sweep"), "wandb-api": _("W&B sweep"), "hydra": _("Hydra multirun"),
        "ray": _("Ray experiment"),
    }  # fmt: skip
    title = readable(sweep.name) or "sweep"
    link = Markup('<a href="{}">{}</a>').format(sweep_href(sweep.name, ""), title)
    objective = ", ".join(f"{readable(key_words(one.column))} {'↓' if one.goal == 'min' else '↑'}" for one in trials.objectives)
    best, by = MISSING, MISSING
    if trials.n and trials.objectives:
        first, colour = trials.ranked[0], site.workspace.style.colour(trials.ranked[0].id)
        value = float(trials.values[trials.counted, 0][list(trials.counted_runs).index(first)])
        best, by = Cell.of(value_text(trials.objectives[0].column, value), repr(value)), Cell(run_link(first, "", colour), first.name)
    ended = ", ".join(f"{count(n)} {words[state]}" for state, n in states(trials.runs).items())
    seconds = timeline(trials).seconds
    return (
        Cell(link, sweep.name),
        Cell.of(told.get(sweep.reason) or formats.get(sweep.format, sweep.format)),
        Cell.of(count(len(trials)), str(len(trials))),
        Cell.of(ended),
        Cell.of(objective) if objective else MISSING,
        best,
        by,
        Cell.of(count(len(trials.varied)), str(len(trials.varied))),
        Cell.of(duration_text(seconds), repr(seconds)) if seconds else MISSING,
    )
