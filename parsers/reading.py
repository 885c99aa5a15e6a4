"""Reading a file: bytes in, runs out, or the reason why there are none."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Set
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from . import archives
from .engine.boundaries import runs
from .engine.breaks import Broken, with_breaks_marked
from .engine.detection import detect
from .engine.doubles import Doubled, without_doubles
from .engine.events import Event
from .engine.fronts import Fronted, parts_of
from .engine.gaps import has_holes
from .engine.prefixes import Prefixed, without_prefixes
from .engine.templates import DialectFault
from .engine.text import Bytes, NotALog, Stored, Text, Unclean, texts, without_marks
from .engine.weaving import Woven, none_whole
from .facts import Reading, Run
from .silence import Unread

SIZE_LIMIT = 1 << 32
# Of a larger file no more than this is in memory at a time, if it is plain text.
HELD = 1 << 25
# A large file is read in parts. A part ends with the run that brings it over this number of points.
POINTS = 50_000

_POINTER = re.compile(rb"^\s*Using \S{1,400} for output\s*$")


def read(path: Path, name: str | None = None) -> Reading:
    """Return what the file at `path` holds, under `name` (the path itself if not given). Never writes to it.

    A file that cannot be read, or is no log, gives a reading without runs and with a reason.
    """
    shown = str(path) if name is None else name
    try:
        return parse(contents(path), shown)
    except NotALog as error:
        return Reading(shown, (), reason=str(error))
    except MemoryError:
        return Reading(shown, (), reason="more than fits into the memory of this machine")


def contents(path: Path) -> bytes:
    """Return the bytes that a file has when it is opened; a file that grows is not read further.

    A path may lead into an archive: `logs.zip!run.log`.

    Raises
    ------
    NotALog
        If the file is missing, may not be read, is larger than `SIZE_LIMIT`, or is a folder, pipe or device.
    """
    inside = archives.split(path)
    if inside is not None:
        return archives.member(_contents(inside[0]), inside[1])
    return _contents(path)


def _contents(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise NotALog("a folder, not a log" if any(path.iterdir()) else "an empty folder")
        if not stat.S_ISREG(mode):
            raise NotALog("a pipe, not a log" if stat.S_ISFIFO(mode) else "a device or socket, not a log")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > SIZE_LIMIT:
                raise NotALog(f"larger than {SIZE_LIMIT} bytes")
            return file.read(size)
    except FileNotFoundError:
        raise NotALog("no such file") from None
    except (OSError, ValueError) as error:
        raise NotALog(f"cannot be read ({getattr(error, 'strerror', error)})") from None


def readings(path: Path, name: str | None = None) -> Iterator[Reading]:
    """Yield what the file at `path` holds: one reading, or several of a large file, as its runs end.

    Each file of an archive gives its own, under the name `ARCHIVE!FILE`.
    """
    shown = str(path) if name is None else name
    try:
        status = path.stat()
        large = stat.S_ISREG(status.st_mode) and HELD < status.st_size <= SIZE_LIMIT
    except (OSError, ValueError):
        large = False  # reading it says why it can't be read
    if large:
        yield from _large(path, shown)
    else:
        yield from _held(path, shown)


def files(path: Path, name: str) -> Iterator[tuple[str, bytes, str]]:
    """Yield name, bytes, and the reason not to read them, of the file at `path` or each in an archive.

    Raises
    ------
    NotALog
        As `contents` does, or if the archive is damaged.
    """
    data = contents(path)
    if not archives.is_archive(data):
        yield name, data, ""
        return
    for member in archives.members(data):
        yield f"{name}{archives.BETWEEN}{member.name}", member.data, member.reason


def _held(path: Path, name: str) -> Iterator[Reading]:
    """Yield what a file holds whose bytes are all in memory."""
    try:
        for inner, data, reason in files(path, name):
            yield Reading(inner, (), reason=reason) if reason else parse(data, inner)
    except NotALog as error:
        yield Reading(name, (), reason=str(error))
    except MemoryError:
        yield Reading(name, (), reason="more than fits into the memory of this machine")


def _scratch(opened: ExitStack) -> BinaryIO:
    """Return a file without a name, which `opened` closes and so removes."""
    import tempfile

    return opened.enter_context(tempfile.TemporaryFile())


def _large(path: Path, name: str) -> Iterator[Reading]:
    try:
        with path.open("rb") as file, ExitStack() as opened:
            scratch = partial(_scratch, opened)
            stored = Stored(file)
            plain = None if stored.is_wrapped() else without_marks(stored, scratch())
            if plain is None:
                yield from _held(path, name)
            else:
                yield from _Reader(name, scratch).readings((Text(plain),))
    except OSError as error:
        yield Reading(name, (), reason=f"cannot be read ({error.strerror})")


def parse(data: bytes, name: str) -> Reading:
    """Return what the bytes of a file hold: a pure function of them."""
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error))
    return _whole(_Reader(name).readings(parts), name)


def parse_texts(parts: tuple[Text, ...], name: str) -> tuple[Reading, list[Understood]]:
    """Return what log texts hold, and for each text where a shape of its dialects matched."""
    reader = _Reader(name)
    understood: list[Understood] = []
    reader.understood = understood
    return _whole(reader.readings(parts), name), understood


def _whole(readings: Iterator[Reading], name: str) -> Reading:
    parts = list(readings)
    runs = tuple(run for reading in parts for run in reading.runs)
    return parts[-1]._replace(log=name, runs=runs)


class Understood(NamedTuple):
    """A text as the grammar saw it, and where shapes of its dialects matched."""

    text: Text
    events: list[Event]


class _Reader:
    """Reads the texts of one file. A large one is kept in files from `scratch`, once lines of it are changed."""

    def __init__(self, name: str, scratch: Callable[[], BinaryIO] = BytesIO) -> None:
        self._name, self._scratch = name, scratch
        self._dialects: dict[str, str] = {}
        self._prefixes: Counter[str] = Counter()
        self._doubles = self._width = 0
        self._woven = self._holes = False
        self._silence: Unread | None = None
        self._unread = 0
        self._refused: list[str] = []
        self.understood: list[Understood] | None = None

    def readings(self, parts: tuple[Text, ...]) -> Iterator[Reading]:
        """Yield readings of some runs each; the last one has the rest, or says why there are none."""
        runs: list[Run] = []
        ordinal = points = 0
        try:
            for text in parts:
                for run in self._runs(text, ordinal):
                    ordinal = run.ordinal
                    runs.append(run)
                    points += sum(len(series.values) for series in run.series)
                    if points > POINTS:
                        yield self._reading(runs)
                        runs, points = [], 0
            refused = next(iter(self._refused), "")
            reason = "" if ordinal else refused or _reason(parts[0].data, bool(self._dialects))
        except DialectFault as fault:  # the runs so far may be wrong too
            runs, reason = [], f"not read: {fault}"
        unread = self._unread if ordinal and not reason else 0
        notes = tuple(self._notes()) if ordinal else ()  # of a file without runs the reason is enough
        yield self._reading(runs, reason)._replace(notes=notes, unread=unread)

    def _reading(self, runs: list[Run], reason: str = "") -> Reading:
        prefixes = tuple(self._prefixes.items())
        return Reading(self._name, tuple(runs), tuple(self._dialects.items()), reason, prefixes)

    def _notes(self) -> Iterator[str]:
        if self._doubles:
            lines = "1 line repeats the line" if self._doubles == 1 else f"{self._doubles} lines repeat the line"
            yield f"{lines} before, as a second task or handler prints it; read once"

        if self._width:
            what = f"lines are broken at {self._width} characters"
            yield f"{what}; no value at a break is read, no run with one is called whole"
        if self._holes:
            yield "text is lost where there are zero bytes; no value at a hole is read, no run with one is called whole"
        if self._woven:
            yield "lines of several jobs are interleaved; no run counts as whole"

    def _runs(self, text: Text, ordinal: int) -> Iterator[Run]:
        """Yield the runs of a text. If it is not clean, it is read again from its beginning in another way."""
        first, watch = ordinal, {Prefixed, Fronted, Doubled, Woven, Broken}
        while True:
            try:
                runs = self._told(text, first, watch)
                # The runs of a text in memory are given when all are read. In a stored text, the runs before the first
                # unclean line are the same again.
                for run in runs if isinstance(text.data, Stored) else list(runs):
                    if run.ordinal > ordinal:
                        yield run
                        ordinal = run.ordinal
                self._unread += self._silence.count() if self._silence is not None else 0
                return
            except Unclean as reason:
                watch.discard(type(reason))
                text = self._cleaned(text, reason)
            if self.understood:
                self.understood.pop()

    def _cleaned(self, text: Text, reason: Unclean) -> Text:
        if isinstance(reason, Prefixed):
            text, taken = without_prefixes(text, self._scratch)
            self._prefixes += taken
        elif isinstance(reason, Fronted):
            text, taken = without_prefixes(text, self._scratch, parts_of(reason.fronts))
            self._prefixes += taken
        elif isinstance(reason, Doubled):
            text, doubles = without_doubles(text, self._scratch)
            self._doubles += doubles
        elif isinstance(reason, Broken):
            text, self._width = with_breaks_marked(text, reason.how, self._scratch), reason.how.width
        else:
            self._woven = True
        return text

    def _told(self, text: Text, ordinal: int, watch: Set[type[Unclean]]) -> Iterator[Run]:
        """Yield the runs of a text as it is; of a woven text, each system's runs by themselves."""
        signs = detect(text.data)
        self._holes |= has_holes(text.data)
        self._dialects |= {dialect.system: sign for dialect, sign in signs}
        spoken = tuple(dialect for dialect, _ in signs)
        self._silence = Unread(text, spoken) if signs else None
        notice = self._noticing(text, is_woven=Woven not in watch)
        if not signs:
            return iter(())
        if Woven in watch:
            return runs(text, spoken, ordinal + 1, notice, self._refused, watch)
        by_system = (runs(text, (dialect,), 1, notice, self._refused, watch) for dialect in spoken)
        return iter(none_whole(chain.from_iterable(by_system), ordinal))

    def _noticing(self, text: Text, *, is_woven: bool) -> Callable[[Event], object]:
        """Return a function that notes the places where shapes match in a text."""
        events: list[Event] = []
        takers: list[Callable[[Event], object]] = []
        if self.understood is not None:
            self.understood.append(Understood(text, events))
            takers.append(events.append)
        if self._silence is not None:
            takers.append(self._silence.take_later if is_woven else self._silence.take)
        return takers[0] if len(takers) == 1 else lambda event: [take(event) for take in takers]


def _reason(data: Bytes, has_signs: bool) -> str:
    pointer = _POINTER.match(data[:600])
    if pointer:
        return "only points to another file, which is the log"
    if b"\0" in data[:65536]:
        return "binary data, not a log"
    return "mentions a known system but contains no run" if has_signs else "not a recognised log"
