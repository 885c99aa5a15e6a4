"""Files that nobody meant as a log: each gets one line that says why, in bounded time and memory."""

from __future__ import annotations

import gzip
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.__main__ import main
from parsers.coverage import parse_covered
from parsers.reading import contents, parse, read
from tests.parsers.samples import CASES, case, table

ROOT = Path(__file__).parents[2]
# The full sizes are for the proof; the tests of every day are content with a tenth.
MEGA = 1_000_000 if settings.get_current_profile_name() == "proof" else 100_000
SIGNS = b"GlobalRate= e2e_train_time GroqChip poptorch\n"
LONG: dict[str, Callable[[], bytes]] = {
    "a line of words": lambda: b"twelve or 12.5 words " * (200 * MEGA // 21),
    "a line of one letter": lambda: SIGNS + b"a" * (50 * MEGA),
    "a line of blanks": lambda: SIGNS + b" " * (50 * MEGA),
    "a line of digits": lambda: SIGNS + b"7" * (50 * MEGA),
    "lone carriage returns": lambda: SIGNS + b"\r" * (50 * MEGA),
    "lines of nothing": lambda: SIGNS + b"\n" * (50 * MEGA),
    "zero bytes": lambda: SIGNS + b"\0" * (50 * MEGA),
    "escapes": lambda: SIGNS + b"\x1b" * (50 * MEGA),
    "random bytes": lambda: SIGNS + random.Random(1).randbytes(50 * MEGA),
    "a bomb": lambda: gzip.compress(SIGNS + bytes(500 * MEGA), 1),
}


def told(path: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Return the one line that the command says of a file that it cannot use."""
    assert main([str(path)]) == 1
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 1
    (line,) = err.splitlines()
    return line.removeprefix(f"{path}: ")


@pytest.mark.parametrize("what", LONG)
def test_a_giant_is_answered_in_bounded_time_and_memory(what: str, tmp_path: Path) -> None:
    path = tmp_path / "giant"
    path.write_bytes(LONG[what]())
    size = path.stat().st_size if what != "a bomb" else 500 * MEGA
    with subprocess.Popen(
        [sys.executable, "-m", "parsers", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stderr is not None
        lines = process.stderr.read().splitlines()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, len(lines)) == (1, 1)
    # What this process holds counts for one that it starts, until that has grown larger.
    base = max(60_000_000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    assert used.ru_maxrss * 1024 < base + 6 * size
    assert used.ru_utime < 2 + 3 * size / 10_000_000


def test_a_program_is_no_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "Groq.txt"
    shutil.copy(sys.executable, program)
    assert told(program, capfd) == "binary program, not a log"


def test_an_empty_file_and_an_empty_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    assert told(tmp_path / "empty", capfd) == "empty file"
    assert told(tmp_path / "folder", capfd) == "an empty folder"
    assert read(tmp_path).reason == "a folder, not a log"


def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert told(tmp_path / "pipe", capfd) == "a pipe, not a log"
    assert told(Path("/dev/zero"), capfd) == "a device or socket, not a log"


@pytest.mark.parametrize(("name", "reason"), [
    ("none", "no such file"), ("x" * 5000, "cannot be read (File name too long)"), ("a/\0", "cannot be read"),
])  # fmt: skip
def test_a_name_that_leads_nowhere(name: str, reason: str, tmp_path: Path) -> None:
    assert reason in read(tmp_path / name).reason
    assert main([str(tmp_path / name)]) == 1


def test_what_a_folder_holds_is_named_one_by_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "a pipe")
    (tmp_path / "b broken link").symlink_to(tmp_path / "none")
    (tmp_path / "c loop").symlink_to(tmp_path)
    shutil.copy(CASES / "groq_proof_point.log", tmp_path / "d.log")
    assert main(["--format", "csv", str(tmp_path)]) == 1
    out, err = capfd.readouterr()
    assert err.splitlines() == [f"{tmp_path}/a pipe: a pipe, not a log", f"{tmp_path}/b broken link: no such file"]
    assert len(out.splitlines()) == 1 + len(table(case("groq_proof_point")))


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[Path]:
    """A folder with a file and a folder that a common user may not read; the superuser becomes one meanwhile."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)
    for name in ("file", "folder"):
        (tmp_path / name).chmod(0)
    was = os.geteuid()
    os.seteuid(was or 65534)
    yield tmp_path
    os.seteuid(was)
    (tmp_path / "folder").chmod(0o755)


def test_what_may_not_be_read_is_said(forbidden: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("file", "folder"):
        assert told(forbidden / name, capfd) == "cannot be read (Permission denied)"


def test_a_refusal_to_read_is_said(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def refuse(_path: Path, _mode: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert told(CASES / "prompts.log", capfd) == "cannot be read (Permission denied)"


def test_a_file_too_large_for_the_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_data: bytes, _name: str) -> object:
        raise MemoryError

    monkeypatch.setattr("parsers.reading.parse", full)
    assert read(CASES / "prompts.log").reason == "more than fits into the memory of this machine"


def test_a_file_of_holes_is_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as out:
        out.truncate(1 << 40)
    assert read(tmp_path / "holes").reason == f"larger than {1 << 32} bytes"


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Path]:
    """A log to which lines are added as fast as may be."""
    path, stop = tmp_path / "growing.log", threading.Event()
    path.write_bytes(case("groq_proof_point"))

    def write() -> None:
        with path.open("ab", buffering=0) as out:
            while not stop.is_set():
                out.write(b"\n")

    writer = threading.Thread(target=write)
    writer.start()
    yield path
    stop.set()
    writer.join()


def test_a_file_that_grows_is_read_as_far_as_it_went(growing: Path) -> None:
    for _ in range(5):
        before = growing.stat().st_size
        assert before <= len(contents(growing)) <= growing.stat().st_size
        assert len(read(growing).runs) == 1


@given(data=st.binary(max_size=4000), at=st.floats(0, 1), name=st.sampled_from(("sambanova_train", "groq_score")))
def test_bytes_in_the_middle_of_a_log_raise_nothing(data: bytes, at: float, name: str) -> None:
    log = case(name)
    cut = int(at * len(log))
    whole = log[:cut] + data + log[cut:]
    _, found = parse_covered(whole)
    assert found.facts + found.known_noise + found.not_understood == found.lines > 0
    assert "\n" not in parse(whole, "x").reason
