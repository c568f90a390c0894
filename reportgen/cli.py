"""The command line: argv in, calls out. Heavy libraries are imported by the commands that need them."""

from __future__ import annotations

import functools
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from reportgen.errors import ReportgenError

_DEBUG = "REPORTGEN_DEBUG"
_Decorator = Callable[[Callable[..., None]], Callable[..., None]]


class _Commands(click.Group):
    """Prints mistakes one per line and exits with 1; a traceback only with --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # Who reads has read enough (`reportgen runs … | head`); nothing is left to flush.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)
        except Exception as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            elif isinstance(error, ReportgenError):
                click.echo(str(error), err=True)
            else:
                reason = " ".join(str(error).split()) or "no reason given"
                click.echo(f"reportgen has a bug: {type(error).__name__}: {reason}; see it with reportgen --debug …", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="reportgen", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, envvar=_DEBUG, help="Show the traceback of a mistake.")
def main(debug: bool) -> None:
    """Turn the run logs you already have into a report site that you can share: no account, no server."""


def _parameters(ctx: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, sign, _ in pairs:
        if not sign or not name:
            raise click.BadParameter(f"'{name}' is not of the form name=value.", ctx, option)
    return {name.strip(): value for name, _, value in pairs}


_cache = click.option("--cache/--no-cache", default=True, help="Keep what was read, and read only what has changed.", show_default=True)


def _with_workers(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say who does the work, of every command that has much of it."""

    @functools.wraps(command)
    def called(*arguments: Any, jobs: int, backend: Any, scheduler: str, **options: Any) -> None:
        from reportgen.parallel import Workers, using

        if bool(scheduler) != (backend == "dask"):
            raise click.UsageError("--backend dask and --scheduler tcp://… go together.")
        with using(Workers(jobs, backend, scheduler)):
            command(*arguments, **options)

    decorators: list[_Decorator] = [
        click.option("--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes at once; 0: as many as there are cores."),
        click.option("--backend", type=click.Choice(["processes", "dask"]), default="processes", help="Where: here or on a cluster."),
        click.option("--scheduler", default="", metavar="ADDRESS", help="The scheduler of the Dask cluster, as in tcp://10.0.0.1:8786."),
    ]
    decorated: Callable[..., None] = called
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return decorated


