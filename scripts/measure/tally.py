"""What each reader gets from the logs: its steps, and the files that it skips or reads in part.

All is counted from what the readers print, each log once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from .contestants import CSV, PANDAS, PLAIN, REFRAME, RG, readers
from .logs import Logs
from .process import output
from .table import print_table

_READ = "read whole"
_REPLACED = "read with bytes replaced"
_SKIPPED = "skipped"
# These decode as UTF-8 and put a sign in the place of what is not.
_REPLACING = (PLAIN, PANDAS)


class Tally(NamedTuple):
    """The steps that a reader found, and the files that it changed or did not read."""

    steps: int
    replaced: list[Path]
    skipped: list[Path]


def print_tallies(logs: Logs, names: Iterable[str]) -> None:
    """Print what each reader makes of some logs, and name the files."""
    tallies = tally(logs.paths, names)
    rows = []
    for name, (steps, replaced, skipped) in tallies.items():
        whole = len(logs.paths) - len(replaced) - len(skipped)
        rows.append((name, str(steps), str(whole), str(len(replaced)), str(len(skipped))))
    print_table(f"{logs.title}, each once", ("steps found", _READ, _REPLACED, _SKIPPED), rows)
    for name, its in tallies.items():
        for what, files in ((_REPLACED, its.replaced), (_SKIPPED, its.skipped)):
            if files:
                print(f"{name}: {what}: {', '.join(file.name for file in files)}")


def tally(logs: Sequence[Path], names: Iterable[str]) -> dict[str, Tally]:
    """Return what each reader makes of some logs; `cat` and the second form of the parsers have nothing to add."""
    wanted = [name for name in names if name in (CSV, PLAIN, PANDAS, REFRAME, RG)]
    odd = [log for log in logs if not _is_utf8(log)]
    tallies = {}
    for name, command in readers(logs, wanted).items():
        printed, errors = output(command)
        steps = _steps(printed) if name == CSV else len(printed.splitlines())
        skipped = [log for log in logs if f"{log}: " in errors]
        tallies[name] = Tally(steps, odd if name in _REPLACING else [], skipped)
    return tallies


def _steps(facts: str) -> int:
    """Return how many steps a facts table contains: several series of a run share theirs."""
    rows = csv.DictReader(io.StringIO(facts))
    return len({(row["log"], row["run"], row["step"]) for row in rows if row["kind"] == "series"})


def _is_utf8(log: Path) -> bool:
    try:
        log.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True
