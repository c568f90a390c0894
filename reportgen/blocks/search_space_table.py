"""The next search space as a table: what each hyperparameter was drawn from, what to draw it from next, and why."""

from __future__ import annotations

from markupsafe import Markup

from reportgen.analysis.column_format import plain_text
from reportgen.analysis.search_space_values import Action, Advice, NextSpace
from reportgen.blocks.table import Cell, Head, TableView, name_html, table_html
from reportgen.model import Distribution
from reportgen.words import _, count

_MOST_CHOICES = 6


def action_words() -> dict[Action, str]:
    """What is to be done with a hyperparameter, in the reader's language."""
    return {
        "narrow": _("narrow"), "widen": _("widen"), "shift": _("move"), "fix": _("fix"), "drop": _("leave out choices"), "keep": _("keep"),
        "unknown": _("not known"),
    }  # fmt: skip


def search_space_table(space: NextSpace, id_: str = "next") -> Markup:
    """The table; what is to change comes first."""
    heads = (
        Head(_("hyperparameter")), Head(_("what to do")), Head(_("searched so far")), Head(_("search next")),
        Head(_("trials"), number=True), Head(_("why")),
    )  # fmt: skip
    order = sorted(space.advice, key=lambda one: one.action in ("keep", "unknown"))
    return table_html(TableView(heads, tuple(_row(one) for one in order), _("Next search space"), id=id_))


def _row(one: Advice) -> tuple[Cell, ...]:
    changed = one.action not in ("keep", "unknown")
    action = Markup('<strong class="advice advice-{}">{}</strong>' if changed else '<span class="advice advice-{}">{}</span>')
    after = Cell.of(space_text(one.after)) if changed else Cell(Markup('<span class="prefix">{}</span>').format(_("as before")), "")
    return (
        Cell(name_html(one.key), one.key),
        Cell(action.format(one.action, action_words()[one.action]), one.action),
        Cell.of(space_text(one.before)),
        after,
        Cell.of(count(one.n), str(one.n)),
        Cell(Markup('<span class="reason">{}</span>').format(one.reason), one.reason),
    )


def space_text(space: Distribution) -> str:
    """A range or choices in short: "1e-5 – 0.3, log", "4, 8, 16"."""
    if space.low is None or space.high is None:
        names = [plain_text(choice) for choice in space.choices[:_MOST_CHOICES]]
        more = len(space.choices) - _MOST_CHOICES
        return ", ".join(names) + (" " + _("and {n} more").format(n=more) if more > 0 else "")
    ends = f"{plain_text(space.low)} – {plain_text(space.high)}"
    if space.log:
        return _("{range}, log").format(range=ends)
    return _("{range}, steps of {step}").format(range=ends, step=plain_text(space.step)) if space.step and space.step != 1 else ends
