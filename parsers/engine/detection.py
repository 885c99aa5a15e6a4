"""Which dialects a text is written in, and why."""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from ..dialects import cerebras, cpu, graphcore, groq, record, sambanova
from .lines import decode
from .shapes import Dialect
from .text import Bytes

DIALECTS: tuple[Dialect, ...] = (sambanova.DIALECT, graphcore.DIALECT, cerebras.DIALECT, groq.DIALECT, cpu.DIALECT)
# The sign of a record line, which names its system itself.
_RECORD = "record", b"#testbed-run"
# A record line is looked for as far as it reaches into the next piece.
_OVERLAP = 1 << 15


# How much of a text is looked through at once: little at first, for most texts tell their system early.
_FIRST, _NEXT = 1 << 15, 1 << 20


def detect(data: Bytes) -> tuple[tuple[Dialect, str], ...]:
    """Return each dialect of which the data bears a sign, with that sign; a file may hold several in turn."""
    found: dict[str, str] = {}
    begin, size = 0, _FIRST
    while begin < len(data) and len(found) < len(DIALECTS):
        piece = data[begin : begin + size + _OVERLAP]
        found |= _signs(piece, tuple(sorted(found)))
        begin, size = begin + size, _NEXT
    return tuple((dialect, found[dialect.system]) for dialect in DIALECTS if dialect.system in found)


def _signs(piece: bytes, known: tuple[str, ...]) -> dict[str, str]:
    """Return the systems, but for those known, of which a piece of text bears a sign, with the first sign of each."""
    owners, signs = _search(known)
    told: dict[str, str] = {}
    for place, start, end in signs.find_matches_as_indexes(piece):
        if owners[place] not in told:
            told[owners[place]] = decode(piece[start:end]).strip()
    recorded = told.pop(_RECORD[0], "")
    named = record.systems(piece) & {dialect.system for dialect in DIALECTS} if recorded else set()
    return dict.fromkeys(named - set(known), recorded) | told


@cache
def _search(known: tuple[str, ...]) -> tuple[tuple[str, ...], BytesAhoCorasick]:
    signs = [(dialect.system, sign) for dialect in DIALECTS if dialect.system not in known for sign in dialect.signs]
    kind = MatchKind.LeftmostFirst  # the quickest kind of search; no sign overlaps another system's
    signs.append(_RECORD)
    return tuple(system for system, _ in signs), BytesAhoCorasick([sign for _, sign in signs], matchkind=kind)
