"""A metric against a setting with an interval around each value, beside the range of runs that state no setting."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from ..cohort import Band, band
from ..known import Known
from ..picture import Picture
from ..plot import Intervals
from ..results import ReportRun
from ..system import system_of
from .drawing import FAINT, Layout, blank, drawn
from .points import Point, points


def draw(plot: Intervals, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where fewer than two runs have both values."""
    shown = points(runs, known, plot.setting, plot.metric)
    if len(shown) < 2:
        return None
    figure, axes = blank(title, plot.xlabel, plot.ylabel, layout)
    axes.set_xscale("log")
    axes.set_yscale("log")
    unstated = band(known, shown[0][2], plot.others, None)
    if unstated is not None:
        _range(axes, unstated)
    note = " Grey: the range of all known runs whose logs do not state the setting." if unstated else ""
    for point in shown:
        _interval(axes, point, known, plot)
    _limits(axes, [x for x, _, _ in shown], plot.limits, beyond=7 if layout.narrow else 2.5)
    return drawn(plot.name, f"{title}.", plot.description + note, figure, layout)


def _range(axes: Axes, accuracies: Band) -> None:
    """Draw the range of accuracies whose setting no log states as a band of errors."""
    low, high = 100 - accuracies.high, 100 - accuracies.low
    axes.axhspan(low, high, color=FAINT, alpha=0.2, linewidth=0)
    axes.annotate(
        f"{accuracies.runs} runs, rate not stated", (1, high), (-4, 4),
        xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", fontsize=9
    )  # fmt: skip


def _interval(axes: Axes, point: Point, known: Known, plot: Intervals) -> None:
    """Draw a value with its interval; the ends are of the accuracy, the value is the error."""
    x, y, run = point
    low, high = known.number(run, plot.low), known.number(run, plot.high)
    spread = [[y - (100 - high)], [100 - low - y]] if low is not None and high is not None else None
    system = system_of(run.system)
    axes.errorbar(
        x, y, yerr=spread, fmt=system.marker, color=system.colour, markersize=8, capsize=4, linewidth=1.5
    )  # fmt: skip
    axes.annotate(known.text(run, plot.metric), (x, y), (11, -4), textcoords="offset points", fontsize=10)


def _limits(axes: Axes, settings: Sequence[float], limits: tuple[float, float], *, beyond: float) -> None:
    axes.set_xticks(settings)
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(*limits)
    axes.set_xlim(min(settings) / 2, max(settings) * beyond)
