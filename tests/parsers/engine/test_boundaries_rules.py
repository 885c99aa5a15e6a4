"""Where runs of a made-up system begin and end: each rule of the engine by itself."""

from __future__ import annotations

import re

import pytest

from parsers.engine import scanning
from parsers.engine.boundaries import runs
from parsers.engine.drafts import Draft
from parsers.engine.events import Event
from parsers.engine.shapes import AHEAD, GIVES, INSIDE, OPENS, Dialect, Shape
from parsers.engine.templates import DialectFault
from parsers.engine.text import Text
from parsers.facts import Run
from tests.parsers.engine.toy import Sliced


def _failing(_run: Draft[list[str]], _event: Event) -> None:
    raise KeyError("nothing")


def _begin(run: Draft[list[str]], event: Event) -> None:
    run.memory.append(event.text(0))


def _close(run: Draft[list[str]]) -> None:
    run.state("software", " ".join(run.memory), run.line, run.view_line)
    run.state_span()


def _no_close(_run: Draft[list[str]]) -> None:
    raise ValueError("no end")


TOY: Dialect = Dialect(
    system="Toy",
    signs=(b"toy",),
    shapes=(
        Shape(rb"opens (?P<batch_size>\d+)", OPENS, start=True, phase=1),
        Shape(rb"perhaps", GIVES, bare=True),
        Shape(rb"trains (?P<epochs>\d+)", phase=2),
        Shape(rb"tests (?P<steps>\d+)", phase=3),
        Shape(rb"on (?P<nodelist>\w+)", AHEAD),
        Shape(rb"fails", INSIDE, _failing),
        Shape(rb"done", INSIDE, ends="completed"),
        Shape(rb"wrong (?P<_reason>\w+)", INSIDE, ends="failed"),
        Shape(rb"starts", INSIDE, times_from="compile_time"),
        Shape(rb"stops", INSIDE, times_to="compile_time"),
        Shape(rb"foreign", refuses="a log of another program"),
    ),
    stamp=re.compile(rb"(?P<stamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"),
    memory=list,
    begin=_begin,
    close=_close,
)
RECORD, RECORD_END = b'#testbed-run {"system": "Toy"}\n', b'#testbed-end {"exit_status": 0}\n'


def found(data: bytes) -> list[Run]:
    """Return the runs of a text in the made-up system's dialect."""
    return list(runs(Text(data), (TOY,)))


def said(data: bytes, *names: str) -> list[tuple[str, ...]]:
    """Return the values of some facts of each run, an empty text for what it does not say."""
    facts = [{fact.name: fact.value for fact in run.facts} for run in found(data)]
    return [tuple(values.get(name, "") for name in names) for values in facts]


def test_what_is_ahead_of_a_run_belongs_to_it_unless_a_log_begins() -> None:
    assert said(b"on a\ntrains 1\n", "nodelist") == said(b"trains 1\non a\n", "nodelist") == [("a",)]
    assert said(b"on a\nopens 1\n", "nodelist") == [("",)]
    assert said(b"on a\nopens 1\n$ ls\ntrains 1\n", "nodelist") == [("",), ("",)]
    assert said(b"on a\n$ ls\ntrains 1\n", "nodelist") == [("",)]
    assert said(b"on a\n" + RECORD + b"trains 1\n" + RECORD_END + b"trains 2\n", "epochs", "nodelist") == [
        ("1", ""),
        ("2", ""),
    ]


def test_a_run_begins_once_and_not_with_a_line_of_the_shell() -> None:
    inside = b"^C\ntrains 1\ntests 2\n"
    assert said(RECORD + inside + RECORD_END, "software") == [("trains 1",)]
    assert said(inside, "software") == [("trains 1",)]


def test_a_line_between_record_lines_belongs_to_that_run() -> None:
    assert said(RECORD + b"tests 1\nopens 2\ntests 3\n" + RECORD_END, "steps", "batch_size") == [("3", "2")]
    assert said(RECORD + b"$ ls\ntests 1\n```\ntests 3\n", "steps") == [("3",)]


def test_lines_that_no_run_needs_make_none() -> None:
    assert said(b"perhaps\n", "system") == []
    assert said(b"on a\ndone\nwrong it\n", "system") == []
    assert said(b"perhaps\ntrains 1\n", "system") == [("Toy",)]


def test_a_quoted_end_is_none() -> None:
    assert said(b"perhaps\nit said: done\n", "system") == []
    assert said(b"perhaps\ndone\n", "outcome") == [("completed",)]
    assert said(b"trains 1\nit said: done\n", "outcome") == [("unknown",)]


def test_an_interrupt_behind_a_view_ends_the_view_alone() -> None:
    assert said(b"a@b:~$ tail -f x\ntrains 1\n^C\n", "outcome") == [("unknown",)]
    assert said(b"a@b:~$ tail -f x\ntrains 1\n^C\n^C\n", "outcome") == [("killed",)]
    assert said(b"a@b:~$ tail -f x\n" + RECORD + RECORD_END + b"trains 1\n^C\n", "outcome") == [
        ("completed",),
        ("killed",),
    ]


