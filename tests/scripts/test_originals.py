"""Originals are only read: no command changes one, whatever else it writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts import ROOT, add_log, fetch_logs, leaks, transcribe
from scripts.report.__main__ import main as report
from scripts.store.files import sha256
from tests.parsers.samples import CASES
from tests.scripts.conftest import LOG


def marks(folder: Path) -> dict[Path, tuple[str, int, int, int]]:
    """Return what would tell that a file was touched: checksum, time of change, mode, place on the disk."""
    return {
        path: (sha256(path), path.stat().st_mtime_ns, path.stat().st_mode, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_command_touches_an_original(folder: Path, tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    for case in sorted(CASES.glob("groq_*.log"))[:4]:
        (originals / case.name).write_bytes(case.read_bytes())
    (originals / "private.log").write_text(f"USER=jdoe\n{LOG.replace('701', '702')}")
    lying = folder / "graphcore" / "session.txt"
    lying.parent.mkdir()
    lying.write_text(LOG)
    for path in [*originals.iterdir(), lying]:
        path.chmod(0o444)
    before = marks(originals) | {lying: marks(folder)[lying]}
    logs = ["--logs", str(folder)]
    assert fetch_logs.main([*logs, "--from", str(originals)]) == 0
    assert transcribe.main([*logs, "--from", str(originals)]) == 0
    assert add_log.main([*logs, *map(str, sorted(originals.glob("*.log")))]) == 0
    assert report([str(folder), str(tmp_path / "one")]) == 0
    assert report([str(originals), str(tmp_path / "other")]) == 0
    assert leaks.main([*logs, str(originals)]) == 1
    for options in ([], ["--runs"], ["--explain"], ["-o", str(tmp_path / "facts.parquet")]):
        command = [sys.executable, "-m", "parsers", str(originals), *options]
        assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert marks(originals) | {lying: marks(folder)[lying]} == before
