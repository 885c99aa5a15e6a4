"""How figures are drawn: colours, style, axes, and a light and a dark SVG of each whose text stays text."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import matplotlib as mpl
import regex
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, NullLocator

from ..markdown import escaped
from ..picture import Picture
from ..rounding import shown

DASHES = ("-", "--", ":", "-.")

# Colours for runs whose lines overlap; each has a contrast of 3:1 on the light and the dark page.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")

# The drawing is made in these colours; each scheme replaces them. Each scheme has a background of its own, so that a
# figure can be read on any page.
INK, FAINT, PAPER = "#010101", "#020202", "#030303"
_SCHEMES = {
    "": {INK: "#202124", FAINT: "#767676", PAPER: "#ffffff"},
    "-dark": {INK: "#e8eaed", FAINT: "#9aa0a6", PAPER: "#1e2129"},
}


@dataclass(frozen=True)
class Layout:
    """How a figure is laid out: its size and margins in inches, and its letters in points.

    A title has at most `characters` in a line. `smallest` is the size that no letter goes below.
    """

    suffix: str
    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    characters: int
    smallest: float

    @property
    def narrow(self) -> bool:
        """Whether it is for a phone."""
        return bool(self.suffix)

    def rectangle(self, height: float, *, left: float = 0.0, below: float = 0.0) -> tuple[float, float, float, float]:
        """Return the place of the axes in a figure of some height; `left` and `below` widen two margins."""
        x, y = self.left + left, self.bottom + below
        return (
            x / self.width,
            y / height,
            1 - (x + self.right) / self.width,
            1 - (y + self.top + height - self.height - below) / height,
        )


WIDE = Layout("", 7.2, 3.8, 0.86, 0.29, 0.57, 0.46, 74, 9)
# On a phone of 360 pixels a figure has about 290: a point is then a pixel.
NARROW = Layout("-narrow", 3.9, 3.4, 0.86, 0.12, 0.57, 0.4, 36, 11)
_LINE = 0.21  # inches from one line of a title to the next

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
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "hatch.color": FAINT,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.simplify": True,
    "path.simplify_threshold": 0.5,
}


def drawn(name: str, finding: str, description: str, figure: Figure, layout: Layout) -> Picture:
    """Return a figure as the picture it gives: its name, what it shows in one sentence, how it shows it."""
    for text in _texts(figure):
        text.set_fontsize(max(float(text.get_fontsize()), layout.smallest))
    out = io.StringIO()
    with style():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = regex.sub(r"<\?xml.*?<svg ", "<svg ", out.getvalue(), count=1, flags=regex.DOTALL)
    svg = regex.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=regex.DOTALL)
    description_elements = f"<title>{escaped(finding)}</title><desc>{escaped(description)}</desc>"
    svg = regex.sub(r"<svg ([^>]*)>", rf'<svg role="img" \1>{description_elements}', svg, count=1)
    stem = f"figures/{name}{layout.suffix}"
    svgs = {f"{stem}{scheme}.svg": _recoloured(svg, colours) for scheme, colours in _SCHEMES.items()}
    return Picture(name, finding, description, svgs)


def _texts(figure: Figure) -> Iterator[Text]:
    """Yield the texts of a figure but the labels of its ticks, which have the size of the style."""
    yield from figure.texts
    for legend in figure.legends:
        yield from legend.get_texts()
    for axes in figure.axes:
        yield from axes.texts


def both(draw: Callable[[Layout], Picture | None]) -> Picture | None:
    """Return the picture with its wide and its narrow drawing."""
    wide = draw(WIDE)
    narrow = draw(NARROW) if wide is not None else None
    return replace(wide, svgs={**wide.svgs, **narrow.svgs}) if wide is not None and narrow is not None else None


def _recoloured(svg: str, colours: Mapping[str, str]) -> bytes:
    for placeholder, colour in colours.items():
        svg = svg.replace(placeholder, colour)
    return svg.encode()


@contextmanager
def style() -> Iterator[None]:
    """Let what is drawn inside have the style of this report."""
    with mpl.rc_context(_STYLE):
        yield


def blank(
    title: str, xlabel: str, ylabel: str, layout: Layout, *, left: float = 0.0, below: float = 0.0
) -> tuple[Figure, Axes]:
    """Return an empty figure with its finding as title and the units on its axes.

    `left` and `below` are how many inches its labels or its legend need there besides.
    """
    lines, height = _heading(title, layout)
    height += below
    figure = Figure(figsize=(layout.width, height))
    axes = figure.add_axes(layout.rectangle(height, left=left, below=below))
    _entitle(figure, lines)
    furnish(axes, xlabel, ylabel)
    return figure, axes


def twins(
    title: str, xlabels: tuple[str, str], ylabel: str, layout: Layout, legend: float
) -> tuple[Figure, tuple[Axes, Axes]]:
    """Return an empty figure of two panels with a shared upright axis: side by side, or on a phone stacked.

    `legend` is how many inches it needs below.
    """
    if layout.narrow:
        return _stacked(title, xlabels, ylabel, layout, legend)
    lines, height = _heading(title, layout)
    figure = Figure(figsize=(layout.width, height + legend))
    x, y, width, tall = layout.rectangle(height + legend, below=legend)
    share, gap = width * 0.485, width * 0.03
    left = figure.add_axes((x, y, share, tall))
    right = figure.add_axes((x + share + gap, y, share, tall), sharey=left)
    _entitle(figure, lines)
    furnish(left, xlabels[0], ylabel)
    furnish(right, xlabels[1], "")
    right.tick_params(labelleft=False)
    return figure, (left, right)


def _stacked(
    title: str, xlabels: tuple[str, str], ylabel: str, layout: Layout, legend: float
) -> tuple[Figure, tuple[Axes, Axes]]:
    lines, height = _heading(title, layout)
    panel = 1.7
    height += 2 * panel + 2 * layout.bottom + layout.top + legend - layout.height
    figure = Figure(figsize=(layout.width, height))
    x, width = layout.left / layout.width, 1 - (layout.left + layout.right) / layout.width
    low = (layout.bottom + legend) / height
    lower = figure.add_axes((x, low, width, panel / height))
    upper = figure.add_axes((x, low + (panel + layout.bottom) / height, width, panel / height), sharey=lower)
    _entitle(figure, lines)
    furnish(upper, xlabels[0], ylabel)
    furnish(lower, xlabels[1], ylabel)
    return figure, (upper, lower)


def _heading(title: str, layout: Layout) -> tuple[list[str], float]:
    """Return the lines of a title, and the height of a figure that has room for them."""
    lines = textwrap.wrap(title.replace(" %", "\N{NO-BREAK SPACE}%"), layout.characters)
    return lines, layout.height + _LINE * max(0, len(lines) - 1)


def _entitle(figure: Figure, lines: Sequence[str]) -> None:
    """Write a title at the upper left corner of a figure."""
    look: Any = {"fontsize": 12, "fontweight": "bold", "ha": "left", "va": "top", "linespacing": 1.1}
    figure.text(0.08 / figure.get_figwidth(), 1 - 0.08 / figure.get_figheight(), "\n".join(lines), **look)


def legend_height(layout: Layout, entries: int) -> float:
    """Return how many inches a legend needs below: a line, on a phone a line for each entry."""
    return 0.1 + 0.225 * entries if layout.narrow else 0.42


def furnish(axes: Axes, xlabel: str, ylabel: str) -> None:
    """Give axes their labels and a faint grid."""
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(color=FAINT, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


def doubling(
    axes: Axes, xs: Sequence[float], ys: Sequence[float], counts: Mapping[float, str], *, room: float = 1.6
) -> None:
    """Set both axes to logarithms, for what doubles: a tick at each setting and at round values.

    `counts` are the known runs of a setting. `room` is how far below the lowest value the axis begins.
    """
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    ticks = sorted(set(xs))
    counted = [f"\nn = {counts[x]}" if x in counts else "" for x in ticks]
    axes.set_xticks(ticks, [shown(f"{x:.15g}", 4) + count for x, count in zip(ticks, counted, strict=True)])
    plain = FuncFormatter(lambda value, _: shown(f"{value:.15g}", 4))
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(min(xs) / 1.5, max(xs) * 1.5)
    axes.set_ylim(min(ys) / room, max(ys) * 2.4)


def ideal(axes: Axes, start: tuple[float, float], last: float, words: str) -> None:
    """Draw the thin line of proportional growth from a point, as far as `last`."""
    x, y = start
    axes.plot([x, last], [y, y * last / x], color=FAINT, linewidth=1, linestyle="--", zorder=1)
    end = (last, y * last / x)
    axes.annotate(words, end, (12, 24), textcoords="offset points", ha="right", color=FAINT, fontsize=10)


def slot(axes: Axes, x: float, words: str) -> None:
    """Hatch the place of a setting, on a logarithmic axis, whose runs did not all complete, and say why below."""
    axes.axvspan(x / 1.25, x * 1.25, facecolor="none", edgecolor=FAINT, hatch="//", alpha=0.35, linewidth=0)
    axes.annotate(
        words, (x, 0), (0, 5), xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", fontsize=9
    )


def beside(axes: Axes, x: float, ends: tuple[float, float], *, outliers: Sequence[float] = ()) -> None:
    """Draw the range of all known runs beside a setting on a logarithmic axis, and outliers as crosses."""
    left, (low, high) = x / 1.13, ends
    axes.errorbar(left, low, yerr=[[0.0], [high - low]], color=FAINT, linewidth=2, capsize=4, zorder=1)
    for value in outliers:
        axes.plot(left, value, "x", color=FAINT, markersize=6, zorder=1)
