"""Jobs that wrote into one file at the same time: it is said, and no run of theirs is whole."""

from __future__ import annotations

from itertools import chain, zip_longest

import pytest

from parsers.reading import parse
from tests.parsers.samples import case, said, table

NOTE = ("lines of several jobs are interleaved; no run counts as whole",)


def woven(*names: str) -> bytes:
    """Return the lines of cases in turn."""
    turns = zip_longest(*(case(name).split(b"\n") for name in names))
    return b"\n".join(line for line in chain.from_iterable(turns) if line is not None)


@pytest.mark.parametrize("names", [
    ("groq_proof_point", "cerebras_train"),
    ("cerebras_train", "sambanova_train"),
    ("cerebras_train", "graphcore_mnist"),
])  # fmt: skip
def test_jobs_of_two_systems(names: tuple[str, str]) -> None:
    reading = parse(woven(*names), "")
    assert reading.notes == NOTE
    assert [run.ordinal for run in reading.runs] == [1, 2]
    assert set(said(woven(*names), "outcome")) == {"unknown"}


def test_each_system_keeps_its_values() -> None:
    both = {(row[2], row[5]) for row in table(woven("groq_proof_point", "cerebras_train")) if row[1] == "metric"}
    assert {(row[2], row[5]) for row in table(case("groq_proof_point")) if row[1] == "metric"} <= both


def test_two_trainings_of_one_system() -> None:
    line = "2024-05-01 10:00:{:02},250 INFO:   | Train Device=CSX, Step={}, Loss={}.5, Rate=2.5 samples/sec\n"
    log = "".join(line.format(step * 2 + job, step * 10, 9 - job) for step in range(1, 5) for job in (0, 1))
    assert parse(log.encode(), "").notes == NOTE


def test_logs_that_follow_each_other_are_not_woven() -> None:
    names = ("cerebras_train", "groq_proof_point", "cerebras_middle_of_a_log", "sambanova_train", "graphcore_mnist")
    assert parse(b"\n".join(case(name) for name in names), "").notes == ()
