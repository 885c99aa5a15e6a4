"""The commands that read the same logs: the parsers, other ways to read, and the fastest tools."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from .. import ROOT
from .process import Command, python
from .readers import PATTERNS

CSV = "parsers, to CSV"
PARQUET = "parsers, to Parquet"
PLAIN = "plain script, series only"
PANDAS = "pandas, series only"
REFRAME = "ReFrame, series only"
RG = "rg -o, series only"
CAT = "cat"


def parsers(form: str, logs: Sequence[Path], project: Path = ROOT) -> Command:
    """Return the command that reads logs with a project's parsers; 1 says that a file contains no run."""
    return python("-m", "parsers", "--format", form, *map(str, logs), folder=project, statuses=(0, 1))


def _reader(name: str, logs: Sequence[Path]) -> Command:
    return python("-m", "scripts.measure.readers", name, *map(str, logs))


def _rg(logs: Sequence[Path]) -> Command:
    """Return the command that finds the step lines with rg, in one thread, whatever the bytes are."""
    patterns = [part for pattern in PATTERNS for part in ("-e", pattern)]
    return Command(("rg", "-o", "-a", "-n", "-uu", "-j1", *patterns, *map(str, logs)), statuses=(0, 1))


def _cat(logs: Sequence[Path]) -> Command:
    """Return the command that copies the bytes; the names of one folder's files are relative, for they are many."""
    if len(logs) == 1 and logs[0].is_dir():
        return Command(("cat", *sorted(path.name for path in logs[0].iterdir())), logs[0])
    return Command(("cat", *map(str, logs)))


_ALL: dict[str, Callable[[Sequence[Path]], Command]] = {
    CSV: partial(parsers, "csv"),
    PARQUET: partial(parsers, "parquet"),
    PLAIN: partial(_reader, "plain"),
    PANDAS: partial(_reader, "pandas"),
    REFRAME: partial(_reader, "reframe"),
    RG: _rg,
    CAT: _cat,
}


def available() -> list[str]:
    """Return the names of what can be run here; say on standard error what cannot."""
    missing = {}
    if not importlib.util.find_spec("reframe"):
        missing[REFRAME] = "requirements/measure.txt"
    if not shutil.which("rg"):
        missing[RG] = "Debian: apt install ripgrep"
    for name, source in missing.items():
        print(f"{name}: left out, not installed ({source})", file=sys.stderr)
    return [name for name in _ALL if name not in missing]


def readers(logs: Sequence[Path], names: Iterable[str]) -> dict[str, Command]:
    """Return the commands of these names, to read files or a folder."""
    return {name: _ALL[name](logs) for name in names}
