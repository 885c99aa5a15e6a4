"""A metric against a setting on a logarithmic axis: one dot per repeat, repeats side by side."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from ..known import Known
from ..picture import Picture
from ..plot import Repeats
from ..results import ReportRun
from ..system import system_of
from .drawing import Layout, blank, drawn
from .points import Point, points

# How far repeats stand apart: as a factor, since the axis is logarithmic.
_APART = 1.06


def draw(plot: Repeats, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where the runs have fewer than two settings."""
    shown = points(runs, known, plot.setting, plot.metric)
    if len({x for x, _, _ in shown}) < 2:
        return None
    figure, axes = blank(title, plot.xlabel, plot.ylabel, layout)
    if plot.low:
        _spreads(axes, shown, known, plot)
    else:
        colour = system_of(shown[0][2].system).colour
        axes.plot(_beside(shown), [y for _, y, _ in shown], "o", color=colour, markersize=7, alpha=0.85)
    _settings(axes, shown, base=plot.base)
    axes.set_ylim(0, plot.top)
    return drawn(plot.name, f"{title}.", plot.description, figure, layout)


def _spreads(axes: Axes, shown: Sequence[Point], known: Known, plot: Repeats) -> None:
    for x, (_, y, run) in zip(_beside(shown), shown, strict=True):
        low, high = known.number(run, plot.low), known.number(run, plot.high)
        spread = [[y - low], [high - y]] if low is not None and high is not None else None
        colour = system_of(run.system).colour
        axes.errorbar(x, y, yerr=spread, fmt="o", color=colour, markersize=7, capsize=4, linewidth=1.2)


def _beside(shown: Sequence[Point]) -> list[float]:
    """Return where dots stand so that repeats of a setting are side by side around it."""
    settings = [x for x, _, _ in shown]
    return [x * _APART ** (settings[:index].count(x) - (settings.count(x) - 1) / 2) for index, x in enumerate(settings)]


def _settings(axes: Axes, shown: Sequence[Point], *, base: int) -> None:
    """Set the level axis to logarithms, with a tick at each setting."""
    settings = sorted({x for x, _, _ in shown})
    axes.set_xscale("log", base=base)
    axes.set_xticks(settings)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(settings[0] / base**0.5, settings[-1] * base**0.5)
