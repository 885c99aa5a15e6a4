"""What other programs put before each line of a log: a task's number, a timestamp, a container's name.

A prefix is removed before the grammar sees the line, if a neighbouring line has the same kind of prefix. The rule looks
at three lines only. So a log is read the same when it is cut or follows another log. A timestamp that a system's own
programs print is not a prefix.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import BinaryIO, NamedTuple

from . import loading
from .lines import decode
from .shapes import Dialect
from .text import Bytes, Text, Unclean, pieces

_TIME = rb"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_ZONE = rb"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))"
# With a comma before the fraction and without a `T`, it is that of a program in Python.
_ISO = rb"20\d\d-\d\d-\d\d(?:T%s| \d\d:\d\d:\d\d(?:\.\d{1,9})?)%s?" % (_TIME, _ZONE)
_GAP = rb"(?:[ \t]|(?=[\r\n]|\Z))"  # at the end of a line an editor may have removed the blank
_FILE = rb"[\w.+~/-]{1,200}+:"
_SUFFIX = b"|".join(
    rb"(?<=\.%s:)" % kind for kind in (b"log", b"txt", b"out", b"err", b"stdout", b"stderr", rb"[oe]\d")
)
_LINE = rb"(?:(?!\d{1,2}:\d\d(?:\s|\Z))\d{1,9}+:(?!\d\d:\d\d(?:[.,\s]|\Z)))"
_TASK = rb"(?:rank|default|node|host|worker|task|process|proc|gpu|ipu|rdu)"
_STAMP, _NUMBER, _HOST = "timestamp", "number", "name of a machine"
_QUOTATION, _COMMAND = "quotation mark", "mark of a shell's command"
_MARKS = frozenset({_QUOTATION, _COMMAND})

# What a prefix is, as --explain says it, and how it is written.
_KINDS = (
    (_STAMP, _ISO + rb" std(?:out|err) [FP]" + _GAP),
    (_STAMP, _ISO + _GAP),
    (_STAMP, rb"\[(?:%s|%s)\]" % (_ISO, _TIME) + _GAP),
    (_STAMP, rb"[A-Z][a-z]{2} [ \d]\d %s(?: 20\d\d)?" % _TIME + _GAP),
    (_STAMP, _TIME + _GAP),
    (_STAMP, rb"1[6-9]\d{8}\.\d{3,9}" + _GAP),
    ("name of a process", rb"[\w.-]{1,64}+ [\w./()@:-]{1,64}+\[\d{1,9}\]:" + _GAP),
    ("name of a process", rb"\([\w. :/-]{0,80}pid=\d{1,9}[^()\r\n]{0,80}\)" + _GAP),
    ("number of a task", rb"\[\d{1,9},[^\]\r\n]{1,60}\]<std(?:out|err|diag)>:[ ]?"),
    ("number of a task", rb"\[(?:%s[ _-]?)?\d{1,6}\]:?[ \t]?" % _TASK),
    ("number of a task", rb"(?i:%s)[ _-]?\d{1,6}:" % _TASK + _GAP),
    ("name of a container", rb"\[pod/[\w./-]{1,200}\]" + _GAP),
    ("name of a container", rb"[\w.-]{2,64}+(?:(?<=[-_.]\d)|(?<=[-_.]\d\d)) {1,60}\|" + _GAP),
    ("name of a file", _FILE + rb"(?:%s)%s?" % (_SUFFIX, _LINE)),
    (_NUMBER, rb"[ \t]{0,8}" + _LINE + rb"[ \t]?"),
    (_NUMBER, rb"[ \t]{0,8}\d{1,9}\t"),
    (_QUOTATION, rb"(?:(?:>|//)[ \t]?){1,8}"),
    (_COMMAND, rb"\+{1,4} "),
)  # fmt: skip
# These are a prefix only where the neighbour's text is the same; the last only where its number is the next.
_WEAK = (
    (_HOST, rb"[a-z][\w.-]{1,64}+(?<=\d):" + _GAP),
    (_HOST, rb"[a-z][\w.-]{1,64}+ [\w./()@-]{1,64}+:" + _GAP),  # and its program, behind a timestamp
    ("name of a file", rb"[\w.+~-]{0,60}/" + _FILE + _LINE + b"?"),
    (_NUMBER, rb"[ \t]{0,8}\d{1,9} "),
)  # fmt: skip
_NAMES = tuple(name for name, _ in (*_KINDS, *_WEAK))
_BEGIN = re.compile(b"|".join(b"(%s)" % pattern for _, pattern in (*_KINDS, *_WEAK)))
_TEXT_COUNTS = len(_KINDS)
_PROGRAM, _COUNTED = _TEXT_COUNTS + 1, len(_NAMES) - 1

_MOST = 5  # prefixes of one line
_LONGEST = 512
# On how many lines with one literal, at least, a prefix is looked for in a window.
_LOOKED_AT = 3


class Prefixed(Unclean):
    """A line of the grammar has a prefix: the prefixes of the text must be removed first."""


class Part(NamedTuple):
    """One prefix of a line: its kind, what a neighbour's must equal, and where it ends."""

    kind: str
    key: object
    end: int


