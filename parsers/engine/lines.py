"""Where an offset is in a text: its line, view line and stretch of line. Also: bytes of a log as text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate, repeat
from operator import add, sub

from .text import Text

# numpy counts faster from this number of lines on. Its import takes 0.1 s, so the text must have this many bytes too.
_MANY, _NUMPY_FROM = 64, 1 << 23
_MARK_EVERY = 1 << 14
_COUNT_AT_ONCE = 1 << 20


class Ruler:
    """Finds the line of an offset, by counting from the nearest known offset before it."""

    def __init__(self, text: Text) -> None:
        self.data, self._places, self._returns = text.data, text.places, text.returns
        # Known offsets with the newlines and the bare returns before each, and the offset that was asked for last.
        self._marks, self._counts = [0], [(0, 0)]
        self._at, self._newlines, self._bare = 0, 0, 0
        self._window: bytes | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, view line) of the byte at `offset`, both from 1."""
        newlines, bare = self._before(offset)
        if self._places is None:
            return newlines + 1, newlines + 1 + bare
        line, view = self._places[newlines]
        if not self._returns:
            return line, view
        before = self.data[max(0, offset - _COUNT_AT_ONCE) : offset]
        return line, view + before.count(b"\r", before.rfind(b"\n") + 1)

    def _before(self, offset: int) -> tuple[int, int]:
        """Return the newlines and the bare returns before an offset, which is then the last asked for."""
        if 0 < self._at - offset < _MARK_EVERY:  # a little back, to where a run begins: later known offsets are kept
            newlines, bare = self._between(offset, self._at)
            return self._newlines - newlines, self._bare - bare
        if not 0 <= offset - self._at < _MARK_EVERY:
            mark = bisect_right(self._marks, offset) - 1
            if offset < self._at or self._marks[mark] > self._at:
                self._at = self._marks[mark]
                self._newlines, self._bare = self._counts[mark]
        while self._at < offset:
            end = min(offset, self._at + _COUNT_AT_ONCE)
            newlines, bare = self._between(self._at, end)
            self._go_to(end, self._newlines + newlines, self._bare + bare)
        return self._newlines, self._bare

    def _between(self, begin: int, end: int) -> tuple[int, int]:
        piece = self.data[begin : end + 1]  # one more, to tell a pair from a bare return
        step = end - begin
        if b"\r" not in piece:
            return piece.count(b"\n", 0, step), 0
        return piece.count(b"\n", 0, step), piece.count(b"\r", 0, step) - piece.count(b"\r\n")

    def _go_to(self, offset: int, newlines: int, bare: int) -> None:
        self._at, self._newlines, self._bare = offset, newlines, bare
        if offset - self._marks[-1] > _MARK_EVERY:
            self._marks.append(offset)
            self._counts.append((newlines, bare))

    def places(self, window: bytes, base: int, offsets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the lines and the view lines of rising offsets of a window, which begins at `base` in the text."""
        if self._places is not None:
            counted = [self.place(base + offset) for offset in offsets]
            return [line for line, _ in counted], [view for _, view in counted]
        if len(offsets) < _MANY or len(self.data) < _NUMPY_FROM or not _has_numpy():
            lines, views = lines_by_counting(window, offsets, *self.place(base + offsets[0]))
        else:
            lines, views = self.lines_by_search(window, base, offsets)
        self._go_to(base + offsets[-1], lines[-1] - 1, views[-1] - lines[-1])
        return lines, views

    def lines_by_search(self, window: bytes, base: int, offsets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return what `lines_by_counting` does, from the places of all line ends in the window."""
        import numpy as np

        if self._window is not window:
            self._look_at(window, base, offsets[0])
        asked = np.array(offsets)
        lines = self._newline_places.searchsorted(asked) + self._line
        views = lines + (self._bare_places.searchsorted(asked) + self._views_more)
        return lines.tolist(), views.tolist()

    def _look_at(self, window: bytes, base: int, offset: int) -> None:
        """Note where lines end in a window, and from one of its offsets on which line it begins."""
        import numpy as np

        codes = np.frombuffer(window, np.uint8)
        ends = np.flatnonzero((codes == ord("\n")) | (codes == ord("\r")))
        newlines = codes[ends] == ord("\n")
        after = codes[np.minimum(ends + 1, len(codes) - 1)]
        self._window, self._newline_places = window, ends[newlines]
        self._bare_places = ends[~newlines & (after != ord("\n"))]
        line, view_line = self.place(base + offset)
        self._line = line - int(self._newline_places.searchsorted(offset))
        self._views_more = view_line - line - int(self._bare_places.searchsorted(offset))


@cache
def _has_numpy() -> bool:
    """Return whether numpy is installed: without it large logs are read slower, and give the same."""
    return find_spec("numpy") is not None


def lines_by_counting(window: bytes, offsets: Sequence[int], line: int, view_line: int) -> tuple[list[int], list[int]]:
    """Return the lines and view lines of offsets, counted from those of the first; no line ends at an offset."""
    newlines = list(_between(window, b"\n", offsets))
    bare = map(sub, _between(window, b"\r", offsets), _between(window, b"\r\n", offsets))
    lines = list(accumulate(newlines, initial=line))
    return lines, list(accumulate(map(add, newlines, bare), initial=view_line))


def _between(window: bytes, sign: bytes, offsets: Sequence[int]) -> Iterable[int]:
    """Return how often a sign is between each offset and the next; one search tells where it is nowhere."""
    if window.find(sign, offsets[0], offsets[-1]) < 0:
        return repeat(0, len(offsets) - 1)
    return map(window.count, repeat(sign), offsets, offsets[1:])


def segment_start(data: bytes, offset: int, reach: int = 400) -> int:
    """Return where the stretch of line with `offset` begins, at most `reach` back; a bare return ends a stretch."""
    floor = offset - reach if offset > reach else 0
    newline, bare = data.rfind(b"\n", floor, offset), data.rfind(b"\r", floor, offset)
    return (newline if newline > bare else bare) + 1 or floor


def decode(value: bytes) -> str:
    """Return bytes of a log as text: UTF-8, else Windows-1252, else each byte as the character of its number."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        pass
    try:
        return value.decode("cp1252")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def printable(text: str) -> str:
    """Return a text or file name with the characters spelt out that a terminal would act on."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
