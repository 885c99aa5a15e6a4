"""Prefixes of no known kind: what neighbouring lines have in common before the lines of the grammar.

A line of the grammar shows such a prefix, if its neighbours begin with the same text; numbers, months and weekdays may
differ. Where programs print the line at any place, many lines with different texts behind it must have it. The prefix
is then removed from each line that has it beside another that has it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from . import loading
from .lines import segment_start
from .prefixes import Part, own_stamps
from .shapes import Dialect
from .text import Unclean

_LONGEST, _MOST = 96, 8
# On how many lines with one literal, at least, a prefix is looked for in a window.
_LOOKED_AT = 3
# So many lines must have the prefix of a line that may be printed at any place, and so many kinds of lines.
_LINES, _KINDS = 8, 3
_KIND = 24
# So much behind the beginning of a line of the grammar may belong to a timestamp that leads up to it.
_STAMP_ENDS = 16
_MARKS_OF_PASTE = b" \t>+#<|*`-"
# A prefix ends in a blank or a sign, and is more than a word. It is no command, no column of a table, no sentence.
_ENDS = re.compile(rb"[ \t:>\])|]\Z")
_IS_MORE = re.compile(rb"[^A-Za-z \t]")
_OTHER = re.compile(
    rb"\b(?:echo|printf|print|export|declare|set|setenv|cat|grep)\b|^[ \t]*\|[^|]*\||[\"'`(=]\Z"
    rb"|^[^\t]*[A-Za-z]{2} [a-z]{2}[^\t]*\Z"
)
_DAYS = rb"Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_VARIES = re.compile(rb"(?P<number>\d+)|(?P<blanks>[ \t]+)|\b(?:%s)\b" % _DAYS)


class Fronted(Unclean):
    """Lines of the grammar have a prefix of no known kind; `fronts` are patterns of such prefixes."""

    def __init__(self, fronts: Sequence[bytes]) -> None:
        super().__init__(fronts)
        self.fronts = tuple(fronts)


class Literal(NamedTuple):
    """Where a literal of the grammar is in a window, and what it is.

    It may be a system's or a shell's. It begins a line, or may be anywhere on it.
    """

    offsets: Sequence[int]
    sign: bytes
    of_system: bool
    begins: bool


def look_for_fronts(window: bytes, begin: int, literals: Sequence[Literal]) -> None:
    """Look whether lines with literals of the grammar have a prefix of no known kind; `begin` is where they are known.

    Raises
    ------
    Fronted
        If some have.
    """
    fronts: dict[bytes, None] = {}
    for literal in literals:
        for offset in literal.offsets[:: 1 + len(literal.offsets) // _LOOKED_AT] if literal.of_system else ():
            start = segment_start(window, offset, _LONGEST + 1)
            front = _front(window, start, offset, literal.begins, literals) if begin <= start < offset else b""
            if front:
                fronts[front] = None
        if len(fronts) >= _MOST:
            break
    if fronts:
        raise Fronted(list(fronts)[:_MOST])


def _front(window: bytes, start: int, offset: int, begins: bool, literals: Sequence[Literal]) -> bytes:
    """Return the pattern of the prefix that the line at `start` has before a literal; nothing if it has none."""
    text = _before_stamp(window[start : offset + _STAMP_ENDS])[: offset - start]
    if not text or len(text) > _LONGEST or not _may_be_one(text):
        return b""
    front, begins = _pattern(text), begins and len(text) == offset - start
    lines = list(_lines_with(re.compile(front), window, start))
    shown = _kinds(lines) > 1 if begins else len(lines) >= _LINES and _kinds(lines) >= _KINDS
    text = text.lstrip(_MARKS_OF_PASTE)
    own = any(literal.sign.startswith(text) for literal in literals)
    first = all(bisect_left(other.offsets, start) == bisect_left(other.offsets, offset) for other in literals)
    return front if shown and first and not own and not _own_lines(loading.known()).match(text) else b""


@cache
def _own_lines(dialects: tuple[Dialect, ...]) -> re.Pattern[bytes]:
    """Return how the lines of the systems' own programs begin, such as those of a logger."""
    return re.compile("|".join(f"(?:{pattern})" for dialect in dialects for _, pattern in dialect.noise).encode())


def _before_stamp(text: bytes) -> bytes:
    """Return what is before the timestamp that a system's own program prints."""
    stamps = (stamp.search(text) for stamp in own_stamps())
    return text[: min((stamp.start() for stamp in stamps if stamp), default=len(text))]


def _may_be_one(text: bytes) -> bool:
    """Return whether the text before a line of the grammar may be a prefix."""
    unmarked = text.lstrip(_MARKS_OF_PASTE)
    return bool(_IS_MORE.search(unmarked) and _ENDS.search(text)) and not _OTHER.search(text)


def _pattern(text: bytes) -> bytes:
    """Return a pattern for a prefix. Its numbers, names of days and blanks may vary, but not the blanks at its end."""
    blanks = len(text) - len(text.rstrip(b" \t"))
    body, end = text[: len(text) - blanks], text[len(text) - blanks :]
    pieces: list[bytes] = []
    at = 0
    for part in _VARIES.finditer(body):
        pieces.append(re.escape(body[at : part.start()]))
        pieces.append(rb"\d{1,20}" if part["number"] else rb"[ \t]{1,20}" if part["blanks"] else rb"[A-Z][a-z]{2}")
        at = part.end()
    pieces.append(re.escape(body[at:]))
    return b"".join(pieces) + (rb"(?:%s|[ \t]*(?=[\r\n]|\Z))" % re.escape(end) if end else b"")


def _lines_with(front: re.Pattern[bytes], window: bytes, start: int) -> Iterator[bytes]:
    """Yield what is behind a prefix on the line at `start`, and on some lines around it that have it."""
    found = 0
    for step in (_next_line, _line_before):
        at: int | None = start
        while at is not None and found < _LINES:
            match = front.match(window, at)
            if match is None:
                break
            if at != start or step is _next_line:
                found += 1
                yield window[match.end() : match.end() + _KIND].partition(b"\n")[0]
            at = step(window, at)


def _next_line(window: bytes, start: int) -> int | None:
    return window.find(b"\n", start) + 1 or None


def _line_before(window: bytes, start: int) -> int | None:
    return window.rfind(b"\n", 0, start - 1) + 1 if start > 0 else None


def _kinds(lines: Sequence[bytes]) -> int:
    """Return in how many ways lines begin."""
    return len({re.sub(rb"\d+", b"0", line) for line in lines})


def parts_of(fronts: Sequence[bytes]) -> Callable[[bytes, int], tuple[Part, ...]]:
    """Return the function that finds such a prefix at the beginning of a line."""
    any_of_them = re.compile(b"|".join(b"(%s)" % front for front in fronts))

    def parts(line: bytes, _number: int = 0) -> tuple[Part, ...]:
        match = any_of_them.match(line)
        return (Part("text that neighbours share", match.lastindex, match.end()),) if match else ()

    return parts
