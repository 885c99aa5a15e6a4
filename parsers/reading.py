"""Reading a file: bytes in, runs out, or the reason why there are none."""

from __future__ import annotations

import re
from pathlib import Path

from parsers.detect import detect
from parsers.facts import Reading, Run
from parsers.log import NotALog, texts
from parsers.runs import runs

_POINTER = re.compile(rb"^\s*Using (?P<path>\S{1,400}) for output\s*$")


def read(path: Path, name: str | None = None) -> Reading:
    """Return what the file at `path` holds, under `name` (the path itself if not given). Never writes to it.

    A file that cannot be read, or is no log, gives a reading without runs and with a reason.
    """
    shown = str(path) if name is None else name
    try:
        if not path.is_file():
            return Reading(shown, (), reason="not a file" if path.exists() else "no such file")
        data = path.read_bytes()
    except OSError as error:
        return Reading(shown, (), reason=f"cannot be read ({error.strerror})")
    return parse(data, shown)


def parse(data: bytes, name: str) -> Reading:
    """Return what the bytes of a file hold: a pure function of them."""
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error))
    found: list[Run] = []
    dialects: dict[str, str] = {}
    for part in parts:
        told = detect(part.data)
        dialects.update({dialect.system: sign for dialect, sign in told})
        found.extend(runs(part, tuple(dialect.system for dialect, _ in told), len(found) + 1))
    reason = "" if found else _reason(data, bool(dialects))
    return Reading(name, tuple(found), tuple(dialects.items()), reason)


def _reason(data: bytes, has_signs: bool) -> str:
    if data.startswith(b"\x7fELF"):
        return "binary program, no log"
    pointer = _POINTER.match(data[:600])
    if pointer:
        return "only points to another file, which is the log"
    if b"\0" in data[:65536]:
        return "binary data, no log"
    return "names a known system but holds no run" if has_signs else "no line of a known log"
