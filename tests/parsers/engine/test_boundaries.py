"""Where runs begin and end, and the two rules that hold for every log: prefixes and concatenation."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parsers.vocabulary import term
from tests.parsers.samples import NAMES, Row, case, said, table

WHOLE = [name for name in NAMES if not name.startswith(("diff", "notebook"))]
BAR = b"Epochs:  40%|####      | 4/10 [00:40<00:54,  9.05s/it]\n"
# Logs that begin with an opening line, so that they may follow any other.
OPENS = re.compile(
    rb"#testbed-run|Model:|srun: job|Using config|Building|Epochs:   0%"
    rb"|\S+ \S+ INFO:   (?:Effective batch size is|Running command:)"
)
# A record without its last line takes all that follows, up to the next record; a notice waits for its build; a bar
# without any progress may be drawn again.
UNENDED = ("record_cut", "groq_notice_alone", "graphcore_drawn_twice")
CLOSED = [name for name in WHOLE if name not in UNENDED]
# A Cerebras run that began with its command takes the batch sizes that follow, each the size of some of its data.
COMMANDED = [name for name in CLOSED if b"Running command: " in case(name)]
# Behind the prompt of a viewer ^C ends the view of what follows.
VIEWING = [name for name in CLOSED if said(case(name) + b"\n" + BAR + b"^C\n", "outcome")[-1] != "killed"]
OPENING = [name for name in WHOLE if OPENS.match(case(name)) and table(case(name))]


def check_prefix(data: bytes, cut: int) -> None:
    whole = set(table(data))
    assert [row for row in table(data[:cut]) if row not in whole and not term(str(row[2])).sums_up] == []


def check_concatenation(first: bytes, second: bytes) -> None:
    first = first if first.endswith(b"\n") else first + b"\n"
    before, after = table(first), table(second)
    runs, lines = max((int(row[0]) for row in before), default=0), first.count(b"\n")
    views = lines + first.count(b"\r") - first.count(b"\r\n")
    moved: list[Row] = [
        (int(row[0]) + runs, *row[1:7], int(row[7]) + lines, int(row[8]) + views) for row in after
    ]  # fmt: skip
    assert table(first + second) == before + moved


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(WHOLE), part=st.floats(0, 1))
def test_a_prefix_gives_a_subset(name: str, part: float) -> None:
    data = case(name)
    check_prefix(data, int(part * len(data)))


@settings(max_examples=100, deadline=None)
@given(first=st.sampled_from(CLOSED), second=st.sampled_from(OPENING))
def test_two_logs_put_end_to_end_give_the_runs_of_both(first: str, second: str) -> None:
    assume(first not in VIEWING or b"^C" not in case(second))
    assume(first not in COMMANDED or b"Effective batch size is" not in case(second).split(b"\n")[0])
    assume(not _repeats(case(first), case(second)))
    check_concatenation(case(first), case(second))


def _repeats(first: bytes, second: bytes) -> bool:
    """Return whether a log begins with the last line of the log before; the two may be one line, doubled."""
    return first.rstrip().split(b"\n")[-1].strip() == second.split(b"\n")[0].strip()


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(WHOLE))
def test_no_bytes_raise(data: bytes, name: str) -> None:
    assert table(data + case(name)[:200] + data) is not None


ENDINGS = {
    b"^C\n": "killed",
    b"KeyboardInterrupt\n": "killed",
    b"slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.0.\n": "killed",
    b"slurmstepd-n1: error: *** STEP 1.0 ON n1 CANCELLED AT 2024-05-01T10:02:00 ***\n": "killed",
    b"=>> PBS: job killed: walltime 9 exceeded limit 8\n": "killed",
    b"srun: error: node: task 0: Exited with exit code 1\n": "failed",
    b"srun: error: Unable to allocate resources\n": "failed",
    b"Traceback (most recent call last):\n  File\nValueError: no\n": "failed",
    b"Exception ignored in: <f>\nTraceback (most recent call last):\n  File\nValueError: no\n": "unknown",
    b"srun: error: node: task 3: Segmentation fault (core dumped)\n": "failed",
    b"srun: error: node: tasks 0-7: Killed\n": "killed",
    b"srun: error: node: tasks 1-7: Killed\nsrun: error: node: task 0: Exited with exit code 1\n": "failed",
    b"srun: error: node: task 3: Out Of Memory\n": "killed",
    b"srun: sending Ctrl-C to StepId=12.0\n": "killed",
    b"srun: Force Terminated job 12\n": "killed",
    b"./run.sh: line 73:  2341 Killed                  python a.py\n": "killed",
    b"./run.sh: line 73:  2341 Segmentation fault      (core dumped) python a.py\n": "failed",
    b"Killed\n": "killed",
    b"Killed by death\n": "unknown",
    b"Aborted (core dumped)\n": "failed",
    b"terminate called after throwing an instance of 'std::bad_alloc'\n": "failed",
    b"Traceback (most recent call last):\n  File\nzipfile.BadZipFile: no\n": "failed",
    b"Traceback (most recent call last):\n  File\nsocket.gaierror: no\n": "failed",
    b"Traceback (most recent call last):\n  File\ntrain.py: no\n": "unknown",
    b"Traceback (most recent call last):\n  File\nx.y.ClusterJobCancelledByCsctl: no\n": "killed",
    b"Traceback (most recent call last):\n  File\nx.y.ApplianceRuntimeJobTimeoutError: no\n": "killed",
    b"": "unknown",
}


@pytest.mark.parametrize(("ending", "outcome"), ENDINGS.items(), ids=range(len(ENDINGS)))
def test_what_ends_a_run(ending: bytes, outcome: str) -> None:
    fragment = BAR.replace(b"Epochs:  40", b"Graph compilation: 40") + b"Loss: 0.5 | Accuracy: 80.0%\n"
    assert said(fragment + ending, "outcome") == [outcome]


@pytest.mark.parametrize("command", ["tail -f a.log", "cat a.log", "cd x && tail -f a", "less a", "sudo tail -f a"])
def test_an_interrupt_behind_a_viewer_ends_the_view(command: str) -> None:
    assert said(f"user@node:~$ {command}\n".encode() + BAR + b"^C\n", "outcome") == ["unknown"]


@pytest.mark.parametrize("command", ["python a.py", "python a.py | tail -n 5", "python catalog.py"])
def test_an_interrupt_behind_a_program_kills_it(command: str) -> None:
    assert said(f"user@node:~$ {command}\n".encode() + BAR + b"^C\n", "outcome") == ["killed"]


def test_an_interrupt_that_the_run_outlived_did_not_stop_it() -> None:
    assert said(BAR + b"^C\nAccuracy on test set: 90.00%\n", "outcome") == ["completed"]
    assert said(BAR + b"Accuracy on test set: 90.00%\n^C\n", "outcome") == ["completed"]
    assert said(BAR + b"^C\n", "outcome") == ["killed"]
