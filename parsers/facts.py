"""The data model: a log gives runs, a run gives facts and series. Rows exist only in the writers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Fact(NamedTuple):
    """One value that a log states, as printed.

    `line` counts newlines only, as `grep -n` does; `view_line` lets a bare carriage return end a line too.
    `evidence` is the part of the line that states the value.
    """

    kind: str
    name: str
    value: str
    unit: str
    line: int
    view_line: int
    device: str = ""
    evidence: str = ""


class Series(NamedTuple):
    """A metric by step, held as columns of equal length."""

    name: str
    unit: str
    steps: list[int]
    values: list[str]
    lines: list[int]
    view_lines: list[int]

    @classmethod
    def empty(cls, name: str, unit: str) -> Series:
        """Return a series without points."""
        return cls(name, unit, [], [], [], [])

    def add(self, step: int, value: str, line: int, view_line: int) -> None:
        """Append one point."""
        self.steps.append(step)
        self.values.append(value)
        self.lines.append(line)
        self.view_lines.append(view_line)


class Run(NamedTuple):
    """One run of a log: its facts in the order of their lines, its series, and the lines it spans.

    A run whose series were left out keeps in `agreement` whether they agreed with its facts.
    """

    ordinal: int
    first_line: int
    last_line: int
    facts: tuple[Fact, ...]
    series: tuple[Series, ...]
    agreement: str = ""

    def fact(self, name: str, device: str = "") -> Fact | None:
        """Return the first fact called `name`, or None."""
        return next((fact for fact in self.facts if fact.name == name and fact.device == device), None)

    @property
    def outcome(self) -> str:
        """How the run ended: the value of its `outcome`, which every run has."""
        fact = self.fact("outcome")
        return fact.value if fact else ""


class Reading(NamedTuple):
    """What one file gave: its runs, its dialects with their signs, or the reason why there are none.

    `prefixes` counts the lines from which each kind of prefix was removed. `notes` are sentences that a reader of the
    file should know, though it was read. `unread` counts the lines that look like results but gave no fact.
    """

    log: str
    runs: tuple[Run, ...]
    dialects: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    prefixes: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    unread: int = 0


def rows(log: str, runs: tuple[Run, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of the facts table (see `columns.FACTS`), facts before series, run by run."""
    for run in runs:
        yield from fact_rows(log, run)
        for series in run.series:
            points = zip(series.steps, series.values, series.lines, series.view_lines, strict=True)
            for step, value, line, view_line in points:
                yield (log, run.ordinal, "series", series.name, "", step, value, series.unit, line, view_line, "")


def fact_rows(log: str, run: Run) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of a run's facts, without its series."""
    for kind, name, value, unit, line, view_line, device, evidence in run.facts:
        yield (log, run.ordinal, kind, name, device, "", value, unit, line, view_line, evidence)
