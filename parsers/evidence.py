"""What must stand on the line that a fact names: its value as printed, or what a duration is told from."""

from __future__ import annotations

import re

from .engine.events import clock
from .vocabulary import term

# What a log may leave to be told from two moments, or from a bar's clock.
_DURATIONS = {"compile_time", "inference_compile_time", "programming_time", "time", "total_time", "train_time"}
_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?", re.IGNORECASE)
_CLOCK = re.compile(rb"\d{1,4}(?::\d\d){1,2}")
# A moment of the day, or of the seconds that a shell counts.
_MOMENT = re.compile(rb"\d\d:\d\d:\d\d[.,]\d|COMPILE END AT \d")


def is_duration(name: str) -> bool:
    """Return whether a fact is told from two moments, or from the clock of a bar."""
    return name in _DURATIONS


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
    if not is_duration(name):
        return not value.isascii()  # the line may be of another code page
    return any(str(clock(found.decode())) == value for found in _CLOCK.findall(line)) or bool(_MOMENT.search(line))
