"""What is sure of a run whose text has a gap: no value that a lost line might change."""

from __future__ import annotations

import pytest

from parsers.reading import parse
from tests.parsers.samples import said

STAMP = b"2024-05-01 10:00:%02d,250 INFO:   "
STEP = STAMP + b"| Train Device=CSX, Step=%d, Loss=7.5, Rate=2.5 samples/sec, GlobalRate=%d.5 samples/sec\n"
BEGINNING = STAMP % 0 + b"Effective batch size is 16.\n"
STEPS = (STEP % (10, 1, 3), STEP % (20, 2, 4))


def times(log: bytes) -> list[int]:
    """Return the steps whose times a log states."""
    series = (series for run in parse(log, "").runs for series in run.series)
    return [step for each in series if each.name == "time" for step in each.steps]


def lost(line: bytes, at: int) -> bytes:
    """Return a line with a hole."""
    return line[:at] + b"\0" * 8 + line[at + 8 :]


@pytest.mark.parametrize(("between", "steps", "rates"), [
    (b"", [1, 2], ["4.5"]),
    (lost(STAMP % 15 + b"Saving checkpoint at step 1 of many\n", 60), [1, 2], ["4.5"]),  # what it said is known
    (lost(STAMP % 15 + b"Effective batch size is 16.\n", 32), [1], ["4.5"]),
])  # fmt: skip
def test_times_behind_a_line_that_may_have_opened_a_run(between: bytes, steps: list[int], rates: list[str]) -> None:
    log = BEGINNING + STEPS[0] + between + STEPS[1]
    assert times(log) == steps
    assert said(log, "throughput") == rates


def test_an_end_behind_a_line_that_may_have_ended_the_run() -> None:
    log = BEGINNING + STEPS[0] + lost(STAMP % 15 + b"Processed 160 sample(s) in 5.5 seconds.\n", 40) + STEPS[1]
    assert said(log, "ended_at") == []
    assert said(BEGINNING + b"".join(STEPS), "ended_at") == ["2024-05-01 10:00:20,250"]


def test_a_rate_before_one_that_cannot_be_read() -> None:
    assert said(BEGINNING + STEPS[0] + lost(STEPS[1], 50), "throughput") == []


def test_a_step_of_which_nobody_knows_what_it_was_for() -> None:
    evaluation = b"| Eval Device=CSX, GlobalStep=20, Batch=1, Loss=9.5, Rate=2.5 samples/sec\n"
    log = BEGINNING + STEPS[0] + STAMP % 15 + b"\0" * 25 + evaluation[25:] + STEPS[1]
    series = {series.name: series.values for series in parse(log, "").runs[0].series}
    assert series["loss"] == ["7.5", "7.5"]


def test_seconds_between_two_numbers_of_a_shell() -> None:
    log = b"COMPILE START AT 3\n%sCOMPILE END AT 703\n"
    assert said(log % b"", "compile_time") == ["700"]
    assert said(log % b"\0\0\0\n", "compile_time") == []


def test_the_first_bar_may_be_lost() -> None:
    epochs = b"Epochs:   0%|          | 0/10 [00:00<?, ?it/s]\n"
    compilation = b"Graph compilation: 100%|##########| 100/100 [01:20<00:00]\n"
    assert said(epochs + compilation, "compile_time") == ["80"]
    assert said(epochs + b"\0\0\0\n" + compilation, "compile_time") == []


@pytest.mark.parametrize("rest", [b"##########| 2/2 [00:\n", b"####\n", b"##########| 2/2\n"])
def test_a_bar_that_is_cut_takes_the_place_of_the_one_before(rest: bytes) -> None:
    bar = b"Epochs: 100%|##########| 2/2 [00:17<00:00,  8.60s/it]"
    log = b"Epochs:   0%|          | 0/2 [00:00<?, ?it/s]\n" + bar + b"\r"
    assert said(log + b"\n", "epoch_time") == ["8.60"]
    assert said(log + b"Epochs: 100%|" + rest, "epoch_time") == []


@pytest.mark.parametrize("sign", ["=", "\u21a9", "\\"])
def test_a_reason_that_goes_on_below_is_absent(sign: str) -> None:
    log = "Graph compilation:\nFabric error: no room at{}\nall\n"
    assert len(said(log.format("").encode(), "failure_reason")) == 1
    assert said(log.format(sign).encode(), "failure_reason") == []
