"""Loss curves: of one run by step, and of a system's runs side by side by step and by samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...reader import Series
from ..known import Known
from ..picture import Picture
from ..plot import Losses
from ..results import ReportRun
from ..rounding import counted, number
from ..system import system_of
from .drawing import COLOURS, DASHES, Layout, blank, both, drawn, legend_height, twins

# More points than this are drawn as means of so many neighbours that no more remain: curves can then be told apart.
_MOST_POINTS = 26
# Of more points than this, the curve of one run shows the lowest and the highest of neighbours.
_MOST_DRAWN = 1000
# A legend of more entries than this has several lines, each of so many inches.
_MOST_COLUMNS, _LEGEND_LINE = 4, 0.225


def has_loss(run: ReportRun) -> bool:
    """Return whether a run logs its loss by step."""
    return any(series.name == "loss" for series in run.run.series)


def _series(run: ReportRun) -> Series:
    return next(series for series in run.run.series if series.name == "loss")


def loss(run: ReportRun) -> Picture | None:
    """Return the loss curve of a run: every point of it, or the peaks where there are more than can be told apart."""
    series = _series(run)
    steps, values = peaks(_drawable(series.steps), _drawable(series.values))
    ends = (f"{series.values[end]} at step {counted(series.steps[end])}" for end in (0, -1))
    finding = f"Loss from {' to '.join(ends)}"
    return both(partial(_loss, run, finding, steps, values))


def _loss(
    run: ReportRun, finding: str, steps: Sequence[float], values: Sequence[float], layout: Layout
) -> Picture | None:
    figure, axes = blank(finding, "step", "training loss", layout)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    system = system_of(run.system)
    marker = system.marker if len(values) <= 50 else ""
    axes.plot(steps, values, color=system.colour, linewidth=1.3, marker=marker)
    return drawn(f"loss-{run.id}", f"{finding}.", f"Training loss by step of the run {run.id}.", figure, layout)


def peaks(steps: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return a curve; of more than `_MOST_DRAWN` points, the lowest and the highest of neighbours, and the gaps.

    >>> peaks([1, 2, 3], [0.5, 0.25, 0.75])
    ([1, 2, 3], [0.5, 0.25, 0.75])
    """
    stride = -(-2 * len(steps) // _MOST_DRAWN) if len(steps) > _MOST_DRAWN else 1
    kept: list[int] = []
    for at in range(0, len(steps), stride):
        piece = range(at, min(at + stride, len(steps)))
        gaps = [place for place in piece if math.isnan(values[place])]
        drawn_ones = sorted(set(piece) - set(gaps), key=lambda place: values[place])
        kept += sorted({*gaps, *drawn_ones[:1], *drawn_ones[-1:]})
    return [steps[place] for place in kept], [values[place] for place in kept]


def draw(plot: Losses, title: str, runs: Sequence[ReportRun], known: Known, layout: Layout) -> Picture | None:
    """Return the picture, or None where fewer than two runs have a loss and a known batch."""
    shown_runs = [run for run in runs if has_loss(run) and known.number(run, plot.batch) is not None]
    shown_runs.sort(key=lambda run: known.number(run, plot.setting) or 0)
    if len(shown_runs) < 2:
        return None
    columns = 1 if layout.narrow else min(len(shown_runs), _MOST_COLUMNS)
    lines = -(-len(shown_runs) // columns)
    height = legend_height(layout, lines) + (0 if layout.narrow else _LEGEND_LINE * (lines - 1))
    figure, panels = twins(title, ("step", "samples, millions"), "training loss", layout, height)
    for place, run in enumerate(shown_runs):
        label = _label(run, shown_runs, plot.setting, plot.word)
        look = {"color": COLOURS[place % len(COLOURS)], "linestyle": DASHES[place // len(COLOURS) % len(DASHES)]}
        _curve(panels, run, known.number(run, plot.batch) or 0, label, look)
    for axes in panels:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=columns)
    count = max(len(_series(run).steps) for run in shown_runs)
    means = f" Means of {_stride(count)} neighbouring steps." if count > _MOST_POINTS else ""
    words = f"Training loss of each run, by step on the left and by samples on the right.{means}"
    return drawn(plot.name, f"{title}.", words, figure, layout)


def _curve(panels: tuple[Axes, Axes], run: ReportRun, batch: float, label: str, look: Mapping[str, Any]) -> None:
    """Draw a run's loss by step in the first panel and by samples in the second."""
    by_step, by_samples = panels
    steps, values = thinned(_series(run))
    by_step.plot(steps, values, label=label, linewidth=1.4, **look)
    by_samples.plot([step * batch / 1e6 for step in steps], values, linewidth=1.4, **look)


def _label(run: ReportRun, runs: Sequence[ReportRun], setting: str, word: str) -> str:
    """Return what a curve is called: its setting, and its job or seed too where several runs share the setting."""
    if [other.word(setting) for other in runs].count(run.word(setting)) == 1:
        return f"{run.word(setting)} {word}"
    job = run.word("job_id")
    return f"{run.word(setting)}, job {job}" if job else f"{run.word(setting)}, seed {run.word('seed')}"


def _stride(count: int) -> int:
    return -(-count // _MOST_POINTS)


def thinned(series: Series) -> tuple[list[float], list[float]]:
    """Return steps and values of a curve, as means of neighbours where there are more than can be told apart.

    Both have the same length, at most 26; a mean stands at the mean of its steps.
    """
    stride = _stride(len(series.steps))
    pieces = range(0, len(series.steps), stride)
    steps, values = _drawable(series.steps), _drawable(series.values)
    return [fmean(steps[at : at + stride]) for at in pieces], [fmean(values[at : at + stride]) for at in pieces]


def _drawable(values: Iterable[str | int]) -> list[float]:
    """Return values as numbers; a gap is drawn for a word, or a number that is too large."""
    return [math.nan if (value := number(str(text))) is None else value for text in values]
