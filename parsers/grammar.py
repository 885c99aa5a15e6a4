"""What a dialect is made of: line shapes as data, and the draft of a run that they fill.

A shape's pattern begins with a literal, so that the search for it is done in C. Its named groups are names of the
vocabulary: what they match becomes facts. Only a line that means more than its groups has an action.

A shape of series lines is read many lines at a time (`Lines`): its groups are the series, and `step` is their step.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from operator import lt
from typing import NamedTuple

from parsers.facts import Fact, Series
from parsers.log import Bytes, Ruler, decode, segment_start
from parsers.vocabulary import term

# A number and what must follow it: a number that runs into the end of the data may have been cut there.
NUMBER = rb"(?:[-+]?+(?:\d++(?:\.\d++)?+(?:[eE][-+]?+\d++)?+|inf|nan|NaN|Infinity))"
END = rb"(?=[^\w.+-]|\.\s)"
# The rest of a word or line that ends: the same rule for text.
EOL = rb"(?=[ \t]*+(?:<br */?>)?[\r\n])"

_EPOCH = datetime(1970, 1, 1)
# How much of a text is searched at once for what stands somewhere in a run, and the most that one match takes.
_PIECE, _OVERLAP = 1 << 16, 1 << 10
_PASTED = b" \t>+#<|*`-"
_ENDS_OF_MARKS = frozenset(_PASTED + b"\r\nM:")
_PROSE = re.compile(rb"[a-z]{2}[,;]? [`\"'*_(]{0,3}$")
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
    a run but is no evidence of one: alone it makes none. `series` marks a line that a run prints again and again: many
    of them come as one event (`Lines`), unless `apart` says that these must be taken one by one; `stamp` says what
    their timestamps look like.
    """

    pattern: bytes
    role: Role = Role.GIVES
    action: Callable[[Draft, Event], None] | None = None
    start: bool = False
    bare: bool = False
    series: bool = False
    stamp: re.Pattern[bytes] | None = None
    apart: Callable[[Lines], bool] | None = None


class Event:
    """A place where a shape of a dialect, or of the shell (None), matched; its lines are told when it is taken.

    The match was made in a window of the text that begins at the offset `base`; `at` is an offset of the whole text.
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

    def place(self, group: str | int) -> tuple[int, int]:
        """Return (line, view line) of a group, which may stand lines below the match's start."""
        data, at, start = self.match.string, self.match.start(), self.match.start(group)
        newlines = data.count(b"\n", at, start)
        bare = data.count(b"\r", at, start) - data.count(b"\r\n", at, start)
        return self.line + newlines, self.view_line + newlines + bare

    def last_place(self) -> tuple[int, int]:
        """Return (line, view line) of where it was last said."""
        return self.line, self.view_line

    def text(self, group: str | int) -> str:
        """Return what a group matched."""
        return decode(self.match[group])

    def before(self, reach: int = 400) -> bytes:
        """Return what stands before the match on its stretch of line, at most `reach` bytes of it."""
        data, at = self.match.string, self.match.start()
        return data[segment_start(data, at, reach) : at]

    def is_quoted(self) -> bool:
        """Return whether a person's words lead up to the match: what they quote neither opens nor ends a run."""
        return self.dialect is not None and bool(_PROSE.search(self.before(8)))


