"""Ctrl-C, requests to end and full disks: one sentence, the right status, no process, no temporary file."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from parsers.many import files as many
from parsers.many import processes
from parsers.many.processes import in_processes
from parsers.stopping import Killed
from tests.parsers.samples import CASES, case

ROOT = CASES.parents[2]
SOON = 5  # seconds in which a stopped command must have ended, on a machine that is busy
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture(scope="module")
def plenty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than can be read before a signal comes."""
    folder = tmp_path_factory.mktemp("plenty")
    data = case("groq_proof_point") + b"a line that says nothing of a run\n" * 30_000
    for copy in range(8 * many.WORTH_IT // len(data)):
        (folder / f"{copy}.log").write_bytes(data)
    return folder


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words], stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit status and the message of a process that has been told to stop, and leave none running."""
    try:
        _, message = process.communicate(timeout=SOON)
    finally:
        left = children(process.pid)
        if left:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert not left, "a process has outlived the command"
    return process.returncode, message


def children(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_at_any_moment_is_one_word_and_leaves_nothing(plenty: Path, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "facts.csv"
    out.write_text("old")
    sends = (os.kill, os.killpg)
    for turn in range(12):
        number, send, twice = list(STATUS)[turn % 2], sends[turn // 2 % 2], turn % 3 == 0
        process = started("parsers", str(plenty), "--jobs", jobs, "-o", str(out))
        wait_until(lambda: len(list(tmp_path.iterdir())) > 1)  # the command has begun to write
        time.sleep(turn * 0.02)
        send(process.pid, number)
        if twice and process.poll() is None:
            send(process.pid, number)
        assert stopped(process) == (STATUS[number], "stopped\n")
        assert [path.name for path in tmp_path.iterdir()] == ["facts.csv"]
        assert out.read_text() == "old"


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "nothing has happened for a minute"
        time.sleep(0.005)


COMMANDS = sorted(
    f"scripts.{path.stem}"
    for path in (ROOT / "scripts").glob("*.py")
    if '__name__ == "__main__"' in (code := path.read_text()) and ("argparse" in code or "command_parser" in code)
)
# What every command does before its work: it is stopped in the middle of its imports.
_INTERRUPTED = """\
import os, runpy, sys
sys.argv, sys.orig_argv = ["-m"], [sys.executable, "-m", {module!r}]
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "argparse":
            os.kill(os.getpid(), {number})
sys.modules.pop("argparse", None)
sys.meta_path.insert(0, Interrupting())
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("number", list(STATUS))
@pytest.mark.parametrize("module", ["parsers", *COMMANDS])
def test_every_command_is_stopped_in_its_imports_too(module: str, number: signal.Signals) -> None:
    code = _INTERRUPTED.format(module=module, number=int(number))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (STATUS[number], "stopped\n", "")


def test_a_reader_that_ends_early_ends_a_command_without_a_word() -> None:
    run = "from parsers import stopping; stopping.handle_signals(); print('x' * 10_000_000)"
    with subprocess.Popen(
        [sys.executable, "-c", run], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 1)


def test_there_are_commands() -> None:
    assert {"scripts.build", "scripts.leaks", "scripts.serve", "scripts.verify"} <= set(COMMANDS)


_SWALLOWED = """\
import os, signal, sys, time
from parsers import stopping
stopping.handle_signals()
class Noisy:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000): pass
Noisy()
time.sleep(30)
"""


def test_a_signal_that_meets_a_finalizer_is_not_lost() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SWALLOWED], capture_output=True, text=True, cwd=ROOT, check=False, timeout=20
    )
    assert (done.returncode, done.stderr) == (143, "stopped\n")


_REPLACED = """\
import os, signal
from parsers import stopping
stopping.handle_signals()
if {stopped}:
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        raise SyntaxError("a module could not be imported") from None
raise SyntaxError("a fault of the program")
"""


@pytest.mark.parametrize(("was_stopped", "status", "last"), [(1, 143, "stopped"), (0, 1, "a fault of the program")])
def test_only_an_exception_that_replaces_the_stop_is_not_printed(was_stopped: int, status: int, last: str) -> None:
    code = _REPLACED.format(stopped=was_stopped)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == status
    assert done.stderr.endswith(f"{last}\n")
    assert ("Traceback" in done.stderr) is not bool(was_stopped)


