"""The points of runs in a plot, and how a dot is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ..known import Known
from ..results import ReportRun
from ..system import system_of

# A run's setting, its value, and the run.
Point = tuple[float, float, ReportRun]


def points(runs: Sequence[ReportRun], known: Known, setting: str, metric: str) -> list[Point]:
    """Return a point for each run that has both a setting and a metric, in the order of the settings."""
    made = []
    for run in runs:
        x, y = known.number(run, setting), known.number(run, metric)
        if x is not None and y is not None:
            made.append((x, y, run))
    return sorted(made, key=lambda point: point[:2])


def dots(axes: Axes, shown: Sequence[Point], known: Known, metric: str) -> None:
    """Draw a dot per run, hollow if it did not complete; two values at one place are above and below it."""
    for index, (x, y, run) in enumerate(shown):
        shared = [other for other, _, _ in shown].count(x) > 1
        below = shared and index + 1 < len(shown) and shown[index + 1][0] == x
        lift = (-16 if below else 6) if shared else -5
        system = system_of(run.system)
        face = system.colour if run.word("outcome") == "completed" else "none"
        axes.plot(x, y, system.marker, color=system.colour, markerfacecolor=face, markersize=9, markeredgewidth=2)
        axes.annotate(known.text(run, metric), (x, y), (11, lift), textcoords="offset points", fontsize=10)