def _of_a_site(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments that `build` and `check` share."""
    decorators: list[_Decorator] = [
        click.argument("target", required=False, metavar="[REPORT.md | DIR]"),
        click.option("--runs", multiple=True, metavar="SRC", help="Run logs instead of those that the reports name."),
        click.option("-p", "--param", "params", multiple=True, metavar="K=V", callback=_parameters, help="A value for a parameter."),
        click.option("--theme", metavar="NAME|PATH", help="A theme instead of the one that the reports name."),
        click.option("--strict", is_flag=True, help="Warnings are mistakes."),
        _cache,
        _with_workers,
    ]
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@main.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("-o", "--out", default="report.md", show_default=True, metavar="FILE", help="The name of the report.")
@click.option("--github", "forge", flag_value="github", help="Also a workflow that deploys it to GitHub Pages.")
@click.option("--gitlab", "forge", flag_value="gitlab", help="Also a pipeline that deploys it to GitLab Pages.")
def init(folder: str, out: str, forge: Any) -> None:
    """Write a first report about the logs below a folder; with --github or --gitlab also, or for the one there is, its workflow."""
    from reportgen.first_report import write_first_report

    if not (forge and (Path(folder) / out).is_file()):
        written = write_first_report(Path(folder), out)
        runs = "1 run" if written.runs == 1 else f"{written.runs} runs"
        if written.example:
            click.echo(f"{written.example}: an example log, since there was none")
        click.echo(f"{written.path}: a report about {runs}")
        click.echo(f"next: reportgen build {written.path}")
    if forge:
        from reportgen.publish.workflows import write_workflow

        made = write_workflow(forge, Path(folder) / out)
        click.echo(f"{made.path}: builds and deploys the report at each push")
        for note in made.notes:
            click.echo(f"then: {note}")


@main.command()
@_of_a_site
@click.option("-o", "--out", default="site", show_default=True, metavar="DIR", help="The folder of the site.")
@click.option("--query", type=click.Choice(["browser"]), help="Add a page where readers ask in SQL (10 MB; needs npm once).")
def build(
    target: str | None, runs: Sequence[str], params: dict[str, str], theme: str | None, strict: bool, cache: bool, out: str, query: Any
) -> None:  # fmt: skip
    """Build the site of a report, a folder of reports, or a folder of runs."""
    from reportgen.site.build import build as build_site

    with _progress() as progress:
        built = build_site(
            target, out=out, runs=runs, params=params, theme=theme, query=query, strict=strict, cache=cache, progress=progress
        )
    _notes(built.warnings)
    pages = "1 page" if built.pages == 1 else f"{built.pages} pages"
    click.echo(f"{Path(out) / 'index.html'}: {pages} in {built.seconds:.1f} s")


@main.command()
@_of_a_site
@click.option("--to", default="", metavar="DEST", help="A folder, a .zip, gh-pages (of origin), REMOTE#BRANCH or URL#BRANCH.")
@click.option("--path", metavar="DIR", help="A folder below it, as in reports/name; the first page lists all of them.")
@click.option("--redact/--no-redact", default=None, help="Remove users, hosts, home folders, e-mail addresses and remotes (default).")
@click.option("--dry-run", is_flag=True, help="List what would be added, changed and removed; do nothing.")
@click.option("--query", type=click.Choice(["browser"]), help="Add a page where readers ask in SQL (10 MB; needs npm once).")
def publish(
    target: str | None, to: str, path: str | None, redact: bool | None, dry_run: bool, params: dict[str, str], **options: Any
) -> None:  # fmt: skip
    """Build a site and bring it to a folder, an archive or a branch of a git remote, without secrets and personal data."""
    from reportgen.publish.publication import publish as publish_site

    with _progress() as progress:
        done = publish_site(target, to=to, path=path, redact=redact, dry_run=dry_run, params=params, progress=progress, **options)
    _notes(done.notes)
    if done.removed:
        click.echo(done.removed)
    if dry_run:
        for sign, paths in (("+", done.changes.added), ("~", done.changes.changed), ("-", done.changes.removed)):
            for name in paths:
                click.echo(f"{sign} {name}")
    pages = "1 page" if done.pages == 1 else f"{done.pages} pages"
    click.echo(f"{'would be ' if dry_run else ''}{pages}: {done.changes if done.changes else 'unchanged'}")
    click.echo(done.address)


@main.command()
@_of_a_site
@click.option("--query", type=click.Choice(["browser"]), help="Add a page where readers ask in SQL (10 MB; needs npm once).")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen; else the next one.")
@click.option("--open", "open_browser", is_flag=True, help="Show the site in the browser.")
def serve(
    target: str | None, runs: Sequence[str], params: dict[str, str], theme: str | None, strict: bool, cache: bool, query: Any,
    port: int, open_browser: bool,
) -> None:  # fmt: skip
    """Show the site on this machine while you write and while runs train: what changes is changed in the open page."""
    from reportgen.serve import Request
    from reportgen.serve import serve as serve_site

    request = Request(Path(target or "."), runs, params, theme, query, strict, cache)
    serve_site(request, port=port, open_browser=open_browser, say=functools.partial(click.echo, err=False))


@main.command()
@_of_a_site
def check(target: str | None, runs: Sequence[str], params: dict[str, str], theme: str | None, strict: bool, cache: bool) -> None:
    """Build nothing; report every mistake at once."""
    from reportgen.site.build import check as check_site

    with _progress() as progress:
        warnings = check_site(target, runs=runs, params=params, theme=theme, strict=strict, cache=cache, progress=progress)
    _notes(warnings)
    click.echo("no mistakes")


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option("--where", metavar="EXPR", help="Only runs for which a SQL condition is true.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all there is.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, with all columns.")
@_cache
@_with_workers
def runs(sources: Sequence[str], where: str | None, as_json: bool, as_csv: bool, cache: bool) -> None:
    """Show what reportgen sees in run logs."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other: give one of them.")
    logs = _find(sources, cache)
    if not (as_json or as_csv):
        _print_runs(logs, where)
        return
    from reportgen import terminal

    found = _read(logs)
    chosen = found.where(where) if where else found
    click.echo(terminal.runs_json(chosen) if as_json else terminal.runs_csv(chosen), nl=as_json)
    _notes(f"{run.name}: {warning.text}" for run in chosen for warning in run.warnings)


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option("--target", required=True, metavar="KEY", help="The metric, or another numeric column of the runs.")
@click.option("--goal", type=click.Choice(["min", "max"]), help="Which is better; by default what the metric's name says.")
@click.option("--where", metavar="EXPR", help="Only runs for which a SQL condition is true.")
@click.option("--among", metavar="PART", help="Also what matters among the good: 'top 25 %' of the search space.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_cache
@_with_workers
def importance(
    sources: Sequence[str], target: str, goal: Any, where: str | None, among: str | None, as_json: bool, cache: bool
) -> None:  # fmt: skip
    """Say which hyperparameters moved a target."""
    from reportgen.analysis.importance import importance as find_importance
    from reportgen.terminal_importance import importance_json, importance_table

    found = _load(sources, cache)
    result = find_importance(found.where(where) if where else found, target, goal, among=among)
    if as_json:
        click.echo(importance_json(result))
    else:
        _print_table(lambda _: importance_table(result))


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--target", "targets", multiple=True, metavar="KEY", help="Judges the results; by default the metric that says most.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_cache
@_with_workers
def diff(sources: Sequence[str], before: str, after: str, targets: Sequence[str], as_json: bool, cache: bool) -> None:
    """Say what changed from A to B, and which of it matters by what the other runs say.

    A and B are runs or groups of runs: a name, an id, a glob, 'best(val/acc)' or a SQL condition.
    """
    from reportgen.blocks.changes import changes_between, two_sides
    from reportgen.terminal_diff import diff_json, diff_table

    found = _load(sources, cache)
    changed = changes_between(*two_sides(found, before, after), found, targets)
    if as_json:
        click.echo(diff_json(changed))
    else:
        _print_table(lambda _: diff_table(changed))


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option("-o", "--out", required=True, metavar="DIR", help="The folder of the files.")
@_cache
@_with_workers
def export(sources: Sequence[str], out: str, cache: bool) -> None:
    """Write runs as Parquet files for other tools."""
    from reportgen.export import export as export_runs

    found = _load(sources, cache)
    files = export_runs(found, Path(out))
    _notes(f"{run.name}: {warning.text}" for run in found for warning in run.warnings)
    click.echo(f"{out}: {len(found)} runs in {len(files)} files")


def _load(sources: Sequence[str], cache: bool) -> Any:
    return _read(_find(sources, cache))


def _find(sources: Sequence[str], cache: bool) -> Any:
    from reportgen.sources import Logs

    with _progress() as progress:
        return Logs(*sources, cache=cache, copied=lambda done, total: progress("Copying logs", done, total) if progress else None)


def _read(logs: Any) -> Any:
    with _progress() as progress:
        runs = logs.read(lambda done, total, _: progress("Reading runs", done, total) if progress else None)
    gc.freeze()  # They stay until the end: no search for cycles has to go through them.
    return runs


def _notes(warnings: Any) -> None:
    for warning in warnings:
        click.echo(f"note: {warning}", err=True)


def _print_runs(logs: Any, where: str | None) -> None:
    """Prints the table of runs; when nothing has changed since it was last printed, from the store."""
    from reportgen.store import Answers, cache_folder

    console, answers = _console(), Answers(cache_folder() / "tables")
    question = logs.state and repr((logs.state, where, console.width, console.color_system, console.encoding))
    answer = answers.get(question) if question else None
    if answer is None:
        from reportgen.terminal import runs_table

        found = _read(logs)
        with console.capture() as drawn:
            console.print(runs_table(found, where, console.width))
        answer = drawn.get().encode()
        if question:
            answers.put(question, answer)
    sys.stdout.write(answer.decode())


def _print_table(make: Callable[[int], Any]) -> None:
    console = _console()
    console.print(make(console.width))


def _console() -> Any:
    from rich.console import Console

    # A pipe has no width: nothing is cut there.
    return Console(width=None if sys.stdout.isatty() else 10_000)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar for each step of the work; none where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bars: dict[str, Any] = {}
    columns = (TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def progress(what: str, done: int, total: int) -> None:
            for name, bar in bars.items():
                if name != what:
                    shown.update(bar, visible=False)
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total, visible=True)

        yield progress
