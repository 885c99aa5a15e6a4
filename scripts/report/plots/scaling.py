"""A metric against a setting that doubles, beside other people's runs and a line of proportional growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from scripts.report.cohort import Band, band
from scripts.report.known import Known
from scripts.report.picture import Picture
from scripts.report.plot import Scaling
from scripts.report.plots.drawing import beside, blank, doubling, drawn, ideal, slot
from scripts.report.plots.points import Point, dots, points
from scripts.report.results import ReportRun


def draw(plot: Scaling, title: str, runs: Sequence[ReportRun], known: Known) -> Picture | None:
    """Return the picture, or None where fewer than two runs have both values."""
    shown = points(runs, known, plot.setting, plot.metric)
    if len(shown) < 2:
        return None
    figure, axes = blank(title, plot.xlabel, plot.ylabel)
    bands = {x: found for x, _, run in shown if (found := band(known, run, plot.metric, x)) is not None}
    ideal(axes, shown[0][:2], shown[-1][0], plot.ideal)
    said = _bands(axes, bands)
    dots(axes, shown, known, plot.metric)
    _limits(axes, shown, bands)
    if plot.failure:
        for x, words in {x: plot.failure(run, known) for x, _, run in shown if _failed(run)}.items():
            slot(axes, x, words)
    return drawn(plot.name, f"{title}.", plot.description + said, figure)


def _failed(run: ReportRun) -> bool:
    return run.word("outcome") == "failed"


def _bands(axes: Axes, bands: Mapping[float, Band]) -> str:
    """Draw what is known of all runs beside the settings of ours; return what a description says of it."""
    for x, found in bands.items():
        beside(axes, x, (found.low, found.high), f"n = {found.runs}", outliers=found.outliers)
    words = " Grey, left of a dot: the range of all known runs." if bands else ""
    crossed = any(found.outliers for found in bands.values())
    return f"{words} A cross: an outlier." if crossed else words


def _limits(axes: Axes, shown: Sequence[Point], bands: Mapping[float, Band]) -> None:
    settings = [x for x, _, _ in shown]
    highest = shown[0][1] * settings[-1] / settings[0]
    far = [value for found in bands.values() for value in found.outliers]
    doubling(axes, settings, [*(y for _, y, _ in shown), highest, *far])
