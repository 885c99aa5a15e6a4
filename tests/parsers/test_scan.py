"""Scanning: windows change nothing, nor does the size of a file; the two ways to tell lines agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import log, reading, scan
from parsers.facts import Run
from parsers.log import Ruler, Text
from parsers.reading import parse, readings
from tests.parsers.samples import NAMES, case

PLAIN = [name for name in NAMES if not name.startswith(("diff", "notebook"))]
TOGETHER = b"\n".join(case(name) for name in PLAIN) + b"\n"


@pytest.mark.parametrize("size", [1 << 10, 5000, 1 << 14])
def test_windows_change_no_fact(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse(TOGETHER, "x")
    monkeypatch.setattr(scan, "WINDOW", size)
    monkeypatch.setattr(scan, "BEHIND", 1 << 14)
    assert parse(TOGETHER, "x") == whole


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"^M\n", b"\x1b[0m\n", b"\x1b[A\n\r"])
def test_a_large_file_gives_the_runs_of_the_same_bytes(
    end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = TOGETHER.replace(b"\n", end)
    (tmp_path / "large.log").write_bytes(data)
    monkeypatch.setattr(reading, "HELD", 1 << 10)
    monkeypatch.setattr(reading, "POINTS", 5)
    monkeypatch.setattr(log, "_COUNT_AT_ONCE", 3000)
    monkeypatch.setattr(scan, "WINDOW", 1 << 14)
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
        told = log.lines_by_counting(data, offsets, *first), ruler.lines_by_search(data, offsets, *first)
        assert told[0] == told[1]
        assert list(zip(*told[0], strict=True)) == [ruler.place(offset) for offset in offsets]
