"""One strip per group of runs: every run a dot, by its distance from the median of its group."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from matplotlib.axes import Axes

from ..picture import Picture
from ..rounding import shown
from ..strips import Dot, Strip, Strips
from .drawing import FAINT, INK, Layout, blank, both, drawn

_ROW, _TALL_ROW = 0.45, 0.72  # inches
_STACK = 0.13  # how far neighbouring dots stand apart, in rows
_WIDE, _NARROW = 64, 30  # characters that have room beside a cross


def draw(strips: Strips) -> Picture | None:
    """Return the picture of a system's groups."""
    return both(partial(_draw, strips))


def _draw(strips: Strips, layout: Layout) -> Picture:
    labels = [_label(row.label, layout) for row in strips.rows]
    axis, left, row, size = " difference from the setting's median, %", 1.2, _ROW, 9.5
    if layout.narrow:
        most = max(label.count("\n") + 1 for label in labels)
        axis, left, row, size = "\ndifference from the\nsetting's median, %", 0.62, max(_TALL_ROW, 0.22 * most), 11
    rows = replace(layout, height=row * len(strips.rows) + layout.bottom + layout.top)
    below = 0.4 if layout.narrow else 0.0
    figure, axes = blank(strips.title, f"{strips.metric}:{axis}", "", rows, left=left, below=below)
    for index, strip in enumerate(strips.rows):
        _strip(axes, index, strip, strips, layout)
    axes.set_yticks(range(len(strips.rows)), labels, fontsize=size)
    axes.set_ylim(len(strips.rows) - 0.5, -0.5)
    axes.set_xlim(-1.45 * strips.edge, 1.45 * strips.edge)
    axes.grid(visible=False, axis="y")
    return drawn(strips.name, f"{strips.title}.", strips.description, figure, layout)


def _label(label: str, layout: Layout) -> str:
    """Return the name of a strip; on a phone in short lines, which keep a number and its noun together."""
    if not layout.narrow:
        return label
    kept = label.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    lines = (textwrap.fill(line, 14, break_on_hyphens=False) for line in kept.split("\n"))
    return "\n".join(lines)


def _strip(axes: Axes, position: int, row: Strip, strips: Strips, layout: Layout) -> None:
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    edge = strips.edge
    near = sorted((dot for dot in row.dots if abs(dot.percent) <= edge), key=lambda dot: dot.percent)
    for rank, dot in enumerate(near):
        lift = (rank % 3 - 1) * _STACK if len(near) > 1 else 0
        _dot(axes, dot.percent, position + lift, dot, strips.colour)
    _beyond(axes, position, [dot for dot in row.dots if abs(dot.percent) > edge], edge, layout)


def _dot(axes: Axes, x: float, y: float, dot: Dot, colour: str) -> None:
    """Draw a run: a filled dot of this report, a hollow one of another person's."""
    face = colour if dot.here else "none"
    axes.plot(
        x, y, "o", color=colour, markerfacecolor=face, markersize=7 if dot.here else 6, zorder=3 if dot.here else 2
    )


def _words(far: Sequence[Dot], most: int) -> str:
    """Return the person and the value of each run; where there is no room for all, how many they are and their ends."""
    words = ", ".join(f"{dot.person} {shown(dot.text, 4)}" for dot in far)
    low, high = (shown(end(far, key=lambda dot: float(dot.text)).text, 4) for end in (min, max))
    return words if len(words) <= most else f"{len(far)} runs: {low} to {high}"


def _beyond(axes: Axes, position: int, far: Sequence[Dot], edge: float, layout: Layout) -> None:
    """Draw a cross at the edge for runs beyond it, and say which they are."""
    for side in (-1, 1):
        there = [dot for dot in far if dot.percent * side > 0]
        if there:
            words = _words(there, _NARROW if layout.narrow else _WIDE)
            axes.plot(side * 1.4 * edge, position, "x", color=INK, markersize=6)
            lift = (0, -22) if layout.narrow else (-8 * side, -4)
            axes.annotate(
                words, (side * 1.4 * edge, position), lift, textcoords="offset points",
                ha="left" if side < 0 else "right", fontsize=9,
            )  # fmt: skip
