"""What Python users get: an importance that also draws itself, in a notebook without being asked.

The values are made in `analysis`, the drawing in `charts`, and neither knows the other's way back; so they meet here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from markupsafe import Markup

from reportgen.analysis.importance import Importance, ParameterImportance, share_text
from reportgen.analysis.importance import importance as find_importance
from reportgen.errors import QueryError
from reportgen.words import _

if TYPE_CHECKING:
    import altair as alt

_P = ParamSpec("_P")


class DrawnImportance(Importance):
    """An `Importance` with pictures: `chart()`, and a table where a notebook shows the value."""

    def chart(self, top: int = 10) -> alt.LayerChart:
        """The shares with their intervals as bars, paler as far as interactions add to them: an Altair chart with its data inside.

        Args:
            top: So many parameters have a bar of their own.

        Raises:
            QueryError: There were too few runs for shares.
        """
        from reportgen.charts.importance import importance_bars
        from reportgen.charts.notebook import PAPER, notebook_chart

        if not self.quantitative:
            raise QueryError(f"there are no shares to draw: {self.verdict}")
        return notebook_chart(importance_bars(self, PAPER, top))

    def _repr_html_(self) -> str:
        """The verdict, what weakens it, and a row for each parameter, for a notebook."""
        head = Markup("<tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>").format(
            _("parameter"), _("share"), _("with interactions"), _("direction")
        )
        rows = Markup("").join(_row(one) for one in self.parameters)
        table = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(head, rows) if self.quantitative else Markup("")
        said = Markup("").join(Markup("<p>{}</p>").format(text) for text in self.warnings)
        return str(Markup("<div><p><strong>{}</strong></p>{}{}</div>").format(self.verdict, table, said))


def _row(one: ParameterImportance) -> Markup:
    told = one.direction if one.above_noise else _("within the noise")
    cells = (one.name, share_text(one.first), share_text(one.total), told)
    return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells))


def _drawn(function: Callable[_P, Importance]) -> Callable[_P, DrawnImportance]:
    """The same function, whose results can be drawn."""

    @wraps(function)
    def called(*args: _P.args, **options: _P.kwargs) -> DrawnImportance:
        found = function(*args, **options)
        return DrawnImportance(**{field.name: getattr(found, field.name) for field in fields(found)})

    return called


importance = _drawn(find_importance)
