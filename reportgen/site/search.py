"""What the search of a site finds: runs, reports and their parts, tables, artifacts, sweeps, config keys and metrics."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from html import unescape
from typing import TypeAlias
from urllib.parse import quote

from markupsafe import Markup

from reportgen.analysis.artifacts import catalogue
from reportgen.analysis.sweeps import Sweep
from reportgen.blocks.links import (
    ARTIFACTS_PAGE,
    QUERY_PAGE,
    RUNS_PAGE,
    SWEEPS_PAGE,
    TABLES_PAGE,
    run_href,
    sweep_href,
    table_href,
    version_href,
)
from reportgen.blocks.readable import readable
from reportgen.model import Run, Runs
from reportgen.report import Document

Entry: TypeAlias = list[str]
"""What is found: its title, its page (a link from the site's root), and what else it is found by."""

_HEADING = re.compile(r'<h([2-6])[^>]* id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_LEFT_OUT = re.compile(r"<(style|script|svg|math)\b.*?</\1>", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|td|th|h\d|figcaption|blockquote|pre|dt|dd)>")


def search_index(
    runs: Runs, documents: Sequence[Document], pages: Collection[str], sweeps: Sequence[Sweep] = ()
) -> dict[str, list[Entry]]:  # fmt: skip
    """The entries by kind; what has no page of its own yet is left out.

    Args:
        pages: The first pages of the workspace that the site has.
    """
    found: dict[str, Iterator[Entry]] = {"reports": _reports(documents), "runs": map(_run, runs)}
    if TABLES_PAGE in pages:
        found["tables"] = _tables(runs)
    if ARTIFACTS_PAGE in pages:
        found["artifacts"] = _artifacts(runs)
    if SWEEPS_PAGE in pages:
        found["sweeps"] = ([readable(one.name), sweep_href(one.name, ""), ""] for one in sweeps)
    if QUERY_PAGE in pages:
        found["query"] = iter([["SQL", QUERY_PAGE, "query DuckDB"]])
    if RUNS_PAGE in pages:
        found["config"] = _keys(runs, "config", _sorted_by)
        found["metrics"] = _keys(runs, "history", _charts_of)
    return {kind: several for kind, entries in found.items() if (several := list(entries))}


def _run(run: Run) -> Entry:
    about = dict.fromkeys((run.id, run.project, run.group, run.sweep, run.job_type, run.state, *run.tags))
    return [readable(run.name) or run.slug, run_href(run, ""), readable(" ".join(word for word in about if word and word != run.name))]


def _reports(documents: Sequence[Document]) -> Iterator[Entry]:
    """For each report itself with what stands before its first heading, then each part with its text."""
    for document in documents:
        page = quote(document.target)
        title, anchor = document.title, ""
        text = [document.subtitle, ", ".join(document.authors)]
        for piece in document.pieces:
            if not isinstance(piece, str):
                text.append(" ".join((piece.fragment.title, piece.fragment.subtitle, _plain(str(piece.fragment.caption)))))
                continue
            end = 0
            for heading in _HEADING.finditer(piece):
                text.append(_plain(piece[end : heading.start()]))
                yield [title, page + anchor, _joined(text)]
                title, anchor, text = f"{_plain(heading[3])} – {document.title}", f"#{quote(unescape(heading[2]))}", []
                end = heading.end()
            text.append(_plain(piece[end:]))
        yield [title, page + anchor, _joined(text)]


def _tables(runs: Runs) -> Iterator[Entry]:
    columns: dict[str, dict[str, None]] = {}
    for run in runs:
        for key, tables in run.tables.items():
            for table in tables:
                columns.setdefault(key, {}).update(dict.fromkeys(map(str, table.columns)))
    return ([readable(key), table_href(key, ""), readable(" ".join(names))] for key, names in sorted(columns.items()))


def _artifacts(runs: Runs) -> Iterator[Entry]:
    for one in catalogue(runs).collections.values():
        names = dict.fromkeys(word for version in one.versions for word in (version.name, *version.aliases))
        about = readable(" ".join((one.type, *(() if one.is_folders else names))))
        yield [readable(one.name), version_href(one.versions[0].artifact, "", ""), about]


def _keys(runs: Runs, attribute: str, view: Callable[[str], str]) -> Iterator[Entry]:
    """Config keys or metrics, with the number of runs that have them.

    Args:
        view: Key → the view of the dashboard that shows it, as a query.
    """
    counts: dict[str, int] = {}
    for run in runs:
        for key in getattr(run, attribute):
            counts[key] = counts.get(key, 0) + 1
    return ([readable(key), f"{RUNS_PAGE}?{view(key)}", f"{count:,}"] for key, count in sorted(counts.items()))


def _sorted_by(key: str) -> str:
    """The table of the dashboard with one column of the config, by which it is sorted (browser/dashboard-view.js)."""
    column = quote(f"config.{key}", safe="/")
    return f"view=table&columns={column.replace('%2C', '%2C%2C')}&sort={column}:asc"


def _charts_of(key: str) -> str:
    return f"metrics={quote(key, safe='/')}"


def _plain(html: str) -> str:
    return str(Markup(_BLOCK_END.sub(" ", _LEFT_OUT.sub(" ", html))).striptags())


def _joined(parts: Sequence[str]) -> str:
    return " ".join(" ".join(part for part in parts if part).split())

