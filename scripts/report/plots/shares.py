"""A latency by setting as a bar of two parts, beside the range of all known runs."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ..cohort import Band, band
from ..known import Known
from ..picture import Picture
from ..plot import Shares
from ..results import ReportRun
from ..rounding import shown
from ..system import System, system_of
from .drawing import FAINT, Layout, blank, drawn
from .points import points


def draw(plot: Shares, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where fewer than two runs have both values."""
    dots = points(runs, known, plot.setting, plot.whole)
    if len(dots) < 2:
        return None
    figure, axes = blank(title, "latency of one inference, µs", "", layout, left=0.36)
    note = ""
    for index, (x, latency, run) in enumerate(dots):
        _bar(axes, index, 1000 * latency, 1000 * (known.number(run, plot.part) or 0), system_of(run.system), layout)
        rates = band(known, run, plot.others, x)
        if rates is not None:
            _range(axes, index, rates)
            note = " Grey, below a bar: the range of all known runs, from their inferences per second."
    axes.set_yticks(range(len(dots)), [f"{x:g} {plot.unit}" for x, _, _ in dots])
    axes.set_xlim(0, (1.35 if layout.narrow else 1.2) * max(1000 * latency for _, latency, _ in dots))
    axes.set_ylim(len(dots) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    return drawn(plot.name, f"{title}.", plot.description + note, figure, layout)


def _range(axes: Axes, row: int, rates: Band) -> None:
    """Draw a range of rates as a range of latencies, below a bar."""
    low, high = (1_000_000 / end for end in (rates.high, rates.low))
    axes.errorbar(low, row + 0.35, xerr=[[0.0], [high - low]], color=FAINT, linewidth=2, capsize=4)


def _bar(axes: Axes, row: int, whole: float, chip: float, system: System, layout: Layout) -> None:
    axes.barh(row, chip, 0.5, color=system.colour)
    axes.barh(row, whole - chip, 0.5, left=chip, color="none", edgecolor=system.colour, hatch="//")
    axes.plot(whole, row, system.marker, color=system.colour, markersize=8)
    axes.annotate(shown(f"{whole:.15g}", 3), (whole, row), (9, -4), textcoords="offset points")
    words = "on chip" if layout.narrow else "on chip, computed"
    axes.annotate(words, (2, row), (0, -4), textcoords="offset points", color="#111111")
    axes.annotate("outside the chip", (chip, row), (4, 34), textcoords="offset points", fontsize=9)
