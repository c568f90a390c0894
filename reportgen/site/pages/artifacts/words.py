"""What is said of artifacts: which versions there are, who made and who used them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from reportgen.analysis.artifacts import Collection, Version
from reportgen.blocks.links import run_link, version_href
from reportgen.blocks.readable import readable
from reportgen.charts.style import ChartStyle
from reportgen.model import Run
from reportgen.words import _, count, ngettext


def collection_lead(collection: Collection, root: str, style: ChartStyle, *, link: bool = False) -> Markup:
    """“3 versions; v2, the latest, was made by X and used by 4 runs.”

    Args:
        link: Whether the sentence names the artifact and leads to its page: “digits (dataset): 3 versions; …”.
    """
    latest, n = collection.latest, len(collection.versions)
    if collection.is_folders:
        folders = ngettext("the folder of files of {n} run", "the folders of files of {n} runs", n).format(n=count(n))
        return Markup(_("{folders}; no versions of one thing, each run has its own.")).format(folders=folders[:1].upper() + folders[1:])
    what = escape(ngettext("{n} version", "{n} versions", n).format(n=count(n)))
    if link:
        name = Markup('<a href="{}">{}</a>').format(version_href(latest.artifact, "", root), readable(collection.name))
        what = Markup(_("{name} ({type}): {versions}")).format(name=name, type=readable(collection.type), versions=what)
    said = provenance(latest, root, style)
    if n == 1:
        return Markup("{}, {}.").format(what, said)
    return Markup(_("{what}; {version}, the latest, was {said}.")).format(what=what, version=readable(latest.name), said=said)


def provenance(version: Version, root: str, style: ChartStyle) -> Markup:
    """“made by run X and used by 4 runs”, the end of a sentence."""
    made = Markup(_("made by {runs}")).format(runs=_runs(version.made_by, root, style)) if version.made_by else Markup("")
    used = Markup(_("used by {runs}")).format(runs=_runs(version.used_by, root, style)) if version.used_by else Markup("")
    if made and used:
        return Markup(_("{made} and {used}")).format(made=made, used=used)
    return made or Markup(_("{used}; no run here made it")).format(used=used)


def version_sentence(version: Version, root: str, style: ChartStyle) -> Markup:
    """Who made a version, and which runs used it, as whole sentences with all runs in them."""
    parts = []
    if version.made_by:
        sentence = ngettext("Made by {runs}.", "Made by {n} runs with the same content: {runs}.", len(version.made_by))
        parts.append(Markup(sentence).format(n=count(len(version.made_by)), runs=_listed(version.made_by, root, style)))
    else:
        parts.append(Markup(_("No run of this site made it.")))
    if version.used_by:
        sentence = ngettext("Used by {n} run: {runs}.", "Used by {n} runs: {runs}.", len(version.used_by))
        parts.append(Markup(sentence).format(n=count(len(version.used_by)), runs=_listed(version.used_by, root, style)))
    else:
        parts.append(Markup(_("No run of this site used it.")))
    if version.guessed:
        guess = ngettext(
            "For {n} of them this is the last such version made before it started: its log names an alias and no version.",
            "For {n} of them this is the last such version made before they started: their logs name an alias and no version.",
            len(version.guessed),
        )
        parts.append(escape(guess.format(n=count(len(version.guessed)))))
    return Markup(" ").join(parts)


def _runs(runs: Sequence[Run], root: str, style: ChartStyle) -> Markup:
    """One run by its name, several by their number."""
    if len(runs) == 1:
        return run_link(runs[0], root, style.colour(runs[0].id))
    return escape(ngettext("{n} run", "{n} runs", len(runs)).format(n=count(len(runs))))


def _listed(runs: Sequence[Run], root: str, style: ChartStyle) -> Markup:
    """Links to all runs."""
    return Markup(", ").join(run_link(run, root, style.colour(run.id)) for run in runs)
