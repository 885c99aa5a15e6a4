"""Where the time of a run went: its phases as bars put end to end, one row per run.

The phases stand in the order of the procedure. Their lengths are what the logs say; gaps between them are not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..known import Known
from ..picture import Picture
from ..plot import Phase, Row, Timeline
from ..results import ReportRun
from ..rounding import shown
from ..system import system_of
from .drawing import FAINT, INK, Layout, blank, drawn, legend_height


def draw(plot: Timeline, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where fewer than two runs have phases."""
    runs = sorted(runs, key=lambda run: (run.word("stage") != "compile", known.number(run, plot.setting) or 0))
    rows = [(run, row) for run in runs if (row := plot.rows(run, known)) is not None]
    if len(rows) < 2:
        return None
    legend = legend_height(layout, len({phase.name for _, row in rows for phase in row.phases}))
    figure, axes = blank(title, "seconds", "", layout, left=0.35 if layout.narrow else 0.58, below=legend)
    named = _rows(axes, [row for _, row in rows], system_of(rows[0][0].system).colour)
    figure.legend(list(named.values()), list(named), loc="lower center", ncols=1 if layout.narrow else len(named))
    if layout.narrow:
        axes.set_xlim(0, 1.15 * axes.get_xlim()[1])
        axes.xaxis.set_major_locator(MaxNLocator(4))
    return drawn(plot.name, f"{title}.", plot.description, figure, layout)


def _rows(axes: Axes, rows: Sequence[Row], colour: str) -> dict[str, Patch]:
    """Draw the rows; return what stands for each phase in the legend."""
    named: dict[str, Patch] = {}
    for index, row in enumerate(rows):
        begin = 0.0
        for phase in row.phases:
            named.setdefault(phase.name, _bar(axes, index, begin, phase, colour))
            begin += phase.seconds
        total = shown(f"{begin:.15g}", 4)
        axes.annotate(f"{total} s", (begin, index), (6, -4), textcoords="offset points", fontsize=10)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_xlim(0, 1.15 * max(sum(phase.seconds for phase in row.phases) for row in rows))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    return named


def _bar(axes: Axes, position: int, begin: float, phase: Phase, colour: str) -> Patch:
    """Draw a phase; return what stands for it in the legend."""
    fill: Any = (
        {"color": colour, "alpha": phase.strength}
        if phase.strength
        else {"color": "none", "edgecolor": FAINT, "hatch": "//"}
    )
    axes.plot([begin, begin], [position - 0.275, position + 0.275], color=INK, linewidth=0.6)
    return axes.barh(position, phase.seconds, 0.55, left=begin, **fill).patches[0]
