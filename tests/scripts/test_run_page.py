"""The commands that a run's page prints work in a clone, or the page says what comes first."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

from parsers.engine.lines import decode
from scripts import ROOT
from scripts.folder import load_folder
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import ReportRun, Results, collect
from scripts.report.run_page import run_text
from tests.scripts.conftest import LOG

AFTER_FETCHING = "Use it in the project's folder, after <code>make logs</code>."
IN_THEIR_FOLDER = "Use it in the folder of the logs: the path begins there."


def commands(page: str) -> list[str]:
    """Return the commands that a page prints."""
    return [html.unescape(found) for found in re.findall(r"<code>(sed -n .*?)</code>", page)]


def printed(run: ReportRun, page: str, folder: Path) -> list[str]:
    """Return what the commands of a page print in a folder; there is one for each fact."""
    found = commands(page)
    assert len(found) == len(run.run.facts) > 0
    done = subprocess.run(["sh", "-ec", "\n".join(found)], cwd=folder, check=True, capture_output=True)
    return decode(done.stdout).splitlines()


def test_the_commands_on_the_pages_of_kept_logs_work_in_a_clone(results: Results, known: Known) -> None:
    kept = [run for run in results.runs if run.entry.kept]
    assert kept
    for run in kept:
        page = run_text(run, [], known, {})
        assert "Use it in" not in page
        assert printed(run, page, ROOT) == [run.log.lines[fact.line - 1] for fact in run.run.facts]


def test_a_page_of_a_log_that_is_not_kept_says_once_what_comes_first(results: Results, known: Known) -> None:
    others = [run for run in results.runs if not run.entry.kept]
    assert others
    for run in others:
        page = run_text(run, [], known, {})
        assert page.count(AFTER_FETCHING) == 1
        assert page.index(AFTER_FETCHING) < page.index("sed -n")


def test_a_page_of_another_log_says_once_where_its_commands_work(tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "a log.txt").write_text(LOG)
    results = collect(load_folder(tmp_path))
    run = results.runs[0]
    page = run_text(run, [], quantities(results, (), (), None), {})
    assert page.count(IN_THEIR_FOLDER) == 1
    assert AFTER_FETCHING not in page
    assert printed(run, page, tmp_path) == [LOG.splitlines()[fact.line - 1] for fact in run.run.facts]
