"""Which dialects a text is written in, and why."""

from __future__ import annotations

from parsers import cerebras, cpu, graphcore, groq, record, sambanova
from parsers.grammar import Dialect
from parsers.log import decode

DIALECTS: tuple[Dialect, ...] = (sambanova.DIALECT, graphcore.DIALECT, cerebras.DIALECT, groq.DIALECT, cpu.DIALECT)


def detect(data: bytes) -> tuple[tuple[Dialect, str], ...]:
    """Return each dialect of which the data bears a sign, with that sign; a file may hold several in turn."""
    found = []
    recorded = record.systems(data)
    for dialect in DIALECTS:
        signs = (*dialect.signs, b"#testbed-run") if dialect.system in recorded else dialect.signs
        sign = next((sign for sign in signs if sign in data), None)
        if sign is not None:
            found.append((dialect, decode(sign).strip()))
    return tuple(found)
