"""The cases: small logs of our own, each beside the facts table expected of it."""

from __future__ import annotations

from pathlib import Path

from parsers.facts import rows
from parsers.reading import parse

CASES = Path(__file__).parent / "cases"
NAMES = tuple(sorted(path.stem for path in CASES.glob("*.log")))

Row = tuple[str | int, ...]


def case(name: str) -> bytes:
    """Return the bytes of a case."""
    return (CASES / f"{name}.log").read_bytes()


def table(data: bytes) -> list[Row]:
    """Return the rows of a log's facts, without its name and without evidence, which a cut may shorten."""
    return [row[1:-1] for row in rows("", parse(data, "").runs)]


def values(data: bytes) -> list[Row]:
    """Return run, name, device, step and value of each fact: what does not hang on where lines end."""
    return [(row[0], row[2], row[3], row[4], row[5]) for row in table(data)]


def said(data: bytes, name: str) -> list[str | int]:
    """Return the values of the facts called `name`, run by run."""
    return [row[5] for row in table(data) if row[2] == name and row[4] == ""]
