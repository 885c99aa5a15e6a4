"""What a writer that was killed leaves is removed by the next one; nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from parsers import unfinished
from parsers.__main__ import main
from parsers.unfinished import replacing, sweep
from scripts.store import files
from scripts.store.cache import Cache
from scripts.store.files import write
from tests.parsers.samples import CASES

LOG = str(CASES / "groq_proof_point.log")
ROOT = CASES.parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from parsers.unfinished import replacing
with replacing(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(place: Path) -> Path:
    """Return what a writer of a file leaves that is killed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    before = set(place.parent.iterdir())
    done = subprocess.run([sys.executable, "-c", KILLED, str(place)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = set(place.parent.iterdir()) - before
    return left


def test_what_a_killed_writer_of_a_table_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = killed_while_writing(tmp_path / "facts.csv")
    assert left.name.startswith(".facts.csv.")
    assert main([LOG, "-o", str(tmp_path / "other.csv")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_what_a_killed_writer_of_a_file_left_is_removed_by_the_next(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "a.md")
    write(tmp_path / "a.md", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_what_a_killed_build_left_in_the_cache_is_removed_wherever_it_lies(tmp_path: Path) -> None:
    left = killed_while_writing(tmp_path / "facts" / "ab" / "abc")
    Cache(tmp_path).get("figures", "cde", lambda: b"made")
    assert not left.exists()


def test_what_a_process_still_writes_or_somebody_else_wrote_stays(tmp_path: Path) -> None:
    left = killed_while_writing(tmp_path / "a.md")
    others = [
        left.with_name(left.name.replace(unfinished._machine(), "0" * 8)),  # of another machine
        left.with_name(left.name.removeprefix(".")),
        left.with_name(".a.md.testbed-part"),
        left.with_name(".a.md.swp"),
    ]
    for path in others:
        path.touch()
    with replacing(tmp_path / "b.md") as part:
        part.touch()
        sweep.cache_clear()
        sweep(tmp_path)
        assert part.exists()
        assert not left.exists()
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "b.md"])


def test_a_file_that_is_not_whole_takes_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("old")

    def interrupt(part: Path, _content: bytes) -> None:
        part.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "put", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.md", b"whole")
    assert (tmp_path / "a.md").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_the_tests_remove_and_replace_only_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    for act in (
        lambda: (tmp_path / "a").replace("/dev/of-no-test"),
        lambda: Path("/dev/of-no-test").unlink(),
        lambda: Path("/dev/of-no-test").rmdir(),
    ):
        with pytest.raises(PermissionError, match="only files of their own"):
            act()
    assert not os.path.lexists("/dev/of-no-test")
