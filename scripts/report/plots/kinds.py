"""Which module draws which kind of plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from scripts.report import plot
from scripts.report.known import Known
from scripts.report.picture import Picture
from scripts.report.plots import intervals, losses, repeats, scaling, shares, timeline
from scripts.report.plots.drawing import Layout, both
from scripts.report.results import ReportRun

_DRAW: dict[type, Callable[[Any, str, Sequence[ReportRun], Known, Layout], Picture | None]] = {
    plot.Scaling: scaling.draw,
    plot.Intervals: intervals.draw,
    plot.Repeats: repeats.draw,
    plot.Shares: shares.draw,
    plot.Timeline: timeline.draw,
    plot.Losses: losses.draw,
}


def draw(asked: plot.Plot, title: str, runs: Sequence[ReportRun], known: Known) -> Picture | None:
    """Return the picture of a plot for comparable runs of one system, or None where too few of them have its values.

    It has a wide and a narrow drawing.
    """
    return both(partial(_DRAW[type(asked)], asked, title, runs, known))
