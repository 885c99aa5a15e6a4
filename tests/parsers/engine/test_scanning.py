"""Scanning: windows change nothing, nor does the size of a file; the two ways to tell lines agree."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import reading
from parsers.engine import scanning, text
from parsers.engine.events import Lines, at_start
from parsers.engine.loading import known
from parsers.engine.shapes import AHEAD, Dialect, Shape, literal
from parsers.facts import Run
from parsers.reading import parse, readings
from tests.parsers.engine.toy import TOY, Sliced, lines_of
from tests.parsers.samples import NAMES, case

PLAIN = [name for name in NAMES if not name.startswith(("diff", "notebook"))]
TOGETHER = b"\n".join(case(name) for name in PLAIN) + b"\n"


@pytest.mark.parametrize("size", [1 << 10, 5000, 1 << 14])
def test_windows_change_no_fact(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse(TOGETHER, "x")
    monkeypatch.setattr(scanning, "WINDOW", size)
    monkeypatch.setattr(scanning, "BEHIND", 1 << 14)
    assert parse(TOGETHER, "x") == whole


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"^M\n", b"\x1b[0m\n", b"\x1b[A\n\r"])
def test_a_large_file_gives_the_runs_of_the_same_bytes(
    end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = TOGETHER.replace(b"\n", end)
    (tmp_path / "large.log").write_bytes(data)
    monkeypatch.setattr(reading, "HELD", 1 << 10)
    monkeypatch.setattr(reading, "POINTS", 5)
    monkeypatch.setattr(text, "_COUNT_AT_ONCE", 3000)
    monkeypatch.setattr(scanning, "WINDOW", 1 << 14)
    parts = list(readings(tmp_path / "large.log", "x"))
    assert len(parts) > 5
    runs: tuple[Run, ...] = tuple(run for part in parts for run in part.runs)
    assert runs == parse(data, "x").runs


@pytest.mark.parametrize("name", ["diff_unified", "notebook_pretty"])
def test_a_large_file_that_wraps_its_text_is_read_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_bytes(case(name))
    monkeypatch.setattr(reading, "HELD", 10)
    assert list(readings(tmp_path / "large", "x")) == [parse(case(name), "x")]


@given(st.data(), st.integers(0, 3))
def test_every_literal_is_found_wherever_it_stands(data: st.DataObject, begin: int) -> None:
    """Each literal is asked for at each offset by itself; the pieces overlap one another and themselves."""
    scanner = scanning._Scanner(data.draw(st.sampled_from([known(), *((dialect,) for dialect in known())])))
    signs = [literal(shape.pattern) for _, shape in scanner.shapes]
    cut = st.tuples(st.sampled_from(signs), st.integers(0, 3), st.integers(3, 40)).map(lambda it: it[0][it[1] : it[2]])
    window = b"".join(data.draw(st.lists(st.one_of(st.sampled_from(signs), cut), max_size=8)))
    found = dict(scanner._candidates(window, begin, watch=frozenset()))
    for order, sign in enumerate(signs):
        assert found.get(order, []) == [at for at in range(begin, len(window)) if window.startswith(sign, at)]


# Shapes that begin at the same places and within one another, of which some take as much as they get.
WOVEN = Dialect(
    system="Woven",
    signs=(b"a",),
    shapes=(
        Shape(rb"ab(?P<loss>b{0,3})"),
        Shape(rb"a(?P<rate>b{0,2})", series=True),
        Shape(rb"a[bc]", AHEAD, start=True),
        Shape(rb"bc(?P<rate>c{0,4})(?P<loss>d?)", series=True),
        Shape(rb"c(?P<loss>c*)d", series=True, start=True),
        Shape(rb"e"),
        # Either could begin again within its own match.
        Shape(rb"d(?P<loss>[de]{0,5})"),
        Shape(rb"x(?P<rate>[dx]{0,5})", series=True),
    ),
)
Seen = tuple[int, int, tuple[bytes, ...]]


def seen(data: bytes) -> list[Seen]:
    """Return (offset, index of the shape, texts of the groups) of each match, with single lines of a series."""
    order = {shape.pattern: place for place, (_, shape) in enumerate(scanning._Scanner((WOVEN,)).shapes)}
    found: list[Seen] = []
    for event in scanning.events(data, (WOVEN,)):
        place = order[event.shape.pattern]
        if isinstance(event, Lines):
            columns = zip(*event.columns.values(), strict=True)
            found += [(at, place, texts) for at, texts in zip(event.offsets_in_text(), columns, strict=True)]
            assert event.match.start() + event.base == event.at == event.offsets_in_text()[0]
        else:
            found.append((event.at, place, event.match.groups(b"")))
    return found


def slowly(data: bytes) -> list[Seen]:
    """Return the same of each shape by itself."""
    found: list[Seen] = []
    for place, (_, shape) in enumerate(scanning._Scanner((WOVEN,)).shapes):
        pattern, free = re.compile(shape.pattern), 0
        for at in range(len(data)):
            match = pattern.match(data, at)
            if match is not None and at >= free and (not shape.start or at_start(data, at)):
                found.append((at, place, match.groups(b"")))
                free = match.end()
    return sorted(found, key=lambda one: one[:2])


PARTS = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"x", b"\n", b"\f", b"^C", b"ab", b"bcc"]), max_size=50)


@given(data=PARTS.map(b"".join), size=st.integers(1, 60))
def test_windows_change_no_match(data: bytes, size: int) -> None:
    expected = slowly(data)
    for window, behind in ((size, 30), (1 << 20, 1 << 15)):
        with patch.multiple(scanning, WINDOW=window, BEFORE=80, BEHIND=behind):
            # At one place a line of a series may come before or after what is no series.
            assert sorted(seen(data), key=lambda one: one[:2]) == expected
            offsets = [at for at, _, _ in seen(data)]
            assert offsets == sorted(offsets)


def test_a_text_is_taken_in_windows_of_bounded_size() -> None:
    data = Sliced(b"step=1 loss=0.5\n" * 5000)
    with patch.multiple(scanning, WINDOW=8000, BEFORE=100, BEHIND=1000):
        assert sum(len(event.offsets) for event in scanning.events(data, (TOY,)) if isinstance(event, Lines)) == 5000
    assert data.lengths == [9000, *[9100] * 8, 8100]


def test_lines_with_nothing_between_them_are_one_event() -> None:
    told = [
        (event.shape.pattern[:3], len(event.offsets) if isinstance(event, Lines) else 1)
        for event in scanning.events(b"step=1\nstep=2\nbar\nbar\nbar\nstep=3\n^C\nstep=4\nstep=5\n", (TOY,))
    ]
    assert told == [(b"ste", 2), (b"bar", 3), (b"ste", 1), (rb"\^C", 1), (b"ste", 2)]
    assert len(lines_of(b"bar\n" * 9).offsets) == 9


def test_a_byte_is_found_wherever_it_stands() -> None:
    assert scanning._each(b"a", b"aaba", 0) == [0, 1, 3]
    assert scanning._each(b"a", b"aaba", 1) == [1, 3]
    assert scanning._each(b"a", b"bb", 0) == []
