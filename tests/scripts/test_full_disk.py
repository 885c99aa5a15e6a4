"""A full disk is one sentence for the commands that write; what was there stays, and nothing unfinished is left."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.store.files import LOCK
from tests.scripts.conftest import LOG


def run(limit: int, cwd: Path, *words: str) -> tuple[int, str]:
    """Run a command that can write no file longer than `limit` bytes; return its exit status and its messages."""
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
    command = [sys.executable, "-m", *words]
    # Python itself leaves half of a compiled module behind on a full disk, and then cannot import it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, check=False, preexec_fn=full, env=environment
    )
    return done.returncode, done.stderr


def held(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder; the empty lock stays there between commands."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("command", ["fetch_logs", "transcribe", "add_log"])
def test_a_command_that_writes_beside_the_catalog(folder: Path, command: str) -> None:
    new = folder.parent / "new.txt"
    new.write_text(LOG.replace("97.25", "96.50"))
    words = {
        "fetch_logs": ["--from", str(folder.parent / "originals")],
        "transcribe": ["--from", str(folder.parent / "originals")],
        "add_log": [str(new)],
    }[command]
    before = held(folder)
    status, message = run(50, ROOT, f"scripts.{command}", "--logs", str(folder), *words)
    assert status == 1
    assert message.startswith("error: ")
    assert message.endswith("(File too large)\n")
    assert len(message.splitlines()) == 1
    assert held(folder) == before


def test_a_build(tmp_path: Path) -> None:
    for name in ("docs", "parsers", "raw_logs", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    facts = tmp_path / "docs" / "data" / "facts.csv"
    facts.write_bytes(b"old\n")
    before = held(tmp_path / "docs")
    status, message = run(1000, tmp_path, "scripts.build")
    assert status == 1
    assert message.splitlines()[-1].endswith(
        "cannot be written (File too large); " + f"{tmp_path / 'docs'} stays as it was"
    )
    assert "Traceback" not in message
    assert held(tmp_path / "docs") == before