def look_for_prefixes(window: bytes, literals: Iterable[Sequence[int]]) -> None:
    """Look for prefixes on lines with a literal of the grammar, at these offsets; if there are very many, on some.

    Marks that the grammar skips by itself are removed only where most lines have them.

    Raises
    ------
    Prefixed
        If a line has a prefix.
    """
    looked = marked = 0
    begins = _BEGIN.match
    for offsets in literals:
        for offset in offsets[:: 1 + len(offsets) // _LOOKED_AT]:
            start = window.rfind(b"\n", max(0, offset - _LONGEST), offset) + 1
            looked += 1
            if start == offset or (not start and offset > _LONGEST) or begins(window, start) is None:
                continue
            kinds = _kinds_at(window, start)
            if not _MARKS.issuperset(kinds):
                raise Prefixed
            marked += bool(kinds)
    if 2 * marked > looked:
        raise Prefixed


def _kinds_at(window: bytes, start: int) -> list[str]:
    """Return the kinds of prefix that the line which starts there shares with a line beside it."""
    parts = _parts(window[start : start + _LONGEST].partition(b"\n")[0])
    return [part.kind for part in parts[: _common(parts, *_beside(window, start))]] if parts else []


def _beside(window: bytes, start: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the prefixes of the lines before and after the one that starts at `start`."""
    before = window.rfind(b"\n", 0, max(0, start - 1)) + 1
    behind = window.find(b"\n", start) + 1 or len(window)
    # Each is numbered as if it were the line that was asked for, so that numbers follow each other.
    return (
        _parts(window[before : min(start - 1, before + _LONGEST)], -1) if start else (),
        _parts(window[behind : behind + _LONGEST].partition(b"\n")[0], 1),
    )


def _parts(line: bytes, number: int = 0) -> tuple[Part, ...]:
    """Return the prefixes that a line begins with; `number` is the line's, counted from any line."""
    parts: list[Part] = []
    end = 0
    while len(parts) < _MOST and (match := _BEGIN.match(line, end)) is not None:
        index = (match.lastindex or 1) - 1
        kind = _NAMES[index]
        if kind is _STAMP and any(stamp.match(line, end) for stamp in own_stamps()):
            break
        if index == _PROGRAM and (not parts or parts[-1].kind is not _STAMP):
            break
        parts.append(Part(kind, _key(index, match[0], number), match.end()))
        end = match.end()
    return tuple(parts)


def _key(index: int, text: bytes, number: int) -> object:
    if index == _COUNTED:
        return index, int(text) - number
    return (index, text) if index >= _TEXT_COUNTS else index


def _common(parts: tuple[Part, ...], *others: tuple[Part, ...]) -> int:
    """Return how many of a line's prefixes are those of one of its neighbours too."""
    most = 0
    for other in others:
        alike = 0
        for mine, its in zip(parts, other, strict=False):
            if mine.key != its.key:
                break
            alike += 1
        most = max(most, alike)
    return most


def own_stamps() -> tuple[re.Pattern[bytes], ...]:
    """Return the timestamps that the systems' own programs print."""
    return _stamps(loading.known())


@cache
def _stamps(dialects: tuple[Dialect, ...]) -> tuple[re.Pattern[bytes], ...]:
    return tuple(dialect.stamp for dialect in dialects if dialect.stamp is not None)


def without_prefixes(
    text: Text, scratch: Callable[[], BinaryIO], parts: Callable[[bytes, int], tuple[Part, ...]] = _parts
) -> tuple[Text, Counter[str]]:
    """Return a text without prefixes, and how many lines had each kind; `parts` finds those of a line."""
    stripper = _Stripper(parts)
    return text.made_of(stripper.pieces(text.data), scratch), stripper.taken


class _Stripper:
    """Removes the prefixes from the lines of a text, piece by piece; `taken` counts them by kinds and first example."""

    def __init__(self, parts: Callable[[bytes, int], tuple[Part, ...]]) -> None:
        self._parts = parts
        self.taken: Counter[str] = Counter()
        self._examples: dict[tuple[str, ...], str] = {}
        self._before: tuple[Part, ...] = ()
        self._number, self._inside = 0, False

    def pieces(self, data: Bytes) -> Iterator[bytes]:
        """Yield a text without prefixes, piece by piece."""
        end = 0
        for piece in pieces(data):
            end += len(piece)
            yield self.strip(piece, data[end : end + _LONGEST])

    def strip(self, piece: bytes, following: bytes) -> bytes:
        """Return a piece of the text without prefixes; `following` is the text after the piece."""
        lines = piece.split(b"\n")
        parts = [self._counted(line) for line in lines]
        if self._inside:
            parts[0] = ()
        ended = lines[-1] == b""
        if ended:
            parts[-1] = self._parts(following[:_LONGEST].partition(b"\n")[0], self._number)
            self._number -= 1
        triples = zip(lines, chain([self._before], parts), parts, [*parts[1:], ()], strict=False)
        out = [line[self._end(line, own, before, behind) :] for line, before, own, behind in triples]
        self._before, self._inside = (parts[-2] if ended else parts[-1]), not ended
        return b"\n".join(out)

    def _counted(self, line: bytes) -> tuple[Part, ...]:
        self._number += 1
        return self._parts(line[:_LONGEST], self._number)

    def _end(self, line: bytes, own: tuple[Part, ...], before: tuple[Part, ...], behind: tuple[Part, ...]) -> int:
        """Return where the prefixes of a line end."""
        common = _common(own, before, behind) if own and line else 0
        if not common:
            return 0
        end = own[common - 1].end
        kinds = tuple(part.kind for part in own[:common])
        example = self._examples.setdefault(kinds, decode(line[:end]))
        self.taken[f"{example!r} ({', '.join(kinds)})"] += 1
        return end
