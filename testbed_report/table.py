"""Logs as pandas frames: `read` gives a `Table`, which has facts, runs, series, and what was not understood."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from parsers.engine.loading import add
from parsers.facts import Reading, rows
from parsers.many.files import readings, said_of
from parsers.many.sources import sources
from parsers.tables.columns import FACT_NAMES, Column
from parsers.tables.writers import runs_table

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
# The kinds of facts that have a number; others are words, even if a word consists of digits.
_NUMBERS = ("parameter", "metric", "series")
_WHOLE = ("run", "step", "line", "view_line")


class Table:
    """What logs hold, as pandas frames. `read` makes one.

    Attributes
    ----------
    facts : pandas.DataFrame
        One row per fact: `log`, `run`, `kind`, `name`, `device`, `step`, `value`, `printed`, `unit`, `line`,
        `view_line`, `evidence`. `printed` is the text as the log prints it. `value` is its number as float64. It is
        missing where the fact is a word. `run`, `step`, `line` and `view_line` are Int64.
    runs : pandas.DataFrame
        One row per run, with its parameters and metrics as columns. Whole numbers are Int64, other numbers float64.

    Examples
    --------
    >>> from testbed_report import read
    >>> table = read("examples/cpu")
    >>> len(table.runs)
    18
    >>> int(table.runs["learning_rate"].nunique())
    4
    """

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings

    def __repr__(self) -> str:
        return f"Table of {len(self._readings)} logs with {sum(len(one.runs) for one in self._readings)} runs"

    @cached_property
    def facts(self) -> pd.DataFrame:
        """All facts, one per row."""
        fact_rows = [row for reading in self._readings for row in rows(reading.log, reading.runs)]
        frame = pd.DataFrame(fact_rows, columns=list(FACT_NAMES)).rename(columns={"value": "printed"})
        numbers = pd.to_numeric(frame["printed"].where(frame["kind"].isin(_NUMBERS)), errors="coerce")
        frame.insert(FACT_NAMES.index("value"), "value", numbers.astype("float64"))
        words = dict.fromkeys(set(frame.columns) - {"value", *_WHOLE}, str)
        return frame.astype(words).assign(**{name: _whole(frame[name]) for name in _WHOLE})

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All runs, one per row."""
        header, body = runs_table(self._readings)
        frame = pd.DataFrame(list(body), columns=[column.name for column in header])
        return pd.DataFrame({column.name: _typed(frame[column.name], column) for column in header})

    def series(self, name: str) -> pd.DataFrame:
        """Return the points of a series of every run.

        Parameters
        ----------
        name
            The name of the series, such as `loss`.

        Returns
        -------
        pandas.DataFrame
            `log`, `run`, `step`, `value`, `line`: one row per point. It has no row where no log has this series.

        Examples
        --------
        >>> from testbed_report import read
        >>> loss = read("examples/cpu").series("loss")
        >>> list(loss.columns)
        ['log', 'run', 'step', 'value', 'line']
        >>> str(loss["value"].dtype)
        'float64'
        """
        points = self.facts[(self.facts["kind"] == "series") & (self.facts["name"] == name)]
        return points[["log", "run", "step", "value", "line"]].reset_index(drop=True)

    def report(self) -> pd.DataFrame:
        """Return what was not understood: files without a run, and notes about files that have runs.

        Returns
        -------
        pandas.DataFrame
            `log`, `reason`, `note`. `note` is true where the log was read and the reason is only a note.

        Examples
        --------
        >>> from testbed_report import read
        >>> read(["examples/cpu", "raw_logs/README.md"]).report()[["log", "note"]].values.tolist()
        [['raw_logs/README.md', False]]
        """
        notes = [silent for reading in self._readings for silent in said_of(reading)]
        return pd.DataFrame(notes, columns=["log", "reason", "note"])

    def cite(self, fact: int) -> str:
        """Return where a fact is, as a citation: the log, the line, and the words of the log.

        Parameters
        ----------
        fact
            The index of a row of `facts`.

        Examples
        --------
        >>> from testbed_report import read
        >>> table = read("examples/cpu")
        >>> accuracies = table.facts.query("name == 'test_accuracy'")
        >>> table.cite(accuracies.index[0]).partition(", ")[2]
        "line 19: 'testbed-cpu: test_accuracy 9.72 %'"
        """
        row = self.facts.loc[fact]
        return f"{row['log']}, line {row['line']}: {row['evidence'] or row['printed']!r}"


def read(paths: Paths, *, jobs: int = 1, dialects: Iterable[str | os.PathLike[str]] = ()) -> Table:
    """Read logs.

    Parameters
    ----------
    paths
        A log, a folder that is walked, an archive, or an address; or several of them.
    jobs
        How many processes read.
    dialects
        Files of dialects of your own, which are used too.

    Returns
    -------
    Table
        A file that cannot be read raises nothing: `Table.report` names it with the reason.

    Raises
    ------
    testbed_report.grammar.DialectFault
        If a dialect breaks a rule.

    Examples
    --------
    >>> from testbed_report import read
    >>> read("examples/cpu")
    Table of 18 logs with 18 runs
    >>> read(["no-such.log"]).report().loc[0, "reason"]
    'no such file'
    """
    add(map(Path, dialects))
    several = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    return Table(list(readings(list(sources(os.fspath(path) for path in several)), jobs, series=True)))


def _whole(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype("Int64")


def _typed(cells: pd.Series, column: Column) -> pd.Series:
    """Return a column with its type; an empty cell is missing."""
    if column.type == "whole":
        return _whole(cells)
    if column.type == "number":
        return pd.to_numeric(cells, errors="coerce").astype("float64")
    return cells.astype(str).where(cells.astype(str) != "")
