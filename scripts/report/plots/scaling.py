"""A metric against a setting that doubles, beside other people's runs and a line of proportional growth."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from ..cohort import Band, band
from ..known import Known
from ..picture import Picture
from ..plot import Scaling
from ..results import ReportRun
from .drawing import Layout, beside, blank, doubling, drawn, ideal, slot
from .points import Point, dots, points


def draw(plot: Scaling, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where fewer than two runs have both values."""
    shown = points(runs, known, plot.setting, plot.metric)
    if len(shown) < 2:
        return None
    figure, axes = blank(title, plot.xlabel, plot.ylabel, layout, below=0.2)
    bands = {x: one for x, _, run in shown if (one := band(known, run, plot.metric, x)) is not None}
    ideal(axes, shown[0][:2], shown[-1][0], plot.ideal)
    note = _bands(axes, bands)
    dots(axes, shown, known, plot.metric)
    crowded = layout.narrow and plot.failure is not None and any(_failed(run) for _, _, run in shown)
    _limits(axes, shown, bands, room=4.2 if crowded else 1.6)
    if plot.failure:
        for x, words in {x: plot.failure(run, known) for x, _, run in shown if _failed(run)}.items():
            slot(axes, x, textwrap.fill(words.replace("\n", " "), 11) if layout.narrow else words)
    return drawn(plot.name, f"{title}.", plot.description + note, figure, layout)


def _failed(run: ReportRun) -> bool:
    return run.word("outcome") == "failed"


def _bands(axes: Axes, bands: Mapping[float, Band]) -> str:
    """Draw what is known of all runs beside the settings of ours; return what a description says of it."""
    for x, one in bands.items():
        beside(axes, x, (one.low, one.high), outliers=one.outliers)
    words = " Grey, left of a dot: the range of all known runs; n: how many there are." if bands else ""
    crossed = any(one.outliers for one in bands.values())
    return f"{words} A cross: an outlier." if crossed else words


def _limits(axes: Axes, shown: Sequence[Point], bands: Mapping[float, Band], *, room: float) -> None:
    settings = [x for x, _, _ in shown]
    highest = shown[0][1] * settings[-1] / settings[0]
    far = [value for one in bands.values() for value in one.outliers]
    counts = {x: one.runs for x, one in bands.items()}
    doubling(axes, settings, [*(y for _, y, _ in shown), highest, *far], counts, room=room)
