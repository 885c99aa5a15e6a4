"""What the logs state, indexed by quantity and run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING

from ..logs.load import LoadedLog
from ..reader import Run, Series
from .words import SETTINGS

if TYPE_CHECKING:  # a report needs pandas, and a text does not
    from ..report.known import Known, Quantity

_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that a log states, or a person declares: `declared` then says where."""

    name: str
    device: str
    value: Decimal
    printed: str
    unit: str
    line: int
    evidence: str = ""
    declared: str = ""


@dataclass(frozen=True)
class StatedRun:
    """A run with the numbers that its log states."""

    id: str
    log: str
    ordinal: int
    system: str
    stage: str
    outcome: str
    numbers: tuple[Stated, ...]
    series: tuple[Series, ...] = ()

    def of(self, names: Iterable[str]) -> list[Stated]:
        """Return the numbers of these names, in the order of the names."""
        return [stated for name in names for stated in self._by_name.get(name, ())]

    @cached_property
    def _by_name(self) -> dict[str, list[Stated]]:
        by_name: dict[str, list[Stated]] = {}
        for stated in self.numbers:
            by_name.setdefault(stated.name, []).append(stated)
        return by_name

    def points(self, name: str) -> list[tuple[int, str, Decimal, int]]:
        """Return (step, printed value, value, line) of the points of a series."""
        return self._points.setdefault(name, [*self._read_points(name)])

    def _read_points(self, name: str) -> Iterator[tuple[int, str, Decimal, int]]:
        for series in self.series:
            if series.name == name:
                for step, printed, line in zip(series.steps, series.values, series.lines, strict=True):
                    if (value := decimal(printed)) is not None:
                        yield step, printed, value, line

    @cached_property
    def _points(self) -> dict[str, list[tuple[int, str, Decimal, int]]]:
        return {}

    def is_set_to(self, name: str, value: Decimal) -> bool | None:
        """Return whether a setting has a value; None where neither log nor declaration says."""
        values = [stated.value for stated in self.of((name,))]
        return value in values if values else None

    def has_step(self, step: Decimal) -> bool:
        """Return whether a series of the run has a point at a step."""
        return any(step in series.steps for series in self.series)

    def is_linked(self, targets: Sequence[str]) -> bool:
        """Return whether one of the targets of links is the run's log, by its file name."""
        name = self.log.rsplit("/", 1)[-1]
        return any(target.partition("#")[0].rsplit("/", 1)[-1] == name for target in targets)


def settings_of(runs: Iterable[StatedRun]) -> dict[str, frozenset[Decimal]]:
    """Return the values that runs are set to, by the name of the setting."""
    values_by_name: dict[str, set[Decimal]] = {}
    for run in runs:
        for stated in run.numbers:
            if stated.name in SETTINGS:
                values_by_name.setdefault(stated.name, set()).add(stated.value)
    return {name: frozenset(values) for name, values in values_by_name.items()}


def decimal(text: str) -> Decimal | None:
    """Return a printed value as a number, or None where it is a word, not finite, or beyond any measurement."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS else None


def stated_runs(logs: Iterable[LoadedLog]) -> list[StatedRun]:
    """Return the runs of logs."""
    return [_run(log, run) for log in logs for run in log.facts.runs]


def runs_known(known: Known) -> list[StatedRun]:
    """Return the runs of a report's quantities, with what their logs state and what is declared of them."""
    by_page: dict[str, list[Quantity]] = {}
    for quantity in known.values():
        if quantity.sort in ("logged", "declared"):
            by_page.setdefault(quantity.page, []).append(quantity)
    return [_run_known(page, quantities) for page, quantities in by_page.items()]


def _run_known(page: str, quantities: Sequence[Quantity]) -> StatedRun:
    numbers = [
        Stated(
            quantity.name,
            quantity.anchor.partition("-")[2] if quantity.sort == "logged" else "",
            value,
            quantity.value,
            quantity.unit,
            0,
            declared="by a person" if quantity.sort == "declared" else "",
        )
        for quantity in quantities
        if (value := decimal(quantity.value)) is not None
    ]
    words = {quantity.name: quantity.value for quantity in quantities}
    system, stage, outcome = (words.get(name, "") for name in ("system", "stage", "outcome"))
    return StatedRun(page.removeprefix("runs/").removesuffix(".md"), "", 0, system, stage, outcome, tuple(numbers))


def _run(log: LoadedLog, run: Run) -> StatedRun:
    numbers = [
        Stated(fact.name, fact.device, value, fact.value, fact.unit, fact.line, fact.evidence)
        for fact in run.facts
        if (value := decimal(fact.value)) is not None
    ]
    for series in run.series:  # of a series, its last point
        if series.values and (value := decimal(series.values[-1])) is not None:
            numbers.append(Stated(series.name, "", value, series.values[-1], series.unit, series.lines[-1]))
    for declared in log.entry.declared:
        if declared.run == run.ordinal and (value := decimal(declared.value)) is not None:
            numbers.append(Stated(declared.name, "", value, declared.value, "", 0, declared=declared.source))
    words = {fact.name: fact.value for fact in run.facts}
    return StatedRun(
        log.entry.run_id(run.ordinal),
        log.entry.path,
        run.ordinal,
        words.get("system", ""),
        words.get("stage", ""),
        words.get("outcome", ""),
        tuple(numbers),
        run.series,
    )
