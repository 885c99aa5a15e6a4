"""The same model on two systems: which runs share a table, and what the operations of the model are."""

from __future__ import annotations

import pytest

from scripts.logs.load import LoadedLog
from scripts.report.derive import constants, derive
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.same_model import MOST_RUNS, same_model, same_models
from tests.scripts.facts import log

ONE = {"system": "SambaNova", "stage": "train", "workload": "bert-large", "ntasks": 4, "batch_size": 16, "steps": 5}
OTHER = {"system": "Cerebras", "stage": "train", "batch_size": 64, "csx": 1, "throughput": 300}


def _one(length: int = 128) -> LoadedLog:
    return log("a", "me", ONE | {"throughput": 200, "sequence_length": length, "nodes": 1})


def _other(**declared: str) -> LoadedLog:
    return log("b", "me", OTHER, **declared)


def _known(*logs: LoadedLog) -> tuple[Results, Known]:
    results = collect(logs)
    return results, quantities(results, derive(results), constants().values())


def test_the_operations_of_the_model_are_counted_layer_by_layer() -> None:
    results, known = _known(_one())
    per_sample = 24 * 128 * (6 * 12 * 1024**2 + 12 * 128 * 1024)
    assert known.number(results.runs[0], "model_flop_per_sample") == per_sample
    assert known.number(results.runs[0], "model_flop_rate") == pytest.approx(200 * per_sample / 1e12)
    assert known.number(results.runs[0], "throughput_per_chip") == 100


def test_two_systems_with_the_same_model_and_length_share_tables() -> None:
    results, known = _known(_other(workload="bert-large", sequence_length="128"), _one())
    assert [[run.system for run in runs] for runs in same_models(results, known)] == [["SambaNova", "Cerebras"]]
    text = same_model(same_models(results, known), known, "compare.md")
    assert "| [SambaNova](runs/a-1.md) | tasks [4](runs/a-1.md#ntasks) | [200](runs/a-1.md#throughput) |" in text
    assert "| [64](runs/a-1.md#global_batch_size) | [1](runs/a-1.md#nodes) |" in text
    assert "| [64](runs/b-1.md#global_batch_size) | – |" in text


def test_of_many_runs_the_first_of_each_setting_are_shown() -> None:
    run = ONE | {"sequence_length": 128, "nodes": 1}
    many = [log(f"a{place}", "me", run | {"throughput": 200 + place / 10}) for place in range(MOST_RUNS + 40)]
    large = log("large", "me", run | {"throughput": 800, "ntasks": 16})
    results, known = _known(*many, large, _other(workload="bert-large", sequence_length="128"))
    text = same_model(same_models(results, known), known, "compare.md")
    assert text.count("](runs/a0-1.md)") == text.count("](runs/large-1.md)") == text.count("](runs/b-1.md)") == 2
    assert text.count("| [SambaNova]") == 2 * (MOST_RUNS - 1)
    assert "<code>42</code> more are left out; [runs.csv](data/runs.csv) has all." in text


@pytest.mark.parametrize(
    "logs",
    [
        (_one(),),
        (_one(), _other()),
        (_one(), _other(workload="another", sequence_length="128")),
        (_one(), _other(workload="bert-large")),
        (_one(256), _other(workload="bert-large", sequence_length="128")),
    ],
)
def test_anything_else_shares_none(logs: tuple[LoadedLog, ...]) -> None:
    assert same_models(*_known(*logs)) == []
