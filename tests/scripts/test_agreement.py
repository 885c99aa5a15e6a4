"""Whether facts agree, on the pages: of a run, and of all people."""

from __future__ import annotations

import re

from scripts.logs.load import LoadedLog
from scripts.report.agreement import agreement_text
from scripts.report.cohort import OTHERS_PAGE, Cohort
from scripts.report.cohort_pages import cohort_pages
from scripts.report.quantities import quantities
from scripts.report.results import collect
from tests.scripts.facts import log, trained


def summed(path: str, author: str, speed: float) -> LoadedLog:
    """Return a log whose facts agree at a speed of 100 samples/s."""
    return trained(path, author, speed, token_throughput=12800, sequence_length=128)


def section(made: LoadedLog) -> str:
    """Return what the page of a log's run says of its facts."""
    results = collect([made])
    return agreement_text(results.runs[0], quantities(results, (), (), own=False))


def test_facts_that_agree_are_said_to_hold_with_the_rules_that_were_tried() -> None:
    told = section(summed("a", "p01", 100))
    assert '<span id="consistency">holds &#40;' not in told
    assert '<span id="consistency">holds (1 rule)</span>' in told
    assert "tokens/s" in told


def test_facts_that_disagree_are_shown_with_how_much_they_are_off() -> None:
    told = section(summed("a", "p01", 200))
    assert "These facts disagree." in told
    assert "<code>token&#95;throughput 12800, throughput 200, sequence&#95;length 128</code>" in told
    assert "<code>50 %</code>" in told
    assert "forged" not in told


def test_a_known_innocent_reason_is_named() -> None:
    reported = {"system": "Cerebras", "samples": 1000, "reported_time": 20, "throughput": 100}
    told = section(log("a", "p01", reported))
    assert "some releases report a time that includes start-up" in told


def test_a_run_of_too_few_facts_says_so() -> None:
    assert "too few facts" in section(trained("a", "p01", 100))


def test_the_page_of_all_people_says_whose_facts_agree() -> None:
    runs = Cohort(collect([summed("a", "p01", 100), summed("b", "p02", 200), trained("c", "p02", 300)]))
    page = cohort_pages(runs, quantities(runs.own, (), (), None, runs, own=False), {})[OTHERS_PAGE]
    rows = re.findall(r"^\| \[<code>(p\d+)</code>.*?>\[(\d)\].*?>\[(\d)\]\S* \| (.*) \|$", page, re.MULTILINE)
    assert [(person, hold, differ) for person, hold, differ, _ in rows] == [("p01", "1", "0"), ("p02", "0", "1")]
    assert "runs/b-1.md#consistency" in rows[1][3]
