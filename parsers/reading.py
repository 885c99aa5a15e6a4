"""Reading a file: bytes in, runs out, or the reason why there are none."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from parsers.detect import detect
from parsers.facts import Reading, Run
from parsers.log import NotALog, texts
from parsers.runs import runs

SIZE_LIMIT = 1 << 32

_POINTER = re.compile(rb"^\s*Using (?P<path>\S{1,400}) for output\s*$")


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


def parse(data: bytes, name: str) -> Reading:
    """Return what the bytes of a file hold: a pure function of them."""
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error))
    found: list[Run] = []
    dialects: dict[str, str] = {}
    try:
        for part in parts:
            told = detect(part.data)
            dialects.update({dialect.system: sign for dialect, sign in told})
            if told:
                found.extend(runs(part, tuple(dialect for dialect, _ in told), len(found) + 1))
    except TimeoutError:
        return Reading(name, (), tuple(dialects.items()), "a line took too long to search")
    reason = "" if found else _reason(parts[0].data, bool(dialects))
    return Reading(name, tuple(found), tuple(dialects.items()), reason)


def _reason(data: bytes, has_signs: bool) -> str:
    pointer = _POINTER.match(data[:600])
    if pointer:
        return "only points to another file, which is the log"
    if b"\0" in data[:65536]:
        return "binary data, no log"
    return "names a known system but holds no run" if has_signs else "no line of a known log"
