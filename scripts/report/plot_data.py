"""What a figure is drawn from, as CSV. This module needs no library that draws."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from .known import Known
from .plot import Intervals, Losses, Plot, Repeats, Scaling, Shares, Timeline
from .results import ReportRun
from .strips import Strips

Row = Sequence[str | int | float]


def csv_of(plot: Plot, runs: Sequence[ReportRun], known: Known) -> bytes:
    """Return the data of a plot: one row per run, phase or step."""
    if isinstance(plot, Timeline):
        return _csv(("run", "phase", "seconds"), _phases(plot, runs, known))
    if isinstance(plot, Losses):
        return _csv(("run", plot.setting, "step", "loss", "line"), _points(plot, runs, known))
    names = [name for name in _columns(plot) if name]
    rows = [[run.id, *(_value(run, name, known) for name in names), run.word("outcome")] for run in runs]
    return _csv(("run", *names, "outcome"), rows)


def csv_of_loss(run: ReportRun) -> bytes:
    """Return the loss of a run by step, with the line of the log."""
    return _csv(("step", "loss", "line"), _loss(run))


def csv_of_strips(strips: Strips) -> bytes:
    """Return the runs of each strip, with their difference from the median of its setting."""
    rows = [(row.label, dot.person, dot.text, f"{dot.percent:.6g}") for row in strips.rows for dot in row.dots]
    return _csv(("setting", "person", strips.metric, "percent_from_median"), rows)


def _columns(plot: Scaling | Intervals | Repeats | Shares) -> tuple[str, ...]:
    if isinstance(plot, Shares):
        return plot.setting, plot.whole, plot.part
    if isinstance(plot, Scaling):
        return plot.setting, plot.metric
    return plot.setting, plot.metric, plot.low, plot.high


def _value(run: ReportRun, name: str, known: Known) -> str:
    quantity = known.of(run, name)
    return quantity.value if quantity is not None else ""


def _phases(plot: Timeline, runs: Sequence[ReportRun], known: Known) -> Iterable[Row]:
    for run in runs:
        row = plot.rows(run, known)
        if row is not None:
            yield from ((run.id, phase.name, f"{phase.seconds:.15g}") for phase in row.phases)


def _points(plot: Losses, runs: Sequence[ReportRun], known: Known) -> Iterable[Row]:
    for run in runs:
        setting = _value(run, plot.setting, known)
        yield from ((run.id, setting, *point) for point in _loss(run))


def _loss(run: ReportRun) -> Iterable[Row]:
    for series in run.run.series:
        if series.name == "loss":
            yield from zip(series.steps, series.values, series.lines, strict=True)


def _csv(header: Row, rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
