"""A data set of facts in place of logs: a Parquet file, or the folder that a cluster writes.

Only what a report needs is read, by column and kind. Only the facts of the logs are known: a run spans the lines from
its first fact to its last.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from ..reader import FACT_NAMES, MARK, Fact, Run, Series, Transcription
from ..store.structured import Broken, json_object, text_of
from .catalog import BrokenCatalog, Entry, slug
from .folder import shown_name
from .load import LoadedLog

_PARQUET = b"PAR1"  # a Parquet file begins so
_FACT = ("log", "run", "kind", "name", "value", "unit", "line", "view_line", "device", "evidence")
_POINT = ("log", "run", "name", "unit", "step", "value", "line", "view_line")


def is_dataset(path: Path) -> bool:
    """Return whether a path is a data set, and not a log or a folder of logs."""
    if not path.is_file():
        return (path / MARK).exists()
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET


def load_dataset(path: Path) -> list[LoadedLog]:
    """Return the logs that a data set has facts of, in the order of their names.

    Raises
    ------
    BrokenCatalog
        If it is not complete, is damaged, or is not a table of facts.
    """
    if path.is_dir() and not _complete(path / MARK):
        raise BrokenCatalog(f"{path}: not complete, because the reading of the logs did not end; read them again")
    facts, points = map(_by_run, _tables(path))
    runs = [(log, _run(run, facts[log, run], points.get((log, run), []))) for log, run in sorted(facts)]
    return [_log(log, tuple(run for _, run in group)) for log, group in groupby(runs, itemgetter(0))]


def _complete(mark: Path) -> bool:
    try:
        complete = json_object(text_of(mark), mark).get("complete")
    except Broken as error:
        raise BrokenCatalog(f"{error}; read the logs again") from None
    if not isinstance(complete, bool):
        raise BrokenCatalog(f"{mark}: complete = {complete!r}, but must be true or false; read the logs again")
    return complete


def _tables(path: Path) -> tuple[Any, Any]:
    """Return the facts, and the points of the series."""
    import pyarrow
    from pyarrow import dataset

    is_point = dataset.field("kind") == "series"
    try:
        whole = dataset.dataset(path, format="parquet", partitioning="hive")
        missing = [name for name in FACT_NAMES if name not in whole.schema.names]
        if missing:
            raise BrokenCatalog(f"{path}: not a table of facts, because it has no column {missing[0]!r}")
        facts = whole.to_table(columns=list(_FACT), filter=~is_point)
        return facts, whole.to_table(columns=list(_POINT), filter=is_point)
    except (pyarrow.ArrowException, OSError) as error:  # what is wrong inside a file is an OSError to pyarrow
        raise BrokenCatalog(f"{path}: no Parquet file, or a damaged one ({str(error).splitlines()[0]})") from None


def _by_run(table: Any) -> dict[tuple[str, int], list[tuple[Any, ...]]]:
    """Return the rows of a table by log and run, without these two columns and in their order."""
    rows: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    for log, run, *rest in zip(*(column.to_pylist() for column in table.columns), strict=True):
        rows.setdefault((log, run), []).append(tuple(rest))
    return rows


def _run(ordinal: int, facts: list[tuple[Any, ...]], points: list[tuple[Any, ...]]) -> Run:
    stated = tuple(Fact(*row) for row in facts)
    series = tuple(_series(points))
    lines = [fact.line for fact in stated] + [line for each in series for line in each.lines]
    return Run(ordinal, min(lines), max(lines), stated, series)


def _series(points: list[tuple[Any, ...]]) -> Iterator[Series]:
    for (name, unit), group in groupby(points, itemgetter(0, 1)):
        series = Series.empty(name, unit)
        for _, _, step, value, line, view_line in group:
            series.add(step, value, line, view_line)
        yield series


def _log(name: str, runs: tuple[Run, ...]) -> LoadedLog:
    system = runs[0].fact("system")
    of = system.value if system else ""
    name = shown_name(name)
    entry = Entry(name, of, sha256="", size=0, url="", author="", note="", declared=(), slug=slug(name))
    return LoadedLog(entry, Transcription(name, "", 0, "", 0, 0, 0, 0, runs), from_original=False)
