"""The places where shapes match in a text: one event, or many lines of a series as one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from operator import contains, lt

from .evidence import of_match
from .gaps import has_gap
from .lines import decode, segment_start
from .shapes import Dialect, Shape, compiled

_EPOCH = datetime(1970, 1, 1)
_NEWLINE = re.compile(rb"\n")
# How much longer the text between timestamp and shape may be than on the first of many lines: a counter grows.
_SLACK = 16
_PASTED = b" \t>+#<|*`-"
_ENDS_OF_MARKS = frozenset(_PASTED + b"\r\nM:")
# What leads up to a quotation: a word, or a colon or arrow after words. Bars and brackets of a log are not in a
# sentence, and the label of one process of many is not a sentence.
_LEADS = re.compile(rb"(?:[a-z]{2}[,;]?|(?P<colon>:|=>|\xe2\x86\x92)) [`\"'*_(]{0,3}$")
_WORDS = re.compile(
    rb"(?:^|[ \t*>-])(?!(?i:rank|task|node|process|worker) \d+: )[A-Za-z][a-z]+ [^|<>\[\]\r\n]{1,60}[:>\x92] \W{0,3}$"
)
# A line's number, behind its file's name if need be, or the number of the task that printed it.
_NUMBERED = re.compile(rb"^[ \t]*(?:[\w./-]{1,60}:)?\d{1,9}(?:[:-][ \t]*|[ \t]+)")
_RANK = re.compile(rb"^\[\d+,\d+\]<std(?:out|err)>:")
# The clock and the pace at the end of a progress bar.
_BAR, _BAR_END = re.compile(rb"\| *\d+/\d+ \[[\d:]+<[\d:?]+, *[^\]\r\n]{1,40}\]\Z"), ord("]")


class Event:
    """A place where a shape of a dialect, or of the shell (None), matched; taking it sets its line numbers.

    The match was made in a window of the text that begins at the offset `base`. `at` is an offset of the whole text.
    """

    __slots__ = ("at", "base", "dialect", "line", "match", "shape", "view_line")

    def __init__(self, shape: Shape, match: re.Match[bytes], dialect: Dialect | None, base: int = 0) -> None:
        self.shape, self.match, self.dialect, self.base = shape, match, dialect, base
        self.at: int = base + match.start()
        self.line = self.view_line = 0

    @property
    def end(self) -> int:
        """Where the match ends in the whole text."""
        return self.base + self.match.end()

    def offsets_in_text(self) -> list[int]:
        """Return where the lines of the event match in the whole text. Its values may be on several lines."""
        (begin, end), *groups = self.match.regs
        if self.match.string.find(b"\n", begin, end) < 0:
            return [self.at]
        told = max((end for _, end in groups), default=begin)
        below = (newline.end() for newline in _NEWLINE.finditer(self.match.string, begin, max(begin, told - 1)))
        return [self.at, *(self.base + offset for offset in below)]

    def values_in_text(self) -> list[int]:
        """Return where the values begin that its groups matched, in the whole text."""
        return [self.base + begin for begin, _ in self.match.regs[1:] if begin >= 0]

    def last_place(self) -> tuple[int, int]:
        """Return (line, view line) of the last place that states it."""
        return self.line, self.view_line

    def text(self, group: str | int) -> str:
        """Return what a group matched."""
        return decode(self.match[group])

    def evidence(self, value: str, line: int) -> str:
        """Return the evidence of a value that this event states on one of its lines; nothing for any other line."""
        return of_match(self.match, value) if line == self.line else ""

    def number(self, group: str) -> int:
        """Return the whole number that a group matched."""
        return int(self.match[group])

    def has(self, group: str) -> bool:
        """Return whether the pattern has a group of that name which took part in the match."""
        return group in self.match.re.groupindex and self.match[group] is not None

    def lead(self, group: str | int) -> bytes:
        """Return what the match has before a group."""
        return self.match.string[self.match.start() : self.match.start(group)]

    def before(self, reach: int = 400) -> bytes:
        """Return at most `reach` bytes of the text before the match on its stretch of line."""
        data, at = self.match.string, self.match.start()
        return data[segment_start(data, at, reach) : at]

    def follows_gap(self) -> bool:
        """Return whether text is lost before the match on its stretch of line, or at the end of the line before."""
        data, at = self.match.string, self.match.start()
        return has_gap(data, segment_start(data, at), at)

    def precedes_gap(self) -> bool:
        """Return whether text is lost behind the match on its line."""
        data, end = self.match.string, self.match.end()
        newline = data.find(b"\n", end)
        return has_gap(data, end, newline if newline >= 0 else len(data))

    def moment(self) -> float | None:
        """Return the last timestamp before the match on its stretch of line, in seconds; None where there is none."""
        stamp = self.dialect.stamp if self.dialect is not None else None
        stamps = stamp.findall(self.before()) if stamp is not None else []
        return seconds(decode(stamps[-1])) if stamps else None

    def is_quoted(self) -> bool:
        """Return whether a person's words lead up to the match: a quotation neither opens nor ends a run."""
        led = _LEADS.search(self.before(8)) if self.dialect is not None else None
        return led is not None and (not led["colon"] or _WORDS.search(self.before(80)) is not None)


