"""What may be wrapped around a log: archives, encodings, line ends, colours, diffs, notebooks."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from itertools import product
from tempfile import TemporaryFile
from typing import BinaryIO
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.engine import text
from parsers.engine.lines import Ruler
from parsers.engine.text import NotALog, Stored, Text, texts, without_marks
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


def test_an_archive_may_expand_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.engine.text.EXPANSION_LIMIT", 100)
    assert texts(gzip.compress(b"x" * 100)) == (Text(b"x" * 100),)


@pytest.mark.parametrize("more", [b"", b"a"])
def test_half_a_character_at_the_end_is_none(more: bytes) -> None:
    assert texts("ab\nc".encode("utf-16") + more) == (Text(b"ab\nc"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\2", "binary program, not a log"),
        (b"PK\3\4", "zip archive; unpack it first"),
        (b"%PDF-1", "PDF document"),
    ],
)
def test_a_file_of_another_kind_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(NotALog, match=reason):
        texts(data)


MARKED = (
    (b"\x1b[1;32mgreen\x1b[0m", b"green"),
    (b"\x1b[Aup\x1b[A", b"up"),
    (b"\x1b]0;title\x07x\x1b]2;title\x1b\\", b"x"),
    (b"\x1b(Bx\x1b7\x1b", b"x"),
    (b"x\x1b[1;3", b"x"),
    (b"a^M\nb^M^M\r\n^M", b"a\nb\r\n"),
    (b"a^Mb ^ M", b"a^Mb ^ M"),
    (b"1\xc2\xa02\xc3\xa9", b"1 2\xc3\xa9"),
    (b"a\fb", b"a b"),
    (b"a ^ b M", b"a ^ b M"),
    (b"plain", b"plain"),
)


@pytest.mark.parametrize(("data", "plain"), MARKED)
def test_marks_of_a_terminal_are_taken_off(data: bytes, plain: bytes) -> None:
    assert texts(data) == (Text(plain),)


def stored(data: bytes, file: BinaryIO) -> Stored:
    """Return bytes as the bytes of a large file."""
    file.write(data)
    file.seek(0)
    file.flush()
    return Stored(file)


@pytest.mark.parametrize(("data", "plain"), MARKED)
def test_a_large_text_with_marks_is_copied_without_them(data: bytes, plain: bytes) -> None:
    with TemporaryFile() as file, TemporaryFile() as scratch:
        before = stored(data, file)
        after = without_marks(before, scratch)
        assert after is not None
        assert after[:] == plain
        assert (after is before) == (data == plain and b"^M" not in data)


PIECES = (b"\x1b[1m", b"\x1b[A", b"\x1b", b"^M", b"^", b"\f", b"\xc2\xa0", b"\xc2", b"\r", b"a", b"\n", b"b\n")


@given(data=st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), more=st.integers(1, 9))
def test_marks_are_taken_off_a_large_text_as_off_a_small_one(data: bytes, more: int) -> None:
    longest = max(map(len, data.split(b"\n")))
    with TemporaryFile() as file, TemporaryFile() as scratch, patch.object(text, "_COUNT_AT_ONCE", longest + more):
        after = without_marks(stored(data, file), scratch)
        assert after is not None
        assert after[:] == text._unmarked(data)


@pytest.mark.parametrize("kept", [1, 4, 99])
def test_a_stored_text_gives_the_slices_of_its_bytes(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_KEPT", kept)
    data, offsets = bytes(range(10)), (None, *range(-3, 14))
    with TemporaryFile() as file:
        large = stored(data, file)
        assert len(large) == 10
        for begin, end in [*product(offsets, offsets), *product(reversed(offsets), offsets)]:
            assert large[begin:end] == data[begin:end]


@pytest.mark.parametrize("place", range(12))
def test_a_mark_is_seen_wherever_a_piece_ends(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_COUNT_AT_ONCE", 5)
    for mark in (b"\f", b"^M"):
        data = b"x" * place + mark + b"\n" + b"a\n" * 4
        with TemporaryFile() as file, TemporaryFile() as scratch:
            before = stored(data, file)
            assert without_marks(before, scratch) is not before


def test_a_piece_of_a_text_ends_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_COUNT_AT_ONCE", 5)
    assert list(text.pieces(b"a\nb\ncd\ne\nf")) == [b"a\nb\n", b"cd\ne\n", b"f"]
    assert list(text.pieces(b"a\nbcd")) == [b"a\nbcd"]
    assert list(text.pieces(b"abcdefg\nh")) == [b"abcde", b"fg\nh"]
    assert list(text.pieces(b"")) == []


def test_a_text_is_made_of_other_pieces_where_it_lies() -> None:
    places = ((5, 6), (7, 8))
    assert Text(b"a\nb", places, False).made_of([b"cd\n", b"e"], TemporaryFile) == Text(b"cd\ne", places, False)
    with TemporaryFile() as file, TemporaryFile() as scratch:
        made = Text(stored(b"a\nb", file)).made_of([b"cd\n", b"e"], lambda: scratch)
        assert isinstance(made.data, Stored)
        assert (len(made.data), made.data[:]) == (4, b"cd\ne")


def test_a_large_slice_is_kept_until_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_KEPT", 10)
    with TemporaryFile() as file:
        large = stored(bytes(range(40)), file)
        # (slice, whether it is read from the file)
        for begin, end, is_read in (
            (0, 9, True), (0, 9, True), (10, 20, True), (10, 20, False), (10, 12, False), (18, 20, False),
            (30, 39, True), (12, 13, False), (9, 11, True), (19, 21, True), (20, 30, True), (19, 20, True),
        ):  # fmt: skip
            file.seek(1)
            assert large[begin:end] == bytes(range(begin, end))
            assert (file.tell() == end) == is_read


@pytest.mark.parametrize(
    ("data", "is_wrapped"),
    [
        (b"a log\n", False),
        (b"a log {\n", False),
        (b" \n{}", True),
        (b"\x1f\x8b", True),
        (b"\xff\xfea", True),
        (b"\xef\xbb\xbfa", True),
        (b"PK\3\4", True),
        (b"3a4\n> a\n", True),
        (b"\n" * 4095 + b"{", True),
        (b"\n" * 4096 + b"{", False),
    ],
)
def test_a_large_file_is_looked_at_for_what_wraps_it(data: bytes, is_wrapped: bool) -> None:
    with TemporaryFile() as file:
        assert stored(data, file).is_wrapped() is is_wrapped


UNIFIED = b"--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n"
NO_DIFFS = (
    UNIFIED.replace(b"--- a", b"-- a"),
    UNIFIED.replace(b"+++ b", b"++ b"),
    UNIFIED.replace(b"@@ -1", b"@ -1"),
    b"1\n2\n3\n" + UNIFIED,
    b"3a4\n<a\n>b\n",
    b"3 a 4\n< a\n> b\n",
    b"a\n3a4\n< a\n> b\n",
)


@pytest.mark.parametrize("data", NO_DIFFS)
def test_what_lacks_a_part_of_a_diff_is_none(data: bytes) -> None:
    assert texts(data) == (Text(data),)


def test_both_sides_of_a_diff_are_texts() -> None:
    for head in (b"", b"diff --git a b\n", b"diff --git a b\nindex 1..2\n"):
        old, new = texts(head + UNIFIED)
        assert (old.data, new.data) == (b"same\nold\n", b"same\nnew\n")
    assert [side.data for side in texts(b"3a4\n> a\n> b\n")] == [b"", b" a\n b\n"]
    assert [side.data for side in texts(b"3,5d4\n< a\n")] == [b" a\n", b""]


def test_a_line_of_a_diff_is_that_of_the_file() -> None:
    data = UNIFIED.replace(b" same\n", b" same\r\n-1\r2\r3\n-4\r\r\n").replace(b"+new\n", b"+a\rnew")
    for side, words in zip(texts(data), ((b"same", b"1", b"2", b"3", b"4", b"old"), (b"same", b"new")), strict=True):
        ruler, file = Ruler(side), Ruler(Text(data))
        assert isinstance(side.data, bytes)
        assert [ruler.place(side.data.index(word)) for word in words] == [
            file.place(data.index(word, len(b"--- a\n+++ b\n@@ -1,2 +1,2 @@"))) for word in words
        ]


@pytest.mark.parametrize("data", [b'{"a": 1}\n', b'see "nbformat" {\n', b'"nbformat"\n'])
def test_what_lacks_a_part_of_a_notebook_is_none(data: bytes) -> None:
    assert texts(data) == (Text(data),)


NOTEBOOK = rb"""
{"nbformat": 4, "cells": [{"cell_type": "code",
 "source": ["Epochs\n",
  "bro\ken", "10%\r20%\n", "end"],
 "outputs": [{"name": "stdout", "text":
  "0.5"}]}]}"""


def test_a_line_of_a_notebook_is_that_of_the_file() -> None:
    (found,) = texts(NOTEBOOK)
    assert found.data == b"\f\n\f\nEpochs\n10%\r20%\nend\n0.5\n"
    ruler = Ruler(found)
    words = {b"Epochs": 3, b"10%": 4, b"20%": 4, b"end": 4, b"0.5": 6}
    assert [ruler.place(found.data.index(word)) for word in words] == [(line, line) for line in words.values()]
    assert ruler.place(len(found.data)) == (6, 6)


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
