"""The page of one sweep: what explains its objective, which trial is the best, how the search went, and where to search next."""

from __future__ import annotations

from markupsafe import Markup, escape

from reportgen.analysis.search_space import next_space
from reportgen.analysis.search_space_text import config_flags, config_yaml, optuna_study, plain_space, wandb_sweep
from reportgen.analysis.search_space_values import NextSpace
from reportgen.analysis.sweeps import Sweep, Trials
from reportgen.blocks import sweep_figures as figures
from reportgen.blocks.importances import sweep_importance
from reportgen.blocks.links import SWEEPS_PAGE, run_href, sweep_href
from reportgen.blocks.readable import readable
from reportgen.blocks.search_space_table import search_space_table
from reportgen.blocks.sweep_words import about_said, best_said, verdict_said
from reportgen.charts.words import key_words
from reportgen.model import Run
from reportgen.model.run import file_slug
from reportgen.site.contexts import Link
from reportgen.site.pages.lead import value_text
from reportgen.site.pages.sweeps.parts import parts_after, parts_before
from reportgen.site.pages.sweeps.trials import still_table, trials_script
from reportgen.site.site import ComposedPage, Site, href, root_of
from reportgen.site.sweep_contexts import BestTrial, SweepContext
from reportgen.words import _

_CONFIGS = 5


def sweep_page(site: Site, sweep: Sweep, trials: Trials) -> ComposedPage:
    """The page of a sweep."""
    target = sweep_href(sweep.name, "")
    root = root_of(target)
    style = site.workspace.style
    importance = sweep_importance(trials)
    keys = figures.by_importance(trials, importance)
    space = next_space(trials, importance)
    lead = Markup(" ").join(part for part in (escape(verdict_said(importance, trials)), best_said(trials, root, style)) if part)
    is_drawn = bool(trials.n and trials.objectives and keys)
    still, still_count = still_table(trials, keys, root, style)
    context = SweepContext(
        **site.base(target, crumbs=[Link(_("Sweeps"), href(SWEEPS_PAGE, target))]),
        title=readable(sweep.name) or _("Sweep"),
        description=lead.striptags(),
        lead=lead,
        about=about_said(sweep, trials),
        data=trials_script(site, trials, keys, root) if is_drawn else "",
        parallel=Markup("").join(site.draw(figure) for figure in figures.parallel(trials, keys, style)) if is_drawn else Markup(),
        trials=still,
        trial_count=len(trials),
        table_count=still_count,
        before=tuple(parts_before(site, trials, importance, keys, target)),
        next_said=space.said,
        next_table=search_space_table(space) if space.advice else Markup(),
        downloads=_downloads(site, sweep, trials, space) if space.advice else (),
        best=tuple(_best(trials, run, root, style.colour(run.id)) for run in trials.ranked[:_CONFIGS] if run.config),
        after=tuple(parts_after(site, trials, keys, root)),
    )
    return site.page(target, "sweep.html", context)


def _downloads(site: Site, sweep: Sweep, trials: Trials, space: NextSpace) -> tuple[Link, ...]:
    """The next search space as files beside the page."""
    slug = file_slug(sweep.name)
    made = (
        (_("W&B sweep (YAML)"), f"{slug}-next.yaml", wandb_sweep(space, trials, sweep.title)),
        (_("Optuna study (Python)"), f"{slug}-next.py", optuna_study(space, trials, sweep.title)),
        (_("JSON"), f"{slug}-next.json", plain_space(space, trials, sweep.title)),
    )
    links = []
    for text, name, content in made:
        site.file(f"sweeps/{name}", content.encode("utf-8", "replace"))
        links.append(Link(text, href(f"sweeps/{name}", f"sweeps/{slug}.html")))
    return tuple(links)


def _best(trials: Trials, run: Run, root: str, colour: str) -> BestTrial:
    i = list(trials.runs).index(run)
    values = [
        Markup("{} <strong>{}</strong>").format(readable(key_words(one.column)), value_text(one.column, float(value)))
        for one, value in zip(trials.objectives, trials.values[i], strict=True)
    ]
    return BestTrial(
        Link(readable(run.name) or run.slug, run_href(run, root)),
        colour,
        Markup(", ").join(values),
        readable(config_yaml(run.config)).rstrip("\n"),
        readable(config_flags(run.config)),
    )
