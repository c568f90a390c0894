"""The media of one key as a part of a page: those of the last step, and a slider to all others for the browser code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from markupsafe import Markup

from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_media.items import Item, item
from reportgen.blocks.readable import readable
from reportgen.model import Media
from reportgen.words import _, count

_AT_ONCE = 24
"""Up to so many media of a step are in the page itself."""
_WHOLE = 200
"""So many images of a key are read as a whole; of further ones the size is read."""


def media_panel(key: str, logged: Sequence[Media], files: SiteFiles, root: str, label: str = "") -> Markup:
    """The media of a key as HTML; their files, and the data of all steps, are noted.

    Args:
        key: By what the address of the page knows the panel.
        root: The way from the page to the site's root.
        label: What the slider is of; by default the key.
    """
    in_order = sorted(logged, key=lambda one: one.step)
    items = [(one.step, item(one, files, whole=i < _WHOLE)) for i, one in enumerate(in_order)]
    items, said = _said_once(items)
    steps = [(step, [one for _step, one in several]) for step, several in groupby(items, key=lambda one: one[0])]
    legend = _legend([one for _step, one in items])
    last = steps[-1][1]
    data = {
        "steps": [step for step, _several in steps],
        "items": [[one.value() for one in several] for _step, several in steps],
        "legend": legend,
    }
    still = Markup("").join(item_html(one, root) for one in last[:_AT_ONCE])
    where = _("step {step}").format(step=count(steps[-1][0]))
    if len(steps) > 1:
        where = _("step {step}, the last of {n}").format(step=count(steps[-1][0]), n=count(len(steps)))
    if len(last) > _AT_ONCE:
        where += " · " + _("{n} of {all}").format(n=_AT_ONCE, all=count(len(last)))
    overlaid = Markup('<p class="section-note" data-media-still>{}</p>').format(_overlaid(legend)) if legend else Markup()
    return Markup(
        '<div class="media-panel" data-media="{}" data-root="{}" data-key="{}" data-label="{}">'
        '<p class="media-where" data-media-where>{}</p><ul class="media-items" data-media-items>{}</ul>{}</div>{}'
    ).format(files.script("data/media", data), root, key, readable(label or key), where, still, overlaid, _note(said))


def _overlaid(legend: Sequence[Mapping[str, Any]]) -> str:
    return _("With {names}, which the page draws over the images by its script.").format(
        names=", ".join(str(one["name"]) for one in legend)
    )


def _note(said: str) -> Markup:
    return Markup('<p class="section-note">{}</p>').format(_("All {what}.").format(what=said)) if said else Markup()


def _said_once(items: list[tuple[int, Item]]) -> tuple[list[tuple[int, Item]], str]:
    """What was done to all images alike is said once below them, and no more at each."""
    notes = {one.notes for _step, one in items}
    if len(items) < 2 or len(notes) != 1 or any(one.shown != "img" or one.bright == 1.0 for _step, one in items):
        return items, ""
    return [(step, replace(one, notes=())) for step, one in items], "; ".join(notes.pop())


def _legend(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The overlays of all images: what they are called, and the classes in any of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in items:
        for overlay in one.legend:
            kept = found.setdefault(
                (overlay["kind"], overlay["name"]), {"kind": overlay["kind"], "name": overlay["name"], "classes": {}, "scored": False}
            )
            kept["classes"] |= overlay["classes"]
            kept["scored"] |= overlay["scored"]
    for kept in found.values():
        kept["classes"] = sorted(
            kept["classes"].items(), key=lambda one: (not one[0].isdecimal(), int(one[0]) if one[0].isdecimal() else 0, one[0])
        )
    return list(found.values())


def item_html(one: Item, root: str) -> Markup:
    """A medium in the page itself."""
    caption = Markup('<span class="caption">{}</span>').format(one.caption) if one.caption else Markup()
    notes = Markup("").join(Markup('<span class="remark">{}</span>').format(note) for note in one.notes)
    return Markup('<li class="media-item is-{}">{}{}{}{}</li>\n').format(one.shown, _body(one, root), caption, notes, _download(one, root))


def _download(one: Item, root: str) -> Markup:
    if not one.file[0]:
        return Markup()
    return Markup('<a class="media-file" href="{}{}" download="{}">{}</a>').format(root, one.file[0], one.file[1], _("Download"))


def _body(one: Item, root: str) -> Markup:
    match one.shown:
        case "img":
            kind = Markup(' class="tiny"') if one.tiny else Markup()
            bright = Markup(' style="filter:brightness({:g})"').format(one.bright) if one.bright != 1.0 else Markup()
            return Markup('<a href="{0}{1}"><img src="{0}{1}" alt="{2}" width="{3}" height="{4}" loading="lazy"{5}{6}></a>').format(
                root, one.source, one.alt, one.width, one.height, kind, bright
            )
        case "audio":
            return Markup('<audio controls preload="none" src="{}{}" aria-label="{}"></audio>').format(root, one.source, one.alt)
        case "video":
            return Markup('<video controls preload="metadata" src="{}{}" aria-label="{}"></video>').format(root, one.source, one.alt)
        case "frame":
            return Markup(
                '<iframe sandbox="" loading="lazy" referrerpolicy="no-referrer" src="{}{}" title="{}" style="height:{}px"></iframe>'
            ).format(root, one.source, one.alt, one.height)
        case "text":
            return Markup('<pre class="media-text" tabindex="0" role="region" aria-label="{}">{}</pre>').format(one.alt, one.text)
    return Markup()
