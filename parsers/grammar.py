"""What a dialect is made of: line shapes as data, and the draft of a run that they fill.

A shape's pattern begins with a literal, so that the search for it is done in C. Its named groups are names of the
vocabulary: what they match becomes facts. Only a line that means more than its groups has an action.

Shapes search whole files, with `regex` and its time limit. Patterns for a few bytes around a match are the standard
library's: they compile in a third of the time, which start-up shows.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

import regex

from parsers.facts import Fact, Series
from parsers.log import Ruler, decode, segment_start
from parsers.vocabulary import term

# A number and what must follow it: a number that runs into the end of the data may have been cut there.
NUMBER = rb"(?:[-+]?+(?:\d++(?:\.\d++)?+(?:[eE][-+]?+\d++)?+|inf|nan|NaN|Infinity))"
END = rb"(?=[^\w.+-]|\.\s)"
# The rest of a word or line that ends: the same rule for text.
EOL = rb"(?=[ \t]*+(?:<br */?>)?[\r\n])"

# Longest wait for one search step, in seconds: a second fence behind patterns that are linear by themselves.
TIMEOUT = 60.0

_EPOCH = datetime(1970, 1, 1)
_PASTED = b" \t>+#<|*`-"
_PROSE = re.compile(rb"[a-z]{2,}[,;]? [`\"'*_(]{0,3}$")
_SIGN = re.compile(rb"\\?.", re.DOTALL)
_GROUP_OPENING = re.compile(rb"^(?:\(\?<!\[[^\]]*\]\)|\(\?P<\w+>)+")
_LITERAL = re.compile(rb"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w])*")
_RANK = re.compile(rb"^\[\d+,\d+\]<std(?:out|err)>:")


class Role(enum.Enum):
    """What a line of a shape does to the runs."""

    OPENS = "an opening line: begins a run, unless the dialect says that the open run goes on"
    GIVES = "a line of the grammar: begins a run where none is open"
    INSIDE = "says something of the open run, begins none"
    AHEAD = "says something of the open run, else of the next one before a prompt or fence"
    BREAKS = "ends whatever is open: a shell prompt, a fence"


class Shape(NamedTuple):
    """One shape of line.

    `start` asks that nothing but the marks of a paste stand before it on the line. `bare` marks a line that begins
    a run but is no evidence of one: alone it makes none.
    """

    pattern: bytes
    role: Role = Role.GIVES
    action: Callable[[Draft, Event], None] | None = None
    start: bool = False
    bare: bool = False


class Event:
    """A place where a shape of a dialect, or of the shell (None), matched; its lines are told when it is taken."""

    __slots__ = ("at", "dialect", "line", "match", "shape", "view_line")

    def __init__(self, shape: Shape, match: regex.Match[bytes], dialect: Dialect | None) -> None:
        self.shape, self.match, self.dialect = shape, match, dialect
        self.at: int = match.start()
        self.line = self.view_line = 0

    def place(self, group: str | int) -> tuple[int, int]:
        """Return (line, view line) of a group, which may stand lines below the match's start."""
        data, start = self.match.string, self.match.start(group)
        newlines = data.count(b"\n", self.at, start)
        bare = data.count(b"\r", self.at, start) - data.count(b"\r\n", self.at, start)
        return self.line + newlines, self.view_line + newlines + bare

    def text(self, group: str | int) -> str:
        """Return what a group matched."""
        return decode(self.match[group])

    def before(self, reach: int = 400) -> bytes:
        """Return what stands before the match on its stretch of line, at most `reach` bytes of it."""
        data: bytes = self.match.string
        return data[segment_start(data, self.at, reach) : self.at]

    def is_quoted(self) -> bool:
        """Return whether a person's words lead up to the match: what they quote neither opens nor ends a run."""
        return self.dialect is not None and bool(_PROSE.search(self.before(80)))


class Ending(NamedTuple):
    """Something that ended a run, or said that it had ended.

    `exception` marks an error of the program itself, which a kill beside it does not explain away. `cures` marks a
    program's own word that all went well, which shows that exceptions printed before it had been caught.
    """

    outcome: str
    reason: str
    line: int
    view_line: int
    exception: bool = False
    cures: bool = False