class Lines(Event):
    """Lines of one series shape with nothing else between them; as an event it is the first of them.

    `offsets` are those of the window, `columns` the texts of the groups by name, empty where a group took no part.
    """

    __slots__ = ("columns", "lines", "offsets", "steps", "view_lines")

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

    def tell(self, lines: Sequence[int], view_lines: Sequence[int]) -> None:
        """Take note of the numbers of the lines."""
        self.lines, self.view_lines = lines, view_lines
        self.line, self.view_line = lines[0], view_lines[0]

    def rising(self) -> Iterator[Lines]:
        """Yield the lines in parts within which each step is higher than the one before."""
        if all(map(lt, self.steps, self.steps[1:])):
            yield self
            return
        falls = [place for place in range(1, len(self.steps)) if self.steps[place] <= self.steps[place - 1]]
        for begin, end in zip([0, *falls], [*falls, len(self.steps)], strict=True):
            yield self.part(begin, end)

    def each(self) -> Iterator[Lines]:
        """Yield each line by itself."""
        return (self.part(place, place + 1) for place in range(len(self.offsets)))

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
        data, stamp = self.match.string, self.shape.stamp
        assert stamp is not None, "the shape says what a timestamp looks like"
        said = [stamp.findall(data, segment_start(data, offset), offset) for offset in self.offsets]
        return [stamps[-1] if stamps else b"" for stamps in said]


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
        self._tracks: dict[bytes, Series] = {}
        self.endings: list[Ending] = []
        self.notes: dict[str, float] = {}
        self.columns: tuple[bytes, ...] = ()

    def earliest(self, pattern: re.Pattern[bytes], start: int | None = None, end: int | None = None) -> Found | None:
        """Return the first match of a pattern in the run's text, or between other offsets."""
        begin, until = self.start if start is None else start, self.end if end is None else end
        return next(each_match(pattern, self.ruler.data, begin, until), None)

    def latest(self, pattern: re.Pattern[bytes], end: int = 0) -> Found | None:
        """Return the last match of a pattern in the run's text, or in that before another end."""
        return last_match(pattern, self.ruler.data, self.start, end or self.end)

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
        self._own(name).add(step, value, event.line, event.view_line)

    def extend(self, lines: Lines, *names: str) -> None:
        """Add what groups of a series shape say: a point a line, by the group `step`, else by their ordinal."""
        track = self._tracks.setdefault(lines.shape.pattern, Series.empty("", ""))
        begun = len(track.lines)
        track.lines.extend(lines.lines)
        track.view_lines.extend(lines.view_lines)
        track.steps.extend(lines.steps or range(begun + 1, len(track.lines) + 1))
        for name in names:
            values = b"\n".join(lines.columns[name]).decode().split("\n")
            self._extend(track, begun, name, values, bool(lines.steps))

    def extend_times(self, lines: Lines, moments: Sequence[float | None], since: float) -> None:
        """Add the seconds from `since` to each line, called behind `extend`; a line without a moment has none."""
        track = self._tracks[lines.shape.pattern]
        begun = len(track.lines) - len(lines.lines)
        self._extend(track, begun, "time", ["" if now is None else f"{now - since:.3f}" for now in moments], True)

    def _extend(self, track: Series, begun: int, name: str, values: list[str], stepped: bool) -> None:
        """Add the values of new lines to a series. It shares the track's columns as long as no line lacks a value."""
        series = self.series.get(name)
        whole = all(values)
        if series is None and begun == 0 and whole:
            self.series[name] = series = track._replace(name=name, unit=_unit(name), values=[])
        if series is not None and series.lines is track.lines and whole and len(series.values) == begun:
            series.values.extend(values)
            return
        series = self._own(name)
        for place, value in enumerate(values, begun):
            if value:
                step = track.steps[place] if stepped else len(series.steps) + 1
                series.add(step, value, track.lines[place], track.view_lines[place])

    def _own(self, name: str) -> Series:
        """Return a series for points of its own: a new one, or no longer with columns that it shares."""
        series = self.series.get(name)
        if series is None:
            series = self.series[name] = Series.empty(name, _unit(name))
        elif any(series.lines is track.lines for track in self._tracks.values()):
            n = len(series.values)
            series = self.series[name] = series._replace(
                steps=series.steps[:n], lines=series.lines[:n], view_lines=series.view_lines[:n]
            )
        return series

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


def _unit(series: str) -> str:
    return "" if series in ("learning_rate", "eval_loss") else term(series).unit


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
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Return a shape's pattern compiled; one that no log needs is never compiled."""
    return re.compile(pattern)


def at_start(data: bytes, offset: int) -> bool:
    """Return whether only the marks of a paste stand before `offset` on its stretch of line."""
    if offset and data[offset - 1] not in _ENDS_OF_MARKS:
        return False  # tells most of them at once
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


class Found(NamedTuple):
    """A match somewhere in a text, and its offset there."""

    at: int
    match: re.Match[bytes]


def each_match(pattern: re.Pattern[bytes], data: Bytes, start: int, end: int) -> Iterator[Found]:
    """Yield the matches of `pattern` that lie in data[start:end], which is read in pieces that overlap a little."""
    free = start
    for begin in range(start, end, _PIECE):
        base = max(begin, free)
        for match in pattern.finditer(data[base : min(end, begin + _PIECE + _OVERLAP)]):
            if base + match.start() >= begin + _PIECE:
                break
            free = base + match.end()
            yield Found(base + match.start(), match)


def last_match(pattern: re.Pattern[bytes], data: Bytes, start: int, end: int) -> Found | None:
    """Return the last match of `pattern` that begins in data[start:end], looking back in widening steps."""
    reach = 4096
    while True:
        floor = max(start, end - reach)
        found = None
        for match in pattern.finditer(data[floor:end]):
            found = match
        if found or floor == start:
            return Found(floor + found.start(), found) if found else None
        reach *= 8
