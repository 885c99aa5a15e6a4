"""The figures of the reader's own machine, in the neutral colour: every repeat a dot."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from scripts.report.answers import Points, points
from scripts.report.drawing import blank, colour_of, drawn
from scripts.report.picture import Picture
from scripts.report.quantities import OWN_MACHINE, Quantity, value_of
from scripts.report.results import Results

# How far repeats stand apart: as a factor, since the axes are logarithmic.
_APART = 1.06


def _latency(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    dots = points(results.of(OWN_MACHINE), known, ["sequence_length"], "median_latency")
    if len({x for x, _, _ in dots}) < 2:
        return None
    finding = _latency_finding(dots)
    figure, axes = blank(finding, "sequence length, tokens", "time of one inference, ms")
    for x, (_, y, run) in zip(_beside(dots), dots, strict=True):
        low, high = (value_of(known, run, f"{end}_latency") for end in ("low", "high"))
        spread = [[y - low], [high - y]] if low is not None and high is not None else None
        axes.errorbar(x, y, yerr=spread, fmt="o", color=colour_of(OWN_MACHINE), markersize=7, capsize=4, linewidth=1.2)
    _settings(axes, dots, base=2)
    axes.set_ylim(0)
    words = (
        "Time of one inference against sequence length, a dot the median of a run; bars: what one in twenty "
        "inferences stays under, and what one in twenty goes over."
    )
    return drawn("cpu-latency", f"{finding}.", words, figure)


def _latency_finding(dots: Points) -> str:
    """Return the title: a finding where every repeat bears it out."""
    first, last = dots[0][0], dots[-1][0]
    slowest, fastest = max(y for x, y, _ in dots if x == last), min(y for x, y, _ in dots if x == first)
    if last == 2 * first and slowest < 2 * fastest:
        return "Twice the tokens cost less than twice the time"
    return "Time of one inference against sequence length"


def _error(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    dots = points(results.of(OWN_MACHINE), known, ["learning_rate"], "error_rate")
    if len({x for x, _, _ in dots}) < 2:
        return None
    finding = _error_finding(dots)
    figure, axes = blank(finding, "learning rate", "test error, %")
    axes.plot(_beside(dots), [y for _, y, _ in dots], "o", color=colour_of(OWN_MACHINE), markersize=7, alpha=0.85)
    _settings(axes, dots, base=10)
    axes.set_ylim(0, 100)
    words = "Test error on the handwritten digits against learning rate; each dot is a run from another seed."
    return drawn("cpu-error", f"{finding}.", words, figure)


def _error_finding(dots: Points) -> str:
    """Return the title: a finding where all repeats of one rate do better than any repeat of another."""
    best = min(dots, key=lambda dot: dot[1])[0]
    others = [y for x, y, _ in dots if x != best]
    epochs = {run.word("epochs") for _, _, run in dots}
    if len(epochs) == 1 and max(y for x, y, _ in dots if x == best) < 10 and min(others) > 50:
        return f"Of the rates only {best:g} arrives within {epochs.pop()} epochs"
    return "Test error against learning rate"


def _beside(dots: Points) -> list[float]:
    """Return where dots stand so that repeats of a setting are side by side around it."""
    settings = [x for x, _, _ in dots]
    return [x * _APART ** (settings[:place].count(x) - (settings.count(x) - 1) / 2) for place, x in enumerate(settings)]


def _settings(axes: Axes, dots: Points, *, base: int) -> None:
    """Set the level axis to logarithms, with a tick at each setting."""
    settings = sorted({x for x, _, _ in dots})
    axes.set_xscale("log", base=base)
    axes.set_xticks(settings)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(settings[0] / base**0.5, settings[-1] * base**0.5)


SMALL_WORK = (_latency, _error)
