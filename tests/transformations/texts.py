"""What a transformation makes of a log: new bytes, and where each new line comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Changed(NamedTuple):
    """A log that has travelled.

    `places[n - 1]` is the line of the original that line `n` shows, or a part of it. `original` is what it was made of,
    where that is more than the log alone.
    """

    data: bytes
    places: tuple[int, ...]
    original: bytes | None = None


class Transformation(NamedTuple):
    """A named change of a log. `group` says of which sort it is, such as prefix, wrap or join."""

    group: str
    name: str
    make: Callable[[bytes], Changed]


Line = tuple[bytes, int]


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of a log without their newlines."""
    return data.removesuffix(b"\n").split(b"\n")


def made(lines: Iterable[Line], original: bytes | None = None) -> Changed:
    """Return a log of new lines, each with the number of the line that it comes from."""
    told = list(lines)
    return Changed(b"".join(line + b"\n" for line, _ in told), tuple(place for _, place in told), original)


def by_line(change: Callable[[int, bytes], Iterable[bytes]]) -> Callable[[bytes], Changed]:
    """Return the transformation that makes new lines of each line, told its number from 1."""

    def make(data: bytes) -> Changed:
        return made((new, number) for number, line in enumerate(lines_of(data), 1) for new in change(number, line))

    return make


def whole(change: Callable[[bytes], bytes]) -> Callable[[bytes], Changed]:
    """Return the transformation that leaves each line where it was."""

    def make(data: bytes) -> Changed:
        return Changed(change(data), tuple(range(1, data.count(b"\n") + 2)))

    return make


def numbered(data: bytes) -> Iterator[Line]:
    """Yield the lines of a log, each with its number."""
    return ((line, number) for number, line in enumerate(lines_of(data), 1))
