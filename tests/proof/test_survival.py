"""What a build leaves behind when it is killed, finds no room, may not write, or is not alone.

`make proof` kills whole builds, fifty times. Other runs spare the time in which a build only computes: they kill what
writes for it, ten times.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import ROOT, add_log, transcribe
from scripts.report.__main__ import main as report
from scripts.store import files
from scripts.store.files import LOCK, STAGE, alone, write_all
from tests.parsers.samples import CASES
from tests.scripts.conftest import LOG, catalog_text

PROOF = bool(os.environ.get("PROOF"))
KILLS = 50 if PROOF else 10
WRITER = """
import pickle, sys
from pathlib import Path
from scripts.store.files import write_all
write_all(Path(sys.argv[2]), pickle.loads(Path(sys.argv[1]).read_bytes()))
"""
Files = dict[str, bytes]


def state(folder: Path) -> Files:
    """Return every file of a folder but the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def command(logs: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "scripts.report", str(logs), str(out)]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Files, Files]:
    """A folder of logs; what the build makes of a few of them, and of all."""
    top = tmp_path_factory.mktemp("grown")
    logs = top / "logs"
    logs.mkdir()
    cases = sorted(CASES.glob("groq_*.log"))
    states = []
    for part, names in (("old", cases[:2]), ("new", cases)):
        for case in names:
            (logs / case.name).write_bytes(case.read_bytes())
        report([str(logs), str(top / part)])
        states.append(state(top / part))
    assert len(states[1]) > len(states[0]) + 8
    return logs, states[0], states[1]


@pytest.fixture
def old(grown: tuple[Path, Files, Files], tmp_path: Path) -> Path:
    """A folder that holds what was made of a few logs."""
    out = tmp_path / "out"
    write_all(out, grown[1])
    return out


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _killed(started: list[str], out: Path, after: float, staged: bool) -> bool:
    """Kill a command some time after its start, or after it began to write; tell whether it still ran."""
    process = subprocess.Popen(started, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while staged and process.poll() is None and not (out / STAGE).exists():
        time.sleep(0.0005)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() != 0


def test_what_is_killed_harms_nothing_and_the_next_build_mends(
    grown: tuple[Path, Files, Files], old: Path, tmp_path: Path
) -> None:
    logs, before, after = grown
    scratch, made = tmp_path / "scratch", tmp_path / "made"
    made.write_bytes(pickle.dumps(after))
    started = command(logs, scratch) if PROOF else [sys.executable, "-c", WRITER, str(made), str(scratch)]
    began = time.monotonic()
    subprocess.run(started, cwd=ROOT, check=True, capture_output=True)
    lasts = time.monotonic() - began
    chance, killed, mended = random.Random(KILLS), 0, 0
    for number in range(KILLS):
        shutil.rmtree(scratch)
        shutil.copytree(old, scratch)
        staged = number % 2 == 1
        was_killed = _killed(started, scratch, chance.uniform(0, 0.02 if staged else lasts), staged)
        killed += was_killed
        left = state(scratch)
        done = {name: content for name, content in left.items() if not name.startswith(STAGE)}
        assert all(content in (before.get(name), after.get(name)) for name, content in done.items())
        if left != before:
            mended += was_killed
            write_all(scratch, after)
            assert state(scratch) == after
            assert not (scratch / STAGE).exists()
    print(f"{killed} of {KILLS} killed, {mended} of them after writing had begun")
    assert killed >= KILLS // 3, "most had ended before they were killed"
    assert mended


def test_two_builds_at_once_leave_one_whole_result(grown: tuple[Path, Files, Files], old: Path) -> None:
    both = [subprocess.Popen(command(grown[0], old), cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert state(old) == grown[2]


def test_a_build_that_waits_too_long_says_so(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE", 0.05)
    before = state(old)
    with alone(old), pytest.raises(OSError, match="another process is writing there"):
        write_all(old, {"a.md": b"a"})
    assert state(old) == before


def test_without_room_the_pages_stay_as_they_were(
    grown: tuple[Path, Files, Files], small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_all(small / "out", grown[1])
    with (small / "filler").open("wb") as filler:
        free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
        filler.write(b"x" * (free - 20_000))
    assert report([str(grown[0]), str(small / "out")]) == 1
    said = capsys.readouterr().err
    assert "cannot be written (No space left on device)" in said
    assert "stays as it was" in said
    assert state(small / "out") == grown[1]
    (small / "filler").unlink()
    assert report([str(grown[0]), str(small / "out")]) == 0
    assert state(small / "out") == grown[2]


def test_what_may_not_be_written_stays_as_it_was(
    grown: tuple[Path, Files, Files], small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, logs = small / "out", small / "raw_logs"
    write_all(out, grown[1])
    (logs / "graphcore").mkdir(parents=True)
    (logs / "catalog.toml").write_text(catalog_text())
    (logs / "graphcore" / "session.txt").write_text(LOG)
    own = small / "own.log"
    own.write_text(LOG.replace("97.25", "96.25"))
    before = state(small)
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    assert report([str(grown[0]), str(out)]) == 1
    assert transcribe.main(["--logs", str(logs)]) == 1
    assert add_log.main(["--logs", str(logs), str(own)]) == 1
    assert capsys.readouterr().err.count("Read-only file system") == 3
    assert report([str(logs), str(small.parent / "elsewhere")]) == 0
    assert state(small) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_closed_stays_as_it_was(grown: tuple[Path, Files, Files], old: Path) -> None:
    (old / "pages" / "runs").chmod(0o555)
    assert report([str(grown[0]), str(old)]) == 1
    (old / "pages" / "runs").chmod(0o755)
    assert state(old) == grown[1]


def test_a_folder_in_a_files_place_is_named_before_anything_is_written(
    grown: tuple[Path, Files, Files], old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = next(name for name in grown[2] if name.startswith("pages/runs/") and name not in grown[1])
    (old / page).mkdir()
    assert report([str(grown[0]), str(old)]) == 1
    assert f"{old / page}: is not a file that this command made" in capsys.readouterr().err
    assert state(old) == grown[1]
