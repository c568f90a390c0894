"""The fence `vega-lite`: a specification of one's own, on the data of the runs by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field

from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.vega_check import field_mistakes, schema_mistake
from reportgen.charts.axis import log_label_expr
from reportgen.charts.figure import PIXELS, Figure
from reportgen.charts.layout import SCHEMA
from reportgen.charts.remarks import remarks
from reportgen.errors import Mistake, Mistakes, did_you_mean
from reportgen.model import Media, Runs
from reportgen.words import _

if TYPE_CHECKING:
    import pandas as pd

_REMOTE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_PLAIN = (str, int, float, bool, datetime)


class Options(BlockOptions):
    """The options of `vega-lite`."""

    spec: dict[str, Any] = Field(
        description="A Vega-Lite specification. Its data are named: `data: {name: runs}`, `history` (columns run, name, key, "
        "step, time, value) or the key of a logged table. In a column's name a dot or bracket is written `_`: `config_optimizer_lr`."
    )
    subtitle: str = Field("", description="A muted line under the title.")
    height: int = Field(280, ge=20, le=2000, description="Height of the plot in pixels, where the specification gives none.")


def render(options: Options, context: Context) -> Fragment:
    """Draws the specification.

    Raises:
        Mistake: It is not valid Vega-Lite, names unknown data, or would fetch something.
        Mistakes: Fields that the data do not have.
    """
    spec: dict[str, Any] = {"data": {"name": "runs"}, **options.spec}
    frames = {name: _frame(context.runs, name) for name in dict.fromkeys(_data_names(spec))}
    width = options.width or "text"
    if "width" not in spec and not spec.keys() & {"facet", "hconcat", "vconcat", "concat", "repeat"}:
        spec |= {"width": PIXELS[width], "autosize": {"type": "fit-x", "contains": "padding"}}
    if "mark" in spec or "layer" in spec:
        spec.setdefault("height", options.height)
    spec = {"$schema": SCHEMA, **spec}
    _validate(spec)
    if wrong := field_mistakes(spec, {name: [str(column) for column in frame.columns] for name, frame in frames.items()}):
        raise Mistakes(wrong)
    spec = _with_log_labels(spec)
    spec["config"] = _merged(context.style.vega_config(), spec.get("config", {}))
    if said := remarks([spec])[0]:
        for remark in said:
            context.warn(f"Vega-Lite: {remark}")
        # The reader of the page need not hear again what the author was told.
        spec["usermeta"] = {**spec.get("usermeta", {}), "reportgen": {"remarks": list(said)}}
    title = options.title or ""
    figure = Figure(
        spec=spec,
        data=frames,
        title=title,
        subtitle=options.subtitle,
        description=_("{title} of {data}.").format(
            title=title or _("A chart"),
            data=", ".join(_("{name} ({n} rows)").format(name=name, n=len(frame)) for name, frame in frames.items()),
        ),
        width=width,
        height=int(spec.get("height", options.height)) if isinstance(spec.get("height", 0), int) else options.height,
    )
    return Fragment(
        parts=(figure,), kind="vega-lite", title=title, subtitle=options.subtitle, caption=options.caption or "", width=width,
        id=options.id or "",
    )  # fmt: skip


def _data_names(node: Any) -> Iterator[str]:
    """The names of all data of a specification.

    Raises:
        Mistake: Data, an image or a link would come from elsewhere, or data are written into the specification by an URL.
    """
    if isinstance(node, list):
        for one in node:
            yield from _data_names(one)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "data" and isinstance(value, dict):
            if "url" in value:
                raise Mistake("the data of a specification cannot be fetched", hint="name them: data: {name: runs}")
            if isinstance(value.get("name"), str) and "values" not in value:
                yield value["name"]
        elif key in ("url", "href") and _is_remote(value):
            raise Mistake(f"{key}: a report makes no request to another host", hint="take it out")
        else:
            yield from _data_names(value)


def _is_remote(value: Any) -> bool:
    text = value.get("value") if isinstance(value, dict) else value
    return isinstance(text, str) and bool(_REMOTE.match(text)) and not text.startswith("data:image/")


def _frame(runs: Runs, name: str) -> pd.DataFrame:
    """The rows of `runs`, `history` or a logged table.

    Raises:
        Mistake: There are no such data.
    """
    import pandas as pd

    if name == "runs":
        return _safe(runs.frame().drop(columns=["path"]))
    if name == "history":
        frame = runs.history()
        names = {run.id: run.name for run in runs}
        return _safe(frame.assign(name=[names[one] for one in frame["run"]]))
    pieces = [
        pd.DataFrame(list(run.tables[name][-1].rows), columns=list(run.tables[name][-1].columns)).assign(run=run.name)
        for run in runs
        if run.tables.get(name)
    ]
    if not pieces:
        known = ["runs", "history", *dict.fromkeys(key for run in runs for key in run.tables)]
        raise Mistake(f"no data '{name}'", hint=did_you_mean(name, known) or f"there are: {', '.join(known)}")
    return _safe(pd.concat(pieces, ignore_index=True))


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with names that Vega reads as one field each, and with plain values."""
    import pandas as pd

    plain = {}
    for column in frame.columns:
        name = re.sub(r"[.\[\]\\'\"]", "_", str(column))
        values = frame[column]
        plain[name] = values if values.dtype != object else pd.Series([_plain(value) for value in values], dtype=object)
    return pd.DataFrame(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Media):
        return value.caption or value.kind
    return value if value is None or isinstance(value, _PLAIN) else str(value)


def _with_log_labels(node: Any) -> Any:
    """The specification with the numbers of its log axes written as in the project's own charts, where it does not say how."""
    if isinstance(node, list):
        return [_with_log_labels(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _with_log_labels(value) for key, value in node.items() if key != "data"} | {k: v for k, v in node.items() if k == "data"}
    encoding = node.get("encoding")
    for channel in ("x", "y"):
        one = encoding.get(channel) if isinstance(encoding, dict) else None
        if isinstance(one, dict) and isinstance(scale := one.get("scale"), dict) and scale.get("type") == "log":
            axis = one.get("axis", {})
            if isinstance(axis, dict) and not axis.keys() & {"format", "formatType", "labelExpr"}:
                # Vega leaves out the labels of most digits.
                label = f"datum.label === '' ? '' : ({log_label_expr('datum.value')})"
                made["encoding"][channel]["axis"] = {**axis, "labelExpr": label}
    return made


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in own.items():
        both[key] = _merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


def _validate(spec: dict[str, Any]) -> None:
    """Checks a specification against Vega-Lite's schema.

    Raises:
        Mistake: It does not fit; the message names the part that does not.
    """
    import altair as alt
    from jsonschema import ValidationError

    try:
        alt.Chart.from_dict(spec)
    except ValidationError as error:
        raise schema_mistake(error) from None
    except (TypeError, ValueError) as error:
        raise Mistake(f"spec: {str(error).splitlines()[0]}") from None
