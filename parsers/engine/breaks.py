"""Lines that a terminal, an editor or `cut` broke at one width: the text at a break is not whole.

Lines of different kinds show the width, if they have the longest length and end within a sentence or number. The end of
each such line is marked, with signs that end no number and no word. A value that holds the mark is not a fact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import AnyStr, BinaryIO, NamedTuple

from .text import MARK, Text, Unclean, pieces

# How much of a window is looked at.
_SAMPLE = 1 << 15
_NARROWEST, _WIDEST = 40, 300
# How much longer the rest of a line may be that is indented.
_INDENT = 16
_NO_LETTERS = re.compile(r"[^A-Za-z]+")
# Editors and mail programs end a broken line in a sign of their own.
_SIGNS = (
    "\\",
    "=",
    "+",
    "\N{LEFTWARDS ARROW WITH HOOK}",
    "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}",
    "\N{RETURN SYMBOL}",
)
_ENDS = re.compile(rf"(?<! )[\w.,/ -]\Z|[{re.escape(''.join(_SIGNS))}]\Z", re.ASCII)
_END_SIGN = re.compile(b"(?:%s)\\Z" % b"|".join(re.escape(sign.encode()) for sign in _SIGNS))
_LETTERS = 10
# So much of its end shows that a line is not the rest of the one before, but the same again.
_TAIL = 32
_NEAR_START = 8
# Two lines may have one length by chance. These are the widths of terminals; 81 is 80 with the sign of a break.
_TERMINALS = frozenset({72, 80, 81, 100, 120, 132, 160, 200, 240})
_BY_CHANCE = 2
# A line of fewer characters is short. What most lines begin with is no rest of another.
_SHORT = 60
_BEGINS = re.compile(r"[ \t>+#|*-]*[A-Z{\[(]")
_STAMP = re.compile(r"[ \t]*20\d\d-\d\d-\d\d")


class Break(NamedTuple):
    """How lines are broken: at which width, by how many blanks the rest is indented, and whether only at blanks."""

    width: int
    indent: int = 0
    at_blanks: bool = False


class Broken(Unclean):
    """Lines of a text are broken at a width."""

    def __init__(self, how: Break) -> None:
        super().__init__(how)
        self.how = how


class _Sample:
    """Some lines of a text, and their lengths without the blanks that indent the rests of lines."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("latin-1" if data.isascii() else "utf-8", "replace")
        self.lines = text.replace("\r\n", "\n").split("\n")[:-1]
        lengths = list(map(len, self.lines))
        self.longest = max(lengths, default=0)
        self.is_likely = self.longest >= _NARROWEST
        self.indent = self._indent(lengths) if self.is_likely else 0
        self.lengths = self._without_indent(lengths) if self.indent else lengths

    def _indent(self, lengths: Sequence[int]) -> int:
        """Return how many blanks all of the longest lines begin with; for tables and code it may be many."""
        longest = (line for line, length in zip(self.lines, lengths, strict=True) if length == self.longest)
        indent = min(len(line) - len(line.lstrip(" ")) for line in longest)
        return indent if indent <= _INDENT else 0

    def _without_indent(self, lengths: Sequence[int]) -> list[int]:
        blanks = " " * self.indent
        lines = zip(self.lines, lengths, strict=True)
        return [length - self.indent if line.startswith(blanks) else length for line, length in lines]

    def how(self) -> Break | None:
        """Return how the lines are broken, or None if they are not."""
        if not self.is_likely:
            return None
        at_blanks, width = self._at_blanks(), self._width()
        return Break(width, self.indent) if width and not at_blanks else at_blanks

    def _width(self) -> int:
        longest = max(self.lengths)
        numbers = Counter(length for length in self.lengths if length >= longest - _INDENT)
        for width in sorted(numbers, reverse=True):
            if _NARROWEST <= width <= _WIDEST and self._shows(width):
                longer = sum(number for length, number in numbers.items() if length > width)
                return width if longer <= numbers[width] else 0
        return 0

    def _shows(self, width: int) -> bool:
        """Return whether lines of one length show a width.

        At a terminal's width there are two kinds of such lines. Or each has a timestamp and the next one has none. At
        any other width they are of more kinds. Or they are the longest, and no line below them begins as a sentence
        does. Short lines may have one length by chance, so they are of more kinds and go on below.
        """
        places = [index for index, length in enumerate(self.lengths) if length == width]
        broken = [index for index in places if _ENDS.search(self.lines[index])]
        if width in _TERMINALS:
            return self._kinds(broken) >= _BY_CHANCE or (len(broken) >= _BY_CHANCE and self._lose_stamps(places))
        kinds, rests = self._kinds(broken), sum(map(self._is_rest, broken))
        if kinds > _BY_CHANCE:
            return width >= _SHORT or 2 * rests > len(broken)
        return kinds == _BY_CHANCE and rests == len(broken) and max(self.lengths) == width >= _SHORT

    def _at_blanks(self) -> Break | None:
        """Return how lines are broken that end in a blank, where the next word would have made them the longest.

        Such lines are of several lengths, where lines that are broken at a width have one. Few others end in a blank.
        """
        blank = sum(line[-1:] == " " for line in self.lines)
        if self.longest > _WIDEST or 4 * blank > 3 * sum(map(bool, self.lines)):
            return None  # such lines were filled up with blanks
        width = self.longest
        tails = [index for index, line in enumerate(self.lines) if line[-1:] == " " and self._goes_on(index)]
        folded = {index for index in tails if _is_folded(self.lines[index], self.lines[index + 1], width)}
        full = sum(len(line) == self.longest and line[-1:] != " " for line in self.lines)
        several = len({len(self.lines[index]) for index in folded}) > 1
        kinds = self._kinds(folded)
        shown = several and len(folded) > full and kinds >= max(_BY_CHANCE, 2 * self._kinds(set(tails) - folded))
        return Break(width, at_blanks=True) if shown else None

    def _kinds(self, places: Iterable[int]) -> int:
        return len({_NO_LETTERS.sub("", self.lines[index])[:_LETTERS] for index in places})

    def _goes_on(self, index: int) -> bool:
        """Return whether the line behind another is a rest: it has something, but no timestamp."""
        following = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        return bool(following.strip()) and not _STAMP.match(following)

    def _is_rest(self, index: int) -> bool:
        """Return whether the line behind another goes on and does not begin as a sentence or an object does."""
        return self._goes_on(index) and not _BEGINS.match(self.lines[index + 1])

    def _lose_stamps(self, places: Sequence[int]) -> bool:
        """Return whether lines have a timestamp, and rests of one kind none; a double without one is no rest."""
        rests = {_NO_LETTERS.sub("", self.lines[index + 1]) for index in places if self._loses_stamp(index)}
        return len(rests) == 1 and all(map(self._loses_stamp, places))

    def _loses_stamp(self, index: int) -> bool:
        line = self.lines[index]
        return bool(_STAMP.match(line)) and self._goes_on(index) and line[-_TAIL:] not in self.lines[index + 1]


