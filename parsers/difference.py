"""What differs between two runs: their parameters, environment and metrics, side by side, each with its line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

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
    Column("ratio", "number", "The second value divided by the first, where both are one number."),
    Column("per_cent", "number", "The second value less the first, in per cent of the first."),
    Column("note", "text", "Which row is the first setting that differs, in the order of the lines."),
)
FIRST, FIRST_OF_ONE = "first setting that differs", "first setting that only one run states"
_SETTING = "parameter"
# Kind, name and device of a fact.
Key = tuple[str, str, str]


class NoSuchRun(LookupError):
    """A name does not mean one run; the message repeats the name and lists the runs."""


def named_run(name: str) -> Run:
    """Return the run that `LOG` or `LOG:RUN` names; a log of several runs needs the number of one.

    Raises
    ------
    NoSuchRun
        If the log gives no run, not that run, or several where none is chosen.
    """
    path, number = log_and_number(name)
    reading = read(Path(path))
    if reading.reason:
        raise NoSuchRun(f"{path}: {reading.reason}")
    if not number and len(reading.runs) > 1:
        raise NoSuchRun(f"{path}: holds {len(reading.runs)} runs; choose one of {path}:1 to {path}:{len(reading.runs)}")
    chosen = int(number or 1)
    if not 1 <= chosen <= len(reading.runs):
        raise NoSuchRun(f"{name}: no run {chosen}; {path} holds 1 to {len(reading.runs)}")
    return reading.runs[chosen - 1]


def log_and_number(name: str) -> tuple[str, str]:
    """Return the log and the run's number that `LOG` or `LOG:RUN` names; the number may be empty."""
    path, _, number = name.rpartition(":")
    return (name, "") if not path or not number.isdecimal() or Path(name).is_file() else (path, number)


class Change(NamedTuple):
    """How a number changed: the new one divided by the old, and their difference in per cent of the old."""

    ratio: float
    percent: float


def change(old: str, new: str) -> Change | None:
    """Return how a printed number changed; None where one is not a number, or the old one is zero.

    >>> change("512", "1024")
    Change(ratio=2.0, percent=100.0)
    """
    was, now = _number(old), _number(new)
    if was is None or now is None or not was:
        return None
    return Change(now / was, 100 * (now - was) / abs(was))


def difference(one: Run, other: Run) -> Table:
    """Return the facts that two runs do not share, as a table of `COLUMNS`; series are not compared.

    A fact that one of them lacks leaves its cells empty. If a run states several values of a name, the cell has all.
    """
    sides = _by_name(one), _by_name(other)
    names = sorted({*sides[0], *sides[1]}, key=lambda name: (KINDS.index(name[0]), name[1:]))
    first, note = _first_setting(one, other)
    rows = []
    for key in names:
        both = [side.get(key, []) for side in sides]
        if _values(both[0]) != _values(both[1]):
            rows.append((*key, (both[0] or both[1])[0].unit, *_cells(*both), note if key == first else ""))
    return COLUMNS, rows


def _cells(one: list[Fact], other: list[Fact]) -> Iterator[str]:
    """Yield the values and lines of both runs, and the ratio and difference of what was set or measured."""
    for facts in (one, other):
        yield _values(facts)
        yield "; ".join(str(fact.line) for fact in facts)
    of_number = bool(one and other) and one[0].kind in (_SETTING, "metric")
    changed = change(_values(one), _values(other)) if of_number else None
    yield from (f"{value:.6g}" for value in changed) if changed else ("", "")


def settings_that_differ(one: Run, other: Run) -> list[tuple[list[Fact], list[Fact]]]:
    """Return the settings that two runs state differently, in the order of the lines that state them.

    A setting that only one of the runs states is not known to differ. These come last, with an empty list. Numbers that
    are only written differently are the same.
    """
    sides = _by_name(one), _by_name(other)
    names = {key for key in {*sides[0], *sides[1]} if key[0] == _SETTING}
    pairs = [(sides[0].get(key, []), sides[1].get(key, [])) for key in names]
    unlike = [pair for pair in pairs if _plain(pair[0]) != _plain(pair[1])]

    def place(pair: tuple[list[Fact], list[Fact]]) -> tuple[bool, int, str, str]:
        fact, begin = (pair[0][0], one.first_line) if pair[0] else (pair[1][0], other.first_line)
        return not all(pair), fact.line - begin, fact.name, fact.device

    return sorted(unlike, key=place)


def _first_setting(one: Run, other: Run) -> tuple[Key | None, str]:
    """Return the first setting that differs, and what the table says of it."""
    for old, new in settings_that_differ(one, other):
        fact = (old or new)[0]
        return (fact.kind, fact.name, fact.device), FIRST if old and new else FIRST_OF_ONE
    return None, ""


def _values(facts: list[Fact]) -> str:
    return "; ".join(fact.value for fact in facts)


def _plain(facts: list[Fact]) -> list[float | str]:
    """Return the values of facts, a number as a number."""
    return [fact.value if (number := _number(fact.value)) is None else number for fact in facts]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _by_name(run: Run) -> Mapping[Key, list[Fact]]:
    facts_by_key: dict[Key, list[Fact]] = {}
    for fact in run.facts:
        facts_by_key.setdefault((fact.kind, fact.name, fact.device), []).append(fact)
    return facts_by_key
