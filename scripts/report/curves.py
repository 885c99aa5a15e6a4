"""Loss curves: of one run by step, and of a system's runs side by side by step and by samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

from matplotlib.ticker import MaxNLocator

from parsers.facts import Series
from scripts.report.drawing import DASHES, MARKERS, blank, colour_of, drawn, twins
from scripts.report.picture import Picture
from scripts.report.quantities import Quantity, value_of
from scripts.report.results import ReportRun, Results
from scripts.report.rounding import number, shown

# More points than this are drawn as means of so many neighbours that no more remain: curves can then be told apart.
_MOST_POINTS = 26


def has_loss(run: ReportRun) -> bool:
    """Return whether a run logs its loss by step."""
    return any(series.name == "loss" for series in run.run.series)


def _series(run: ReportRun) -> Series:
    return next(series for series in run.run.series if series.name == "loss")


def loss(run: ReportRun) -> Picture:
    """Return the loss curve of a run, every point of it."""
    series = _series(run)
    steps, values = _drawable(series.steps), _drawable(series.values)
    finding = (
        f"Loss from {series.values[0]} at step {series.steps[0]} to {series.values[-1]} at step {series.steps[-1]}"
    )
    figure, axes = blank(finding, "step", "training loss")
    marker = MARKERS.get(run.system, "o") if len(values) <= 50 else ""
    axes.plot(steps, values, color=colour_of(run.system), linewidth=1.3, marker=marker)
    return drawn(f"loss-{run.id}", f"{finding}.", f"Training loss by step of the run {run.id}.", figure)


def _compared(
    system: str, setting: str, batch: str, word: str
) -> Callable[[Results, Mapping[str, Quantity]], Picture | None]:
    """Return what draws the losses of a system's runs; `setting` tells them apart, `batch` is a step's samples."""

    def draw(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
        runs = [run for run in results.of(system) if has_loss(run) and value_of(known, run, batch) is not None]
        runs.sort(key=lambda run: value_of(known, run, setting) or 0)
        if len(runs) < 2:
            return None
        finding = _finding(runs)
        figure, (by_step, by_samples) = twins(finding, ("step", "samples, millions"), "training loss")
        for place, run in enumerate(runs):
            steps, values = thinned(_series(run))
            millions = [step * (value_of(known, run, batch) or 0) / 1e6 for step in steps]
            style: Any = {"color": colour_of(system), "linestyle": DASHES[place % len(DASHES)], "linewidth": 1.4}
            by_step.plot(steps, values, label=_label(run, runs, setting, word), **style)
            by_samples.plot(millions, values, **style)
        for axes in (by_step, by_samples):
            axes.xaxis.set_major_locator(MaxNLocator(5))
        handles, labels = by_step.get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", ncols=len(runs))
        count = max(len(_series(run).steps) for run in runs)
        means = f" Means of {_stride(count)} neighbouring steps." if count > _MOST_POINTS else ""
        words = f"Training loss of each run, by step on the left and by samples on the right.{means}"
        return drawn(f"{system.lower()}-loss", f"{finding}.", words, figure)

    return draw


def _label(run: ReportRun, runs: Sequence[ReportRun], setting: str, word: str) -> str:
    """Return what a curve is called: its setting, and its job too where several runs share the setting."""
    shared = [other.word(setting) for other in runs].count(run.word(setting)) > 1
    return f"{run.word(setting)}, job {run.word('job_id')}" if shared else f"{run.word(setting)} {word}"


def _finding(runs: Sequence[ReportRun]) -> str:
    """Return the title: how alike the last losses are, where they are of one step and no run stands out."""
    losses = [_drawable(_series(run).values) for run in runs]
    last = [values[-1] for values in losses]
    steps = {_series(run).steps[-1] for run in runs}
    # How much a loss moves between two logged steps near its end is how much the last one may lie off by chance.
    ends = [values[-max(3, len(values) // 10) :] for values in losses]
    moves = [abs(later - earlier) for end in ends for earlier, later in pairwise(end)]
    if (
        len(steps) > 1
        or not all(map(math.isfinite, [*last, *moves]))
        or not moves
        or max(last) - min(last) > max(moves)
    ):
        return "Training loss by step and by samples"
    return f"After {shown(str(steps.pop()), 4)} steps the losses differ by less than single steps do"


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


COMPARED = (
    _compared("SambaNova", "ntasks", "global_batch_size", "tasks"),
    _compared("Cerebras", "batch_size", "batch_size", "samples a step"),
)
