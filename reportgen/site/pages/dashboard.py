"""What the page of all runs is made of in the browser: the runs, the columns of their table, and the charts of all metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reportgen.analysis.axes import start_time
from reportgen.analysis.main_metric import interest
from reportgen.charts.axis import is_log_key
from reportgen.model import Runs
from reportgen.site.curves import metric_script, step_axes
from reportgen.site.run_columns import column_data
from reportgen.site.site import Site

MOST_METRICS = 500
"""Metrics that have a chart; of more (one per class, per layer) the first ones that say most do, and the page says so."""


def dashboard_script(site: Site, shown: Sequence[str], metric: str) -> str:
    """Writes the scripts of the dashboard.

    Args:
        shown: The columns of the table at first.
        metric: The main metric, "" for none.

    Returns:
        The path of the script that the page begins with.
    """
    runs, style = site.runs, site.workspace.style
    axes = step_axes(runs)
    starts = [start_time(run) for run in runs]
    keys = _in_order(runs, metric)
    metrics = []
    for done, key in enumerate(keys[:MOST_METRICS]):
        site.tell("packing curves", done, min(len(keys), MOST_METRICS))
        metrics.append(metric_script(site, key, axes, starts))
    data = {
        "runs": {
            "id": [run.id for run in runs],
            "name": [run.name for run in runs],
            "page": [run.slug for run in runs],
            "colour": [style.colour(run.id) for run in runs],
            "start": starts,
        },
        "columns": column_data(site, ["name", metric, *shown]),
        "shown": list(shown),
        "main": metric,
        "metrics": metrics,
        "left": keys[MOST_METRICS:],
        "axes": axes,
        "categories": list(style.categories),
        "ordered": list(style.ordered(101)),
    }
    return site.script("data/dashboard", "value", data)


def _in_order(runs: Runs, metric: str) -> list[str]:
    """The metrics with a chart: the main one first, then what most runs have and says most; axes and learning rates last."""
    having = Counter(key for run in runs for key, series in run.history.items() if len(series))
    axes = set(step_axes(runs))
    return sorted(having, key=lambda key: (key != metric, key in axes, is_log_key(key), -having[key], interest(key, runs[0])))