_CLEANING = """\
import os, signal, time
from parsers import stopping
stopping.handle_signals()
try:
    os.kill(os.getpid(), signal.SIGINT)
finally:
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    print("cleaned", flush=True)
    time.sleep({longer})
    os.kill(os.getpid(), signal.SIGINT)
    print("not reached after a second", flush=True)
"""


@pytest.mark.parametrize(("longer", "printed"), [("0", "cleaned\nnot reached after a second\n"), ("1.2", "cleaned\n")])
def test_no_further_signal_interrupts_cleaning_up_within_a_second(longer: str, printed: str) -> None:
    code = _CLEANING.format(longer=longer)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (130, printed)


def test_an_imported_package_leaves_signals_alone() -> None:
    code = "import signal; a = signal.getsignal(2); import parsers, scripts; assert signal.getsignal(2) is a"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("options", [[], ["--runs"]], ids=["facts", "runs"])
@pytest.mark.parametrize("form", ["csv", "json", "parquet", "table"])
def test_a_full_disk_is_one_sentence_and_the_old_file_stays(
    plenty: Path, tmp_path: Path, form: str, options: list[str], jobs: str
) -> None:
    out = tmp_path / "facts"
    out.write_text("old")
    command = [sys.executable, "-m", "parsers", str(plenty), *options, "--format", form, "--jobs", jobs, "-o", str(out)]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1000, 1000))
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, preexec_fn=limit, timeout=60)
    assert (done.returncode, done.stderr) == (1, f"error: {out}: cannot be written (File too large)\n")
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]
    assert out.read_text() == "old"


def _double(number: int) -> int:
    time.sleep(0.01 * (number % 3))
    return 2 * number


def _refuse(number: int) -> int:
    raise ValueError(f"{number} is refused")


def _large(number: int) -> bytes:
    return bytes([number]) * (1 << 20)


def _end_at_three(number: int) -> int:
    if number == 3:
        os._exit(0)
    return number


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(in_processes(_double, range(50), 3)) == [2 * number for number in range(50)]
    assert list(in_processes(_double, range(2), 8)) == [0, 2]
    assert list(in_processes(_double, (), 2)) == []


def test_results_and_tasks_may_be_larger_than_a_pipe() -> None:
    tasks = [bytes([number]) * (1 << 20) for number in range(12)]
    assert list(in_processes(len, tasks, 2)) == [1 << 20] * 12
    assert [part[:1] for part in in_processes(_large, range(12), 2)] == [bytes([number]) for number in range(12)]


def test_an_exception_in_a_process_is_raised_here_with_its_place() -> None:
    with pytest.raises(ValueError, match="0 is refused") as raised:
        list(in_processes(_refuse, range(4), 2))
    assert "in _refuse" in "".join(raised.value.__notes__)


@pytest.fixture
def pids(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that were started; none may run afterwards."""
    found: list[int] = []
    start = processes._Worker.__init__

    def noted(worker: processes._Worker[object, object], work: Callable[[object], object]) -> None:
        start(worker, work)
        assert worker.process.pid is not None
        found.append(worker.process.pid)

    monkeypatch.setattr(processes._Worker, "__init__", noted)
    yield found
    for pid in found:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_who_leaves_early_leaves_no_process(pids: list[int]) -> None:
    with closing(in_processes(_double, range(1000), 2)) as results:
        assert next(results) == 0
    assert len(pids) == 2


def test_a_process_that_ends_before_its_first_result_is_killed(
    pids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_begin", _end_at_once)
    for _ in range(10):
        with pytest.raises(Killed, match="too little memory"):
            list(in_processes(_double, range(8), 2))
    assert len(pids) == 20


def _end_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_ends_later_is_killed(pids: list[int]) -> None:
    with pytest.raises(Killed, match="too little memory"):
        list(in_processes(_end_at_three, range(8), 2))
    assert len(pids) == 2


def test_no_further_process_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(Killed, match="could not be started"):
        list(in_processes(_double, range(8), 2))
