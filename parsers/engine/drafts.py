"""The draft of a run: what its lines state so far. The dialects' actions fill it, and the run's end settles it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from ..facts import Fact, Series
from ..vocabulary import term
from .events import Event, Lines, clock
from .evidence import of_match, of_text
from .gaps import has_gap, is_cut
from .lines import Ruler, decode
from .shapes import Dialect
from .text import Bytes

_BROKEN_STAMP = re.compile(rb"20\d\d-\d\d-\d\d(?: \d\d:\d\d:\d\d,\d{3}[ \t]*\r?\n|[ \t]*\r?\n[ \t]*\d\d:\d\d:\d\d,)")
_BREAK = re.compile(r"<br */?>\s*$")
# How much of a text is searched at once for something anywhere in a run, and the longest match.
_PIECE, _OVERLAP, _BEFORE = 1 << 16, 1 << 10, 1 << 6


class Ending(NamedTuple):
    """Something that ended a run, or said that it had ended.

    `exception` marks an error of the program itself, which a kill beside it does not explain away. `cures` marks a
    program's own word that all went well: exceptions printed before it had been caught. `echo` marks a task's end that
    another task's end may have caused. `typed` marks an interrupt from the keyboard. The first one only makes srun
    print its state, so a run that finishes after it was not stopped.
    """

    outcome: str
    reason: str
    line: int
    view_line: int
    evidence: str = ""
    exception: bool = False
    cures: bool = False
    echo: bool = False
    typed: bool = False


Memory = TypeVar("Memory")


class Draft(Generic[Memory]):
    """A run while its lines are read.

    `block` is where the text begins that belongs to no other run, prompt or fence. `start` and `end` are the run's own
    offsets; `last` is the place of the last line understood. `opened`: an opening line was seen. `reported`: a line
    gave evidence of a run. `started`: the run did more than wait in a queue. `finished_at`: where its log has come to
    its end (0: not yet). `refused`: why the run is not read.

    `phase` is the phase that the run has reached. `said_once` are the patterns of its lines that a run prints once.
    `timed_from` are the moments from which durations count. `replaced` are the names whose values later lines replace.
    `read` are the offsets of its events, where the text has gaps. `memory` belongs to the dialect.
    """

    recorded = False  # whether a run script's lines are around it

    def __init__(self, dialect: Dialect, ruler: Ruler, block: int, start: int, line: int, view_line: int) -> None:
        self.dialect, self.ruler = dialect, ruler
        self.block, self.start, self.end, self.finished_at = block, start, 0, 0
        self.line, self.view_line = line, view_line
        self.last = line, view_line
        self.opened = self.reported = self.started = False
        self.refused = ""
        self.facts: dict[str, dict[tuple[str, str], Fact]] = {}
        self.series: dict[str, Series] = {}
        self._tracks: dict[bytes, Series] = {}
        self.endings: list[Ending] = []
        # The event whose action runs (the evidence of what it states), and the event of the run's first line.
        self.source: Event | None = None
        self.first_evidence = ""
        self.phase = 0
        self.said_once: set[bytes] = set()
        self.timed_from: dict[str, float] = {}
        self.replaced: set[str] = set()
        self.read: list[int] = []
        self.memory: Memory = dialect.memory()
        self._endings_that_count: int | None = None

    def earliest(self, pattern: re.Pattern[bytes], start: int | None = None, end: int | None = None) -> Found | None:
        """Return the first match of a pattern in the run's text, or between other offsets."""
        begin, until = self.start if start is None else start, self.end if end is None else end
        return next(each_match(pattern, self.ruler.data, begin, until), None)

    def latest(self, pattern: re.Pattern[bytes], end: int = 0) -> Found | None:
        """Return the last match of a pattern in the run's text, or before another end."""
        return last_match(pattern, self.ruler.data, self.start, end or self.end)

    def state_span(self) -> None:
        """State when the run began and ended: the first and the last of the dialect's timestamps in it."""
        stamp = self.dialect.stamp
        assert stamp is not None, "the dialect says what a timestamp looks like"
        first = self.earliest(stamp)
        last = self.latest(stamp) if first else None
        if first and last:
            self.state_beginning(first)
            self.state_end(last)

    def state_beginning(self, stamped: Found) -> None:
        """State the run's first timestamp, unless one may be missing before it."""
        if not has_gap(self.ruler.data, self.start, stamped.at) and not self._breaks_stamp(self.start, stamped.at):
            self.state_found("started_at", decode(stamped.match["stamp"]), stamped)

    def state_end(self, stamped: Found) -> None:
        """State the run's last timestamp, unless one may be missing behind it."""
        if not has_gap(self.ruler.data, stamped.at, self.end) and not self._breaks_stamp(stamped.at, self.end):
            self.state_found("ended_at", decode(stamped.match["stamp"]), stamped)

    def _breaks_stamp(self, begin: int, end: int) -> bool:
        """Return whether a timestamp is broken between two offsets: it would be the first, or the last."""
        return self.earliest(_BROKEN_STAMP, begin, end) is not None

    def has_gap(self, begin: int, end: int) -> bool:
        """Return whether text is lost between two offsets."""
        return has_gap(self.ruler.data, begin, end)

    def close(self) -> None:
        """Do what can only be done at the run's end."""
        if self._endings_that_count is not None:
            del self.endings[self._endings_that_count :]
        if self.dialect.close is not None:
            self.dialect.close(self)

    def reach(self, phase: int) -> None:
        """Note that the run has reached a phase; a repeating phase may follow a later one that also repeats."""
        if phase > self.phase or self.repeats(phase):
            self.phase = phase

    def repeats(self, phase: int) -> bool:
        """Return whether a phase may follow the one that the run has reached although it is not later."""
        return phase in self.dialect.repeating and self.phase in self.dialect.repeating

    def has(self, name: str) -> bool:
        """Return whether the run has a fact of that name."""
        return name in self.facts

    def fact_value(self, name: str) -> str | None:
        """Return the value of the first fact of that name."""
        return next((fact.value for fact in self.facts.get(name, {}).values()), None)

    def state(
        self, name: str, value: str, line: int, view_line: int, device: str = "", evidence: str | None = None
    ) -> None:
        """Add a fact; one that is stated again with the same value keeps its first line.

        Its `evidence` is what the event at hand matched, unless it is given.
        """
        if (device, value) in self.facts.get(name, ()) or is_cut(value):
            return
        known = term(name)
        if evidence is None:
            evidence = self.evidence(value, line)
        fact = Fact(known.kind, name, value, known.unit, line, view_line, device, evidence)
        self.facts.setdefault(name, {})[device, value] = fact

    def state_found(self, name: str, value: str, found: Found) -> None:
        """Add a fact that a match somewhere in the run states."""
        self.state(name, value, *self.ruler.place(found.at), evidence=of_match(found.match, value))

    def evidence(self, value: str, line: int) -> str:
        """Return the evidence of a value that the event at hand states on a line."""
        return self.source.evidence(value, line) if self.source is not None else ""

    def restate(
        self, name: str, value: str, line: int, view_line: int, device: str = "", evidence: str | None = None
    ) -> None:
        """Set a fact that sums up: earlier values of the same name no longer count."""
        self.forget(name)
        self.state(name, value, line, view_line, device, evidence)

    def forget(self, name: str) -> None:
        """Remove the facts of a name, which a later line replaces."""
        self.facts.pop(name, None)
        self.replaced.add(name)

    def tell(self, event: Event, name: str, group: str | int = "", device: str = "") -> None:
        """Add a group's text as a fact called `name`; the group is `_name` if no other is given."""
        group = group or f"_{name}"
        value, lead = _told(event, name, group), event.lead(group)
        if b"\n" in lead:  # the value is on a later line of the match
            text = event.match.string[event.match.start() + lead.rfind(b"\n") + 1 : event.match.end()]
            place = self.ruler.place(event.base + event.match.start(group))
            return self.state(name, value, *place, device, of_text(text.split(b"\n")[0], value))
        self.state(name, value, event.line, event.view_line, device)

    def retell(self, event: Event, name: str, group: str = "", device: str = "") -> None:
        """Set a fact that sums up to what a group of a match says."""
        self.forget(name)
        self.tell(event, name, group, device)

    def time(self, event: Event, name: str) -> None:
        """State the seconds from the moment that `timed_from` has under a name to an event; then forget the moment."""
        now, begun = event.moment(), self.timed_from.pop(name, None)
        if now is not None and begun is not None and now >= begun:
            self.state(name, f"{now - begun:.3f}", event.line, event.view_line)

    def label(self, event: Event, name: str, value: str) -> None:
        """Add a label, such as a stage or workload, which its evidence need not print."""
        self.state(name, value, event.line, event.view_line)

    def point(self, event: Event, name: str, step: int, value: str) -> None:
        """Add a point to a series."""
        self.point_at(name, step, value, event.line, event.view_line)

    def point_at(self, name: str, step: int, value: str, line: int, view_line: int) -> None:
        """Add a point to a series that is said on another line than that of the event at hand."""
        self._own(name).add(step, value, line, view_line)

    def extend(self, lines: Lines, *names: str) -> None:
        """Add what the groups of a series shape state: one point per line, by the group `step`, else by ordinal.

        A name is that of a group, or of a private group `_name`.
        """
        track = self._tracks.setdefault(lines.shape.pattern, Series.empty("", ""))
        begun = len(track.lines)
        track.lines.extend(lines.lines)
        track.view_lines.extend(lines.view_lines)
        track.steps.extend(lines.steps or range(begun + 1, len(track.lines) + 1))
        for name in names:
            column = lines.columns[name] if name in lines.columns else lines.columns[f"_{name}"]
            values = b"\n".join(column).decode().split("\n")
            self._extend(track, begun, name, values, bool(lines.steps))

    def extend_times(self, lines: Lines, moments: Sequence[float | None], since: float) -> None:
        """Add the seconds from `since` to each line, after `extend`; a line without a later moment gets none."""
        track = self._tracks[lines.shape.pattern]
        begun = len(track.lines) - len(lines.lines)
        times = ["" if now is None or now < since else f"{now - since:.3f}" for now in moments]
        self._extend(track, begun, "time", times, True)

    def _extend(self, track: Series, begun: int, name: str, values: list[str], stepped: bool) -> None:
        """Add the values of new lines to a series. It shares the track's columns as long as no line lacks a value."""
        series = self.series.get(name)
        whole = all(values)
        if series is None and begun == 0 and whole:
            self.series[name] = series = track._replace(name=name, unit=term(name).unit, values=[])
        if series is not None and series.lines is track.lines and whole and len(series.values) == begun:
            series.values.extend(values)
            return
        if series is None and not any(values):
            return
        series = self._own(name)
        for place, value in enumerate(values, begun):
            if value:
                step = track.steps[place] if stepped else len(series.steps) + 1
                series.add(step, value, track.lines[place], track.view_lines[place])

    def _own(self, name: str) -> Series:
        """Return a series that shares no columns: a new one, or a copy of a shared one."""
        series = self.series.get(name)
        if series is None:
            series = self.series[name] = Series.empty(name, term(name).unit)
        elif self._tracks and any(series.lines is track.lines for track in self._tracks.values()):
            n = len(series.values)
            series = self.series[name] = series._replace(
                steps=series.steps[:n], lines=series.lines[:n], view_lines=series.view_lines[:n]
            )
        return series

    def ignore_later_endings(self) -> None:
        """Ignore everything that later lines say about the run's end."""
        self._endings_that_count = len(self.endings)

    def complete(self, event: Event, *, cures: bool = True) -> None:
        """Note that the log says that the run completed."""
        self._end(event, "completed", "", cures=cures)

    def fail(self, event: Event, reason: str) -> None:
        """Note an error of the program itself."""
        self._end(event, "failed", reason, exception=True)

    def stop(self, event: Event, outcome: str, reason: str, *, echo: bool = False, typed: bool = False) -> None:
        """Note what a scheduler or shell says: a kill, or a failure that may be the echo of one."""
        self._end(event, outcome, reason, echo=echo, typed=typed)

    def _end(self, event: Event, outcome: str, reason: str, **marks: bool) -> None:
        reason = _bare(event, reason) if reason else ""
        evidence = event.evidence(reason, event.line)
        self.endings.append(Ending(outcome, reason, event.line, event.view_line, evidence, **marks))


def _told(event: Event, name: str, group: str | int) -> str:
    """Return a group's text as the value of a fact; a bar's clock as seconds."""
    text = event.text(group)
    return str(clock(text)) if ":" in text and term(name).unit == "s" else text


def _bare(event: Event, reason: str) -> str:
    """Return a reason without the end of its line in HTML, or the mark of a table or quotation around it."""
    mark = decode(event.before().strip()[:1])
    reason = _BREAK.sub("", reason)
    return reason.strip().removesuffix(mark).strip() if mark and mark in "|`" else reason.strip()


class Found(NamedTuple):
    """A match somewhere in a text, and its offset there."""

    at: int
    match: re.Match[bytes]


def each_match(pattern: re.Pattern[bytes], data: Bytes, start: int, end: int) -> Iterator[Found]:
    """Yield the matches of `pattern` that lie in data[start:end], which is read in pieces that overlap a little.

    A look-behind sees the text before a piece, and before `start`.
    """
    free = start
    for begin in range(start, end, _PIECE):
        begins = max(begin, free)
        base = max(0, begins - _BEFORE)
        for match in pattern.finditer(data[base : min(end, begin + _PIECE + _OVERLAP)], begins - base):
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
