"""From the places where shapes match to runs: where each run begins and ends, and what decides its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from typing import Any, TypeVar

from ..dialects import record, shell
from ..facts import Run
from .breaks import Broken
from .doubles import Doubled, Doubles
from .drafts import Draft
from .endings import settled, take_end, weigh
from .events import Event, Lines
from .gaps import has_gap, has_holes
from .lines import Ruler
from .scanning import events
from .shapes import Dialect, Role
from .sure import only_sure
from .telling import tell
from .templates import DialectFault
from .text import Text, Unclean
from .weaving import Weaving, Woven

# How far back the beginning of a line is looked for.
_LINE_REACH = 4096
# The roles of lines that can begin a run.
_BEGIN = (Role.OPENS, Role.GIVES, Role.FOLLOWS)
_Answer = TypeVar("_Answer")


def runs(
    text: Text,
    dialects: tuple[Dialect, ...],
    first_ordinal: int = 1,
    notice: Callable[[Event], object] | None = None,
    refused: list[str] | None = None,
    watch: Set[type[Unclean]] = frozenset(),
) -> Iterator[Run]:
    """Yield the runs of a text as they end, told by the lines of these dialects.

    Each place where a shape of theirs matched is given to `notice`. Where a run is of a kind that is not read, the
    reason is added to `refused`.

    Raises
    ------
    Unclean
        If the text is to be read in another way, for one of the reasons to `watch` for.
    DialectFault
        If a function of a dialect raises an exception, or a pattern cannot be used.
    """
    weaving = Weaving() if Woven in watch else None
    assembly = _Assembly(text, first_ordinal, [] if refused is None else refused, weaving)
    assembly.has_gaps = Broken not in watch or has_holes(text.data)
    told = record.told(events(text.data, dialects, watch=watch), dialects, may_break=Broken in watch)
    for event in Doubles().watched(told) if Doubled in watch else told:
        if event.shape.role is Role.FOLLOWS and assembly.passes_over(event):
            continue
        assembly.take(event)
        if notice is not None and event.dialect is not None and not event.shape.is_sign():
            notice(event)
        if assembly.ended:
            yield from assembly.settled()
    assembly.end(len(text.data))
    yield from assembly.settled()


class _Assembly:
    """Takes events in their order and keeps the open run."""

    def __init__(self, text: Text, ordinal: int, refused: list[str], weaving: Weaving | None = None) -> None:
        self.ended: list[Draft[Any]] = []
        self.has_gaps = False
        self._ordinal, self._refused = ordinal, refused
        self._ruler = Ruler(text)
        self._data = text.data
        self._open: Draft[Any] | None = None
        self._ahead: list[Event] = []
        self._block = 0
        self._viewed = False
        self._weaving = weaving

    def passes_over(self, event: Event) -> bool:
        """Return whether there is no open run for a line that follows others."""
        run = self._open
        if isinstance(run, record.Recorded):
            return False
        return run is None or run.dialect is not event.dialect or bool(run.finished_at) or not run.phase

    def take(self, event: Event) -> None:
        """Let one event do what its role says."""
        role, run = event.shape.role, self._open
        if event.shape is record.LINE:
            self._record(event)
        elif isinstance(run, record.Recorded):
            self._take_recorded(run, event)
        elif role is Role.BREAKS:
            self._break(event)
        elif role in _BEGIN:
            if not event.match.re.groupindex and event.is_quoted():
                return  # words about a line that itself states no value
            for part in self._placed(event):
                self._apply(self._run_of(part), part)
        elif event.shape is shell.INTERRUPT and self._viewed:
            self._viewed = False  # it ended the view of a file, not the run
        elif role is Role.AHEAD and (run is None or run.dialect is not event.dialect or run.finished_at):
            self._ahead.extend(self._placed(event))
        elif run is not None and event.dialect in (None, run.dialect):
            for part in self._placed(event):
                self._apply(run, part)

    def _placed(self, event: Event) -> Iterable[Event]:
        """Return an event with its line numbers; series lines come in parts, each of one run."""
        if self._weaving is not None:
            self._weaving.line()
        if not isinstance(event, Lines):
            event.line, event.view_line = self._ruler.place(event.at)
            return (event,)
        event.tell(*self._ruler.places(event.match.string, event.base, event.offsets))
        apart = event.shape.apart
        if apart is not None and _asked(event, apart, event):
            return event.each()
        if event.steps and self._weaving is not None:
            self._weaving.look_at_steps(event)
        return event.rising()

    def end(self, offset: int) -> None:
        """Close the open run at `offset`."""
        if self._open is not None:
            self._open.end, self._open.source = offset, None
            _close(self._open)
            self.ended.append(self._open)
            self._open = None

    def settled(self) -> Iterator[Run]:
        """Yield the runs that have ended since this was last asked."""
        for draft in self.ended:
            if draft.refused:
                self._refused.append(draft.refused)
            elif draft.reported:
                run = settled(draft, self._ordinal)
                has_own = self.has_gaps and has_gap(self._data, draft.start, draft.end)
                yield only_sure(run, draft) if has_own else run
                self._ordinal += 1
        self.ended.clear()

    def _record(self, event: Event) -> None:
        run = self._open
        event.line, event.view_line = self._ruler.place(event.at)
        if run is not None and event.match["what"] == b"end":
            run.source = event
            record.finish(run, event)
            self._block = event.end
            return self.end(self._block)
        start = self._line_start(event.at)
        self.end(start)
        self._ahead.clear()
        self._viewed = False
        if event.dialect is not None:
            opened = record.Recorded(event.dialect, self._ruler, event.end, start, event.line, event.view_line)
            opened.source = event
            opened.first_evidence = event.evidence("", event.line)
            opened.begin(event)
            self._open = opened

    def _take_recorded(self, run: record.Recorded, event: Event) -> None:
        if event.shape.role is Role.BREAKS or event.dialect not in (None, run.dialect) or event.at < run.block:
            return
        for part in self._placed(event):
            if event.dialect is not None and not run.begun:
                run.begun = True
                if run.dialect.begin is not None:
                    _asked(part, run.dialect.begin, run, part)
            self._apply(run, part)

    def _break(self, event: Event) -> None:
        self._viewed = event.has("_command") and shell.is_view(event)
        if self._open is not None:
            self.end(self._line_start(event.at))
        if self._weaving is not None:
            self._weaving.forget()
        self._ahead.clear()
        self._block = event.at

    def _run_of(self, event: Event) -> Draft[Any]:
        run, dialect = self._open, event.dialect
        assert dialect is not None, "only a dialect's own shapes begin runs"
        goes_on = run is not None and run.dialect is dialect and not _begins_another(run, event)
        if run is not None and goes_on:
            return run
        if self._weaving is not None:
            self._weaving.look(run, event, _begins_another)
        start = max(self._start_of(event), self._block)
        if run is not None:
            self._block = run.finished_at or start
            self.end(start)
        self._open = Draft(dialect, self._ruler, self._block, start, event.line, event.view_line)
        self._open.first_evidence = event.evidence("", event.line)
        if dialect.begin is not None:
            _asked(event, dialect.begin, self._open, event)
        if event.shape.start and event.shape.role is Role.OPENS:
            self._ahead.clear()  # the first line of a log: the lines before it were of another
        for earlier in self._ahead:
            if earlier.dialect is dialect:
                self._apply(self._open, earlier)
        self._ahead.clear()
        return self._open

    def _apply(self, run: Draft[Any], event: Event) -> None:
        """Let a run take what an event says."""
        shape, before = event.shape, len(run.endings)
        if self.has_gaps:
            run.read += event.offsets_in_text()
        _take_note(run, event)
        if shape.during and run.phase not in shape.during:
            return
        if shape.phase:
            run.reach(shape.phase)
        tell(run, event)
        if shape.action is not None:
            _asked(event, shape.action, run, event)
        if shape.ends:
            take_end(run, event)
        if len(run.endings) > before:
            weigh(run, event, before)
        if shape.last:
            run.finished_at = event.end
        if shape.final:
            run.ignore_later_endings()

    def _start_of(self, event: Event) -> int:
        """Return where a run begins: at the line of its first event, or after the bar of another run."""
        behind_bar = event.shape.start and self._data[max(0, event.at - 1) : event.at] == b"]"
        return event.at if behind_bar else self._line_start(event.at)

    def _line_start(self, offset: int) -> int:
        floor = max(0, offset - _LINE_REACH)
        return floor + self._data[floor:offset].rfind(b"\n") + 1


def _asked(event: Event, function: Callable[..., _Answer], *arguments: object) -> _Answer:
    """Return what a function of a dialect gives; its mistake costs the file, not the command."""
    try:
        return function(*arguments)
    except Exception as error:
        raise _fault(function, f"at line {event.line}", error) from error


def _close(run: Draft[Any]) -> None:
    try:
        run.close()
    except Exception as error:
        raise _fault(run.dialect.close, f"at the end of the run that begins at line {run.line}", error) from error


def _fault(function: Callable[..., object] | None, where: str, error: Exception) -> DialectFault:
    name = f"{function.__module__}.{function.__qualname__}" if function is not None else "the dialect"
    return DialectFault(f"{name} fails {where} ({type(error).__name__}: {error})")


def _begins_another(run: Draft[Any], event: Event) -> bool:
    """Return whether a line begins another run although one of its dialect is open.

    After the last line of a run every line does, except one that says how the run failed. Otherwise the shape's own
    `another` decides. Without it, two kinds of lines do. One is a line that a run prints once and has printed already.
    The other is a line whose phase is not later than the run's, unless both phases repeat.
    """
    shape = event.shape
    if run.finished_at and shape.ends not in ("failed", "killed"):
        return True
    if shape.another is not None:
        return shape.another if isinstance(shape.another, bool) else _asked(event, shape.another, run, event)
    if shape.once and shape.pattern in run.said_once:
        return True
    return 0 < shape.phase <= run.phase and not run.repeats(shape.phase)


def _take_note(run: Draft[Any], event: Event) -> None:
    """Note what any line is evidence of."""
    shape = event.shape
    run.source, run.last = event, event.last_place()
    if shape.role is Role.OPENS and not event.is_quoted():
        run.opened = True
    if not run.reported:  # the line of another program within a run does not make it another's
        run.refused = run.refused or shape.refuses
    if shape.role in _BEGIN:
        run.reported |= not shape.bare
        run.started |= not shape.bare or shape.role is not Role.OPENS
    if shape.once:
        run.said_once.add(shape.pattern)
