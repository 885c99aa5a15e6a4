"""Lines that a log has twice, because two tasks or two handlers printed each: the second is skipped.

A line is a double if the line before it is the same. The two may differ in the timestamp at the beginning: a second
handler may print the line without it. Where doubles follow each other, all doubles are removed from the text.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, groupby
from operator import eq
from typing import BinaryIO, NamedTuple

from . import loading
from .events import Event, Lines
from .shapes import Role
from .text import Bytes, Text, Unclean, pieces

# Lines that begin further apart than this are not compared.
_NEAR = 1 << 14
# So many events may be between two doubles that follow each other.
_BETWEEN = 4
# A line holds no more events than these.
_RECENT = 4
# Where a series has no steps, the check looks at this many lines at its beginning and at its end.
_LOOKED_AT = 2
_FIRST_AND_LAST = (*range(1, _LOOKED_AT + 1), *range(-_LOOKED_AT, 0))
# How much longer than a timestamp the head may be that a second handler prints.
_LONGER = 40


class Doubled(Unclean):
    """Double lines follow each other: they must be removed from the text first."""


def without_doubles(text: Text, scratch: Callable[[], BinaryIO]) -> tuple[Text, int]:
    """Return a text with empty lines in place of doubles, and how many. Most of them show how often a line is there."""
    numbers = Counter(sum(1 for _ in same) for line, same in groupby(_lines(text.data)) if line.strip())
    del numbers[1]
    copies = max(numbers, key=lambda number: (numbers[number], number), default=1)
    singling = _Singling(copies, tuple(dialect.stamp for dialect in loading.known() if dialect.stamp is not None))
    return text.made_of(map(singling.single, _lines(text.data)), scratch), singling.doubles


def _lines(data: Bytes) -> Iterator[bytes]:
    """Yield the lines of a text with their newlines."""
    return chain.from_iterable(map(BytesIO, pieces(data)))


class _Singling:
    """Takes lines one by one, and counts the doubles."""

    def __init__(self, copies: int, stamps: Sequence[re.Pattern[bytes]]) -> None:
        self.doubles = 0
        self._copies, self._stamps = copies, stamps
        self._before, self._number = b"", 0

    def single(self, line: bytes) -> bytes:
        """Return a line, or an empty one if it is a double of the line before it."""
        before, self._before = self._before, line
        self._number = self._number + 1 if line == before else 0
        whole = line.endswith(b"\n")
        cut = not whole and before.startswith(line)
        if line.strip() and (
            self._number % self._copies or cut or any(_of_second_handler(before, line, stamp) for stamp in self._stamps)
        ):
            self.doubles += 1
            return b"\n" if whole else b""
        return line


def _of_second_handler(before: bytes, line: bytes, stamp: re.Pattern[bytes]) -> bool:
    """Return whether two lines say the same, but only one of them behind a timestamp."""
    one, other = stamp.search(before), stamp.search(line)
    if (one is None) == (other is None):
        return False
    stamped, bare, stamp_match = (before, line, one) if one else (line, before, other)
    assert stamp_match is not None, "one of them has a timestamp"
    message = stamped[stamp_match.end() :].strip()
    return bool(message) and bare.rstrip().endswith(message) and len(bare.strip()) - len(message) < _LONGER


class _Place(NamedTuple):
    """Where a shape matches in a window of the text."""

    event: Event
    at: int

    @classmethod
    def last_of(cls, event: Event) -> _Place:
        """Return where an event matches, of many lines the last."""
        return cls(event, event.offsets[-1] if isinstance(event, Lines) else event.at - event.base)

    def is_on_line_of(self, event: Event) -> bool:
        """Return whether one event of the same shape follows on the line of another."""
        data, base = event.match.string, event.base
        return self.event.base == base and data.find(b"\n", self.at, event.at - base) < 0

    def differs_from(self, event: Event) -> bool:
        """Return whether an event is far from this place or matches another text, which is quick to see."""
        if event.at - self.event.base - self.at > _NEAR:
            return True
        match: re.Match[bytes] = self.event.match
        return self.at == match.start() and not match[0].startswith(event.match[0])

    def line(self) -> tuple[bytes, bytes, bool]:
        """Return the line, as far as the match and from there, and whether a newline ends it."""
        data: bytes = self.event.match.string
        end = data.find(b"\n", self.at)
        whole = end >= 0
        tail = data[self.at : end if whole else len(data)]
        return data[data.rfind(b"\n", 0, self.at) + 1 : self.at], tail.rstrip(b"\r"), whole

    def end(self) -> int:
        """Return where the line ends in the whole text."""
        return self.event.base + self.at + len(self.line()[1])


class Doubles:
    """Looks for doubles among the events of a text.

    One pair may be two lines that mean two things, unless the very first line is doubled.
    """

    def __init__(self) -> None:
        self._double_until = 0
        self._together, self._others, self._first = 0, 0, -1

    def watched(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events, in their order.

        Raises
        ------
        Doubled
            If the first line is doubled, or double lines follow each other.
        """
        recent: deque[Event] = deque(maxlen=_RECENT)
        shapes: deque[int] = deque(maxlen=_RECENT)  # by their identity, which is compared fastest
        for event in events:
            shape = event.shape
            if shape.role is Role.BREAKS:
                self._others += 1
                yield event
                continue
            if self._first < 0:
                self._first = event.at
            before = _Place.last_of(recent[shapes.index(id(shape))]) if id(shape) in shapes else None
            if before is None or not before.is_on_line_of(event):
                recent.appendleft(event)
                shapes.appendleft(id(shape))
                if before is None or before.differs_from(event) or not self._repeats(before, event):
                    self._others += 1
                if isinstance(event, Lines) and not event.rise:
                    self._look_into(event)
            yield event

    def _repeats(self, before: _Place, event: Event) -> bool:
        """Return whether an event is on a double of the line before it; note where that line ends."""
        if event.at < self._double_until:
            return True
        place = _Place(event, event.at - event.base)
        if not _is_double(before, place):
            return False
        self._double_until = place.end()
        self._count(1, before)
        return True

    def _count(self, doubles: int, before: _Place) -> None:
        """Note that there are doubles of a line, and others after it."""
        self._together = doubles + (self._together if self._others < _BETWEEN else 0)
        self._others = 0
        if self._together > 1 or self._is_first_line(before):
            raise Doubled

    def _is_first_line(self, place: _Place) -> bool:
        """Return whether a place is on the line of the first event of the text."""
        first = self._first - place.event.base
        return first >= 0 and place.event.match.string.find(b"\n", first, place.at) < 0

    def _look_into(self, lines: Lines) -> None:
        """Look for doubles among the lines of a series; here and there a bar is drawn again unchanged."""
        if lines.steps:
            looked = [at for at, same in enumerate(map(eq, lines.steps, lines.steps[1:]), 1) if same]
        else:
            looked = [*range(1, len(lines.offsets))] if len(lines.offsets) <= 2 * _LOOKED_AT else [*_FIRST_AND_LAST]
        columns = tuple(lines.columns.values())
        alike = [at for at in looked if all(column[at] in (column[at - 1], b"") for column in columns)]
        pairs = ((_Place(lines, lines.offsets[at - 1]), _Place(lines, lines.offsets[at])) for at in alike)
        doubled = sum(_is_double(before, place) for before, place in pairs)
        if doubled and 3 * doubled >= (len(lines.offsets) if lines.steps else len(looked)):
            self._count(doubled, _Place(lines, lines.offsets[0]))


def _is_double(first: _Place, second: _Place) -> bool:
    """Return whether the second of two places is on a double of the line before it.

    Raises
    ------
    Doubled
        If it is a second handler's.
    """
    data, base = second.event.match.string, second.event.base
    between = first.event.base + first.at - base
    if data.count(b"\n", max(0, between), second.at) != 1:
        return False
    (head, tail, _), (again, goes_on, whole) = first.line(), second.line()
    if head + tail == again + goes_on or (not whole and (head + tail).startswith(again + goes_on)):
        return True
    stamp = second.event.dialect.stamp if second.event.dialect is not None else None
    if stamp is not None and _of_second_handler(head + tail, again + goes_on, stamp):
        raise Doubled  # one such pair is enough: nothing else prints it
    return False
