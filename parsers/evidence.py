"""What must stand on the line that a fact names: its value as printed, or what a duration is told from."""

from __future__ import annotations

import re
from functools import cache

from .engine.events import clock
from .engine.loading import known
from .engine.shapes import Dialect
from .vocabulary import term

_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?", re.IGNORECASE)
_CLOCK = re.compile(rb"\d{1,4}(?::\d\d){1,2}")


def stands(name: str, value: str, line: bytes) -> bool:
    """Return whether a line gives a value by the contract of the facts table.

    A label's line is its evidence, whatever it says. A duration may be printed, be a bar's `MM:SS` in seconds, or end
    at the line's own moment. Any other value stands there letter by letter, a number not within a longer one.
    """
    if term(name).label:
        return True
    said = re.escape(value.encode())
    if re.search(rb"(?<![\d.])" + said + rb"(?!\d)" if _NUMBER.fullmatch(value) else said, line):
        return True
    if not term(name).duration:
        return not value.isascii()  # the line may be of another code page
    on_a_clock = any(str(clock(found.decode())) == value for found in _CLOCK.findall(line))
    return on_a_clock or _moment(known()).search(line) is not None


@cache
def _moment(dialects: tuple[Dialect, ...]) -> re.Pattern[bytes]:
    """Return what shows a moment: a time of day, or what a system's programs print in its place."""
    told = (dialect.moment for dialect in dialects if dialect.moment)
    return re.compile(b"|".join((rb"\d\d:\d\d:\d\d[.,]\d", *told)))