def _is_folded(line: AnyStr, following: AnyStr, width: int) -> bool:
    """Return whether the first word of the next line, and the blank behind it, have no place on a line."""
    return len(line) + len((following.split(maxsplit=1) or [following])[0]) >= width


def how_broken(text: bytes) -> Break | None:
    """Return how the lines at the beginning of a text are broken, or None if they are not."""
    sample = text[:_SAMPLE]
    longest = max(sample.split(b"\n"), key=len)
    return None if _length(_text(longest)) > _WIDEST + _INDENT else _Sample(sample).how()


def look_for_breaks(window: bytes, offsets_of_literals: Sequence[Sequence[int]]) -> None:
    """Look whether lines that hold a literal of the grammar, at these offsets, are broken at a width.

    Two samples are looked at: from the first of these lines, and up to the last.

    Raises
    ------
    Broken
        If one is.
    """
    first, last = min(some[0] for some in offsets_of_literals), max(some[-1] for some in offsets_of_literals)
    for begin in sorted({_line_start(window, first), _line_start(window, max(first, last - _SAMPLE))}):
        how = how_broken(window[begin : begin + _SAMPLE])
        inside = (
            (offset for some in offsets_of_literals for offset in some if 0 <= offset - begin < _SAMPLE) if how else ()
        )
        if how and any(_is_long(window, offset, how) for offset in inside) and not _has_longer(window, how.width):
            raise Broken(how)


def _has_longer(window: bytes, width: int) -> bool:
    """Return whether any line in a window is longer; then its lines are not broken at that width."""
    longest = width + _INDENT
    return any(len(line) > longest and _length(_text(line)) > longest for line in window.split(b"\n"))


def _line_start(window: bytes, offset: int) -> int:
    return window.rfind(b"\n", 0, offset) + 1


def _is_long(window: bytes, offset: int, how: Break) -> bool:
    """Return whether a line is as long as broken ones are; prose may hold a word of the grammar somewhere."""
    start, end = _line_start(window, offset), window.find(b"\n", offset)
    line = _text(window[start : end if end >= 0 else len(window)])
    begins = offset - start <= _NEAR_START or _STAMP.match(line[:40].decode("latin-1")) is not None
    return begins and (how.at_blanks or _length(line) >= how.width)


def _text(line: bytes) -> bytes:
    return line.rstrip(b"\r")


def _length(line: bytes) -> int:
    """Return the length of a line in characters."""
    return len(line) if line.isascii() else len(line.decode("utf-8", "replace"))


def with_breaks_marked(text: Text, how: Break, scratch: Callable[[], BinaryIO]) -> Text:
    """Return a text with a mark at the end of each line that may be broken."""
    return text.made_of(_marked(text, how), scratch)


def _marked(text: Text, how: Break) -> Iterator[bytes]:
    for piece in pieces(text.data):
        lines = piece.split(b"\n")
        pairs = zip(lines, [*lines[1:], b""], strict=True)
        yield b"\n".join(_mark(line) if _may_be_broken(line, following, how) else line for line, following in pairs)


def _may_be_broken(line: bytes, following: bytes, how: Break) -> bool:
    line = _text(line)
    if how.at_blanks:
        return line.endswith(b" ") and _is_folded(line, following, how.width)
    return _length(line) >= how.width + how.indent * line.startswith(b" " * how.indent)


def _mark(line: bytes) -> bytes:
    text = _END_SIGN.sub(b"", _text(line))
    return text + MARK + line[len(text) :]
