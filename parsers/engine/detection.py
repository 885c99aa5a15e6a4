"""Which dialects a text is written in, and why."""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from ..dialects import record
from . import loading
from .lines import decode
from .shapes import Dialect
from .text import Bytes

# The sign of a record line, which names its system itself.
_RECORD = "record", b"#testbed-run"
# A record line may reach into the next piece; it is searched for that far.
_OVERLAP = 1 << 15


# How much of a text is searched at once: little at first, because most texts name their system early.
_FIRST, _NEXT = 1 << 15, 1 << 20


def detect(data: Bytes) -> tuple[tuple[Dialect, str], ...]:
    """Return each dialect whose sign is in the data, with that sign; a file may hold several in turn."""
    signs: dict[Dialect, str] = {}
    begin, size = 0, _FIRST
    while begin < len(data):
        missing = tuple(dialect for dialect in loading.known() if dialect not in signs)
        if not missing:
            break
        signs |= _signs(data[begin : begin + size + _OVERLAP], missing)
        begin, size = begin + size, _NEXT
    return tuple((dialect, signs[dialect]) for dialect in loading.known() if dialect in signs)


def _signs(piece: bytes, dialects: tuple[Dialect, ...]) -> dict[Dialect, str]:
    """Return the dialects whose signs are in a piece of text, with the first sign of each."""
    owners, signs = _search(dialects)
    first_signs: dict[str, str] = {}
    for index, start, end in signs.find_matches_as_indexes(piece):
        if owners[index] not in first_signs:
            first_signs[owners[index]] = decode(piece[start:end]).strip()
    recorded = first_signs.pop(_RECORD[0], "")
    first_signs = dict.fromkeys(record.systems(piece) if recorded else (), recorded) | first_signs
    return {dialect: first_signs[dialect.system] for dialect in dialects if dialect.system in first_signs}


@cache
def _search(dialects: tuple[Dialect, ...]) -> tuple[tuple[str, ...], BytesAhoCorasick]:
    signs = [(dialect.system, sign) for dialect in dialects for sign in dialect.signs]
    kind = MatchKind.LeftmostFirst  # the quickest kind of search; no sign overlaps another system's
    signs.append(_RECORD)
    return tuple(system for system, _ in signs), BytesAhoCorasick([sign for _, sign in signs], matchkind=kind)
