"""Lines that a log has twice, because two tasks or two handlers printed each: the second is passed over.

A line is a double if the line before it is the same. It may also differ in its head, if only one of the two has a
timestamp there: a second handler prints no other one. Where doubles follow each other, lines that are the same are also
taken out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import eq
from typing import BinaryIO, NamedTuple

from .events import Event, Lines
from .shapes import Role
from .text import Bytes, Text, pieces


class Doubled(Exception):
    """Double lines follow each other: they are to be taken out of the text first."""


def without_doubles(text: Text, scratch: Callable[[], BinaryIO]) -> Text:
    """Return a text in which a line that is the same as the line before it is empty."""
    return text.made_of(_single(text.data), scratch)


def _single(data: Bytes) -> Iterator[bytes]:
    last = b""
    for piece in pieces(data):
        lines = piece.split(b"\n")
        before = [last, *lines]
        last = lines[-2] if len(lines) > 1 else b""
        yield b"\n".join(b"" if line == earlier else line for line, earlier in zip(lines, before, strict=False))


class Doubles:
    """Takes doubles out of the events of a text; `offsets` are where those lines match.

    It raises `Doubled` where they follow each other, unless the text is `single` already.
    """

    def __init__(self, *, single: bool = True) -> None:
        self.offsets: list[int] = []
        self._single, self._together, self._others = single, 0, 0
        self._first: Event | None = None  # of the line at hand
        self._end = -1
        self._is_double = False

    def without(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events that are no doubles, in their order."""
        for event in events:
            if event.at > self._end:
                self._begin_line(event)
            kept = self._kept(event)
            if kept is not None:
                yield kept

    def _begin_line(self, event: Event) -> None:
        before, self._first = self._first, event
        is_next = before is not None and before.shape is event.shape and _is_next(self._end, event)
        self._is_double = is_next and before is not None and _is_double(_Place.of(before), _Place.of(event))
        self._end = _line_end(event)
        self._count(1 if self._is_double else 0)

    def _count(self, doubles: int) -> None:
        """Note how many doubles follow each other, with no more than one other line between two."""
        if doubles:
            self._together = doubles + (self._together if self._others < 2 else 0)
            self._others = 0
        else:
            self._others += 1
        if self._together > 1 and not self._single:
            raise Doubled

    def _kept(self, event: Event) -> Event | None:
        """Return an event without its lines that are doubles, or None where all are, if lines of its kind count."""
        if event.dialect is None and event.shape.role is Role.INSIDE:
            return event  # an interrupt may be typed twice
        if isinstance(event, Lines) and len(event.offsets) > 1:
            return self._kept_lines(event)
        if self._is_double and not _is_unnumbered(event):
            self.offsets += event.offsets_in_text()
            return None
        return event

    def _kept_lines(self, lines: Lines) -> Lines | None:
        """Return the lines of a series that are no doubles."""
        last = lines.part(len(lines.offsets) - 1, len(lines.offsets))
        doubled = self._doubled(lines)
        self._first, self._end, self._is_double = last, _line_end(last), doubled[-1:] == [len(lines.offsets) - 1]
        if not doubled or _is_unnumbered(lines):
            return lines
        self.offsets += [lines.base + lines.offsets[place] for place in doubled]
        return lines.without(doubled)

    def _doubled(self, lines: Lines) -> list[int]:
        """Return which lines of a series are doubles."""
        doubled = [0] if self._is_double else []
        if lines.rise:
            return doubled
        told: Sequence[object] = lines.steps or next(iter(lines.columns.values()), ())
        alike = [place for place, same in enumerate(map(eq, told, told[1:]), 1) if same]
        more = [place for place in alike if _is_next_and_double(lines, place)]
        self._count(len(more) if 3 * len(more) >= len(lines.offsets) else 0)
        return doubled + more


def _is_unnumbered(event: Event) -> bool:
    """Return whether an event has lines of a series without steps, such as a bar that is drawn again unchanged."""
    return isinstance(event, Lines) and not event.steps


def _line_end(event: Event) -> int:
    """Return where the line of an event ends in the whole text."""
    end = event.match.string.find(b"\n", event.match.start())
    return event.base + (end if end >= 0 else len(event.match.string))


def _is_next(end: int, event: Event) -> bool:
    """Return whether an event is on the line behind the one that ends at `end`."""
    return event.match.string.find(b"\n", max(0, end + 1 - event.base), event.match.start()) < 0


class _Place(NamedTuple):
    """Where a shape matches, and what shows a timestamp before it."""

    data: bytes
    at: int
    stamp: re.Pattern[bytes] | None

    @classmethod
    def of(cls, event: Event) -> _Place:
        return cls(event.match.string, event.match.start(), event.dialect.stamp if event.dialect is not None else None)

    def line(self) -> tuple[bytes, bytes]:
        """Return the line, as far as the match and from there."""
        end = self.data.find(b"\n", self.at)
        end = end if end >= 0 else len(self.data)
        return self.data[self.data.rfind(b"\n", 0, self.at) + 1 : self.at], self.data[self.at : end].rstrip(b"\r")

    def is_cut(self) -> bool:
        """Return whether the end of the file ends the line."""
        return self.data.find(b"\n", self.at) < 0


def _is_double(first: _Place, second: _Place) -> bool:
    """Return whether the second of two neighbouring lines repeats the first, as far as the file goes."""
    (head, tail), (again, goes_on) = first.line(), second.line()
    if tail != goes_on and not (second.is_cut() and tail.startswith(goes_on)):
        return False
    stamp = first.stamp
    return head == again or (stamp is not None and (stamp.search(head) is None) != (stamp.search(again) is None))


def _is_next_and_double(lines: Lines, place: int) -> bool:
    """Return whether one of the lines of a series is a double of the one before it."""
    data, before, at = lines.match.string, lines.offsets[place - 1], lines.offsets[place]
    stamp = lines.dialect.stamp if lines.dialect is not None else None
    return data.count(b"\n", before, at) == 1 and _is_double(_Place(data, before, stamp), _Place(data, at, stamp))
