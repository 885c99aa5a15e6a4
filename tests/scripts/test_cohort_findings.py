"""What pages say of all known runs: each sentence stands only where the runs bear it out."""

from __future__ import annotations

import re

import pytest

from scripts.logs.load import LoadedLog
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import constants, derive
from scripts.report.home import home_pages
from scripts.report.quantities import quantities
from scripts.report.results import collect
from scripts.report.system import system_of
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
    known = quantities(results, derive(results), constants().values(), None, cohort)
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
        ([trained("a", "me", 100, 4)], THEIRS[1:], [KNOWN]),
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
    assert "End to end, all known runs give 9 to 10 with 64 tokens" in page


def test_runs_of_one_program_have_the_workload_that_most_of_their_logs_state() -> None:
    ours = inferred("a", "me", 9, 5.25, workload="bert-test")
    theirs = [inferred(f"p0{place}/01", f"p0{place}", 10, 5.25, workload="bert-tiny") for place in (2, 3)]
    larger = [inferred(f"p0{place}/02", f"p0{place}", 1, 0.25, workload="bert-base") for place in (2, 3)]
    page = page_of("groq", [ours], [*theirs, *larger])
    assert "workload bert-tiny</code> | 3 | 3 |" in page
    assert "bert-test</code> | 3" not in page


@pytest.mark.parametrize(("theirs", "expected"), [({}, True), ({"learning_rate": 0.05}, False)])
def test_a_rate_is_said_to_be_unstated_only_where_no_other_log_states_it(
    theirs: dict[str, object], expected: bool
) -> None:
    run: dict[str, object] = {"system": "Graphcore", "stage": "train", "outcome": "completed", "epochs": 10}
    ours = [log("a", "me", run | {"test_accuracy": 97, "learning_rate": 0.05})]
    more = [log(f"p0{place}/01", f"p0{place}", run | {"test_accuracy": 96.5 + place / 8} | theirs) for place in (2, 3)]
    page = page_of("graphcore", ours, more)
    assert KNOWN in page
    assert ("No log states the learning rate of the runs in a row *not stated*" in page) == expected


def test_runs_of_an_unknown_setting_have_no_outlier_but_are_said_not_to_be_repeats() -> None:
    run: dict[str, object] = {"system": "Graphcore", "stage": "train", "outcome": "completed", "epochs": 10}
    logs = [log(f"p0{place}/01", f"p0{place}", run | {"test_accuracy": 98 + place / 100}) for place in range(1, 7)]
    far = log("p07/01", "p07", run | {"test_accuracy": 9.5})
    cohort = Cohort(collect([*logs, far]))
    (group,) = cohort.groups
    assert (group.outliers, group.low, group.runs) == ((), 9.5, 7)
    assert "it has no outliers" in page_of("graphcore", [*logs, far], [])


def test_a_comparison_says_which_settings_no_log_states() -> None:
    run: dict[str, object] = {"system": "Graphcore", "stage": "train", "outcome": "completed"}
    sentence = "No log states the learning rate and batch size of these runs."
    silent = [log(f"{epochs}", "me", run | {"epochs": epochs, "test_accuracy": 90 + epochs}) for epochs in (1, 2)]
    assert sentence in page_of("graphcore", silent, [])
    stated = run | {"learning_rate": 0.05, "batch_size": 8}
    told = [log(f"{epochs}", "me", stated | {"epochs": epochs, "test_accuracy": 90 + epochs}) for epochs in (1, 2)]
    page = page_of("graphcore", told, [])
    assert "Test accuracy by number of epochs" in page
    assert "They count as equal" not in page


TWO = [trained("p01/01", "p01", 100), trained("p01/02", "p01", 199, 16)]
ANOTHER = [trained("p02/01", "p02", 101), trained("p02/02", "p02", 201, 16)]


def test_sentences_about_one_persons_runs_say_so_and_those_of_another_name_that_person() -> None:
    note = "about the runs of <code>{}</code> only"
    page = page_of("sambanova", [*TWO, *ANOTHER], [])
    assert note.format("p01") in page
    assert "The runs of <code>p02</code> alone: Throughput grows" in page
    assert "<code>owner</code>" not in page
    assert "about the runs of" not in page_of("sambanova", TWO, [])


def test_a_figure_of_one_persons_runs_names_that_person() -> None:
    system = system_of("SambaNova")
    (plot, *_) = system.plots
    titles = []
    for logs in (TWO, [*TWO, *ANOTHER]):
        results = collect(logs)
        titles.append(Answers(results, quantities(results, (), (), None, Cohort(results))).title(system, plot))
    assert titles[1] == f"{titles[0]} (p01)"


def test_the_home_page_of_several_people_is_about_all_of_them() -> None:
    results = collect([*TWO, *ANOTHER])
    cohort = Cohort(results)
    known = quantities(results, (), (), None, cohort, own=False)
    home = home_pages(Pages(Answers(results, known, cohort), {}, {}, own=False))["index.md"]
    plain = _LINK.sub(r"\1", home)
    assert "## [The people](others.md)" in home
    assert "[<code>p02</code>](people/p02.md)" in home
    assert "The logs of 2 of 2 people vary the tasks" in plain
    assert "Throughput by tasks, over all people, without outliers: 100 to 101 with 8 and 199 to 201 with 16" in plain
    assert "Runs: 4 completed." in plain
