"""The records of all runs of a project, fetched once and kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from reportgen.errors import SourceError, did_you_mean
from reportgen.sources.addresses import without_password
from reportgen.sources.wandb_api.client import Client, Missing, Refused, found
from reportgen.sources.wandb_api.files import add_files
from reportgen.sources.wandb_api.history import history
from reportgen.sources.wandb_api.kept import keep, kept, mappings, texts
from reportgen.sources.wandb_api.queries import EVENTS, MADE, PROJECTS, RUN, RUNS, SWEEP, USED
from reportgen.sources.wandb_api.record import Place, Record, text_of
from reportgen.store import cache_folder

_AT_ONCE = 4
_PAGE = 50
_EVENTS = 10_000
"""Rows of system metrics that are asked for where the server does not count them."""


def fetch(address: str, patience: float | None = None) -> list[Record]:
    """The records of the runs of a project, or of the one run that the address names (`wandb://entity/project/run`).

    Of a run that is over and has not changed only what stands in the list of runs is fetched again.

    Raises:
        SourceError: There is no key, the server does not take it or does not come back, or there is no such project or run.
    """
    from joblib import Parallel, delayed

    place, name = parsed(address)
    client = Client(patience)
    try:
        abouts = _runs(client, place, name)
        root = cache_folder() / "remote" / "wandb" / _digest(client.address, place.entity, place.project)
        records = [Record(about, place, root / _digest(text_of(about.get("name")))) for about in abouts]
        Parallel(_AT_ONCE, prefer="threads")(delayed(_complete)(client, record) for record in records)
        _add_sweeps(client, records)
    finally:
        client.close()
    return records


def parsed(address: str) -> tuple[Place, str]:
    """Entity, project and, when the address names one, run.

    Raises:
        SourceError: It names something else.
    """
    shown = re.split(r"[?#]", without_password(address))[0]
    parts = [part for part in shown.partition("://")[2].split("/") if part]
    if len(parts) == 4 and parts[2] == "runs":  # as in the address of the run's page
        del parts[2]
    if not 2 <= len(parts) <= 3:
        raise SourceError(f"'{shown}' names no W&B project", hint="write wandb://entity/project or wandb://entity/project/run")
    return Place(parts[0], parts[1]), parts[2] if len(parts) == 3 else ""


def _runs(client: Client, place: Place, name: str) -> list[dict[str, Any]]:
    """What the server says of each run itself."""
    shown = f"{place.entity}/{place.project}"
    try:
        if name:
            project = found(client.ask(RUN, place.variables(name)), ("project",))
            if not isinstance(project.get("run"), dict):
                raise SourceError(f"the W&B project '{shown}' has no run '{name}'", hint=_nearest_run(client, place, name))
            return [project["run"]]
        variables = {**place.variables(), "order": "+created_at"}
        listed = [one for one in client.pages(RUNS, variables, ("project", "runs"), _PAGE) if text_of(one.get("name"))]
    except (Missing, Refused) as error:
        said = f" ({error.message})" if isinstance(error, Refused) else ""
        text = f"the W&B project '{shown}' is not there, or the key is not allowed to see it{said}"
        raise SourceError(text, hint=_nearest_project(client, place)) from None
    if not listed:
        raise SourceError(f"the W&B project '{shown}' has no runs")
    return list({one["name"]: one for one in listed}.values())


def _nearest_project(client: Client, place: Place) -> str | None:
    """The nearest name among the projects of the entity, else some of them, as far as they are listed."""
    try:
        listed = client.pages(PROJECTS, {"entity": place.entity}, ("models",), _PAGE)
        names = [text_of(one.get("name")) for one, _ in zip(listed, range(1000), strict=False)]
    except SourceError:
        return None
    return did_you_mean(place.project, names) or (f"'{place.entity}' has {', '.join(sorted(names)[:8])}" if names else None)


def _nearest_run(client: Client, place: Place, name: str) -> str | None:
    try:
        listed = client.pages(RUNS, {**place.variables(), "order": "-created_at"}, ("project", "runs"), _PAGE)
        ids = {text_of(one.get("displayName")): text_of(one.get("name")) for one, _ in zip(listed, range(200), strict=False)}
    except SourceError:
        return None
    if name in ids:
        return f"the run named '{name}' has the id '{ids[name]}'"
    return did_you_mean(name, ids.values())


def _complete(client: Client, record: Record) -> None:
    """Add what the run logged, from disk where the run has not changed."""
    path = record.folder / "run.json"
    before = kept(path)
    if before and record.is_over and before.get("mark") == record.mark:
        record.rows = history(client, record, is_known=True)
        record.events, record.lost = texts(before.get("events")), texts(before.get("lost"))
        record.files, record.made, record.used = (mappings(before.get(name)) for name in ("files", "made", "used"))
        return
    record.rows = history(client, record)
    record.events = _events(client, record)
    for kind in ("history", "events"):
        count, here = record.lines(kind), len(record.rows if kind == "history" else record.events)
        if count is not None and here < count:
            what = "its history" if kind == "history" else "its system metrics"
            record.lost.append(f"W&B counts {count:,} rows of {what}, of which it gave {here:,}: values are missing.")
    record.made, record.used = _listed(client, record, MADE), _listed(client, record, USED)
    is_whole = add_files(client, record, mappings(before.get("files")))
    names = ("events", "lost", "files", "made", "used")
    keep(path, {"mark": record.mark if is_whole else None, **{name: getattr(record, name) for name in names}})


def _events(client: Client, record: Record) -> list[str]:
    """The rows of system metrics. They are asked for all at once: they have no steps to ask by."""
    count = record.lines("events")
    if count == 0:
        return []
    variables = {**record.place.variables(record.id), "samples": _EVENTS if count is None else count}
    return texts(found(client.ask(EVENTS, variables), ("project", "run")).get("events"))


def _listed(client: Client, record: Record, query: str) -> list[dict[str, Any]]:
    """Artifacts; older servers that have none of the fields are passed over with a warning."""
    try:
        return list(client.pages(query, record.place.variables(record.id), ("project", "run", "artifacts"), _PAGE))
    except Refused as error:
        text = f"The artifacts of this run could not be listed: {error.message}."
        if text not in record.lost:
            record.lost.append(text)
    except Missing:
        pass
    return []


def _add_sweeps(client: Client, records: Iterable[Record]) -> None:
    """Add to each run of a sweep the sweep's config, which is asked for once."""
    configs: dict[str, str] = {}
    for record in records:
        if not (name := text_of(record.about.get("sweepName"))):
            continue
        if name not in configs:
            try:
                sweep = found(client.ask(SWEEP, record.place.variables(name)), ("project", "sweep"))
                configs[name] = text_of(sweep.get("config"))
            except (Missing, Refused):
                configs[name] = ""
                record.lost.append(f"W&B does not show the sweep '{name}', so it is not known what it draws from.")
        record.sweep = configs[name]


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
