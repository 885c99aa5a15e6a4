"""What may be wrapped around a log: archives, encodings, line ends, colours, diffs, notebooks."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest

from parsers.engine.lines import Ruler, decode, segment_start
from parsers.engine.text import NotALog, Text, texts
from parsers.reading import parse
from tests.parsers.samples import case, table, values

PLAIN = ("graphcore_mnist", "cerebras_two_runs", "groq_rebuilt", "sambanova_two_runs", "several_systems")
WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "UTF-16 little": lambda data: data.decode().encode("utf-16"),
    "UTF-16 big": lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
    "UTF-8 mark": lambda data: b"\xef\xbb\xbf" + data,
    "Windows-1252": lambda data: data.replace("✓".encode(), b"?").replace(b"####", b"\xa6\xa6\xa6\xa6"),
    "colours": lambda data: data.replace(b"Accuracy", b"\x1b[1;32mAccuracy\x1b[0m"),
    "terminal title": lambda data: b"\x1b]0;user@node: ~\x07" + data,
}  # fmt: skip
LINE_ENDS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "literal ^M": lambda data: data.replace(b"\n", b"^M\n"),
    "spaces": lambda data: data.replace(b"\n", b" \n"),
}


@pytest.mark.parametrize("wrapping", WRAPPED)
@pytest.mark.parametrize("name", PLAIN)
def test_a_wrapping_changes_no_fact(name: str, wrapping: str) -> None:
    assert table(WRAPPED[wrapping](case(name))) == table(case(name)) != []


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("name", PLAIN)
def test_line_ends_change_no_fact(name: str, end: str) -> None:
    data = case(name)
    if end == "spaces":
        data = data.replace(b"```", b"")
    assert [row[:8] for row in table(LINE_ENDS[end](data))] == [row[:8] for row in table(data)] != []


def test_notebooks_pretty_and_minified_say_the_same() -> None:
    assert values(case("notebook_pretty")) == values(case("notebook_minified")) != []


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x08broken", gzip.compress(b"x" * 100, mtime=0)[:-9]])
def test_a_damaged_file_is_no_log(data: bytes) -> None:
    with pytest.raises(NotALog):
        texts(data)


def test_an_archive_may_not_expand_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.engine.text.EXPANSION_LIMIT", 99)
    with pytest.raises(NotALog, match="expands past 99 bytes"):
        texts(gzip.compress(b"x" * 100))


def test_a_ruler_counts_newlines_and_lone_carriage_returns() -> None:
    ruler = Ruler(Text(b"a\rb\r\nc\rd\n\ne"))
    assert [ruler.place(offset) for offset in (0, 2, 4, 5, 7, 9, 10, 4, 2)] == [
        (1, 1), (1, 2), (1, 2), (2, 3), (2, 4), (3, 5), (4, 6), (1, 2), (1, 2)
    ]  # fmt: skip


def test_a_stretch_begins_behind_the_last_line_end_or_carriage_return() -> None:
    assert [segment_start(b"ab\ncd\ref", offset) for offset in (1, 4, 8)] == [0, 3, 6]
    assert segment_start(b"x" * 50, 40, reach=10) == 30


@pytest.mark.parametrize(("raw", "text"), [("é".encode(), "é"), (b"\xa6", "¦"), (b"\x81", "\x81")])
def test_bytes_of_any_code_page_become_text(raw: bytes, text: str) -> None:
    assert decode(raw) == text


SIGNS = b"GlobalRate= e2e_train_time GroqChip poptorch\n"
LONG = (
    b"a", b" ", b"0", b"`", b"|", b"\r", b"-", b"$", b"[", b"\f", b"Step=", b"cpu |", b"Epochs:   0%|",
    b"SLURM_NTASKS=", b"Traceback (most recent call last):\n",
    b"Effective batch size is 1 ", b"2024-05-01 10:00:00,250 INFO:  ",
)  # fmt: skip


@pytest.mark.parametrize("unit", LONG)
def test_time_grows_with_the_length_of_a_line_and_not_its_square(unit: bytes) -> None:
    begun = time.process_time()
    reading = parse(SIGNS + unit * (250_000 // len(unit)), "x")
    assert time.process_time() - begun < 5
    assert reading.log == "x"