class Draft:
    """A run while its lines are read.

    `block` is where the text begins that no other run, prompt or fence takes up; `start` and `end` are the run's own
    offsets; `last` is the place of the last line understood. `opened` says that an opening line was seen, `reported`
    that a line gave evidence of a run, `started` that it did not merely wait in a queue, `finished_at` where its log
    has come to its end (0: not yet). `notes` and `columns` are the dialect's memory.
    """

    def __init__(self, dialect: Dialect, ruler: Ruler, block: int, start: int, line: int, view_line: int) -> None:
        self.dialect, self.ruler = dialect, ruler
        self.block, self.start, self.end, self.finished_at = block, start, 0, 0
        self.line, self.view_line = line, view_line
        self.last = line, view_line
        self.opened = self.reported = self.started = False
        self.facts: dict[str, dict[tuple[str, str], Fact]] = {}
        self.series: dict[str, Series] = {}
        self.endings: list[Ending] = []
        self.notes: dict[str, float] = {}
        self.columns: tuple[bytes, ...] = ()

    @property
    def data(self) -> bytes:
        """The whole text that the run is a part of."""
        return self.ruler.data

    def close(self) -> None:
        """Do what can only be done at the run's end."""
        self.dialect.close(self)

    def has(self, name: str) -> bool:
        """Return whether the run has a fact of that name."""
        return name in self.facts

    def fact_value(self, name: str) -> str | None:
        """Return the value of the first fact of that name."""
        return next((fact.value for fact in self.facts.get(name, {}).values()), None)

    def state(self, name: str, value: str, line: int, view_line: int, device: str = "") -> None:
        """Add a fact; a fact said again with the same value stays where it was first said."""
        said = self.facts.setdefault(name, {})
        if (device, value) not in said:
            known = term(name)
            said[device, value] = Fact(known.kind, name, value, known.unit, line, view_line, device)

    def restate(self, name: str, value: str, line: int, view_line: int) -> None:
        """Set a fact that sums up: what was said before of the same name no longer counts."""
        self.facts.pop(name, None)
        self.state(name, value, line, view_line)

    def tell(self, event: Event, name: str, group: str | int, device: str = "") -> None:
        """Add what a group of a match says as a fact called `name`."""
        self.state(name, event.text(group), *event.place(group), device)

    def label(self, event: Event, name: str, value: str) -> None:
        """Add a word that stands for its evidence: stage, workload."""
        self.state(name, value, event.line, event.view_line)

    def point(self, event: Event, name: str, step: int, value: str) -> None:
        """Add a point to a series."""
        series = self.series.get(name)
        if series is None:
            unit = "" if name in ("learning_rate", "eval_loss") else term(name).unit
            series = self.series[name] = Series.empty(name, unit)
        series.add(step, value, event.line, event.view_line)

    def complete(self, event: Event, *, cures: bool = True) -> None:
        """Note that the log says the run had come to its good end."""
        self.endings.append(Ending("completed", "", event.line, event.view_line, cures=cures))

    def fail(self, event: Event, reason: str, group: str | int = 0) -> None:
        """Note an error of the program itself."""
        self.endings.append(Ending("failed", reason.strip(), *event.place(group), exception=True))

    def stop(self, event: Event, outcome: str, reason: str) -> None:
        """Note what a scheduler or shell says: a kill, or a failure that may be the echo of one."""
        self.endings.append(Ending(outcome, reason.strip(), event.line, event.view_line))


class Dialect(NamedTuple):
    """How one system writes its logs.

    `signs` are literals of which any tells the dialect. `anew` says whether an event begins another run although one
    of this dialect is open. `begin` and `close` do what can only be done at a run's first line and at its end. Raise
    `version` when facts change.
    """

    system: str
    version: int
    signs: tuple[bytes, ...]
    shapes: tuple[Shape, ...]
    begin: Callable[[Draft, Event], None]
    anew: Callable[[Draft, Event], bool]
    close: Callable[[Draft], None]


def matches(shape: Shape, data: bytes) -> Iterator[regex.Match[bytes]]:
    """Yield where a shape matches, in order.

    Raises
    ------
    TimeoutError
        If one search step takes longer than `TIMEOUT`.
    """
    if literal(shape.pattern) not in data:
        return iter(())  # the pattern need not even be compiled
    found = _compiled(shape.pattern).finditer(data, timeout=TIMEOUT)
    return (match for match in found if at_start(data, match.start())) if shape.start else found


@cache
def literal(pattern: bytes) -> bytes:
    """Return the literal that a shape's pattern begins with: what any match of it must begin with.

    A leading group is looked into, so no group that begins a pattern may hold alternatives.

    >>> literal(rb"(?P<reason>srun: error: [^\\r]+)"), literal(rb"Model: {1,4}"), literal(rb"\\|global_step:")
    (b'srun: error: ', b'Model:', b'|global_step:')
    """
    rest = _GROUP_OPENING.sub(b"", pattern)
    plain = _LITERAL.match(rest)
    assert plain is not None, "a pattern can be empty of literals but not of matches"
    end = plain.end()
    signs = [sign.removeprefix(b"\\") for sign in _SIGN.findall(rest[:end])]
    if rest[end : end + 1] in (b"*", b"?", b"{", b"+"):
        signs = signs[:-1]  # the last sign may be missing or repeated
    return b"".join(signs)


@cache
def _compiled(pattern: bytes) -> regex.Pattern[bytes]:
    return regex.compile(pattern)


def at_start(data: bytes, offset: int) -> bool:
    """Return whether only the marks of a paste stand before `offset` on its stretch of line."""
    start = segment_start(data, offset, 80)
    before = data[start:offset]
    if not before:
        return start != offset - 80 or offset < 80
    before = _RANK.sub(b"", before.rpartition(b"^M")[2])
    return not before.strip(_PASTED) and len(before) < 80


def seconds(stamp: str) -> float | None:
    """Return a printed timestamp as seconds of its own calendar, or None where it is no date. No zone is assumed."""
    try:
        return (datetime.fromisoformat(stamp) - _EPOCH).total_seconds()
    except (ValueError, TypeError):
        return None


def nothing(_run: Draft, _event: Event) -> None:
    """Do nothing: for a dialect whose runs need no word at their first line."""


def clock(text: str) -> int:
    """Return a progress bar's `MM:SS` or `H:MM:SS` as seconds."""
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def last_match(pattern: re.Pattern[bytes], data: bytes, start: int, end: int) -> re.Match[bytes] | None:
    """Return the last match of `pattern` that begins in data[start:end], looking back in widening steps."""
    reach = 4096
    while True:
        floor = max(start, end - reach)
        found = None
        for match in pattern.finditer(data, floor, end):
            found = match
        if found or floor == start:
            return found
        reach *= 8
