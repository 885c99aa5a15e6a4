"""Facts as Parquet: columns made from series as they are held, row groups written as they come.

A row group ends after a fixed number of rows, no matter how the rows arrive. So the file's bytes depend on the facts
alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow
from pyarrow import ipc, parquet

from ..facts import Reading, Run, fact_rows
from .columns import FACT_NAMES, FACTS, Column

GROUP_ROWS = 1 << 17
_TYPES = {"text": pyarrow.string(), "whole": pyarrow.int64(), "number": pyarrow.float64()}

# pyarrow publishes no types.
Arrow = Any


def schema(columns: Sequence[Column]) -> Arrow:
    """Return the schema of a table of some columns."""
    return _schema(tuple(columns))


@cache
def _schema(columns: tuple[Column, ...]) -> Arrow:
    return pyarrow.schema([(column.name, _TYPES[column.type]) for column in columns])


def table_of(columns: Sequence[Column], rows: Iterable[Sequence[str | int]]) -> Arrow:
    """Return rows as an Arrow table; an empty number is null."""
    by_column = list(zip(*rows, strict=True)) or [() for _ in columns]
    arrays = [_array(column, cells) for column, cells in zip(columns, by_column, strict=True)]
    return pyarrow.table(arrays, schema=schema(columns))


def _array(column: Column, cells: Sequence[str | int]) -> Arrow:
    if column.type == "text":
        return _text([str(cell) for cell in cells])
    code, number = ("q", int) if column.type == "whole" else ("d", float)
    values = array(code, [number(cell or 0) for cell in cells])
    return _numbers(values, _TYPES[column.type], [cell != "" for cell in cells])


def facts_of(readings: Iterable[Reading]) -> Arrow:
    """Return the facts table of readings as an Arrow table, made from whole columns of each series."""
    return pyarrow.concat_tables(_parts(readings)).combine_chunks()


def _parts(readings: Iterable[Reading]) -> Iterator[Arrow]:
    """Yield the pieces of the facts table. Many runs make one piece, because a piece costs much more than a row."""
    waiting: list[Sequence[str | int]] = []
    for reading in readings:
        for run in reading.runs:
            waiting.extend(fact_rows(reading.log, run))
            if run.series:
                yield table_of(FACTS, waiting)
                waiting = []
                yield from _series(reading.log, run)
    yield table_of(FACTS, waiting)


def _series(log: str, run: Run) -> Iterator[Arrow]:
    for series in run.series:
        count = len(series.steps)
        same = {"log": log, "kind": "series", "name": series.name, "device": "", "unit": series.unit, "evidence": ""}
        columns = {name: pyarrow.repeat(_text([text])[0], count) for name, text in same.items()}
        columns["run"] = pyarrow.repeat(_whole([run.ordinal])[0], count)
        columns["step"] = _whole(series.steps)
        columns["value"] = _text(series.values)
        columns["line"] = _whole(series.lines)
        columns["view_line"] = _whole(series.view_lines)
        yield pyarrow.table([columns[name] for name in FACT_NAMES], schema=schema(FACTS))


# Arrays are made from buffers: pyarrow.array() and pyarrow.scalar() import pandas, which takes longer than a small log.


def _whole(values: Sequence[int]) -> Arrow:
    return _numbers(array("q", values), pyarrow.int64(), [True])


def _numbers(values: array[int] | array[float], kind: Arrow, given: Sequence[bool]) -> Arrow:
    """Return numbers as an array; null where one is not `given`."""
    bits = None if all(given) else _bitmap(given)
    return pyarrow.Array.from_buffers(kind, len(values), [bits, pyarrow.py_buffer(values)])


def _bitmap(given: Sequence[bool]) -> Arrow:
    """Return one bit per value, set if there is one; the first is the lowest bit of the first byte."""
    bits = sum(1 << index for index, there in enumerate(given) if there)
    return pyarrow.py_buffer(bits.to_bytes(-(-len(given) // 8), "little"))


def _text(values: Sequence[str]) -> Arrow:
    """Return words as text. Bytes that are not UTF-8 (in a file's name) are spelt out for Parquet."""
    encoded = [value.encode("utf-8", "backslashreplace") for value in values]
    ends = array("i", accumulate(map(len, encoded), initial=0))
    return pyarrow.StringArray.from_buffers(len(encoded), pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(encoded)))


def packed(table: Arrow) -> bytes:
    """Return a table as bytes for another process."""
    out = pyarrow.BufferOutputStream()
    with ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return bytes(out.getvalue())


def unpacked(data: bytes) -> Arrow:
    """Return the table that `packed` made into bytes."""
    return ipc.open_stream(data).read_all()


class RowGroups:
    """A Parquet file that is written in pieces; memory holds one row group and one piece."""

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
