"""Events: what stands before a match, and the lines of a series as columns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.engine import events
from parsers.engine.events import Event, Lines, at_start, clock, seconds
from parsers.engine.loading import known
from parsers.engine.scanning import events as scanning_events
from parsers.engine.shapes import Shape
from tests.parsers.engine.toy import STEP, TOY, lines_of, series


def starts(before: bytes) -> bool:
    """Return whether a line may start behind some bytes."""
    return at_start(before + b"Epochs", len(before))


MARKS = b" \t>+#<|*`-"
STRETCHES = st.lists(
    st.sampled_from(
        [b"\n", b"\r", b"^M", b"12", b": ", b"a.py:", b"x", b"[1,0]<stdout>:", *(bytes([c]) for c in MARKS)]
    ),
    max_size=12,
).map(b"".join)


@given(before=STRETCHES, marks=st.integers(0, 90))
def test_only_the_marks_of_a_paste_stand_before_a_start(before: bytes, marks: int) -> None:
    before += b" " * marks
    stretch = re.split(rb"[\r\n]", before)[-1][-80:].rpartition(b"^M")[2]
    plain = events._NUMBERED.sub(b"", events._RANK.sub(b"", stretch))
    assert starts(before) == (len(plain) < 80 and not plain.strip(MARKS))


@pytest.mark.parametrize(
    "before", [b"", b"> ", b"a\n", b"a\r| ", b"a^M", b"run.sh:12: ", b"3- ", b"[1,0]<stderr>:", b"*" * 79]
)
def test_a_line_may_start_there(before: bytes) -> None:
    assert starts(before)


@pytest.mark.parametrize(
    "before", [b"a", b"the ", b"a:", b"*" * 80, b"\n" + b"*" * 80, b"a\n" + b"x> ", b"5: " + b"*" * 78]
)
def test_no_line_starts_there(before: bytes) -> None:
    assert not starts(before)


def event(before: bytes) -> Event:
    """Return a match behind some bytes."""
    shape = Shape(rb"Building (?P<_it>\w+)")
    match = re.compile(shape.pattern).search(before + b"Building it")
    assert match is not None
    return Event(shape, match, TOY)


QUOTED = (
    b"it says ",
    b"we saw, `",
    b"It printed: ",
    b"What it said => **(",
    b"Its words \xe2\x86\x92 ",
    b"x Abcd " + b"y" * 60 + b": (((",
)
PLAIN = (b"", b"12 ", b"info: ", b"INFO: ", b"rank 3: ", b"[a b]: ", b"a] ", b"it says 5 ", b"A: ",
         b"1Abcdefghijklmn " + b"y" * 60 + b"5: (((", b"says ((((")  # fmt: skip


@pytest.mark.parametrize("before", QUOTED)
def test_words_before_a_match_quote_it(before: bytes) -> None:
    assert event(before).is_quoted()
    assert event(b"1\n" + before).is_quoted()


@pytest.mark.parametrize("before", PLAIN)
def test_what_is_no_words_quotes_nothing(before: bytes) -> None:
    assert not event(before).is_quoted()
    assert not event(b"It printed: \n" + before).is_quoted()


def test_words_are_looked_for_so_far_back() -> None:
    words = b"Abcdefghijklmn " + b"y" * 60 + b": ((("
    assert len(words) == 80
    assert event(b"1" + words).is_quoted()
    assert not event(b"1" + words[1:]).is_quoted()


def test_an_event_tells_what_it_matched() -> None:
    found = Event(STEP, re.compile(STEP.pattern).match(b"step=5 loss=2.5;"), TOY, 100)  # type: ignore[arg-type]
    assert (found.at, found.end, found.offsets_in_text()) == (100, 115, [100])
    assert (found.line, found.view_line) == (0, 0)
    assert (found.number("step"), found.text("loss"), found.has("loss"), found.has("rate"), found.has("no")) == (
        5, "2.5", True, False, False
    )  # fmt: skip
    found.line, found.view_line = 3, 4
    assert found.last_place() == (3, 4)
    assert (found.evidence("2.5", 3), found.evidence("2.5", 4)) == ("step=5 loss=2.5", "")


@pytest.mark.parametrize(
    ("steps", "parts"),
    [
        ([1, 2, 3], [[1, 2, 3]]),
        ([5, 5], [[5], [5]]),
        ([5, 1, 2], [[5], [1, 2]]),
        ([1, 2, 1, 2, 2], [[1, 2], [1, 2], [2]]),
    ],
)
def test_lines_of_rising_steps_stay_together(steps: list[int], parts: list[list[int]]) -> None:
    assert [part.steps for part in series(*steps).rising()] == parts
    assert [part.steps for part in series(*steps).each()] == [[step] for step in steps]


def test_a_part_of_lines_is_as_the_whole() -> None:
    whole = series(1, 2, 3, 4)
    part = whole.part(1, 3)
    assert (part.steps, part.columns["loss"], part.last("loss")) == ([2, 3], (b"2.5", b"3.5"), "3.5")
    assert (part.line, part.view_line, part.last_place()) == (2, 2, (3, 3))
    assert (part.at, part.offsets_in_text()) == (whole.offsets_in_text()[1], whole.offsets_in_text()[1:3])
    assert (whole.rise, series(1, 1).rise, series(2, 1).rise, lines_of(b"bar\nbar\n").rise) == (
        True,
        False,
        False,
        False,
    )
    assert whole.end_of_last() == len(whole.match.string) - 2


def test_each_line_is_the_evidence_of_what_it_says() -> None:
    whole = series(1, 2, 3)
    whole.tell([4, 6, 9], [5, 7, 10])
    told = {line: whole.evidence("", line) for line in (0, 4, 5, 6, 9, 10)}
    assert told == {0: "", 4: "step=1 loss=1.5", 5: "", 6: "step=2 loss=2.5", 9: "step=3 loss=3.5", 10: ""}


STAMP = b"2024-05-01 10:00:0%d "


def moments(*heads: bytes) -> list[float | None]:
    """Return the moments of lines behind some heads, counted from the first second."""
    data = b"".join(head + b"step=%d loss=1.5;\n" % step for step, head in enumerate(heads))
    shape = re.compile(STEP.pattern)
    first = shape.search(data)
    assert first is not None
    offsets = [match.start() for match in shape.finditer(data)]
    lines = Lines(Event(STEP, first, TOY), offsets, {"step": [b"%d" % step for step in range(len(heads))]})
    begin = seconds("2024-05-01 10:00:00")
    assert begin is not None
    return [None if told is None else told - begin for told in lines.moments()]


def test_a_line_has_the_last_timestamp_before_it() -> None:
    assert moments(STAMP % 1, STAMP % 2, STAMP % 4) == [1, 2, 4]
    assert moments(STAMP % 1 + STAMP % 2, STAMP % 3) == [2, 3]
    assert moments(STAMP % 1 + b"a", STAMP % 2 + b"a longer text than before ", STAMP % 3) == [1, 2, 3]


def test_a_line_without_a_timestamp_has_no_moment() -> None:
    assert moments(STAMP % 1, b"", STAMP % 4) == [1, None, 4]
    assert moments(b"", STAMP % 4) == [None, 4]
    assert moments(STAMP % 1, b"\r", (STAMP % 4).replace(b"05-01", b"05-41")) == [1, None, None]


@pytest.mark.parametrize(("stamp", "told"), [("1970-01-02 00:00:01.5", 86401.5), ("1970-13-01", None), ("", None)])
def test_a_timestamp_is_seconds_of_its_own_calendar(stamp: str, told: float | None) -> None:
    assert seconds(stamp) == told


def test_a_clock_is_seconds() -> None:
    assert [clock(text) for text in ("00:05", "01:05", "2:01:05")] == [5, 65, 7265]


SAMBANOVA = tuple(dialect for dialect in known() if dialect.system == "SambaNova")
TIME, LOGGED = b"2024-04-08 08:46:05,176 - ", b"|global_step:1|step_loss:1.5|"
PIECES = st.sampled_from([TIME, TIME[:-1], b"worker 1 ", b"22", b"\n", b"\r", b"\r\n", LOGGED])


@given(unit=st.lists(PIECES, max_size=6).map(b"".join), times=st.integers(1, 4), more=st.lists(PIECES).map(b"".join))
def test_the_two_ways_to_tell_timestamps_agree(unit: bytes, times: int, more: bytes) -> None:
    data = b"\n" + (unit + TIME + b"info - " + LOGGED + b"\n") * times + more + b"\n"
    for event in scanning_events(data, SAMBANOVA):
        if isinstance(event, Lines):
            each = [event._stamp(offset) for offset in event.offsets]
            assert event._stamps_alike() in ([], each)


def test_timestamps_before_a_growing_counter_are_told_together() -> None:
    lines = (b"\rbar %d%% " % n + TIME + b"info - local_step:%d" % n + LOGGED + b"\n" for n in range(1, 300))
    (event,) = (event for event in scanning_events(b"".join(lines), SAMBANOVA) if isinstance(event, Lines))
    assert event._stamps_alike() == [TIME[:23]] * 299
