"""The page of a run: heading, results, the words of its lines, and the command that prints a line."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pytest

from parsers.engine.lines import decode
from scripts.logs.folder import load_folder
from scripts.reader import Fact
from scripts.report.derive import Derived
from scripts.report.known import Known, run_page
from scripts.report.links import fill_titles
from scripts.report.naming import line_of
from scripts.report.quantities import quantities
from scripts.report.results import ReportRun, Results, collect
from scripts.report.run_page import evidence, run_text
from tests.scripts.conftest import LOG

AFTER_FETCHING = "Use it in the project's folder, after <code>make logs</code>."
IN_THE_PROJECT = "Use it in the project's folder."
IN_THEIR_FOLDER = "Use it in the folder of the logs, where the path begins."


def command(page: str) -> str:
    """Return the command that prints a line; a page has one."""
    (found,) = re.findall(r"<code>(sed -n LINEp .*?)</code>", page)
    return html.unescape(found)


def printed(run: ReportRun, page: str, folder: Path) -> list[str]:
    """Return what the command of a page prints in a folder for the line of each fact."""
    commands = [command(page).replace("LINE", str(fact.line)) for fact in run.run.facts]
    done = subprocess.run(["sh", "-ec", "\n".join(commands)], cwd=folder, check=True, capture_output=True)
    return decode(done.stdout).splitlines()


def test_the_commands_on_the_pages_of_kept_logs_work_in_a_clone(results: Results, known: Known, tmp_path: Path) -> None:
    kept = [run for run in results.runs if run.entry.kept]
    assert kept
    for run in kept:
        path = tmp_path / "raw_logs" / run.entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in run.log.lines))
        page = run_text(run, [], known, {})
        assert page.count(IN_THE_PROJECT) == 1
        assert printed(run, page, tmp_path) == [run.log.lines[fact.line - 1] for fact in run.run.facts]


def test_a_page_of_a_log_that_is_not_kept_says_once_what_comes_first(results: Results, known: Known) -> None:
    others = [run for run in results.runs if not run.entry.kept]
    assert others
    for run in others:
        assert run_text(run, [], known, {}).count(AFTER_FETCHING) == 1


def test_a_page_of_another_log_says_once_where_its_commands_work(tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "a log.txt").write_text(LOG)
    results = collect(load_folder(tmp_path))
    run = results.runs[0]
    page = run_text(run, [], quantities(results, (), (), None), {})
    assert page.count(IN_THEIR_FOLDER) == 1
    assert AFTER_FETCHING not in page
    assert printed(run, page, tmp_path) == [LOG.splitlines()[fact.line - 1] for fact in run.run.facts]


def page_of(run_id: str, results: Results, derived: tuple[Derived, ...], known: Known) -> str:
    (run,) = (run for run in results.runs if run.id == run_id)
    text = run_text(run, [figure for figure in derived if figure.run.id == run_id], known, {})
    return fill_titles(run_page(run_id), text, known)


def test_the_heading_says_system_setting_and_outcome_and_the_results_come_first(
    results: Results, derived: tuple[Derived, ...], known: Known
) -> None:
    page = page_of("sambanova-run-ntasks08-1", results, derived, known)
    assert page.startswith("# SambaNova · 8 tasks · failed its check\n")
    first = '- <span class="what">throughput</span> [10.0](#throughput "throughput, 8 tasks, line 32") samples/s\n'
    assert first in page
    order = ['class="results"', "## What was measured", "## Derived", "## What was set", "## What it is", "## Log"]
    assert [page.index(part) for part in order] == sorted(page.index(part) for part in order)


def test_a_row_has_the_value_as_its_place_one_link_and_the_words_of_the_line(
    results: Results, derived: tuple[Derived, ...], known: Known
) -> None:
    page = page_of("sambanova-run-ntasks32-1", results, derived, known)
    (row,) = (line for line in page.splitlines() if '<span id="throughput">' in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:3] == ["throughput", '<span id="throughput">38.5</span>', "samples/s"]
    assert cells[3].startswith("[32](https://")
    assert cells[3].endswith('#L32 "throughput, 32 tasks, run 2 of 2, line 32")')
    assert html.unescape(cells[4]) == ('<code class="evidence">training_samples_per_second\': <mark>38.5</mark></code>')
    for line in page.splitlines():
        if '<span id="' in line:  # a place is no link, and no other link leads to it from its row
            assert f"](#{line.partition('<span id=')[2].split(chr(34))[1]}" not in line


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (Fact("metric", "accuracy", "7", "%", 1, 1, "", "a <b> | 7 [x](y)"), "a &#60;b&#62; &#124; <mark>7</mark>"),
        (Fact("run", "system", "Groq", "", 1, 1, "", "_*`<mark>"), "&#95;&#42;&#96;&#60;mark&#62;</code>"),
        (Fact("metric", "accuracy", "7", "%", 1, 1), ""),
    ],
)
def test_the_words_of_a_line_are_shown_letter_by_letter(fact: Fact, shown: str) -> None:
    text = evidence(fact)
    assert shown in text
    assert text.count("<mark>") == shown.count("<mark>")
    assert "[x](y)" not in text


def test_a_page_of_results_in_points_has_one_link_for_all_that_a_line_says(results: Results, known: Known) -> None:
    (run,) = (run for run in results.runs if run.id == "cerebras-session-1")
    rows = [line for line in run_text(run, [], known, {}).splitlines() if line.startswith("| <code>100</code>")]
    assert len(rows) == 1
    assert rows[0].count("](") == 1
    assert "step 100, batch size 1&#8239;024, line " in rows[0]


def test_a_duration_that_no_line_prints_is_said_to_end_on_its_line() -> None:
    computed = Fact("metric", "compile_time", "12.500", "s", 7, 7, "", "Compile was successful!")
    printed = Fact("metric", "train_time", "12.5", "s", 7, 7, "", "'train_time': 12.5")
    clock = Fact("metric", "train_time", "111", "s", 7, 7, "", "10/10 [01:51<00:00, 11.11s/it]")
    assert [line_of(fact) for fact in (computed, printed, clock)] == ["ends on line 7", "line 7", "line 7"]
    assert evidence(computed).startswith('<span class="between">time between two lines; it ends on this line:</span> <')
    assert evidence(printed).startswith("<code")
