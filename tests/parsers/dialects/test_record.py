"""The record lines of the run scripts, of which a whole case would say no more."""

from __future__ import annotations

import re

import pytest

from parsers.dialects.record import LINE, systems
from parsers.reading import parse
from tests.parsers.engine.test_boundaries import check_prefix
from tests.parsers.samples import NAMES, case, said, table

BEGIN = b'#testbed-run {"format": 1, "system": "Graphcore", "parameters": {"learning_rate": 5e-05}}\n'
END = b'#testbed-end {"exit_status": 0, "seconds": 9, "ended_at": "2026-05-01T10:00:09Z"}\n'
ACCURACY = b"Accuracy on test set: 97.12%\n"
LINES = re.compile(rb"(?m)^#testbed-.*\n")
RECORDED = [name for name in NAMES if name.startswith("record_")]


@pytest.mark.parametrize("name", RECORDED)
def test_a_cut_within_a_record_line_gives_a_subset(name: str) -> None:
    data = case(name)
    for line in LINES.finditer(data):
        for cut in range(line.start(), line.end() + 1, 5):
            check_prefix(data, cut)


def test_a_number_is_kept_as_it_stands() -> None:
    assert said(BEGIN + END, "learning_rate") == ["5e-05"]


def test_a_number_of_too_many_digits_stops_nothing() -> None:
    software = b'"software": {"sdk": "1.2", "build": ' + b"9" * 10_000 + b"}}"
    assert said(BEGIN.replace(b"}}", b"}, " + software) + END, "sdk_version") == ["1.2"]


ENDS = {
    "status 0": (END, "completed", []),
    "status 3": (END.replace(b'status": 0', b'status": 3'), "failed", ['"exit_status": 3']),
    "a signal": (END.replace(b"}", b', "signal": "INT"}'), "killed", ['"signal": "INT"']),
    "no last line": (b"", "truncated", []),
    "half a last line": (END[:40], "truncated", []),
    "a last line of another kind": (b"#testbed-end {}\n", "truncated", []),
}


@pytest.mark.parametrize("what", ENDS)
def test_how_a_recorded_run_ended(what: str) -> None:
    end, outcome, reason = ENDS[what]
    assert said(BEGIN + b"a line of some program\n" + end, "outcome") == [outcome]
    assert said(BEGIN + b"a line of some program\n" + end, "failure_reason") == reason


def test_a_signal_explains_what_the_scheduler_says_of_it() -> None:
    echo = b"srun: error: pod0: task 0: Exited with exit code 143\n"
    assert said(BEGIN + echo + ENDS["a signal"][0], "outcome") == ["killed"]
    assert said(BEGIN + echo + ENDS["status 3"][0], "failure_reason") == [echo.decode().strip()]


def test_a_last_line_without_its_first_says_that_a_signal_stopped_the_run() -> None:
    log = b"srun: job 4101 has been allocated resources\nEpochs:   0%|          | 0/3 [00:00<?, ?it/s]\n"
    log += b"srun: error: pod0: task 0: Exited with exit code 143\n"
    assert said(log, "outcome") == ["failed"]
    end = b'#testbed-end {"exit_status": 143, "seconds": 12, "signal": "TERM"}\n'
    assert said(log + end, "outcome") == ["killed"]


def test_results_stand_when_the_run_is_stopped_behind_them() -> None:
    assert said(BEGIN + ACCURACY + ENDS["a signal"][0], "outcome") == ["completed"]


def test_a_recorded_log_is_one_run_whatever_opens_in_it() -> None:
    inside = b"srun: job 1 queued and waiting for resources\n" + ACCURACY + b"user@node:~$ ls\n```\n" + ACCURACY
    assert said(BEGIN + inside + inside.replace(b"job 1", b"job 2") + END, "outcome") == ["completed"]
    assert len(parse(BEGIN + inside + END + ACCURACY, "x").runs) == 2


def test_the_next_record_ends_a_run_without_a_last_line() -> None:
    other = BEGIN.replace(b"Graphcore", b"Abacus")
    assert said(BEGIN + other + ACCURACY + END, "outcome") == ["truncated", "completed"]


@pytest.mark.parametrize(
    "line",
    [
        BEGIN.replace(b"Graphcore", b"Abacus"),
        b"#testbed-run {...}\n",
        b"#testbed-run {}\n",
        b"#testbed-run {" + b'"a": {' * 2000 + b"\n",
        BEGIN[:-1],
        END,
        b"the line " + BEGIN,
    ],
)
def test_what_is_no_record_opens_no_run(line: bytes) -> None:
    assert table(line) == []


def test_the_systems_that_records_name() -> None:
    assert systems(BEGIN + BEGIN.replace(b"Graphcore", b"Groq") + END) == {"Graphcore", "Groq"}
    assert systems(b"#testbed-run [1]\n") == set()


def test_a_value_that_is_escaped_on_its_line_is_no_fact() -> None:
    line = BEGIN.replace(b"5e-05", b'"\\u0037", "batch_size": "8", "epochs": null, "steps": [1]')
    assert [row[2] for row in table(line) if row[1] == "parameter"] == ["batch_size"]


def test_the_shape_is_bounded() -> None:
    assert LINE.start
    assert table(b'#testbed-run {"a": "' + b"a" * 30000 + b'"}\n') == []
