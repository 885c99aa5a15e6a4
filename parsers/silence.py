"""Lines that look like results but gave no fact: a program may print a result in an unknown shape.

Such a line is not known noise. It has the words of a metric and a number, or begins as a line of its system with a
value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from operator import sub

from .engine.events import Event, Lines
from .engine.lines import decode
from .engine.shapes import Dialect, Role, Shape, compiled, literal
from .engine.text import Text
from .noise import noise
from .results import Search
from .vocabulary import BY_NAME

# Of a longer line only this much is read: its beginning shows its kind.
LOOKED_AT = 4096
_PIECE = 1 << 20
_SHORTEST = 5  # letters and signs that are enough for a value's own beginning
# Compiling all patterns for their groups would take longer than reading a log.
_GROUP = re.compile(rb"\(\?P<(\w+)>")
_VALUES = ("metric", "series")
# A line goes on with another value, or is cut before it. The end of a line in HTML is not one.
_GOES_ON = re.compile(rb"[ \t]*,[ \t]*(?:[A-Za-z]|[\r\n+]|\Z)")


def seen(line: bytes) -> bytes:
    """Return the part of a line that is looked at: its beginning, after an overwritten bar."""
    return line.rstrip(b"\r").rpartition(b"\r")[2][:LOOKED_AT]


def looks(line: bytes, dialects: tuple[Dialect, ...]) -> bool:
    """Return whether that part of a line looks like a result in a log of these dialects."""
    return any(True for _ in _search(dialects).results(line))


class Lacking:
    """Looks for lines of series without a value that others of their shape have, or without their only value."""

    def __init__(self) -> None:
        self._told: set[tuple[bytes, str]] = set()

    def offsets(self, event: Event) -> list[int]:
        """Return where such lines match in the window of the event. Events are taken in their order."""
        if not isinstance(event, Lines):
            return []
        values = _values(event.shape.pattern)
        lacking = (offset for name in values for offset in self._without(event, name, is_all=len(values) == 1))
        return list(dict.fromkeys(lacking))

    def _without(self, lines: Lines, name: str, *, is_all: bool) -> list[int]:
        column = lines.columns[name]
        key = (lines.shape.pattern, name)
        if all(column):
            self._told.add(key)
            return []
        if any(column):
            self._told.add(key)
        lacking = [offset for offset, value in zip(lines.offsets, column, strict=True) if not value]
        if is_all or key in self._told:
            return lacking
        return [offset for offset in lacking if _goes_on(lines, offset)]


class Unread:
    """Counts the lines of a text that look like results and that no event matched.

    The events of a window are only noted. With those of the next one, the text up to there is looked at, all at once.
    """

    def __init__(self, text: Text, dialects: tuple[Dialect, ...]) -> None:
        self._data, self.dialects = text.data, dialects
        self._counts_lines = text.places is None
        self._search = _search(dialects)
        # Lines before the first offset have been looked at. Those with one of the others need no look.
        self._at, self._known = 0, list[int]()
        self._base = 0
        self._lacking = Lacking()
        self._count = 0

    def take(self, event: Event) -> None:
        """Take an event, behind those before it in the text."""
        if event.base != self._base:
            self._base = event.base
            self._look_to(event.at)
        if self._counts_lines and isinstance(event, Lines) and not _leaves_out(event.lines):
            self._count += len(self._lacking.offsets(event))
            self._look_to(event.at)
            self._at = event.base + event.offsets[-1]
            self._known.append(self._at)
        else:
            self.take_later(event)

    def take_later(self, event: Event) -> None:
        """Take an event that is not in the order of the others."""
        if isinstance(event, Lines):
            self._count += len(self._lacking.offsets(event))
        self._known += event.offsets_in_text()

    def count(self) -> int:
        """Look at the lines after the last event, and return how many lines were found in all."""
        self._look_to(len(self._data))
        return self._count

    def _look_to(self, end: int) -> None:
        """Look at the whole lines up to `end`; a line that is longer than a piece is skipped."""
        self._known.sort()
        while piece := self._data[self._at : min(self._at + _PIECE, end)]:
            last = len(piece) if self._at + len(piece) == len(self._data) else piece.rfind(b"\n") + 1
            self._count += sum(map(self._is_result, self._unknown(piece[:last])))
            self._at += last or len(piece)
            if not last:
                self._known.append(self._at)
        del self._known[: bisect_left(self._known, self._at)]

    def _unknown(self, piece: bytes) -> Iterator[bytes]:
        """Yield the lines of a piece in which there is a result, and which need a look."""
        end = 0
        for offset in sorted(self._search.results(piece)):
            if offset >= end:
                begin = piece.rfind(b"\n", 0, offset) + 1
                end = piece.find(b"\n", offset) + 1 or len(piece)
                first = bisect_left(self._known, self._at + begin)
                if first == bisect_left(self._known, self._at + end, first):
                    yield piece[begin:end].removesuffix(b"\n")

    def _is_result(self, line: bytes) -> bool:
        line = seen(line)
        return looks(line, self.dialects) and not noise(decode(line), self.dialects)


def _goes_on(lines: Lines, offset: int) -> bool:
    """Return whether one of the lines goes on behind what was read of it."""
    match = compiled(lines.shape.pattern).match(lines.match.string, offset)
    return match is not None and _GOES_ON.match(match.string, match.end()) is not None


def _leaves_out(lines: Sequence[int]) -> bool:
    """Return whether there are lines between those of a series, or whether that is unknown."""
    return not lines or max(map(sub, lines[1:], lines), default=0) > 1


@cache
def _values(pattern: bytes) -> tuple[str, ...]:
    """Return the groups of a pattern that tell what was measured."""
    names = (decode(name) for name in _GROUP.findall(pattern))
    return tuple(name for name in names if (known := BY_NAME.get(name.lstrip("_"))) and known.kind in _VALUES)


@cache
def _search(dialects: tuple[Dialect, ...]) -> Search:
    shapes = [shape for dialect in dialects for shape in dialect.shapes if _gives_value(shape)]
    own = {literal(shape.pattern): shape.start for shape in shapes}
    return Search(own | {literal(shape.pattern): False for shape in shapes if not shape.start})


def _gives_value(shape: Shape) -> bool:
    """Return whether lines of a shape begin with enough letters to be recognised, followed by a measured value."""
    begins, group = literal(shape.pattern), _GROUP.search(shape.pattern)
    if (
        group is None
        or shape.role is Role.AHEAD
        or len(begins) < _SHORTEST
        or not any(map(str.isalpha, decode(begins)))
    ):
        return False
    name = decode(group[1]).lstrip("_")
    return name in BY_NAME and BY_NAME[name].kind in _VALUES
