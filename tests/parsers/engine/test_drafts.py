"""The draft of a run: facts, series, and what is found in a run's text."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.engine import drafts
from parsers.engine.drafts import Draft, each_match, last_match
from parsers.engine.events import Event
from parsers.engine.lines import Ruler
from parsers.engine.shapes import Shape
from parsers.engine.text import Text
from tests.parsers.engine.toy import TOY, lines_of

PATTERN = re.compile(rb"(?<!x)ab{0,3}|(?<=\n)c|c\b|b")
SEARCHED = st.lists(st.sampled_from([b"a", b"b", b"bb", b"c", b"x", b"\n", b"...."]), max_size=40).map(b"".join)


@given(data=SEARCHED, bounds=st.tuples(st.integers(0, 60), st.integers(0, 60)), piece=st.integers(1, 20))
def test_a_search_in_pieces_finds_what_one_search_finds(data: bytes, bounds: tuple[int, int], piece: int) -> None:
    start, end = sorted(min(bound, len(data)) for bound in bounds)
    with patch.multiple(drafts, _PIECE=piece, _OVERLAP=5, _BEFORE=1):
        found = [(at, match[0]) for at, match in each_match(PATTERN, data, start, end)]
    assert found == [(match.start(), match[0]) for match in PATTERN.finditer(data[:end], start)]


FAR = re.compile(rb"at \d;")


@pytest.mark.parametrize("between", [0, 4000, 4096, 40_000, 300_000])
def test_the_last_match_is_found_however_far_back(between: int) -> None:
    data = b"at 1;" + b"." * 5000 + b"at 2;" + b"." * between + b"at 3;"
    end = len(data)
    assert drafts.last_match(FAR, data, 0, end) is not None
    found = last_match(FAR, data, 0, end - 1)
    assert found is not None
    assert (found.at, found.match[0]) == (5005, b"at 2;")
    assert last_match(FAR, data, 5006, end - 1) is None
    found = last_match(FAR, data, 5006, end)
    assert found is not None
    assert found.at == end - 5


def draft(data: bytes = b"", **changes: int) -> Draft[object]:
    """Return the draft of a run that is all of a text."""
    run: Draft[object] = Draft(TOY, Ruler(Text(data)), 0, 0, 1, 1)
    run.end = len(data)
    return run


def test_a_new_draft_has_come_to_nothing() -> None:
    run: Draft[object] = Draft(TOY, Ruler(Text(b"")), 3, 4, 5, 6)
    assert (run.block, run.start, run.line, run.view_line, run.last) == (3, 4, 5, 6, (5, 6))
    assert (run.phase, run.end, run.finished_at) == (0, 0, 0)
    assert (run.opened, run.reported, run.started) == (False, False, False)


def test_a_run_states_its_first_and_last_timestamps() -> None:
    run = draft(b"a 2024-05-01 10:00:00 b\n2024-05-01 10:00:01\n 2024-05-01 10:00:02 c\n")
    run.state_span()
    told = {fact.name: (fact.value, fact.line) for values in run.facts.values() for fact in values.values()}
    assert told == {"started_at": ("2024-05-01 10:00:00", 1), "ended_at": ("2024-05-01 10:00:02", 3)}
    run = draft(b"no time\n")
    run.state_span()
    assert run.facts == {}


def event(text: bytes, pattern: bytes = rb"it (?P<_reason>[^\n]*)") -> Event:
    """Return a match in a text, on line 7."""
    match = re.compile(pattern).search(text)
    assert match is not None
    found = Event(Shape(pattern), match, TOY)
    found.line = found.view_line = 7
    return found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"it failed", "failed"),
        (b"it failed  <br/> ", "failed"),
        (b"| it failed |", "failed"),
        (b"`it failed`", "failed"),
        (b"it failed |", "failed |"),
        (b"| a it failed |", "failed"),
        (b"|| it failed |", "failed"),
        (b"> it failed >", "failed >"),
        (b"a it failed a", "failed a"),
    ],
)
def test_a_reason_is_without_the_marks_around_its_line(text: bytes, reason: str) -> None:
    run, found = draft(), event(text)
    run.fail(found, found.text("_reason"))
    assert [(ending.outcome, ending.reason, ending.line) for ending in run.endings] == [("failed", reason, 7)]


def test_a_duration_may_be_nothing_and_not_less() -> None:
    for begun, told in ((86400.0, "0.000"), (86399.5, "0.500"), (86400.5, None)):
        run, found = draft(), event(b"1970-01-02 00:00:00 it was")
        run.timed_from["train_time"] = begun
        run.time(found, "train_time")
        assert run.fact_value("train_time") == told
        assert run.timed_from == {}


LINES = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12)
CUTS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "loss", "rate"])), max_size=6)
Points = dict[str, list[tuple[int, str, int]]]


def points_of(run: Draft[object]) -> Points:
    """Return the (step, value, line) of each series that has points."""
    return {
        name: list(zip(series.steps, series.values, series.lines, strict=True))
        for name, series in run.series.items()
        if series.values
    }


@given(printed=LINES, cuts=CUTS, stepped=st.booleans())
def test_series_hold_what_each_line_says(
    printed: list[tuple[bool, bool]], cuts: list[tuple[int, str]], stepped: bool
) -> None:
    """Some lines lack a value; the lines come in parts, between which some series gets a point of its own."""
    lines = [
        (b"step=%d" % (100 + n) if stepped else b"bar") + b" loss=%d.5" % n * loss + b" rate=%d" % n * rate
        for n, (loss, rate) in enumerate(printed)
    ]
    whole = lines_of(b";\n".join([*lines, b""]))
    run, expected = draft(), Points(loss=[], rate=[])
    for place, (count, name) in enumerate([*cuts, (12, "")], 0):
        first = sum(count for count, _ in cuts[:place])
        if first >= len(printed):
            break
        part = whole.part(first, min(first + count, len(printed)))
        run.extend(part, "loss", "rate")
        for n, line in enumerate(part.lines, first):
            for key, value, is_printed in zip(expected, (f"{n}.5", f"{n}"), printed[n], strict=True):
                if is_printed:
                    expected[key].append((100 + n if stepped else len(expected[key]) + 1, value, line))
        if name:
            run.point(part, name, 900, "9.9")
            expected[name].append((900, "9.9", part.line))
    assert points_of(run) == {name: points for name, points in expected.items() if points}


@given(moments=st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=9), cut=st.integers(1, 8))
def test_times_stand_beside_what_the_lines_say(moments: list[int | None], cut: int) -> None:
    whole = lines_of(b"".join(b"step=%d loss=1.5;\n" % n for n in range(len(moments))))
    run = draft()
    for begin in (0, cut) if cut < len(moments) else (0,):
        end = cut if begin == 0 else len(moments)
        run.extend(whole.part(begin, end), "loss")
        run.extend_times(whole.part(begin, end), moments[begin:end], 2)
    told = points_of(run)
    assert told.get("time", []) == [
        (n, f"{moment - 2}.000", n + 1) for n, moment in enumerate(moments) if moment is not None and moment >= 2
    ]
    assert told["loss"] == [(n, "1.5", n + 1) for n in range(len(moments))]


def test_series_without_gaps_share_their_columns() -> None:
    run = draft()
    for part in (b"step=1 loss=1.5 rate=1;\nstep=2 loss=2.5 rate=2;\n", b"step=3 loss=3.5 rate=3;\n"):
        run.extend(lines_of(part), "loss", "rate")
    assert run.series["loss"].steps is run.series["rate"].steps
    assert run.series["loss"].values == ["1.5", "2.5", "3.5"]