class Lines(Event):
    """Lines of one series shape with no other event between them; as an event it is the first of them.

    `offsets` are those of the window. `columns` are the texts of the groups by name, empty where a group took no part.
    """

    __slots__ = ("_rise", "columns", "lines", "offsets", "steps", "view_lines")

    def __init__(
        self,
        event: Event,
        offsets: Sequence[int],
        columns: dict[str, Sequence[bytes]],
    ) -> None:
        super().__init__(event.shape, event.match, event.dialect, event.base)
        self.offsets, self.columns = offsets, columns
        self.steps = list(map(int, columns["step"])) if "step" in columns else []
        self.lines: Sequence[int] = ()
        self.view_lines: Sequence[int] = ()
        self._rise: bool | None = None

    def offsets_in_text(self) -> list[int]:
        """Return where each line's match begins in the whole text."""
        return [self.base + offset for offset in self.offsets]

    def values_in_text(self) -> list[int]:
        """Return where the values of each line begin in the whole text."""
        return [begin for line in self.each() for begin in Event.values_in_text(line)]

    def tell(self, lines: Sequence[int], view_lines: Sequence[int]) -> None:
        """Store the numbers of the lines."""
        self.lines, self.view_lines = lines, view_lines
        self.line, self.view_line = lines[0], view_lines[0]

    @property
    def rise(self) -> bool:
        """Whether each line has a step that is higher than the one before."""
        if self._rise is None:
            self._rise = bool(self.steps) and all(map(lt, self.steps, self.steps[1:]))
        return self._rise

    def rising(self) -> Iterator[Lines]:
        """Yield the lines in parts within which each step is higher than the one before."""
        if not self.steps or self.rise:
            yield self
            return
        falls = [index for index in range(1, len(self.steps)) if self.steps[index] <= self.steps[index - 1]]
        for begin, end in zip([0, *falls], [*falls, len(self.steps)], strict=True):
            yield self.part(begin, end)

    def each(self) -> Iterator[Lines]:
        """Yield each line by itself."""
        return (self.part(index, index + 1) for index in range(len(self.offsets)))

    def part(self, begin: int, end: int) -> Lines:
        """Return the lines from one place among them to another."""
        columns = {name: column[begin:end] for name, column in self.columns.items()}
        match = compiled(self.shape.pattern).match(self.match.string, self.offsets[begin])
        assert match is not None, "it matched there before"
        event = Event(self.shape, match, self.dialect, self.base)
        part = Lines(event, self.offsets[begin:end], columns)
        if self.lines:
            part.tell(self.lines[begin:end], self.view_lines[begin:end])
        return part

    def places(self, at: int) -> tuple[int, int]:
        """Return (line, view line) of one of the lines."""
        return self.lines[at], self.view_lines[at]

    def last_place(self) -> tuple[int, int]:
        """Return (line, view line) of the last of the lines."""
        return self.places(-1)

    def evidence(self, value: str, line: int) -> str:
        """Return the evidence of a value that one of the lines states."""
        index = bisect_left(self.lines, line)
        if index == len(self.lines) or self.lines[index] != line:
            return ""
        match = compiled(self.shape.pattern).match(self.match.string, self.offsets[index])
        assert match is not None, "it matched there before"
        return of_match(match, value)

    def have_gaps(self) -> bool:
        """Return whether text is lost between the lines."""
        return has_gap(self.match.string, self.offsets[0], self.offsets[-1])

    def end_of_last(self) -> int:
        """Return where the last line's match ends in the window."""
        match = compiled(self.shape.pattern).match(self.match.string, self.offsets[-1])
        assert match is not None, "it matched there before"
        return match.end()

    def last(self, name: str) -> str:
        """Return what the last line says in a group."""
        return decode(self.columns[name][-1])

    def moments(self) -> list[float | None]:
        """Return the moment of each line, the last timestamp before it on its stretch; None where a paste lacks it."""
        stamps = self._stamps()
        try:
            moments = map(datetime.fromisoformat, b"\n".join(stamps).decode().split("\n"))
            return [(moment - _EPOCH).total_seconds() for moment in moments]
        except ValueError:
            return [seconds(stamp.decode()) for stamp in stamps]

    def _stamps(self) -> list[bytes]:
        """Return the last timestamp before each line on its stretch, empty where there is none."""
        return self._stamps_alike() or [self._stamp(offset) for offset in self.offsets]

    def _stamps_alike(self) -> list[bytes]:
        """Return the timestamps if each is about as far before its line as the first, as most are; else nothing."""
        data, first = self.match.string, self.offsets[0]
        reach = first - data.rfind(self._stamp(first) or b"\n", 0, first) + _SLACK
        reach = min(reach, first - segment_start(data, first))
        heads = [data[offset - reach : offset] for offset in self.offsets]
        whole = b"".join(heads)
        if b"\n" in whole or b"\r" in whole:
            return []
        _, *stamps_of_heads = self._stamp_shape.split(b"\n".join(heads))
        stamps, between = stamps_of_heads[::2], stamps_of_heads[1:-1:2]
        # As many timestamps as heads, and an end of line between any two: each head has one, which is its last.
        return stamps if len(stamps) == len(heads) and all(map(contains, between, repeat(b"\n"))) else []

    def _stamp(self, offset: int) -> bytes:
        """Return the last timestamp before one line on its stretch."""
        data = self.match.string
        stamps = self._stamp_shape.findall(data, segment_start(data, offset), offset)
        return stamps[-1] if stamps else b""

    @property
    def _stamp_shape(self) -> re.Pattern[bytes]:
        assert self.dialect is not None, "a series is of a dialect"
        assert self.dialect.stamp is not None, "the dialect says what a timestamp looks like"
        return self.dialect.stamp


def at_start(data: bytes, offset: int) -> bool:
    """Return whether `offset` starts its stretch of line: after nothing, marks of a paste, or a bar.

    A program that is killed at its progress bar leaves no newline: what the next program prints follows the bar.
    """
    if offset and data[offset - 1] not in _ENDS_OF_MARKS:
        return data[offset - 1] == _BAR_END and _BAR.search(data, max(0, offset - 80), offset) is not None
    start = segment_start(data, offset, 80)
    before = data[start:offset]
    if not before:
        return start != offset - 80 or offset < 80
    before = _NUMBERED.sub(b"", _RANK.sub(b"", before.rpartition(b"^M")[2]))
    return not before.strip(_PASTED) and len(before) < 80


def seconds(stamp: str) -> float | None:
    """Return a printed timestamp as seconds of its own calendar, or None where it is no date. No zone is assumed."""
    try:
        return (datetime.fromisoformat(stamp) - _EPOCH).total_seconds()
    except (ValueError, TypeError):
        return None


def clock(text: str) -> int:
    """Return a progress bar's `MM:SS` or `H:MM:SS` as seconds."""
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total
