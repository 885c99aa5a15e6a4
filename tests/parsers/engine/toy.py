"""A dialect of a made-up system, for tests of single functions."""

from __future__ import annotations

import re

from parsers.engine.events import Lines
from parsers.engine.lines import Ruler
from parsers.engine.scanning import events
from parsers.engine.shapes import Dialect, Shape
from parsers.engine.text import Text

STEP = Shape(rb"step=(?P<step>\d+)(?: loss=(?P<loss>[\d.]+))?(?: rate=(?P<rate>[\d.]+))?", series=True)
BAR = Shape(rb"bar(?: loss=(?P<loss>[\d.]+))?(?: rate=(?P<rate>[\d.]+))?", series=True)
TOY = Dialect(
    system="Toy",
    signs=(b"step=",),
    shapes=(STEP, BAR),
    stamp=re.compile(rb"(?P<stamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"),
)


def lines_of(data: bytes) -> Lines:
    """Return the lines of a text that is a series."""
    (found,) = events(data, (TOY,))
    assert isinstance(found, Lines)
    found.tell(*Ruler(Text(data)).places(data, 0, found.offsets))
    return found


def series(*steps: int) -> Lines:
    """Return lines with these steps, of which each has a loss."""
    return lines_of(b"".join(b"step=%d loss=%d.5;\n" % (step, step) for step in steps))


class Sliced(bytes):
    """Text that remembers how long the slices are that were asked for."""

    def __init__(self, _data: bytes) -> None:
        self.lengths: list[int] = []

    def __getitem__(self, part: slice) -> bytes:  # type: ignore[override]
        piece = super().__getitem__(part)
        self.lengths.append(len(piece))
        return piece
