"""The facts table and the runs table on their way out: CSV, JSON, Parquet, or columns for a terminal.

Each format is one function from readings to bytes written; the heavy ones import their library when they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import BinaryIO

from parsers.facts import COLUMNS, Reading, rows
from parsers.vocabulary import ORDER

Table = tuple[Sequence[str], Iterable[Sequence[str | int]]]

_WIDEST_CELL = 48
_ROWS_AT_ONCE = 10_000


def facts_table(readings: Iterable[Reading]) -> Table:
    """Return the facts table's columns and rows."""
    return COLUMNS, (row for reading in readings for row in rows(reading.log, reading.runs))


def runs_table(readings: Iterable[Reading]) -> Table:
    """Return one row a run: what it is first, then parameters, metrics and environment as columns.

    A fact by device has a column for each device, `name_device`. Where a run says several values of one name, all stand
    in the cell.
    """
    cells: list[dict[str, str | int]] = []
    columns: set[tuple[int, str]] = set()
    for reading in readings:
        for run in reading.runs:
            cell: dict[str, str | int] = {
                "log": reading.log,
                "run": run.ordinal,
                "first_line": run.first_line,
                "last_line": run.last_line,
            }
            for fact in run.facts:
                name = f"{fact.name}_{fact.device.replace(' ', '_')}" if fact.device else fact.name
                cell[name] = f"{cell[name]}; {fact.value}" if name in cell else fact.value
                columns.add((ORDER.get(fact.name, len(ORDER)), name))
            cells.append(cell)
    header = ["log", "run", "first_line", "last_line", *(name for _, name in sorted(columns))]
    return header, ([cell.get(name, "") for name in header] for cell in cells)


def write_csv(table: Table, out: BinaryIO) -> None:
    """Write a table as UTF-8 CSV with a header and `\\n` line ends."""
    header, body = table
    plain, commas = ",".join(["%s"] * len(header)) + "\n", len(header) - 1
    lines = chain([header], body)
    while chunk := list(islice(lines, _ROWS_AT_ONCE)):
        text = [plain % tuple(row) for row in chunk]
        for place, line in enumerate(text):
            if line.count(",") != commas or '"' in line or not line[:-1].isprintable():
                text[place] = _quoted(chunk[place])
        out.write("".join(text).encode("utf-8", "surrogateescape"))


def _quoted(row: Sequence[str | int]) -> str:
    """Return a row with special characters as a line of CSV: the library looks at each, which plain rows need not."""
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()


def write_json(table: Table, out: BinaryIO) -> None:
    """Write a table as a JSON array of objects, one a line."""
    import json

    header, body = table
    separator = b"["
    for row in body:
        line = json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=True)
        out.write(separator + b"\n" + line.encode())
        separator = b","
    out.write(b"[]\n" if separator == b"[" else b"\n]\n")


def write_parquet(table: Table, out: BinaryIO) -> None:
    """Write a table as Parquet: `run`, `step` and the line columns as integers, the rest as text."""
    from parsers.parquet import RowGroups, table_of

    header, body = table
    rows = iter(body)
    with RowGroups(out, header) as groups:
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            groups.add(table_of(header, chunk))


def write_table(table: Table, out: BinaryIO) -> None:
    """Write a table in aligned columns for a terminal; long values are shortened, the other formats keep them whole."""
    header, body = table
    lines = [[str(name) for name in header]]
    lines += [[_shortened(str(value)) for value in row] for row in body]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        out.write(text.encode("utf-8", "surrogateescape") + b"\n")


def _shortened(value: str) -> str:
    value = value.replace("\n", " ")
    return value if len(value) <= _WIDEST_CELL else value[: _WIDEST_CELL - 1] + "…"


WRITERS: dict[str, Callable[[Table, BinaryIO], None]] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
    "table": write_table,
}
