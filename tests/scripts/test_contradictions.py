"""A file name or a person that says otherwise than the log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.logs.catalog import Declared
from scripts.report.contradictions import Contradiction, contradictions, contradictions_text, file_name_claims
from scripts.report.results import Results

NAMES = {
    "BertLarge_Run_ntasks08.out": [("ntasks", "08")],
    "a/ntask32/BertLarge_ntask4.log": [("ntasks", "4")],
    "log_mnist_batchsize08_epochs10_lr0.05.txt": [("batch_size", "08"), ("epochs", "10"), ("learning_rate", "0.05")],
    "bert_log_bs_1024.txt": [("batch_size", "1024")],
    "lr=1e-4.log": [("learning_rate", "1e-4")],
    "batch-16.log": [("batch_size", "16")],
    "BertLarge16.out": [],
    "jobs12.log": [],
    "2024-04-09_batches.md": [],
    "epochs.txt": [],
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_file_name_says(name: str) -> None:
    assert file_name_claims(name) == NAMES[name]


def test_a_second_run_of_more_tasks_than_the_file_name_says(results: Results) -> None:
    found = {run.id: contradictions(run) for run in results.runs}
    expected = Contradiction("ntasks", "16", "the file name", "32")
    assert {run: said for run, said in found.items() if said} == {"sambanova-run-ntasks16-2": (expected,)}


def test_a_declared_value_that_the_log_contradicts(results: Results) -> None:
    run = next(run for run in results.runs if run.id == "graphcore-session-1")
    said = (Declared(1, "epochs", "99", "a page", ""), Declared(1, "epochs", "10.0", "another", ""))
    (found,) = contradictions(replace(run, declared=said))
    assert (found.claimed, found.source, found.logged) == ("99", "a page", run.word("epochs"))


def test_the_page_says_so_and_leads_to_the_fact(results: Results) -> None:
    first, second = (next(run for run in results.runs if run.id.endswith(f"ntasks16-{n}")) for n in (1, 2))
    assert contradictions_text(first) == ""
    assert "| ntasks | <code>16</code> | the file name | [32](#ntasks) |" in contradictions_text(second)
