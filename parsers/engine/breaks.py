"""Lines that a terminal, an editor or `cut` broke at one width: what is at the break is not whole.

Lines of different kinds that are as long as the longest, and end within a sentence or a number, show the width. The
end of each such line is marked, with signs that end no number and no word. A value that holds the mark is no fact.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import BinaryIO

from ..facts import Fact, Run
from ..vocabulary import term
from .text import MARK, Text, Unclean, pieces

# How much of a window is looked at.
_SAMPLE = 1 << 15
_NARROWEST, _WIDEST = 40, 300
# How much longer the rest of a line may be that is indented.
_INDENT = 16
_NO_LETTERS = re.compile(rb"[^A-Za-z]+")
_ENDS = re.compile(rb"(?<! )[\w.,=/\\ -]\Z")
_LETTERS = 10
# Two lines may be of one length by chance. Of these widths terminals are, 81 with the sign of a break.
_TERMINALS = frozenset({72, 80, 81, 100, 120, 132, 160, 200, 240})
_ENOUGH, _BY_CHANCE = 6, 2
_STAMP = re.compile(rb"[ \t]*20\d\d-\d\d-\d\d")


class Broken(Unclean):
    """Lines of a text are broken at a width."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.width = width


def width_of(window: bytes) -> int:
    """Return at which width the lines of a window are broken, or 0 if they are not."""
    *lines, _ = map(_text, window[:_SAMPLE].split(b"\n"))
    kinds: defaultdict[int, set[bytes]] = defaultdict(set)
    numbers: defaultdict[int, int] = defaultdict(int)
    going_on: defaultdict[int, int] = defaultdict(int)
    for line, following in zip_longest(lines, lines[1:], fillvalue=b""):
        length = _length(line)
        numbers[length] += 1
        if length >= _NARROWEST and _ENDS.search(line):
            kinds[length].add(_NO_LETTERS.sub(b"", line)[:_LETTERS])
            going_on[length] += not _STAMP.match(following)
    width = max(
        (length for length in kinds if _shows(length, len(kinds[length]), going_on[length], numbers[length])), default=0
    )
    longer = [length for length in numbers if length > width]
    if not width or max(longer, default=width) > width + _INDENT or width > _WIDEST:
        return 0
    return width if sum(numbers[length] for length in longer) <= numbers[width] else 0


def _shows(length: int, kinds: int, going_on: int, lines: int) -> bool:
    """Return whether lines of one length show a width; at another, more lines must, and most go on below."""
    if length in _TERMINALS:
        return kinds >= _BY_CHANCE
    return lines >= _ENOUGH and kinds > _BY_CHANCE and 2 * going_on > lines


def look_for_breaks(window: bytes, found: Iterable[Sequence[int]]) -> None:
    """Look whether lines that hold a literal of the grammar, at these offsets, are broken at a width.

    Raises
    ------
    Broken
        If one is.
    """
    width = width_of(window)
    if width:
        offsets = (offset for some in found for offset in some if offset < _SAMPLE)
        if any(_length(_line_at(window, offset)) >= width for offset in offsets):
            raise Broken(width)


def _line_at(window: bytes, offset: int) -> bytes:
    end = window.find(b"\n", offset)
    return _text(window[window.rfind(b"\n", 0, offset) + 1 : end if end >= 0 else len(window)])


def _text(line: bytes) -> bytes:
    return line.rstrip(b"\r")


def _length(line: bytes) -> int:
    """Return the length of a line in characters."""
    return len(line) if line.isascii() else len(line.decode("utf-8", "replace"))


def is_broken(value: str) -> bool:
    """Return whether a value runs into the mark of a break."""
    return MARK.decode() in value


def only_sure(run: Run) -> Run:
    """Return a run of a broken text without what a lost line would change: its completion, and times between lines."""
    facts = (_sure(fact) for fact in run.facts if not _is_between_lines(fact))
    return run._replace(facts=tuple(facts))


def _sure(fact: Fact) -> Fact:
    completed = fact.name == "outcome" and fact.value == "completed"
    return fact._replace(value="unknown", evidence="") if completed else fact


def _is_between_lines(fact: Fact) -> bool:
    """Return whether a fact is a duration that no line says."""
    return term(fact.name).duration and "." in fact.value and fact.value not in fact.evidence


def with_breaks_marked(text: Text, width: int, scratch: Callable[[], BinaryIO]) -> Text:
    """Return a text with a mark at the end of each line that may be broken."""
    return text.made_of(_marked(text, width), scratch)


def _marked(text: Text, width: int) -> Iterator[bytes]:
    for piece in pieces(text.data):
        lines = piece.split(b"\n")
        yield b"\n".join(line if _length(_text(line)) < width else _mark(line) for line in lines)


def _mark(line: bytes) -> bytes:
    said = _text(line).removesuffix(b"\\")
    return said + MARK + line[len(said) :]