def test_the_lines_of_a_run() -> None:
    assert [(run.first_line, run.last_line) for run in found(b"a\nopens 1\nb\n\nopens 2\n\n\n")] == [(2, 4), (5, 7)]
    assert [(run.first_line, run.last_line) for run in found(b"trains 1\nc")] == [(1, 2)]


@pytest.mark.parametrize("end", [b"x\n", b"x", b"\nx\n\n \n", b"ab\nx\n"])
def test_a_run_that_nothing_ends_is_cut_at_its_last_line(end: bytes) -> None:
    (run,) = found(b"opens 1\n" + end)
    (outcome,) = (fact for fact in run.facts if fact.name == "outcome")
    assert (outcome.value, outcome.line) == ("truncated", (b"opens 1\n" + end).rstrip().count(b"\n") + 1)


def test_an_opening_line_alone_is_cut_there() -> None:
    (run,) = found(b"opens 1\nopens 2\n")[:1]
    assert [(fact.value, fact.line) for fact in run.facts if fact.name == "outcome"] == [("truncated", 1)]


def test_a_timestamp_at_the_very_beginning_is_of_the_run() -> None:
    assert said(b"2024-05-01 10:00:00 trains 1\n2024-05-01 10:00:01\n", "started_at", "ended_at") == [
        ("2024-05-01 10:00:00", "2024-05-01 10:00:01")
    ]
    assert said(b"x\n" * 4000 + b"2024-05-01 10:00:00 trains 1\n", "started_at") == [("2024-05-01 10:00:00",)]


def test_a_run_begins_with_its_line_or_behind_the_bar_that_another_was_at() -> None:
    bar = b"2024-05-01 10:00:0%d | 4/10 [00:40<00:54,  9.05s/it]"
    assert said(b"trains 1\n" + bar % 1 + b"opens 1\n2024-05-01 10:00:02\n", "started_at") == [
        ("2024-05-01 10:00:01",),
        ("2024-05-01 10:00:02",),
    ]
    assert said(b"[2024-05-01 10:00:01]trains 1\n", "started_at") == [("2024-05-01 10:00:01",)]


def test_a_duration_is_told_between_two_lines() -> None:
    stamps = (b"2024-05-01 10:00:00 starts\n", b"2024-05-01 10:00:05 stops\n", b"2024-05-01 10:00:09 stops\n")
    assert said(b"trains 1\n" + b"".join(stamps), "compile_time") == [("5.000",)]
    assert said(b"trains 1\n" + stamps[1], "compile_time") == [("",)]


def test_a_run_that_is_not_read_gives_its_reason_alone() -> None:
    refused: list[str] = []
    data = b"foreign\ntrains 1\n$ ls\ntrains 2\nforeign\n"
    assert [run.ordinal for run in runs(Text(data), (TOY,), 5, refused=refused)] == [5]
    assert refused == ["a log of another program"]
    assert said(data, "epochs") == [("2",)]


def test_runs_are_given_as_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "WINDOW", 1000)
    monkeypatch.setattr(scanning, "BEHIND", 1000)
    data = Sliced(b"opens 1\nopens 2\n" + b"x\n" * 20_000)
    first = next(runs(Text(data), (TOY,)))
    assert (first.first_line, first.last_line) == (1, 1)
    assert sum(data.lengths) < 10_000


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        (b"done\n^C\n", "completed"),
        (b"^C\ndone\n", "completed"),
        (b"Killed\ndone\n", "killed"),
        (b"done\nKilled\n", "completed"),
        (b"done\nwrong it\n", "failed"),
        (b"wrong it\ndone\n", "completed"),
        (b"wrong it\n^C\n", "failed"),
        (b"srun: error: n: task 1: Killed\n", "killed"),
        (b"srun: error: n: task 1: Killed\nsrun: error: n: task 0: Exited with exit code 1\n", "failed"),
        (b"done\nsrun: error: n: task 0: Exited with exit code 1\n", "failed"),
    ],
)
def test_the_ending_that_decides(data: bytes, ends: str) -> None:
    assert said(b"opens 1\n" + data, "outcome") == [(ends,)]


def test_a_function_that_fails_is_named_with_its_line() -> None:
    name = f"{__name__}._failing fails at line 2 (KeyError: 'nothing')"
    with pytest.raises(DialectFault, match=f"^{re.escape(name)}$"):
        found(b"trains 1\nfails\n")
    wrong = TOY._replace(close=_no_close)
    name = f"{__name__}._no_close fails at the end of the run that begins at line 2 (ValueError: no end)"
    with pytest.raises(DialectFault, match=f"^{re.escape(name)}$"):
        list(runs(Text(b"\ntrains 1\n"), (wrong,)))
