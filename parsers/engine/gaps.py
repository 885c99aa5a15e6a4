"""Gaps in a text: broken lines, and holes of zero bytes where a file system lost what was written.

What may be missing there is not guessed. A value that runs into a gap is not a fact. A run with a gap in its text does
not count as whole.
"""

from __future__ import annotations

from .text import LINE_END, MARK, Bytes, pieces

_HOLE = b"\0"
_MARK, _HOLE_IN_TEXT = MARK.decode(), _HOLE.decode()
# Signs of an editor or a mail program that the line goes on below.
_GOES_ON = ("\\", "=", "\N{LEFTWARDS ARROW WITH HOOK}", "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}")
_AT_ONCE = 1 << 16


def is_cut(value: str) -> bool:
    """Return whether a value runs into a gap, or into a sign that the line goes on below."""
    return _MARK in value or _HOLE_IN_TEXT in value or value.endswith(_GOES_ON)


def has_holes(data: Bytes) -> bool:
    """Return whether a text has holes."""
    return _HOLE in data if isinstance(data, bytes) else any(_HOLE in piece for piece in pieces(data))


def has_gap(data: Bytes, begin: int, end: int) -> bool:
    """Return whether a part of a text, or the end of the line before it, has a gap."""
    begins = range(max(0, begin - LINE_END), end, _AT_ONCE)
    parts = (data[begin : min(begin + _AT_ONCE + 1, end)] for begin in begins)
    # The last byte of a mark is searched for much faster than both.
    return any((MARK[-1:] in part and MARK in part) or _HOLE in part for part in parts)
