"""Which module draws which kind of plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from .. import plot
from ..known import Known
from ..picture import Picture
from ..results import ReportRun
from . import intervals, losses, repeats, scaling, shares, timeline
from .drawing import Layout, both

_DRAW: dict[type, Callable[[Any, str, Sequence[ReportRun], Known, Layout], Picture | None]] = {
    plot.Scaling: scaling.draw,
    plot.Intervals: intervals.draw,
    plot.Repeats: repeats.draw,
    plot.Shares: shares.draw,
    plot.Timeline: timeline.draw,
    plot.Losses: losses.draw,
}


def draw(asked: plot.Plot, title: str, runs: Sequence[ReportRun], known: Known) -> Picture | None:
    """Return the picture of a plot for comparable runs of one system, or None if too few have its values.

    It has a wide and a narrow drawing.
    """
    return both(partial(_DRAW[type(asked)], asked, title, runs, known))
