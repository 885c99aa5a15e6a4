"""Lines that a terminal, an editor or `cut` broke at one width: the text at a break is not whole.

Lines of different kinds show the width, if they are as long as the longest and end within a sentence or number. The end
of each such line is marked, with signs that end no number and no word. A value that holds the mark is not a fact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from ..facts import Fact, Run
from ..vocabulary import term
from .text import MARK, Text, Unclean, pieces

# How much of a window is looked at.
_SAMPLE = 1 << 15
_NARROWEST, _WIDEST = 40, 300
# How much longer the rest of a line may be that is indented.
_INDENT = 16
_NO_LETTERS = re.compile(r"[^A-Za-z]+")
_ENDS = re.compile(r"(?<! )[\w.,=/\\ -]\Z", re.ASCII)
_LETTERS = 10
_NEAR_START = 8
# Two lines may have one length by chance. These are the widths of terminals; 81 is 80 with the sign of a break.
_TERMINALS = frozenset({72, 80, 81, 100, 120, 132, 160, 200, 240})
_ENOUGH, _BY_CHANCE = 6, 2
_STAMP = re.compile(r"[ \t]*20\d\d-\d\d-\d\d")


class Broken(Unclean):
    """Lines of a text are broken at a width."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.width = width


def width_of(window: bytes) -> int:
    """Return at which width the lines of a window are broken, or 0 if they are not."""
    sample = window[:_SAMPLE]
    text = sample.decode("latin-1" if sample.isascii() else "utf-8", "replace")
    lines = text.replace("\r\n", "\n").split("\n")[:-1]
    lengths = list(map(len, lines))
    longest = max(lengths, default=0)
    if not _NARROWEST <= longest <= _WIDEST + _INDENT:
        return 0
    numbers = Counter(length for length in lengths if length >= longest - _INDENT)
    for width in sorted(numbers, reverse=True):
        if _NARROWEST <= width <= _WIDEST and _shows(width, lines, lengths):
            longer = sum(number for length, number in numbers.items() if length > width)
            return width if longer <= numbers[width] else 0
    return 0


def _shows(width: int, lines: Sequence[str], lengths: Sequence[int]) -> bool:
    """Return whether lines of one length show a width.

    If no terminal has that width, more lines must show it, and most must go on below.
    """
    places = [place for place, length in enumerate(lengths) if length == width]
    broken = [place for place in places if _ENDS.search(lines[place])]
    kinds = len({_NO_LETTERS.sub("", lines[place])[:_LETTERS] for place in broken})
    if width in _TERMINALS:
        return kinds >= _BY_CHANCE
    going_on = sum(not _STAMP.match(following) for place in broken for following in lines[place + 1 : place + 2])
    return len(places) >= _ENOUGH and kinds > _BY_CHANCE and 2 * going_on > len(places)


def look_for_breaks(window: bytes, found: Iterable[Sequence[int]]) -> None:
    """Look whether lines that hold a literal of the grammar, at these offsets, are broken at a width.

    Raises
    ------
    Broken
        If one is.
    """
    width = width_of(window)
    offsets = (offset for some in found for offset in some if offset < _SAMPLE) if width else ()
    if any(_is_long(window, offset, width) for offset in offsets) and not _has_longer(window, width + _INDENT):
        raise Broken(width)


def _has_longer(window: bytes, width: int) -> bool:
    """Return whether any line in a window is longer; then its lines are not broken at that width."""
    return any(len(line) > width and _length(_text(line)) > width for line in window.split(b"\n"))


def _is_long(window: bytes, offset: int, width: int) -> bool:
    """Return whether a line is as long as broken ones are; prose may hold a word of the grammar somewhere."""
    start, end = window.rfind(b"\n", 0, offset) + 1, window.find(b"\n", offset)
    line = _text(window[start : end if end >= 0 else len(window)])
    begins = offset - start <= _NEAR_START or _STAMP.match(line[:40].decode("latin-1")) is not None
    return begins and _length(line) >= width


def _text(line: bytes) -> bytes:
    return line.rstrip(b"\r")


def _length(line: bytes) -> int:
    """Return the length of a line in characters."""
    return len(line) if line.isascii() else len(line.decode("utf-8", "replace"))


def is_broken(value: str) -> bool:
    """Return whether a value runs into the mark of a break."""
    return MARK.decode() in value


def only_sure(run: Run) -> Run:
    """Return a run of a broken text without what a lost line would change: completion and times between lines."""
    facts = (_sure(fact) for fact in run.facts if not _is_between_lines(fact))
    return run._replace(facts=tuple(facts))


def _sure(fact: Fact) -> Fact:
    completed = fact.name == "outcome" and fact.value == "completed"
    return fact._replace(value="unknown", evidence="") if completed else fact


def _is_between_lines(fact: Fact) -> bool:
    """Return whether a fact is a duration that no line states."""
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
