"""What pages say of all known runs: each sentence stands only where the runs bear it out."""

from __future__ import annotations

import re

import pytest

from scripts.logs.load import LoadedLog
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.quantities import quantities
from scripts.report.results import collect
from scripts.report.system_page import Pages
from tests.scripts.facts import inferred, log, trained

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
KNOWN, WITH_OURS = "The table shows all known runs", "Runs of this report are among them"
APART, OVERLAP = "do not overlap, so the differences", "overlap, so a difference between these may be noise"
OURS = trained("a", "me", 100)
THEIRS = [trained("p02/01", "p02", 104), trained("p03/01", "p03", 200, 16), trained("p03/02", "p03", 210, 16)]


def page_of(system: str, ours: list[LoadedLog], theirs: list[LoadedLog]) -> str:
    """Return the page of a system without links, in one line."""
    results = collect(ours)
    cohort = Cohort(results, collect(theirs))
    known = quantities(results, (), (), None, cohort)
    text = Pages(Answers(results, known, cohort), {}, {}, own=True).texts()[f"{system}.md"]
    return " ".join(_LINK.sub(r"\1", text).replace("\N{NARROW NO-BREAK SPACE}", "").split())


def said(page: str) -> list[str]:
    return [sentence for sentence in (KNOWN, WITH_OURS, APART, OVERLAP) if sentence in page]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([OURS], [], []),
        ([OURS], THEIRS, [KNOWN, WITH_OURS, APART]),
        ([OURS], [*THEIRS, trained("p04/01", "p04", 250)], [KNOWN, WITH_OURS, OVERLAP]),
        ([OURS], THEIRS[:1], [KNOWN, WITH_OURS]),
        ([], THEIRS, [KNOWN]),
        ([OURS, *THEIRS], [], [KNOWN, APART]),
    ],
)
def test_sentences_about_all_known_runs_follow_the_runs(
    ours: list[LoadedLog], theirs: list[LoadedLog], expected: list[str]
) -> None:
    assert said(page_of("sambanova", ours, theirs)) == expected


def test_runs_of_one_program_are_said_to_have_its_length_only_where_their_logs_do_not() -> None:
    ours = [inferred("a", "me", 9, 5.25, sequence_length=64), inferred("b", "me", 8, 4.25, sequence_length=128)]
    stated = inferred("p02/01", "p02", 10, 5.25, sequence_length=64)
    page = page_of("groq", ours, [stated])
    assert "the same figure, to the last digit (64 tokens)" in page
    assert "do not state the length" not in page
    page = page_of("groq", ours, [inferred("p02/01", "p02", 10, 5.25)])
    assert "the same figure, to the last digit" not in page
    assert "do not state the length: 1 with 64 tokens" in page
    page = page_of("groq", ours, [inferred("p02/01", "p02", 10, 5.75, sequence_length=64)])
    assert "the same figure, to the last digit" not in page
    assert "End to end they give 9 to 10 with 64 tokens" in page


@pytest.mark.parametrize(("theirs", "expected"), [({}, True), ({"learning_rate": 0.05}, False)])
def test_a_rate_is_said_to_be_unstated_only_where_no_other_log_states_it(
    theirs: dict[str, object], expected: bool
) -> None:
    run: dict[str, object] = {"system": "Graphcore", "stage": "train", "outcome": "completed", "epochs": 10}
    ours = [log("a", "me", run | {"test_accuracy": 97, "learning_rate": 0.05})]
    more = [log(f"p0{place}/01", f"p0{place}", run | {"test_accuracy": 96.5 + place / 8} | theirs) for place in (2, 3)]
    page = page_of("graphcore", ours, more)
    assert KNOWN in page
    assert ("The logs of other people do not state the rate" in page) == expected
