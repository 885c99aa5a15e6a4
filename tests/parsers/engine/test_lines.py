"""Which line an offset is on: a ruler counts from a known offset, with the result of counting from the top."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.engine import lines
from parsers.engine.lines import Ruler, decode, lines_by_counting, printable, segment_start
from parsers.engine.text import Text
from tests.parsers.engine.toy import Sliced

TEXTS = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n"]), min_size=1, max_size=60).map(b"".join)


def counted(data: bytes, offset: int) -> tuple[int, int]:
    """Return the line and the view line of an offset, counted from the top."""
    line = data.count(b"\n", 0, offset) + 1
    bare = [at for at in range(offset) if data[at : at + 1] == b"\r" and data[at + 1 : at + 2] != b"\n"]
    return line, line + len(bare)


def within_lines(data: bytes, begin: int = 0) -> list[int]:
    """Return the offsets from one on at which no line ends."""
    return [at for at in range(begin, len(data)) if data[at] not in b"\r\n"]


@given(data=TEXTS, draw=st.data(), every=st.integers(1, 40), at_once=st.integers(1, 9))
def test_a_ruler_tells_what_counting_from_the_top_tells(
    data: bytes, draw: st.DataObject, every: int, at_once: int
) -> None:
    asked = draw.draw(st.lists(st.integers(0, len(data)), max_size=12))
    with patch.multiple(lines, _MARK_EVERY=every, _COUNT_AT_ONCE=at_once):
        ruler = Ruler(Text(data))
        assert [ruler.place(offset) for offset in asked] == [counted(data, offset) for offset in asked]


@given(data=TEXTS, draw=st.data(), many=st.integers(1, 4), large=st.integers(1, 60))
def test_the_lines_of_many_offsets_are_those_of_each(data: bytes, draw: st.DataObject, many: int, large: int) -> None:
    with patch.multiple(lines, _MANY=many, _NUMPY_FROM=large):
        ruler = Ruler(Text(data))
        for _ in range(3):
            base = draw.draw(st.integers(0, len(data) - 1))
            offsets = [at for at in within_lines(data, base) if draw.draw(st.booleans())]
            if offsets:
                window = data[base:]
                told = ruler.places(window, base, [offset - base for offset in offsets])
                assert list(zip(*told, strict=True)) == [counted(data, offset) for offset in offsets]
            back = draw.draw(st.integers(0, len(data)))
            assert ruler.place(back) == counted(data, back)


@given(data=TEXTS, base=st.integers(0, 9))
def test_both_ways_to_tell_lines_are_right(data: bytes, base: int) -> None:
    offsets = within_lines(data, base)
    if offsets:
        window, inside = data[base:], [offset - base for offset in offsets]
        expected = [counted(data, offset) for offset in offsets]
        told = lines_by_counting(window, inside, *expected[0])
        assert list(zip(*told, strict=True)) == expected
        told = Ruler(Text(data)).lines_by_search(window, base, inside)
        assert list(zip(*told, strict=True)) == expected


def test_the_lines_of_another_window_are_told_anew() -> None:
    data, ruler = b"a\nb\nc\rd\ne", Ruler(Text(b"a\nb\nc\rd\ne"))
    assert ruler.lines_by_search(data, 0, [0, 2, 4]) == ([1, 2, 3], [1, 2, 3])
    assert ruler.lines_by_search(data, 0, [6, 8]) == ([3, 4], [4, 5])
    assert ruler.lines_by_search(data[2:], 2, [0, 6]) == ([2, 4], [2, 5])


@pytest.mark.parametrize("offsets", [[2, 4], [2, 4, 6]])
@pytest.mark.parametrize("size", [9, 10])
def test_many_lines_of_a_large_text_are_told_by_search(size: int, offsets: list[int]) -> None:
    data = (b"a\n" * 5)[:size]
    with (
        patch.multiple(lines, _MANY=3, _NUMPY_FROM=10),
        patch.object(Ruler, "lines_by_search", return_value=([1], [1])) as search,
    ):
        Ruler(Text(data)).places(data, 0, offsets)
    assert search.called == (len(offsets) == 3 and size == 10)


@given(data=TEXTS, returns=st.booleans())
def test_a_ruler_of_unwrapped_text_tells_the_lines_of_the_file(data: bytes, returns: bool) -> None:
    """The lines of such a text lie far apart in the file; only some count the returns in them."""
    places = tuple((3 + 10 * line, 5 + 20 * line) for line in range(data.count(b"\n") + 1))
    offsets = within_lines(data)
    expected = []
    for offset in offsets:
        *before, stretch = data[:offset].split(b"\n")
        line, view = places[len(before)]
        expected.append((line, view + stretch.count(b"\r") * returns))
    ruler = Ruler(Text(data, places, returns))
    assert [ruler.place(offset) for offset in offsets] == expected
    later = Ruler(Text(b"\ra", ((3, 5),), returns))
    assert later.place(1) == (3, 5 + returns)
    assert list(zip(*ruler.places(data[1:], 1, [at - 1 for at in offsets if at]), strict=True)) == [
        place for offset, place in zip(offsets, expected, strict=True) if offset
    ]


@pytest.mark.parametrize("lead", [0, 3000])
def test_a_ruler_that_goes_back_reads_only_from_the_nearest_place(lead: int) -> None:
    data = Sliced(b"line\n" * 40_000)
    ruler = Ruler(Text(data))
    for offset in range(lead, len(data), 10_000):
        ruler.place(offset)
    for offset in (150_007, 50_002, 190_003, 190_003, 189_000, 100_001):
        data.lengths.clear()
        assert ruler.place(offset) == (offset // 5 + 1, offset // 5 + 1)
        assert sum(data.lengths) <= 30_000
    ruler.place(190_003)
    data.lengths.clear()
    ruler.place(190_003)
    assert data.lengths == []


def test_a_ruler_goes_on_from_the_last_of_many_lines() -> None:
    data = Sliced(b"line\n" * 40_000)
    ruler = Ruler(Text(data))
    ruler.places(bytes(data), 0, [0, 199_995])
    data.lengths.clear()
    assert ruler.place(199_999) == (40_000, 40_000)
    assert sum(data.lengths) < 10


def test_a_ruler_looks_at_a_window_once() -> None:
    data = Sliced(b"line\n" * 2_000)
    ruler, window = Ruler(Text(data)), bytes(data)
    ruler.lines_by_search(window, 0, [5000])
    data.lengths.clear()
    assert ruler.lines_by_search(window, 0, [0, 9_995]) == ([1, 2000], [1, 2000])
    assert data.lengths == []


def test_a_stretch_begins_behind_the_last_line_end_or_carriage_return() -> None:
    assert [segment_start(b"ab\ncd\ref", offset) for offset in (0, 1, 2, 4, 8)] == [0, 0, 0, 3, 6]
    assert segment_start(b"\n\rab", 4) == segment_start(b"\r\nab", 4) == 2


def test_a_stretch_reaches_no_farther_back_than_asked() -> None:
    data = b"x" * 50
    assert [segment_start(data, offset, reach=10) for offset in (9, 10, 11, 40)] == [0, 0, 1, 30]
    assert segment_start(b"\n" + data, 11, reach=10) == 1
    assert segment_start(b"x" * 500, 450) == 50


@pytest.mark.parametrize(("raw", "text"), [("é".encode(), "é"), (b"\xa6", "¦"), (b"\x81", "\x81")])
def test_bytes_of_any_code_page_become_text(raw: bytes, text: str) -> None:
    assert decode(raw) == text


def test_what_acts_on_a_terminal_is_spelt_out() -> None:
    assert printable("5 µs") == "5 µs"
    assert printable("a\x1b[1mé\n") == "a\\x1b[1mé\\n"
