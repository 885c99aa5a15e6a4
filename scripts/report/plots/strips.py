"""One strip per group of runs: every run a dot, by its distance from the median of its group."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.report.picture import Picture
from scripts.report.plots.drawing import FAINT, INK, drawn, furnish
from scripts.report.rounding import shown
from scripts.report.strips import Dot, Strip, Strips

_ROW, _MARGINS = 0.45, 1.35  # inches
_STACK = 0.13  # how far neighbouring dots stand apart, in rows


def draw(strips: Strips) -> Picture:
    """Return the picture of a system's groups."""
    height = _ROW * len(strips.rows) + _MARGINS
    figure = Figure(figsize=(7.2, height))
    axes = figure.add_axes((0.27, 0.75 / height, 0.7, 1 - _MARGINS / height))
    axes.set_title(strips.title)
    furnish(axes, f"{strips.metric}: difference from the setting's median, %", "")
    for place, row in enumerate(strips.rows):
        _strip(axes, place, row, strips.colour, strips.edge)
    axes.set_yticks(range(len(strips.rows)), [row.label for row in strips.rows], fontsize=9.5)
    axes.set_ylim(len(strips.rows) - 0.5, -0.5)
    axes.set_xlim(-1.45 * strips.edge, 1.45 * strips.edge)
    axes.grid(visible=False, axis="y")
    return drawn(strips.name, f"{strips.title}.", strips.description, figure)


def _strip(axes: Axes, place: int, row: Strip, colour: str, edge: float) -> None:
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    near = sorted((dot for dot in row.dots if abs(dot.percent) <= edge), key=lambda dot: dot.percent)
    for rank, dot in enumerate(near):
        lift = (rank % 3 - 1) * _STACK if len(near) > 1 else 0
        _dot(axes, dot.percent, place + lift, dot, colour)
    _beyond(axes, place, [dot for dot in row.dots if abs(dot.percent) > edge], edge)


def _dot(axes: Axes, x: float, y: float, dot: Dot, colour: str) -> None:
    """Draw a run: a filled dot of this report, a hollow one of another person's."""
    face = colour if dot.here else "none"
    axes.plot(
        x, y, "o", color=colour, markerfacecolor=face, markersize=7 if dot.here else 6, zorder=3 if dot.here else 2
    )


def _beyond(axes: Axes, place: int, far: Sequence[Dot], edge: float) -> None:
    """Draw what lies beyond the edge as a cross there, with the person and the value of each run."""
    for side in (-1, 1):
        there = [dot for dot in far if dot.percent * side > 0]
        if there:
            words = ", ".join(f"{dot.person} {shown(dot.text, 4)}" for dot in there)
            axes.plot(side * 1.4 * edge, place, "x", color=INK, markersize=6)
            axes.annotate(
                words, (side * 1.4 * edge, place), (-8 * side, -4), textcoords="offset points",
                ha="left" if side < 0 else "right", fontsize=9,
            )  # fmt: skip
