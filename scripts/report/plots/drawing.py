"""How figures are drawn: colours, style, axes, and a light and a dark SVG of each whose text stays text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import regex
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from scripts.report.markdown import escaped
from scripts.report.picture import Picture
from scripts.report.rounding import shown

DASHES = ("-", "--", ":", "-.")

# The drawing is made in these two colours; each scheme puts its own in their place.
INK, FAINT = "#010101", "#020202"
_SCHEMES = {"": {INK: "#202124", FAINT: "#767676"}, "-dark": {INK: "#e8eaed", FAINT: "#9aa0a6"}}

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "testbed-report",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # fixed: looking for ticks that it might run into takes half the time of drawing
    "hatch.color": FAINT,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.simplify": True,
    "path.simplify_threshold": 0.5,
}


def drawn(name: str, finding: str, description: str, figure: Figure) -> Picture:
    """Return a figure as the picture it gives: its name, what it shows in one sentence, how it shows it."""
    out = io.StringIO()
    with style():
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = regex.sub(r"<\?xml.*?<svg ", "<svg ", out.getvalue(), count=1, flags=regex.DOTALL)
    svg = regex.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=regex.DOTALL)
    said = f"<title>{escaped(finding)}</title><desc>{escaped(description)}</desc>"
    svg = regex.sub(r"<svg ([^>]*)>", rf'<svg role="img" \1>{said}', svg, count=1)
    svgs = {f"figures/{name}{suffix}.svg": _recoloured(svg, colours) for suffix, colours in _SCHEMES.items()}
    return Picture(name, finding, description, svgs)


def _recoloured(svg: str, colours: Mapping[str, str]) -> bytes:
    for placeholder, colour in colours.items():
        svg = svg.replace(placeholder, colour)
    return svg.encode()


@contextmanager
def style() -> Iterator[None]:
    """Let what is drawn inside have the style of this report."""
    with mpl.rc_context(_STYLE):
        yield


def blank(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    """Return an empty figure with its finding as title and the units on its axes."""
    figure = Figure(figsize=(7.2, 3.8))
    axes = figure.add_axes((0.12, 0.15, 0.84, 0.73))
    axes.set_title(title)
    furnish(axes, xlabel, ylabel)
    return figure, axes


def twins(title: str, xlabels: tuple[str, str], ylabel: str) -> tuple[Figure, tuple[Axes, Axes]]:
    """Return an empty figure of two panels side by side that share the upright axis."""
    figure = Figure(figsize=(7.2, 3.8))
    left = figure.add_axes((0.1, 0.28, 0.42, 0.6))
    right = figure.add_axes((0.55, 0.28, 0.42, 0.6), sharey=left)
    left.set_title(title)
    furnish(left, xlabels[0], ylabel)
    furnish(right, xlabels[1], "")
    right.tick_params(labelleft=False)
    return figure, (left, right)


def furnish(axes: Axes, xlabel: str, ylabel: str) -> None:
    """Give axes their labels and a faint grid."""
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(color=FAINT, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


def doubling(axes: Axes, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Set both axes to logarithms, for what doubles: a tick at each setting and at round values."""
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xticks(sorted(set(xs)))
    plain = FuncFormatter(lambda value, _: shown(f"{value:.15g}", 4))
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(min(xs) / 1.5, max(xs) * 1.5)
    axes.set_ylim(min(ys) / 1.6, max(ys) * 1.7)


def ideal(axes: Axes, start: tuple[float, float], last: float, words: str) -> None:
    """Draw the thin line of proportional growth from a point, as far as `last`."""
    x, y = start
    axes.plot([x, last], [y, y * last / x], color=FAINT, linewidth=1, linestyle="--", zorder=1)
    early = 2**0.4
    axes.annotate(words, (x * early, y * early), (-5, 5), textcoords="offset points", ha="right", color=FAINT)


def slot(axes: Axes, x: float, words: str) -> None:
    """Hatch the place of a setting, on a logarithmic axis, whose runs did not all complete, and say why below."""
    axes.axvspan(x / 1.25, x * 1.25, facecolor="none", edgecolor=FAINT, hatch="//", alpha=0.35, linewidth=0)
    axes.annotate(
        words, (x, 0), (0, 5), xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", fontsize=9
    )


def beside(axes: Axes, x: float, ends: tuple[float, float], words: str, *, outliers: Sequence[float] = ()) -> None:
    """Draw the range of all known runs beside a setting on a logarithmic axis, and outliers as crosses."""
    left, (low, high) = x / 1.13, ends
    axes.errorbar(left, low, yerr=[[0.0], [high - low]], color=FAINT, linewidth=2, capsize=4, zorder=1)
    axes.annotate(words, (left, high), (0, 5), textcoords="offset points", ha="center", color=FAINT, fontsize=9)
    for value in outliers:
        axes.plot(left, value, "x", color=FAINT, markersize=6, zorder=1)
