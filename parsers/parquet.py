"""Facts as Parquet: columns made from series as they are held, row groups written as they come.

A row group ends after a fixed number of rows, wherever the pieces end that they came in, so that the file's bytes hang
on the facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow
from pyarrow import ipc, parquet

from .columns import FACT_NAMES, FACTS, Column
from .facts import Reading, Run, fact_rows

GROUP_ROWS = 1 << 17
_TYPES = {"text": pyarrow.string(), "whole": pyarrow.int64(), "number": pyarrow.float64()}

# pyarrow publishes no types.
Arrow = Any


def schema(columns: Sequence[Column]) -> Arrow:
    """Return the schema of a table of some columns."""
    return pyarrow.schema([(column.name, _TYPES[column.type]) for column in columns])


def table_of(columns: Sequence[Column], rows: Iterable[Sequence[str | int]]) -> Arrow:
    """Return rows as an Arrow table; an empty number is null."""
    by_column = list(zip(*rows, strict=True)) or [() for _ in columns]
    arrays = [_array(column, cells) for column, cells in zip(columns, by_column, strict=True)]
    return pyarrow.table(arrays, schema=schema(columns))


def _array(column: Column, cells: Sequence[str | int]) -> Arrow:
    if column.type == "text":
        return _text([str(cell) for cell in cells])
    number = int if column.type == "whole" else float
    return pyarrow.array([None if cell == "" else number(cell) for cell in cells], _TYPES[column.type])


def facts_of(readings: Iterable[Reading]) -> Arrow:
    """Return the facts table of readings as an Arrow table, a column of each series at a time."""
    parts = [part for reading in readings for run in reading.runs for part in _run(reading.log, run)]
    return pyarrow.concat_tables([schema(FACTS).empty_table(), *parts]).combine_chunks()


def _run(log: str, run: Run) -> Iterable[Arrow]:
    yield table_of(FACTS, fact_rows(log, run))
    for series in run.series:
        count = len(series.steps)
        same = {"log": log, "kind": "series", "name": series.name, "device": "", "unit": series.unit, "evidence": ""}
        columns = {name: pyarrow.repeat(_text([text])[0], count) for name, text in same.items()}
        columns["run"] = pyarrow.repeat(pyarrow.scalar(run.ordinal, pyarrow.int64()), count)
        columns["step"] = pyarrow.array(series.steps, pyarrow.int64())
        columns["value"] = _text(series.values)
        columns["line"] = pyarrow.array(series.lines, pyarrow.int64())
        columns["view_line"] = pyarrow.array(series.view_lines, pyarrow.int64())
        yield pyarrow.table([columns[name] for name in FACT_NAMES], schema=schema(FACTS))


def _text(values: Sequence[str]) -> Arrow:
    """Return words as text; bytes that are no UTF-8 (in a file's name) are spelt out, for Parquet holds none."""
    try:
        return pyarrow.array(values, pyarrow.string())
    except UnicodeEncodeError:
        return pyarrow.array([value.encode("utf-8", "backslashreplace").decode() for value in values], pyarrow.string())


def packed(table: Arrow) -> bytes:
    """Return a table as bytes for another process."""
    out = pyarrow.BufferOutputStream()
    with ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return bytes(out.getvalue())


def unpacked(data: bytes) -> Arrow:
    """Return the table that `packed` made bytes of."""
    return ipc.open_stream(data).read_all()


class RowGroups:
    """A Parquet file that is written by and by; its memory is that of a row group and of the piece at hand."""

    def __init__(self, out: BinaryIO, columns: Sequence[Column] = FACTS) -> None:
        self._writer = parquet.ParquetWriter(out, schema(columns))
        self._waiting: list[Arrow] = []
        self._rows = 0

    def add(self, table: Arrow) -> None:
        """Append a piece of the table."""
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows >= GROUP_ROWS:
            self._write_full()

    def _write_full(self) -> None:
        whole = pyarrow.concat_tables(self._waiting)
        end = whole.num_rows - whole.num_rows % GROUP_ROWS
        for start in range(0, end, GROUP_ROWS):
            self._write(whole.slice(start, GROUP_ROWS))
        self._waiting, self._rows = [whole.slice(end)], whole.num_rows - end

    def _write(self, group: Arrow) -> None:
        self._writer.write_table(group.combine_chunks(), row_group_size=GROUP_ROWS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._rows:
            self._write(pyarrow.concat_tables(self._waiting))
        self._writer.close()
