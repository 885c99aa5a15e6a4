"""A metric against a setting that doubles, beside other people's runs and a line of proportional growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from scripts.report.known import Known
from scripts.report.others import Range, others
from scripts.report.picture import Picture
from scripts.report.plot import Scaling
from scripts.report.plots.drawing import band, blank, doubling, drawn, ideal, slot
from scripts.report.plots.points import Point, dots, points
from scripts.report.results import ReportRun


def draw(plot: Scaling, runs: Sequence[ReportRun], known: Known) -> Picture | None:
    """Return the picture, or None where fewer than two runs have both values."""
    shown = points(runs, known, plot.setting, plot.metric)
    if len(shown) < 2:
        return None
    title = plot.title([run for _, _, run in shown], known)
    figure, axes = blank(title, plot.xlabel, plot.ylabel)
    ranges = others().beside(shown[0][2].system, plot.metric)
    ideal(axes, shown[0][:2], shown[-1][0], plot.ideal)
    beside = _bands(axes, shown, ranges)
    dots(axes, shown, known, plot.metric)
    _limits(axes, shown, ranges)
    if plot.failure:
        for x, words in {x: plot.failure(run, known) for x, _, run in shown if _failed(run)}.items():
            slot(axes, x, words)
    return drawn(plot.name, f"{title}.", plot.description + beside, figure)


def _failed(run: ReportRun) -> bool:
    return run.word("outcome") == "failed"


def _bands(axes: Axes, shown: Sequence[Point], ranges: Mapping[float, Range]) -> str:
    """Draw other people's ranges beside the settings of ours; return what a description says of them."""
    shown_here = {x: ranges[x] for x, _, _ in shown if x in ranges}
    for x, found in shown_here.items():
        apart = float(found.apart) if found.apart else None
        band(axes, x, (float(found.low), float(found.high)), f"n = {found.n}", apart=apart)
    words = " Grey, left of a dot: the range of other people's runs and ours." if shown_here else ""
    crossed = any(found.apart for found in shown_here.values())
    return f"{words} A cross: one run of theirs far outside." if crossed else words


def _limits(axes: Axes, shown: Sequence[Point], ranges: Mapping[float, Range]) -> None:
    settings = [x for x, _, _ in shown]
    highest = shown[0][1] * settings[-1] / settings[0]
    apart = [float(found.apart) for x, found in ranges.items() if found.apart and x in settings]
    doubling(axes, settings, [*(y for _, y, _ in shown), highest, *apart])
