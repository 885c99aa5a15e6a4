"""Scanning: windows change nothing, nor does the size of a file; the two ways to tell lines agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import reading
from parsers.engine import lines, scanning, text
from parsers.engine.events import Lines
from parsers.engine.lines import Ruler
from parsers.engine.loading import known
from parsers.engine.shapes import literal
from parsers.engine.text import Text
from parsers.facts import Run
from parsers.reading import parse, readings
from tests.parsers.samples import NAMES, case

PLAIN = [name for name in NAMES if not name.startswith(("diff", "notebook"))]
SAMBANOVA = tuple(dialect for dialect in known() if dialect.system == "SambaNova")
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


@given(data=st.lists(st.sampled_from([b"ab", b"\n", b"\r", b"\r\n", b"|"]), min_size=2).map(b"".join))
def test_the_two_ways_to_tell_lines_agree(data: bytes) -> None:
    offsets = [place for place, sign in enumerate(data) if sign in b"a|"]
    if offsets:
        first = Ruler(Text(data)).place(offsets[0])
        ruler = Ruler(Text(data))
        told = lines.lines_by_counting(data, offsets, *first), ruler.lines_by_search(data, 0, offsets)
        assert told[0] == told[1]
        assert list(zip(*told[0], strict=True)) == [ruler.place(offset) for offset in offsets]


STAMP, STEP = b"2024-04-08 08:46:05,176 - ", b"|global_step:1|step_loss:1.5|"
PIECES = st.sampled_from([STAMP, STAMP[:-1], b"worker 1 ", b"22", b"\n", b"\r", b"\r\n", STEP])


@given(unit=st.lists(PIECES, max_size=6).map(b"".join), times=st.integers(1, 4), more=st.lists(PIECES).map(b"".join))
def test_the_two_ways_to_tell_timestamps_agree(unit: bytes, times: int, more: bytes) -> None:
    data = b"\n" + (unit + STAMP + b"info - " + STEP + b"\n") * times + more + b"\n"
    for event in scanning.events(data, SAMBANOVA):
        if isinstance(event, Lines):
            each = [event._stamp(offset) for offset in event.offsets]
            assert event._stamps_alike() in ([], each)


def test_timestamps_before_a_growing_counter_are_told_together() -> None:
    lines = (b"\rbar %d%% " % n + STAMP + b"info - local_step:%d" % n + STEP + b"\n" for n in range(1, 300))
    (event,) = (event for event in scanning.events(b"".join(lines), SAMBANOVA) if isinstance(event, Lines))
    assert event._stamps_alike() == [STAMP[:23]] * 299


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
