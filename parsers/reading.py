"""Reading a file: bytes in, runs out, or the reason why there are none."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from .engine.boundaries import runs
from .engine.detection import detect
from .engine.templates import DialectFault
from .engine.text import Bytes, NotALog, Stored, Text, texts, without_marks
from .facts import Reading, Run

SIZE_LIMIT = 1 << 32
# Of a larger file no more than this is held at a time, if it is text as it stands.
HELD = 1 << 25
# A reading of a large file ends with the run that makes it hold more points.
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
    """Return the bytes of a file, as many as it has when it is opened: of one that grows, no more is waited for.

    Raises
    ------
    NotALog
        If there is no such file, it may not be read, is larger than `SIZE_LIMIT`, or is a folder, pipe or device.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise NotALog("a folder, no log" if any(path.iterdir()) else "an empty folder")
        if not stat.S_ISREG(mode):
            raise NotALog("a pipe, no log" if stat.S_ISFIFO(mode) else "a device or socket, no log")
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
    """Yield what the file at `path` holds: one reading, or of a large file one after the other, as its runs end."""
    try:
        status = path.stat()
        large = stat.S_ISREG(status.st_mode) and HELD < status.st_size <= SIZE_LIMIT
    except (OSError, ValueError):
        large = False  # reading it says why it can't be read
    if large:
        yield from _large(path, str(path) if name is None else name)
    else:
        yield read(path, name)


def _large(path: Path, name: str) -> Iterator[Reading]:
    import tempfile

    try:
        with path.open("rb") as file, tempfile.TemporaryFile() as scratch:
            stored = Stored(file)
            if stored.is_wrapped():
                yield read(path, name)
            else:
                yield from _readings((Text(without_marks(stored, scratch)),), name)
    except OSError as error:
        yield Reading(name, (), reason=f"cannot be read ({error.strerror})")


def parse(data: bytes, name: str) -> Reading:
    """Return what the bytes of a file hold: a pure function of them."""
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error))
    return _whole(_readings(parts, name), name)


def parse_texts(parts: tuple[Text, ...], name: str) -> tuple[Reading, list[list[int]]]:
    """Return what log texts hold, and the offsets in each text at which a line was understood."""
    matched: list[list[int]] = [[] for _ in parts]
    return _whole(_readings(parts, name, matched), name), matched


def _whole(readings: Iterator[Reading], name: str) -> Reading:
    found = list(readings)
    runs = tuple(run for reading in found for run in reading.runs)
    return Reading(name, runs, found[-1].dialects, found[-1].reason)


def _readings(parts: tuple[Text, ...], name: str, matched: list[list[int]] | None = None) -> Iterator[Reading]:
    """Yield readings of some runs each; the last one has what is left, or says why there are none."""
    found: list[Run] = []
    dialects: dict[str, str] = {}
    refused: list[str] = []
    ordinal = points = 0
    try:
        for place, text in enumerate(parts):
            told = detect(text.data)
            dialects.update({dialect.system: sign for dialect, sign in told})
            places = matched[place] if matched is not None else None
            spoken = tuple(dialect for dialect, _ in told)
            for run in runs(text, spoken, ordinal + 1, places, refused) if told else ():
                ordinal = run.ordinal
                found.append(run)
                points += sum(len(series.values) for series in run.series)
                if points > POINTS:
                    yield Reading(name, tuple(found), tuple(dialects.items()))
                    found, points = [], 0
        reason = "" if ordinal else next(iter(refused), "") or _reason(parts[0].data, bool(dialects))
    except DialectFault as fault:  # what it had found so far may be wrong too
        found, reason = [], f"not read: {fault}"
    yield Reading(name, tuple(found), tuple(dialects.items()), reason)


def _reason(data: Bytes, has_signs: bool) -> str:
    pointer = _POINTER.match(data[:600])
    if pointer:
        return "only points to another file, which is the log"
    if b"\0" in data[:65536]:
        return "binary data, no log"
    return "names a known system but holds no run" if has_signs else "no line of a known log"
