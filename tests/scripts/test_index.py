from __future__ import annotations

from dataclasses import replace

import pytest
import regex

from scripts.report import index, pages
from scripts.report.derive import Derived
from scripts.report.index import runs_index
from scripts.report.known import Known
from scripts.report.package import data_files
from scripts.report.pages import generated_pages
from scripts.report.results import Results


def test_few_runs_stand_on_one_page(results: Results, known: Known) -> None:
    listed_pages = runs_index(results, known)
    assert list(listed_pages) == ["runs/index.md"]
    assert " page](" not in listed_pages["runs/index.md"]


def test_runs_of_the_own_machine_are_folded_where_others_are_there(results: Results, known: Known) -> None:
    page = runs_index(results, known)["runs/index.md"]
    shown, _, folded = page.partition("<details")
    assert "[CPU]" not in shown
    assert folded.count("[CPU]") == len(results.of("CPU"))
    assert "<details" not in runs_index(results.only("CPU"), known)["runs/index.md"]


def test_a_row_names_setting_and_main_result(results: Results, known: Known) -> None:
    page = runs_index(results, known)["runs/index.md"]
    row = next(line for line in page.splitlines() if line.startswith("| [SambaNova](sambanova-run-ntasks16-1"))
    label, result, outcome = row.split("|")[1:4]
    assert "tasks [16]" in label
    assert "[20.25]" in result
    assert "samples/s" in result
    assert "completed" in outcome


def test_many_runs_stand_on_several_pages_each_once_and_every_page_is_reached(
    results: Results, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "RUNS_A_PAGE", -(-len(results.runs) // 3))
    listed_pages = runs_index(results, known)
    assert list(listed_pages) == ["runs/index.md", "runs/index2.md", "runs/index3.md"]
    listed = [run for page in listed_pages.values() for run in regex.findall(r'\.md "([^"]+)"\)', page)]
    assert sorted(listed) == sorted(run.id for run in results.runs)
    assert [regex.findall('data-others="([^"]*)"', page) for page in listed_pages.values()] == [
        ["index2.md index3.md"],
        ["index.md index3.md"],
        ["index.md index2.md"],
    ]
    ways = [regex.findall(r"\[(\w+) page\]\(([\w.]+)\)", page) for page in listed_pages.values()]
    assert ways == [
        [("next", "index2.md"), ("last", "index3.md")],
        [("first", "index.md"), ("previous", "index.md"), ("next", "index3.md"), ("last", "index3.md")],
        [("first", "index.md"), ("previous", "index2.md")],
    ]
    assert ["## How many" in page for page in listed_pages.values()] == [True, False, False]


def test_a_page_stays_light_however_many_runs_there_are(results: Results, known: Known) -> None:
    many = Results(
        tuple(
            replace(log, entry=replace(log.entry, slug=f"{log.entry.slug}{copy}"))
            for copy in range(100)
            for log in results.logs
        )
    )
    listed_pages = runs_index(many, known)
    assert len(listed_pages) == -(-len(many.runs) // index.RUNS_A_PAGE) > 9
    assert max(map(len, listed_pages.values())) < 250_000


def test_of_very_many_runs_the_search_holds_the_lists_alone(
    results: Results, derived: tuple[Derived, ...], known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    def excluded() -> list[str]:
        made = generated_pages(results, derived, (), known, {}, data_files(results))
        fronts = {path: text.split("\n---\n")[0] for path, text in made.items() if path.startswith("runs/")}
        return [path for path, front in fronts.items() if "\nsearch:\n  exclude" in front]

    assert excluded() == []
    for module in (index, pages):
        monkeypatch.setattr(module, "RUNS_IN_SEARCH", len(results.runs) - 1)
    assert excluded() == [f"runs/{run.id}.md" for run in results.runs]
    assert "not the page of each run" in runs_index(results, known)["runs/index.md"]
