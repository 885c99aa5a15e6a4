"""What must be on the line of a fact, and where: its value as printed, or the end of a duration."""

from __future__ import annotations

import re
from functools import cache

from .engine.events import clock
from .engine.lines import printable
from .engine.loading import known
from .engine.shapes import Dialect
from .vocabulary import term

_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?", re.IGNORECASE)
_CLOCK = re.compile(rb"\d{1,4}(?::\d\d){1,2}")
_CLOCK_TEXT = re.compile(_CLOCK.pattern.decode())


def stands(name: str, value: str, line: bytes) -> bool:
    """Return whether a line gives a value by the contract of the facts table.

    A label's line is its evidence, with any words. A duration may be printed, be a bar's `MM:SS` in seconds, or end at
    the line's own moment. Any other value is there letter by letter, and a number is not part of a longer one.
    """
    if term(name).label:
        return True
    escaped = re.escape(value.encode())
    if re.search(rb"(?<![\d.])" + escaped + rb"(?!\d)" if _NUMBER.fullmatch(value) else escaped, line):
        return True
    if not term(name).duration:
        return not value.isascii()  # the line may have another encoding
    on_a_clock = any(str(clock(printed.decode())) == value for printed in _CLOCK.findall(line))
    return on_a_clock or _moment(known()).search(line) is not None


def marks(name: str, value: str, evidence: str) -> list[tuple[int, int]]:
    """Return the beginning and end of each place where evidence states a value; none where only the whole line does.

    Where the value is printed several times, the place after the fact's name counts, if the name is printed too.

    >>> marks("batch_size", "1", '"format": 1, "batch_size": 1, "threads": 2'), marks("system", "Groq", "GroqChip")
    ([(27, 28)], [(0, 4)])
    >>> marks("train_time", "111", "10/10 [01:51<00:00, 11.11s/it]"), marks("stage", "train", "BertLarge")
    ([(7, 12)], [])
    """
    value = printable(value)
    for pattern in _patterns(value):
        spans = [match.span() for match in re.finditer(pattern, evidence)] if value else []
        if len(spans) > 1:
            named = re.search(re.escape(name).replace("_", "[-_ ]"), evidence, re.IGNORECASE)
            return [span for span in spans if span[0] >= named.end()][:1] if named else spans
        if spans:
            return spans
    clocks = [match.span() for match in _CLOCK_TEXT.finditer(evidence) if str(clock(match[0])) == value]
    return clocks[:1] if term(name).duration else []


def _patterns(value: str) -> tuple[str, ...]:
    """Return patterns that find a value, the strictest first."""
    escaped = re.escape(value)
    if _NUMBER.fullmatch(value):
        return rf"(?<![\d.]){escaped}(?!\.?\d)", rf"(?<![\d.]){escaped}(?!\d)"
    return rf"(?<![^\W_]){escaped}(?![^\W_])", escaped


@cache
def _moment(dialects: tuple[Dialect, ...]) -> re.Pattern[bytes]:
    """Return the pattern of a moment: a time of day, or what a system's programs print in its place."""
    moments = (dialect.moment for dialect in dialects if dialect.moment)
    return re.compile(b"|".join((rb"\d\d:\d\d:\d\d[.,]\d", *moments)))
