"""The verdicts on what the homework said: what they are, and that a flipped fact flips them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.logs.catalog import Declared
from scripts.logs.load import LoadedLog
from scripts.report.claims import ENDINGS, claims, homework_runs, verdicts
from scripts.report.claims_page import claims_page, homework
from scripts.report.derive import constants, derive
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import collect
from tests.scripts.facts import log

SN16 = "runs/sambanova-bertlarge-run-ntasks16-1.md"


@pytest.fixture(scope="module")
def known() -> Known:
    """What is known of the runs that the homework speaks of, as far as its claims ask for it."""
    return _known()


def _known(*more: LoadedLog) -> Known:
    """Return the same with more logs in the catalog."""
    window = {"token_throughput_min": 560000, "token_throughput_max": 620000}

    def trained(tasks: int, tokens: float, outcome: str) -> dict[str, object]:
        run = {"system": "SambaNova", "stage": "train", "workload": "bert-large", "outcome": outcome}
        return run | window | {"ntasks": tasks, "nodes": 1 + tasks // 32, "token_throughput": tokens}

    mnist = {"system": "Graphcore", "stage": "train", "workload": "mnist", "outcome": "completed"}
    rates = {"0.05": "98.58", "0.005": "98.44", "0.0005": "93.08", "0.5": "9.58"}
    declared = [Declared(place, "learning_rate", rate, "a page", "") for place, rate in enumerate(rates, 1)]
    graphcore = log(
        "graphcore/Graphcore.txt", "me", *(mnist | {"test_accuracy": said, "epochs": 10} for said in rates.values())
    )
    bert = {"system": "Cerebras", "stage": "train", "outcome": "completed"}
    times = {1024: ("211.42", "211.53"), 2048: ("304.99", "305.06"), 512: ("176.28", "176.34")}
    loops = (
        bert
        | {"batch_size": of, "throughput": 4 * of, "samples": 1000 * of, "total_time": 1500}
        | {"reported_time": reported, "train_time": trained_in}
        for of, (reported, trained_in) in times.items()
    )
    tiny = {"system": "Groq", "stage": "inference", "workload": "bert-tiny", "outcome": "completed"}
    input_of_256 = tiny | {"previous_sequence_length": 128, "sequence_length": 256}
    results = collect(
        [
            log(
                "sambanova/BertLarge_Compile.out",
                "me",
                {"system": "SambaNova", "stage": "compile", "outcome": "completed"},
            ),
            log("sambanova/BertLarge_Run_ntasks08.out", "me", trained(8, 293536.5, "failed")),
            log(
                "sambanova/BertLarge_Run_ntasks16.out",
                "me",
                trained(16, 589764.5, "completed"),
                trained(32, 1136765.5, "failed"),
            ),
            log("sambanova/BertLarge_Run_ntasks32.out", "me", trained(32, 1104388.5, "failed")),
            replace(graphcore, entry=replace(graphcore.entry, declared=tuple(declared))),
            log("cerebras/Cerebras.txt", "me", *loops),
            log("groq/Groq.txt", "me", tiny, input_of_256),
            *more,
        ]
    )
    return quantities(results, derive(results), constants().values())


def _verdicts(known: Known, changed: dict[str, str | None] | None = None) -> dict[str, str]:
    kept = Known(known)
    for address, value in (changed or {}).items():
        quantity = kept.pop(address)
        if value is not None:
            kept[address] = replace(quantity, value=value)
    told = verdicts(kept)
    return {name: verdict.replace("\N{NO-BREAK SPACE}", " ")[2:] for name, verdict in told.items()}


def test_what_the_logs_contradict_is_corrected(known: Known) -> None:
    told = _verdicts(known)
    assert {name for name, verdict in told.items() if verdict == "corrected"} == {
        "every-run-failed",
        "largest-rate-overfitted",
    }
    assert {name for name, verdict in told.items() if verdict == "not checkable"} == {
        "compiles-were-good",
        "smallest-rate-needs-more-epochs",
        "custom-input-was-given",
        "largest-rate-was-unstable",
    }


@pytest.mark.parametrize(
    ("name", "address", "value", "verdict"),
    [
        ("every-run-failed", f"{SN16}#outcome", "failed", "confirmed"),
        ("every-run-failed", f"{SN16}#outcome", None, "not checkable"),
        ("tasks-were-8-16-and-32", f"{SN16}#ntasks", "4", "corrected"),
        ("accuracy-at-0-0005", "runs/graphcore-graphcore-3.md#test_accuracy", "93.09", "corrected"),
        ("accuracy-at-0-005", "runs/graphcore-graphcore-2.md#declared-learning_rate", "0.006", "corrected"),
        ("accuracy-at-0-05", "runs/graphcore-graphcore-1.md#test_accuracy", "98", "corrected"),
        ("accuracy-at-0-5", "runs/graphcore-graphcore-4.md#test_accuracy", "90", "corrected"),
        ("largest-rate-overfitted", "runs/graphcore-graphcore-4.md#test_accuracy", "50", "not checkable"),
        ("rate-0-005-was-good", "runs/graphcore-graphcore-2.md#accuracy_high", "98.2", "corrected"),
        ("rate-0-05-was-good", "runs/graphcore-graphcore-4.md#test_accuracy", "99", "corrected"),
        ("batch-sizes-were-512-1024-and-2048", "runs/cerebras-cerebras-1.md#batch_size", "512", "corrected"),
        ("run-times", "runs/cerebras-cerebras-1.md#reported_time", "216.1", "corrected"),
        ("run-time-grows-with-the-batch", "runs/cerebras-cerebras-2.md#train_time", "100", "corrected"),
        ("input-grew-from-128-to-256", "runs/groq-groq-2.md#sequence_length", "128", "corrected"),
    ],
)
def test_a_flipped_fact_flips_the_verdict(
    known: Known, name: str, address: str, value: str | None, verdict: str
) -> None:
    assert address in known
    assert _verdicts(known)[name] != verdict
    assert _verdicts(known, {address: value})[name] == verdict


@pytest.mark.parametrize("author", ["me", "somebody else"])
def test_a_log_that_the_homework_does_not_speak_of_changes_no_verdict(known: Known, author: str) -> None:
    bert = {"system": "Cerebras", "stage": "train", "outcome": "failed", "batch_size": 256, "reported_time": "999"}
    rate = {"system": "Graphcore", "stage": "train", "workload": "mnist", "outcome": "completed", "test_accuracy": 99}
    more = _known(log("cerebras/another.log", author, bert), log("graphcore/another.log", author, rate))
    assert _verdicts(more) == _verdicts(known)


def test_each_claim_with_an_expression_says_what_is_asked() -> None:
    assert all(claim.meaning.endswith(".") for claim in claims() if claim.check)


def test_every_quotation_is_decided_and_most_by_the_proof_reader() -> None:
    own = [claim.name for claim in claims() if claim.check]
    reasons = [claim.name for claim in claims() if claim.meaning and not claim.check]
    assert (len(claims()), len(own), len(reasons)) == (19, 3, 4)


def test_the_proof_reader_finds_nothing_in_a_sentence_that_no_log_could_check(known: Known) -> None:
    runs = homework_runs(known)
    assert all(claim.judged(runs) == [] for claim in claims() if claim.meaning and not claim.check)


def test_an_expression_names_its_runs_in_full() -> None:
    told = {claim.name: claim.expression for claim in claims()}
    assert told["rate-0-005-was-good"].startswith("facts.number('graphcore-graphcore-2', 'accuracy_high')")
    assert told["input-grew-from-128-to-256"] == ""


def test_the_home_page_counts_the_verdicts(known: Known) -> None:
    found = homework(known)
    assert found["homework"].holds
    assert found["some_corrected"].holds
    assert found["some_corrected"].quantities["names"] == "“every run failed” and “largest rate overfitted”"
    statements, *ended = (int(known[f"claims.md#count-{name}"].value) for name in ("statements", *ENDINGS))
    assert statements == len(claims()) == sum(ended)


def test_without_the_homework_there_is_nothing_to_count(known: Known) -> None:
    fewer = Known({address: value for address, value in known.items() if "graphcore" not in address})
    assert not any(finding.holds for finding in homework(fewer).values())


def test_each_confirmed_statement_says_what_the_logs_show(known: Known) -> None:
    page = claims_page(known)
    assert "<q>" in page
    assert not [line for line in page.splitlines() if "confirmed" in line and "| – |" in line]
