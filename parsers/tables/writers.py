"""Writers of the facts table and the runs table: CSV, JSON, Parquet, or columns for a terminal.

Each format is one function that writes the bytes of readings. The heavy ones import their library when they are used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from ..consistency import summary
from ..engine.lines import printable
from ..facts import Reading, Run, Series, fact_rows, rows
from ..vocabulary import ORDER, term
from .columns import CONSISTENCY, FACTS, RUNS, Column, run_column

Table = tuple[Sequence[Column], Iterable[Sequence[str | int]]]

_WIDEST_CELL = 48
_ROWS_AT_ONCE = 10_000
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~$]")


class FactRows:
    """The rows of the facts table, made on demand; a writer of columns takes the readings instead."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.readings = readings

    def __iter__(self) -> Iterator[tuple[str | int, ...]]:
        return (row for reading in self.readings for row in rows(reading.log, reading.runs))


def facts_table(readings: Iterable[Reading]) -> Table:
    """Return the facts table's columns and rows."""
    return FACTS, FactRows(readings)


def runs_table(readings: Iterable[Reading]) -> Table:
    """Return one row per run: its identity first, then parameters, metrics and environment as columns.

    A fact by device has a column for each device, `name_device`. If a run states several values of one name, the cell
    has all of them.
    """
    spans: list[tuple[str | int, ...]] = []
    agreement: list[str] = []
    cells: dict[tuple[str, str], dict[int, str]] = {}
    for reading in readings:
        for run in reading.runs:
            for fact in run.facts:
                of_runs = cells.setdefault((fact.name, fact.device), {})
                index = len(spans)
                of_runs[index] = f"{of_runs[index]}; {fact.value}" if index in of_runs else fact.value
            spans.append((reading.log, run.ordinal, run.first_line, run.last_line))
            agreement.append(run.agreement or summary(run))
    named = sorted(cells, key=lambda key: (ORDER.get(key[0], len(ORDER)), key))
    columns = [run_column(term(name), device, cells[name, device].values()) for name, device in named]
    body = (
        [*span, *(cells[key].get(index, "") for key in named), agreement[index]] for index, span in enumerate(spans)
    )
    return [*RUNS, *columns, CONSISTENCY], body


def write_csv(table: Table, out: BinaryIO) -> None:
    """Write a table as UTF-8 CSV with a header and `\\n` line ends; of the facts table, series as columns."""
    header, body = table
    out.write(_csv([[column.name for column in header]]))
    if isinstance(body, FactRows):
        for reading in body.readings:
            for run in reading.runs:
                out.write(_run_csv(reading.log, run))
        return
    lines = iter(body)
    while chunk := list(islice(lines, _ROWS_AT_ONCE)):
        out.write(_csv(chunk))


# The texts of columns that several series of a run share, by the column and the end of its cells.
Texts = dict[tuple[int, str], list[str]]


def _run_csv(log: str, run: Run) -> bytes:
    texts: Texts = {}
    parts = [_csv(list(fact_rows(log, run)))]
    parts += [_series_csv(log, run.ordinal, series, texts) for series in run.series]
    return b"".join(parts)


def _series_csv(log: str, run: int, series: Series, texts: Texts) -> bytes:
    """Return the rows of a series as CSV; `texts` keeps the texts of columns that several series share."""
    joined = "".join(series.values)
    if not joined.isprintable() or any(sign in joined for sign in ' ,"'):
        return _csv(list(rows(log, (Run(run, 0, 0, (), (series,)),))))
    steps, lines = _cells(series.steps, ",", texts), _cells(series.lines, ",", texts)
    # The last column, evidence, is empty. The cells that change from row to row are between those that do not.
    head = _csv([(log, run, "series", series.name, "", "")]).decode("utf-8", "surrogateescape").removesuffix("\n")
    cells = [head, "", "", f",{series.unit},", "", ""] * len(series.values)
    cells[1::6], cells[2::6] = steps, series.values
    cells[4::6], cells[5::6] = lines, _cells(series.view_lines, ",\n", texts)
    return "".join(cells).encode("utf-8", "surrogateescape")


def _cells(column: Sequence[int], end: str, texts: Texts) -> list[str]:
    """Return the texts of a column's numbers, each with the end of its cell."""
    if (id(column), end) not in texts:
        texts[id(column), end] = _numerals(column, end)
    return texts[id(column), end]


# The numerals of small numbers by the end of their cell, made once: a look-up takes a fifth of the time.
_NUMERALS: dict[str, list[str]] = {",": [], ",\n": []}
_MOST_NUMERALS = 1 << 17


def _numerals(numbers: Sequence[int], end: str) -> list[str]:
    known, most = _NUMERALS[end], max(numbers, default=0)
    if len(known) <= most < min(_MOST_NUMERALS, len(known) + 4 * len(numbers)):
        known.extend([f"{number}{end}" for number in range(len(known), most + 1)])
    if most < len(known) and min(numbers, default=0) >= 0:
        return list(map(known.__getitem__, numbers))
    return [f"{number}{end}" for number in numbers]


def _csv(lines: Sequence[Sequence[str | int]]) -> bytes:
    """Return rows of equal length as lines of CSV."""
    commas = len(lines[0]) - 1 if lines else 0
    plain = ",".join(["%s"] * (commas + 1)) + "\n"
    text = [plain % tuple(row) for row in lines]
    for index, line in enumerate(text):
        if line.count(",") != commas or '"' in line or not line[:-1].isprintable():
            text[index] = _quoted(lines[index])
    return "".join(text).encode("utf-8", "surrogateescape")


def _quoted(row: Sequence[str | int]) -> str:
    """Return a row with special characters as a line of CSV; only these rows need the library's slower check."""
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()


def write_json(table: Table, out: BinaryIO) -> None:
    """Write a table as a JSON array of objects, one per line."""
    import json

    header, body = table
    names = [column.name for column in header]
    separator = b"["
    for row in body:
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=True)
        out.write(separator + b"\n" + line.encode())
        separator = b","
    out.write(b"[]\n" if separator == b"[" else b"\n]\n")


def write_parquet(table: Table, out: BinaryIO) -> None:
    """Write a table as Parquet, its columns with their types."""
    from .parquet import RowGroups, table_of

    header, body = table
    rows = iter(body)
    with RowGroups(out, header) as groups:
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            groups.add(table_of(header, chunk))


def write_table(table: Table, out: BinaryIO) -> None:
    """Write a table in aligned columns for a terminal. Long values are shortened; the other formats keep them whole."""
    header, body = table
    lines = [[column.name for column in header]]
    lines += [[_shortened(str(value)) for value in row] for row in body]
    widths = [max(len(line[index]) for line in lines) for index in range(len(header))]
    for line in lines:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        out.write(text.encode("utf-8", "surrogateescape") + b"\n")


def write_markdown(table: Table, out: BinaryIO) -> None:
    """Write a table as a Markdown pipe table. Special characters of Markdown and HTML become character references."""
    header, body = table
    out.write(_pipes([column.name for column in header]))
    out.write(_pipes(["---"] * len(header)))
    for row in body:
        out.write(_pipes([_MARKDOWN.sub(lambda sign: f"&#{ord(sign[0])};", printable(str(cell))) for cell in row]))


def _pipes(cells: Sequence[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode("utf-8", "surrogateescape")


def _shortened(value: str) -> str:
    value = printable(value.replace("\n", " "))
    return value if len(value) <= _WIDEST_CELL else value[: _WIDEST_CELL - 1] + "…"


WRITERS: dict[str, Callable[[Table, BinaryIO], None]] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
    "table": write_table,
    "markdown": write_markdown,
}
