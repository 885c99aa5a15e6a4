"""What a terminal, an editor or a person does to a log without changing what it says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence

from tests.parsers.samples import Row, table

# Whole-file changes that leave every line where it was.
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "UTF-8 with a mark": lambda data: b"\xef\xbb\xbf" + data,
    "latin-1": lambda data: data.decode().encode("latin-1", "replace"),
    "Windows-1252": lambda data: data.decode().encode("cp1252", "replace"),
    "UTF-16 little": lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le"),
    "UTF-16 big": lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
    "gzip": lambda data: gzip.compress(data, 1, mtime=0),
}
LINE_ENDS = {"LF": b"\n", "CRLF": b"\r\n", "literal ^M": b"^M\n", "both": b"^M\r\n", "white space": b" \t\n"}
# What pastes put before every line.
MARKS = (b"  ", b"\t", b"> ", b">", b">> ", b"+ ", b"+", b"# ", b"#", b"    > ")
COLOURS = (
    b"\x1b[0m",
    b"\x1b[1;32m",
    b"\x1b[K",
    b"\x1b[38;5;208m",
    b"\x1b[?25l",
    b"\x1b]0;a title\x07",
    b"\x1b(B\x1b[m",
)
# Lines that other programs print between a log's own; none is a prompt, which would end a run.
FOREIGN = (
    "",
    "   ",
    "             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)",
    "               712      p64  mnist.sh    guest PD       0:00      1 (Priority)",
    "712.pbs-01   bert   guest   00:01:40 R workq",
    "Collecting numpy<2,>=1.21",
    "  Downloading numpy-1.24.4-cp38-cp38-manylinux_2_17_x86_64.whl (17.3 MB)",
    "     |################################| 17.3 MB 91.2 MB/s",
    "Requirement already satisfied: six>=1.5 in ./venv/lib/python3.8/site-packages (from a) (1.16.0)",
    "Successfully installed numpy-1.24.4",
    "WARNING: You are using pip version 20.0.2; however, version 24.0 is available.",
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal",
    'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND; see section 7.2 (b).',
    " * Documentation:  https://help.example.org",
    "Last login: Mon May  6 10:00:00 2024 from 192.0.2.7",
    "remote: Counting objects: 100% (12/12), done.",
    "The job took longer than I had thought, about 5.5 minutes.",
    "élan, naïve, 5 µs, 20 °C",
)


def shifted(rows: Sequence[Row], places: Sequence[int]) -> list[Row]:
    """Return the rows with line `n` moved to `places[n - 1]`; the view line moves as far."""
    return [(*row[:7], places[int(row[7]) - 1], int(row[8]) + places[int(row[7]) - 1] - int(row[7])) for row in rows]


def with_line_ends(data: bytes, end: bytes) -> bytes:
    """Return the data with its lines ended by `end`."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", end)


def with_lines_between(data: bytes, gaps: dict[int, list[str]]) -> tuple[bytes, list[int]]:
    """Return the data with lines inserted after the given lines (0: before the first), and each line's new number."""
    lines, ended = data.removesuffix(b"\n").split(b"\n"), data.endswith(b"\n")
    out: list[bytes] = [text.encode() for text in gaps.get(0, [])]
    places = []
    for number, line in enumerate(lines, 1):
        out.append(line)
        places.append(len(out))
        out.extend(text.encode() for text in gaps.get(number, []))
    return b"\n".join(out) + (b"\n" if ended else b""), [*places, len(out) + 1]


def with_marks(data: bytes, mark: bytes) -> bytes:
    """Return the data with a mark before each line."""
    body = data.removesuffix(b"\n")
    return mark + body.replace(b"\n", b"\n" + mark) + data[len(body) :]


def with_colours(data: bytes, offsets: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the data with terminal sequences put in at the given offsets."""
    for offset, sequence in sorted(offsets, reverse=True):
        data = data[:offset] + sequence + data[offset:]
    return data


def as_notebook(data: bytes, indent: int | None) -> tuple[bytes, list[int]]:
    """Return a notebook of one cell whose output is the data, and where each line of the data now stands."""
    text = [line + "\n" for line in data.decode().removesuffix("\n").split("\n")]
    output = {"name": "stdout", "output_type": "stream", "text": text}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": ["%run it"]}
    book = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)
    if indent is None:
        return book.encode(), [1] * (len(text) + 1)
    first = next(number for number, line in enumerate(book.split("\n"), 1) if line.strip().startswith('"text"')) + 1
    return book.encode(), list(range(first, first + len(text) + 1))


def check_same(changed: bytes, data: bytes, places: Sequence[int] | None = None) -> None:
    """Assert that changed data says what the data says, on the lines where it now stands.

    The end of a text, wherever it is, says that a run is truncated. So the line of this fact is not compared.
    """
    expected = table(data) if places is None else shifted(table(data), places)
    assert list(map(without_end, table(changed))) == list(map(without_end, expected))


def without_end(row: Row) -> Row:
    """Return a row as it is compared, where the end of the text may have moved."""
    return row[:7] if row[2] == "outcome" and row[5] == "truncated" else row
