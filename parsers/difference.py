"""What differs between two runs: their parameters, environment and metrics, side by side, each with its line."""

from __future__ import annotations

from pathlib import Path

from .facts import Fact, Run
from .reading import read
from .tables.columns import FACTS, Column
from .tables.writers import Table
from .vocabulary import KINDS

COLUMNS = (
    *(column for column in FACTS if column.name in ("kind", "name", "device", "unit")),
    Column("value_a", "text", "What the first run states; several values where its log says several."),
    Column("line_a", "text", "The lines of the first log that state them."),
    Column("value_b", "text", "What the second run states."),
    Column("line_b", "text", "The lines of the second log that state them."),
)


class NoSuchRun(Exception):
    """What was named is not one run; the message names it and says what there is."""


def named_run(name: str) -> Run:
    """Return the run that `LOG` or `LOG:RUN` names; a log of several runs needs the number of one.

    Raises
    ------
    NoSuchRun
        If the log gives no run, not that run, or several where none is chosen.
    """
    path, _, number = name.rpartition(":")
    if not path or not number.isdecimal() or Path(name).is_file():
        path, number = name, ""
    reading = read(Path(path))
    if reading.reason:
        raise NoSuchRun(f"{path}: {reading.reason}")
    if not number and len(reading.runs) > 1:
        raise NoSuchRun(f"{path}: holds {len(reading.runs)} runs; say which: {path}:1 to {path}:{len(reading.runs)}")
    chosen = int(number or 1)
    if not 1 <= chosen <= len(reading.runs):
        raise NoSuchRun(f"{name}: no run {chosen}; {path} holds 1 to {len(reading.runs)}")
    return reading.runs[chosen - 1]


def difference(one: Run, other: Run) -> Table:
    """Return the facts that two runs do not share, as a table of `COLUMNS`; series are not compared.

    A fact that one of them lacks leaves its cells empty. Where a run says several values of a name, all stand.
    """
    sides = _by_name(one), _by_name(other)
    names = sorted({*sides[0], *sides[1]}, key=lambda name: (KINDS.index(name[0]), name[1:]))
    rows = []
    for kind, name, device in names:
        both = [side.get((kind, name, device), []) for side in sides]
        values = ["; ".join(fact.value for fact in facts) for facts in both]
        if values[0] != values[1]:
            lines = ["; ".join(str(fact.line) for fact in facts) for facts in both]
            unit = (both[0] or both[1])[0].unit
            rows.append((kind, name, device, unit, values[0], lines[0], values[1], lines[1]))
    return COLUMNS, rows


def _by_name(run: Run) -> dict[tuple[str, str, str], list[Fact]]:
    found: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in run.facts:
        found.setdefault((fact.kind, fact.name, fact.device), []).append(fact)
    return found
