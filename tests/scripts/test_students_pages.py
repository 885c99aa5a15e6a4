"""The pages of a student's site: what they say of runs that cannot be compared, and which commands they name."""

from __future__ import annotations

from scripts.logs.load import LoadedLog
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import constants, derive
from scripts.report.quantities import quantities
from scripts.report.rerun_words import installed
from scripts.report.results import collect
from scripts.report.system import known_systems
from scripts.report.system_page import Pages
from tests.scripts.facts import log

_TRAINED = {"system": "Graphcore", "workload": "mnist", "stage": "train", "outcome": "completed", "epochs": 10}


def graphcore(*logs: LoadedLog, own: bool = False) -> Pages:
    """Return the pages of a report on logs."""
    results = collect(logs)
    cohort = Cohort(results)
    known = quantities(results, derive(results), constants().values(), cohort=cohort, own=own)
    return Pages(Answers(results, known, cohort), {}, {}, own)


def rated(name: str, accuracy: float, author: str = "jane", **declared: str) -> LoadedLog:
    return log(f"graphcore/{name}.log", author, _TRAINED | {"test_accuracy": accuracy}, **declared)


def test_runs_without_a_stated_setting_give_no_answer_and_the_page_says_what_one_needs() -> None:
    page = graphcore(rated("a", 97.5), rated("b", 98.5)).texts()["graphcore.md"]
    answer = page.partition("## Answer\n\n")[2].partition("\n#")[0]
    assert answer.startswith("These runs give no answer. A comparison needs runs")


def test_repeats_of_an_unknown_batch_size_may_be_none() -> None:
    logs = [rated(name, 97.5 + place, learning_rate="0.03") for place, name in enumerate("ab")]
    sentence = "The batch size of some of these runs is not stated."
    assert sentence in graphcore(*logs).texts()["graphcore.md"]
    stated = [rated(name, 97.5 + place, learning_rate="0.03", batch_size="8") for place, name in enumerate("ab")]
    assert sentence not in graphcore(*stated).texts()["graphcore.md"]


def test_a_run_that_was_published_twice_is_no_answer() -> None:
    curve: dict[str, object] = {"loss": [1 / step for step in range(1, 40)], "time": [0.5 + step for step in range(39)]}
    run = {"system": "Cerebras", "stage": "train", "outcome": "completed", "batch_size": 512, "job_id": "wsjob-a"}
    pages = graphcore(*(log(f"cerebras/{name}.log", "jane", run | curve | {"throughput": 9.5}) for name in "ab"))
    system = known_systems()["Cerebras"]
    assert "published more than once" in pages.opening(system, "cerebras.md")
    assert "published more than once" not in pages.card(system)


def test_several_authors_are_authors() -> None:
    assert (
        "**Authors:** <code>jane</code>, <code>joe</code>"
        in graphcore(rated("a", 97.5), rated("b", 98.5, "joe")).texts()["graphcore.md"]
    )
    assert "**Author:** <code>jane</code>" in graphcore(rated("a", 97.5)).texts()["graphcore.md"]


def test_the_commands_are_those_that_the_reader_has() -> None:
    page = graphcore(rated("a", 97.5)).texts()["graphcore.md"]
    assert "\ntestbed-report rerun graphcore --help   # what it does" in page
    assert "\ntestbed-report rerun graphcore          # run, read" in page
    assert "make rerun SYSTEM=graphcore" in graphcore(rated("a", 97.5), own=True).texts()["graphcore.md"]


def test_commands_become_those_of_the_package() -> None:
    text = '```sh\nmake rerun SYSTEM=cpu ARGS="--repeat 3"   # minutes\nscripts/run/cpu.sh --help # all\n```\nmake it\n'
    commands = "testbed-report rerun cpu --repeat 3   # minutes\ntestbed-report rerun cpu --help       # all\n"
    assert installed(text) == f"```sh\n{commands}```\nmake it\n"
    assert installed("```sh\nsrun a # b\n```\n") == "```sh\nsrun a # b\n```\n"
