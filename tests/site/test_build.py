from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from site_samples import write_report, write_runs

from reportgen.errors import Mistake, Mistakes, SiteError
from reportgen.site.build import build
from reportgen.site.build import check as check_site

_ADDRESS = re.compile(r'(?:href|src|data-chart|data-vega)="([^"]*)"')


def contents(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three reports, one of them in a folder of its own, and settings."""
    folder = tmp_path_factory.mktemp("reports")
    write_report(folder, "The first")
    write_report(folder, "The second", "second.md")
    write_report(folder, "The deep one", "more/deep.md", runs="../logs")
    (folder / "README.md").write_text("---\ntitle: not a report\n---\n")
    (folder / "plain.md").write_text("# Not a report either\n")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.md").write_text("---\ntitle: hidden\n---\n")
    (folder / "reportgen.toml").write_text('title = "All"\ndescription = "Of all."\nnavigation = ["second.md"]\n')
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Path:
    build(folder, out=folder / "site")
    return folder / "site"


def test_one_report_is_the_first_page(tmp_path: Path) -> None:
    built = build(write_report(tmp_path), out=tmp_path / "site")
    files = set(contents(tmp_path / "site"))
    assert {"index.html", "runs.html", ".nojekyll", ".reportgen"} <= files
    assert sum(name.startswith("runs/") for name in files) == 3
    assert built.pages == 6
    assert "<h1>How fast?</h1>" in (tmp_path / "site" / "index.html").read_text()
    assert header(tmp_path / "site" / "runs.html") == ["How fast?", "Runs"]


def header(page: Path) -> list[str]:
    """The texts of the links in the head of a page: the site's title, then its pages."""
    return re.findall(r"<a [^>]*>([^<]*)</a>", page.read_text().partition("<header")[2].partition("</header>")[0])


def test_a_folder_of_reports_has_a_page_for_each_and_an_index(site: Path) -> None:
    pages = {name for name in contents(site) if name.endswith(".html") and not name.startswith("runs/")}
    assert pages == {"index.html", "report.html", "second.html", "more/deep.html", "runs.html", "404.html"}
    index = (site / "index.html").read_text()
    assert index.index("The second") < index.index("The deep one") < index.index("The first")
    assert "Of all." in index
    assert header(site / "index.html") == ["All", "Reports", "The second", "The deep one", "The first", "Runs"]


def test_an_index_report_is_the_first_page(tmp_path: Path) -> None:
    write_report(tmp_path, "Start here", "index.md")
    write_report(tmp_path, "Then this", "then.md")
    build(tmp_path, out=tmp_path / "site")
    assert "<h1>Start here</h1>" in (tmp_path / "site" / "index.html").read_text()
    assert header(tmp_path / "site" / "runs.html") == ["Start here", "Reports", "Then this", "Runs"]


def test_a_folder_of_runs_needs_no_report(tmp_path: Path) -> None:
    write_runs(tmp_path / "logs")
    built = build(tmp_path / "logs", out=tmp_path / "site")
    assert built.pages == 6
    assert "&lt;b&gt;bold" in (tmp_path / "site" / "index.html").read_text()
    assert header(tmp_path / "site" / "index.html") == ["Runs"]


def test_every_link_leads_somewhere_and_none_leaves_the_site(site: Path) -> None:
    for name, content in contents(site).items():
        if not name.endswith(".html") or name == "404.html":  # Its links are for the address that was asked for.
            continue
        page = content.decode()
        root = "../" * name.count("/")
        for address in _ADDRESS.findall(page):
            path = unquote(address.split("#")[0])
            if not path:
                continue
            assert not path.startswith("/"), (name, address)
            assert ":" not in path, (name, address)
            base = root if path.startswith(("assets/", "charts/")) and root else ""
            assert (site / name).parent.joinpath(base + path).resolve().is_file(), (name, address)


def test_a_run_has_one_page_and_one_colour_in_all_reports(site: Path) -> None:
    colours = {
        frozenset(re.findall(r'runs/([\w.-]+)\.html"><i class="run-dot" style="--run:(#\w+)"', content.decode()))
        for name, content in contents(site).items()
        if name in ("report.html", "second.html", "runs.html")
    }
    found = set().union(*colours)
    assert len(found) == len({run for run, _ in found}) == 3
    for run in (site / "runs").iterdir():
        text = run.read_text()
        assert all(title in text for title in ("The first", "The second", "The deep one"))


def test_each_column_of_data_stands_once(site: Path) -> None:
    names = [
        name
        for path in (site / "data").glob("*.js")
        for name in re.findall(r'^(?:reportgen\.columns\(\{)?"(\w{12})":', path.read_text(), re.MULTILINE)
    ]
    assert names
    assert len(names) == len(set(names))


def test_the_site_knows_nothing_of_the_machine(site: Path, folder: Path) -> None:
    for name, content in contents(site).items():
        assert str(folder).encode() not in content, name
        assert str(Path.home()).encode() + b"/" not in content, name


def test_every_page_has_the_policy(site: Path) -> None:
    for name, content in contents(site).items():
        if name.endswith(".html"):
            policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', content.decode())
            assert policy, name
            assert policy[1].startswith("default-src 'none'; script-src 'self';"), name
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=", content.decode()), name


def test_the_same_input_gives_the_same_bytes(folder: Path, site: Path, tmp_path: Path) -> None:
    """In another process, folder, time zone, language, with another hash seed, and with nothing drawn before."""
    environment = {
        **os.environ, "PYTHONHASHSEED": "12345", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "REPORTGEN_CACHE": str(tmp_path / "cache"),
    }  # fmt: skip
    command = [sys.executable, "-m", "reportgen", "build", os.path.relpath(folder, tmp_path), "-o", "other"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, second = contents(site), contents(tmp_path / "other")
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_a_build_with_mistakes_leaves_the_last_site(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    build(report, out=tmp_path / "site")
    before = contents(tmp_path / "site")
    report.write_text(report.read_text().replace("y: val/acc", "y: val/ac"))
    with pytest.raises(Mistakes, match=r"report\.md:9: .*val/ac.*did you mean 'val/acc'"):
        build(report, out=tmp_path / "site")
    assert contents(tmp_path / "site") == before


def test_mistakes_of_several_reports_come_together(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        report = write_report(tmp_path, "Wrong", name)
        report.write_text(report.read_text().replace("y: val/acc", "y: val/ac"))
    with pytest.raises(Mistakes) as caught:
        check_site(tmp_path)
    assert {mistake.place.file.name for mistake in caught.value.mistakes if mistake.place} == {"a.md", "b.md"}
    assert os.listdir(tmp_path).count("site") == 0


def test_parameters_go_to_the_reports_that_have_them(tmp_path: Path) -> None:
    write_report(tmp_path)
    (tmp_path / "other.md").write_text("---\nruns: logs\nparams: {word: old}\n---\n# {{ word }}\n")
    check_site(tmp_path, params={"word": "new"})
    with pytest.raises(Mistakes, match="no parameter 'wrod'"):
        check_site(tmp_path, params={"wrod": "new"})


def test_runs_can_be_given_instead_of_those_of_the_report(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    write_runs(tmp_path / "others", ("one", "two"))
    build(report, runs=[tmp_path / "others"], out=tmp_path / "site")
    assert len(list((tmp_path / "site" / "runs").iterdir())) == 2


def test_strict_makes_warnings_mistakes(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    (tmp_path / "logs" / "run-0" / "metrics.csv").write_text("step,val/acc\n0,0.5\n1,zero\n2,0.")
    assert build(report, out=tmp_path / "site").warnings
    with pytest.raises(Mistakes):
        build(report, out=tmp_path / "strict", strict=True)
    assert not (tmp_path / "strict").exists()


def test_a_report_cannot_take_the_place_of_the_runs(tmp_path: Path) -> None:
    write_report(tmp_path, "Runs", "runs.md")
    with pytest.raises(Mistake, match=r"runs\.md: a report cannot stand here"):
        check_site(tmp_path)


def test_a_site_does_not_replace_an_export(tmp_path: Path) -> None:
    from reportgen.export import export
    from reportgen.sources import load

    report = write_report(tmp_path)
    export(load(tmp_path / "logs"), tmp_path / "tables")
    with pytest.raises(SiteError, match="is an export and not a site"):
        build(report, out=tmp_path / "tables")


def test_a_report_cannot_take_the_place_of_another_page(tmp_path: Path) -> None:
    write_report(tmp_path, "Reports", "reports.md")
    write_report(tmp_path, "First", "index.md")
    with pytest.raises(Mistakes, match=r"reports\.md: a report cannot stand here: the site has a page of its own"):
        check_site(tmp_path)


def test_the_navigation_stays_readable_with_many_reports(tmp_path: Path) -> None:
    names = [f"Report number {i} about a thing" for i in range(30)]
    write_report(tmp_path, "Start here", "index.md")
    for i, name in enumerate(names):
        (tmp_path / f"r{i:02}.md").write_text(f"---\ntitle: {name}\nruns: logs\ndate: 2026-11-{i % 28 + 1:02}\n---\nWords.\n")
    build(tmp_path, out=tmp_path / "site")
    assert header(tmp_path / "site" / "runs.html") == ["Start here", "Reports", "Runs"]
    listed = (tmp_path / "site" / "reports.html").read_text()
    assert all(f">{name}</a></h2>" in listed for name in names)
    assert "31 reports; the latest is of 28 Nov 2026: Report number 27 about a thing" in listed
    assert listed.count('<div class="report-picture"') == 1
    (tmp_path / "reportgen.toml").write_text('title = "All"\nnavigation = ["r03.md"]\n')
    build(tmp_path, out=tmp_path / "site")
    assert header(tmp_path / "site" / "r07.html") == ["All", "Reports", names[3], "Runs"]
    report = (tmp_path / "site" / "r07.html").read_text()
    assert '<a href="reports.html" aria-current="page">' in report
    assert '<nav class="crumbs column" aria-label="Breadcrumbs"><ol><li><a href="reports.html">Reports</a></li></ol></nav>' in report
    assert "crumbs" not in (tmp_path / "site" / "index.html").read_text()  # A report that is the first page is below nothing.


def test_the_page_for_addresses_that_are_not_there(tmp_path: Path) -> None:
    write_report(tmp_path)
    build(tmp_path, out=tmp_path / "site")
    alone = (tmp_path / "site" / "404.html").read_text()
    assert re.findall(r'<a href="([^"]*)"', alone) == ["./index.html", "../index.html"]
    assert "<script" not in alone
    assert "stylesheet" not in alone
    (tmp_path / "reportgen.toml").write_text('base_url = "https://kim.github.io/digits"\n')
    build(tmp_path, out=tmp_path / "site")
    known = (tmp_path / "site" / "404.html").read_text()
    addresses = re.findall(r'(?:href|src)="([^#"]*)"', known)
    assert "/digits/index.html" in addresses
    assert all(address.startswith("/digits/") for address in addresses)
