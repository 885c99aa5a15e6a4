"""Where evidence states a value."""

from __future__ import annotations

import pytest

from parsers.evidence import marks


@pytest.mark.parametrize(
    ("name", "value", "evidence", "marked"),
    [
        ("ntasks", "32", "SLURM_NTASKS=32", ["32"]),
        ("batch_size", "1", "size 11, 1.5 and 1", ["1"]),
        ("throughput", "4.5", "14.5 and 4.51 and 4.5", ["4.5"]),
        ("batch_size", "2", '"format": 2, "batch-size": 2, "x": 2', ["2"]),
        ("stage", "train", "--do_train --training", ["train"]),
        ("train_time", "83", "10/10 [01:23<00:00]", ["01:23"]),
        ("test_accuracy", "83", "01:23", []),
        ("workload", "bert-large", "Model:  BertLarge", []),
        ("threads", "1", '"batch_size": 1, "format": 1, "threads', []),
        ("failure_reason", "", "anything", []),
        ("failure_reason", "a\x1bb", "a\\x1bb", ["a\\x1bb"]),
    ],
)
def test_the_value_is_marked_where_it_is_stated(name: str, value: str, evidence: str, marked: list[str]) -> None:
    assert [evidence[begin:end] for begin, end in marks(name, value, evidence)] == marked
