"""Tidy results: the runs of the catalog's logs, as objects to link to and as two pandas frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from ..logs.catalog import Declared, Entry
from ..logs.load import LoadedLog
from ..reader import RUN_ID, Column, Reading, Run, facts_table, run_column, runs_table, term

_TYPES = {"text": "string", "whole": "Int64", "number": "float64"}


@dataclass(frozen=True)
class ReportRun:
    """A run with its id, its log and what a person declares about it."""

    id: str
    log: LoadedLog
    run: Run
    declared: tuple[Declared, ...]

    @property
    def entry(self) -> Entry:
        """The catalog's entry of the log."""
        return self.log.entry

    @property
    def system(self) -> str:
        """The system, by the log's own lines."""
        return self.word("system")

    def word(self, name: str, device: str = "") -> str:
        """Return the value of a fact, or an empty string if the log does not state it."""
        fact = self.run.fact(name, device)
        return fact.value if fact is not None else ""

    def stated(self, name: str) -> str:
        """Return the value of a fact, else what a person declares under its name, else an empty string."""
        return self.word(name) or self.declared_value(name)

    def declared_value(self, name: str) -> str:
        """Return what a person declares of the run under a name, or an empty string."""
        return next((declared.value for declared in self.declared if declared.name == name), "")


def anchor(name: str, device: str = "") -> str:
    """Return the anchor of a fact on its run's page."""
    return f"{name}-{device.replace(' ', '-')}" if device else name


@dataclass(frozen=True)
class Results:
    """All runs, in the order of the catalog."""

    logs: tuple[LoadedLog, ...]

    @cached_property
    def runs(self) -> tuple[ReportRun, ...]:
        """The runs with their ids."""
        return tuple(
            ReportRun(
                log.entry.run_id(run.ordinal), log, run, tuple(d for d in log.entry.declared if d.run == run.ordinal)
            )
            for log in self.logs
            for run in log.facts.runs
        )

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The facts table: one row per fact, the contract's columns, values as printed."""
        header, body = facts_table(self._readings)
        return pd.DataFrame(list(body), columns=[column.name for column in header])

    @cached_property
    def run_columns(self) -> tuple[Column, ...]:
        """The columns of the runs table: the id, what the logs state, then what is declared (`declared_name`)."""
        return self._runs_table[0]

    @cached_property
    def printed(self) -> pd.DataFrame:
        """One row per run under `run_columns`, every value as printed."""
        columns, body = self._runs_table
        return pd.DataFrame(body, columns=[column.name for column in columns])

    @cached_property
    def typed(self) -> pd.DataFrame:
        """The same with numbers as numbers (Int64 or float64; a missing one is NA or NaN), the id as index."""
        types = {column.name: _TYPES[column.type] for column in self.run_columns}
        blank = self.printed.astype(object).replace("", None)
        return blank.astype({name: kind for name, kind in types.items() if kind != "string"}).set_index(RUN_ID.name)

    @cached_property
    def _runs_table(self) -> tuple[tuple[Column, ...], list[list[str | int]]]:
        columns, body = runs_table(self._readings)
        names = sorted({declared.name for run in self.runs for declared in run.declared})
        declared_values = {name: [run.declared_value(name) for run in self.runs] for name in names}
        declared = [run_column(term(name), "", values, declared=True) for name, values in declared_values.items()]
        rows = [
            [run.id, *cells, *(declared_values[name][index] for name in names)]
            for index, (run, cells) in enumerate(zip(self.runs, body, strict=True))
        ]
        return (RUN_ID, *columns, *declared), rows

    @cached_property
    def _readings(self) -> tuple[Reading, ...]:
        return tuple(Reading(log.facts.log, log.facts.runs) for log in self.logs)

    def of(self, system: str) -> tuple[ReportRun, ...]:
        """Return the runs of a system."""
        return tuple(run for run in self.runs if run.system == system)

    def only(self, system: str) -> Results:
        """Return the results of one system's runs, which keep their ids."""
        kept = ((log, tuple(run for run in log.facts.runs if _is_of(system, run))) for log in self.logs)
        return Results(tuple(replace(log, facts=replace(log.facts, runs=runs)) for log, runs in kept if runs))


def _is_of(system: str, run: Run) -> bool:
    fact = run.fact("system")
    return fact is not None and fact.value == system


def collect(logs: Iterable[LoadedLog]) -> Results:
    """Return the results of logs."""
    return Results(tuple(logs))
