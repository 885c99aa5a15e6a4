"""The figures: one drawing each, written as a light and a dark SVG whose text stays text.

Every figure takes its numbers from the results and nothing else; the same numbers stand in a table beside it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import regex
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from scripts.report.markdown import escaped
from scripts.report.quantities import Quantity, run_page
from scripts.report.results import ReportRun, Results
from scripts.report.rounding import shown

# One colour and one marker a system, for ever; both reach 3:1 on the light and the dark page.
COLOURS = {"SambaNova": "#0072B2", "Graphcore": "#D55E00", "Cerebras": "#009E73", "Groq": "#CC79A7"}
MARKERS = {"SambaNova": "o", "Graphcore": "s", "Cerebras": "^", "Groq": "D"}
NEUTRAL = "#767676"

# The drawing is made in these two colours; each scheme puts its own in their place.
_INK, _FAINT = "#010101", "#020202"
_SCHEMES = {"": {_INK: "#202124", _FAINT: "#767676"}, "-dark": {_INK: "#e8eaed", _FAINT: "#9aa0a6"}}

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "testbed-report",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "path.simplify": True,
    "path.simplify_threshold": 0.5,
}


@dataclass(frozen=True)
class Picture:
    """A drawn figure: its name, what it shows in one sentence, and the drawing."""

    name: str
    finding: str
    description: str
    figure: Figure

    def files(self) -> dict[str, bytes]:
        """Return the SVG of each scheme by its path below docs/."""
        svg = self._svg()
        return {f"figures/{self.name}{suffix}.svg": _recoloured(svg, colours) for suffix, colours in _SCHEMES.items()}

    def markdown(self, to_root: str) -> str:
        """Return the images of both schemes, of which a page shows one. `to_root` leads from the page to docs/."""
        alt = escaped(self.finding)
        path = f"{to_root}figures/{self.name}"
        return f"![{alt}]({path}.svg#gh-light-mode-only)\n![{alt}]({path}-dark.svg#gh-dark-mode-only)"

    def _svg(self) -> str:
        out = io.StringIO()
        with mpl.rc_context(_STYLE):
            self.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        svg = regex.sub(r"<\?xml.*?<svg ", "<svg ", out.getvalue(), count=1, flags=regex.DOTALL)
        svg = regex.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=regex.DOTALL)
        said = f"<title>{escaped(self.finding)}</title><desc>{escaped(self.description)}</desc>"
        return regex.sub(r"<svg ([^>]*)>", rf'<svg role="img" \1>{said}', svg, count=1)


def _recoloured(svg: str, colours: Mapping[str, str]) -> bytes:
    for placeholder, colour in colours.items():
        svg = svg.replace(placeholder, colour)
    return svg.encode()


def pictures(results: Results, known: Mapping[str, Quantity], *, questions: bool) -> dict[str, Picture]:
    """Return the figures by name: the loss of each run that logs it, and one for each of the `questions` if asked for.

    The questions' figures state findings about the catalog's logs; of other logs none are drawn.
    """
    with mpl.rc_context(_STYLE):
        drawn = [draw(results, known) for draw in _QUESTIONS] if questions else []
        drawn += [_loss(run) for run in results.runs if any(series.name == "loss" for series in run.run.series)]
    return {picture.name: picture for picture in drawn if picture is not None}


def _blank(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.2, 3.8))
    axes = figure.add_axes((0.12, 0.15, 0.84, 0.73))
    axes.set_title(title)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(color=_FAINT, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _value(known: Mapping[str, Quantity], run: ReportRun, place: str) -> float | None:
    quantity = known.get(f"{run_page(run.id)}#{place}")
    return float(quantity.value) if quantity is not None else None


def _text(known: Mapping[str, Quantity], run: ReportRun, place: str) -> str:
    return known[f"{run_page(run.id)}#{place}"].text


Points = list[tuple[float, float, ReportRun]]


def _points(runs: Sequence[ReportRun], known: Mapping[str, Quantity], across: Sequence[str], up: str) -> Points:
    """Return (x, y, run) of each run that has both; x is the first of `across` that the run has."""
    found = []
    for run in runs:
        x = next((value for place in across if (value := _value(known, run, place)) is not None), None)
        y = _value(known, run, up)
        if x is not None and y is not None:
            found.append((x, y, run))
    return sorted(found, key=lambda point: point[:2])


def _powers(axes: Axes, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Set both axes to logarithms, with a tick at each setting and at round values."""
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xticks(sorted(set(xs)))
    plain = FuncFormatter(lambda value, _: shown(f"{value:.15g}", 4))
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(min(xs) / 1.3, max(xs) * 1.3)
    ideal = ys[0] * max(xs) / min(xs)
    axes.set_ylim(min(ys) / 1.5, max(*ys, ideal) * 1.7)


def _ideal(axes: Axes, points: Points, words: str) -> None:
    (x, y, _), last = points[0], points[-1][0]
    axes.plot([x, last], [y, y * last / x], color=_FAINT, linewidth=1, linestyle="--", zorder=1)
    axes.annotate(words, (last, y * last / x), (-12, 4), textcoords="offset points", ha="right", color=_FAINT)


def _dots(axes: Axes, points: Points, known: Mapping[str, Quantity], up: str) -> None:
    """Draw a dot a run, hollow where it did not complete; the values of two in one place stand above and below."""
    for place, (x, y, run) in enumerate(points):
        shared = [other for other, _, _ in points].count(x) > 1
        below = shared and place + 1 < len(points) and points[place + 1][0] == x
        lift = (-16 if below else 6) if shared else -5
        whole = run.word("outcome") == "completed"
        colour = COLOURS[run.system]
        face = colour if whole else "none"
        axes.plot(x, y, MARKERS[run.system], color=colour, markerfacecolor=face, markersize=9, markeredgewidth=2)
        axes.annotate(_text(known, run, up), (x, y), (11, lift), textcoords="offset points", fontsize=10)


def _sambanova(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    points = _points(results.of("SambaNova"), known, ["ntasks"], "throughput")
    if len(points) < 2:
        return None
    finding = "Throughput doubles with the tasks"
    figure, axes = _blank(finding, "tasks (data-parallel replicas)", "throughput, samples/s")
    _ideal(axes, points, "ideal weak scaling")
    _dots(axes, points, known, "throughput")
    _powers(axes, [x for x, _, _ in points], [y for _, y, _ in points])
    words = "Training throughput against tasks, both axes logarithmic; hollow markers: failed the program's own check."
    return Picture("sambanova-throughput", f"{finding}.", words, figure)


def _graphcore(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    points = _points(results.of("Graphcore"), known, ["learning_rate", "declared-learning_rate"], "error_rate")
    if len(points) < 2:
        return None
    finding = "Two rates are alike within noise; the largest collapses"
    figure, axes = _blank(finding, "learning rate (declared)", "test error, %")
    axes.set_xscale("log")
    axes.set_yscale("log")
    for x, y, run in points:
        low, high = (_value(known, run, f"accuracy_{end}") for end in ("low", "high"))
        spread = [[y - (100 - high)], [100 - low - y]] if low is not None and high is not None else None
        colour, marker = COLOURS["Graphcore"], MARKERS["Graphcore"]
        axes.errorbar(x, y, yerr=spread, fmt=marker, color=colour, markersize=8, capsize=4, linewidth=1.5)
        axes.annotate(_text(known, run, "error_rate"), (x, y), (11, -4), textcoords="offset points", fontsize=10)
    axes.set_xticks([x for x, _, _ in points])
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(0.9, 130)
    axes.set_xlim(min(x for x, _, _ in points) / 2, max(x for x, _, _ in points) * 2.5)
    words = "Test error against learning rate, both axes logarithmic; bars: 95 % interval for the size of the test set."
    return Picture("graphcore-error", f"{finding}.", words, figure)


def _cerebras(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    points = _points(results.of("Cerebras"), known, ["batch_size"], "throughput")
    if len(points) < 2:
        return None
    ratio = _text(known, points[-1][2], "speed_up")
    finding = f"{ratio}× the samples/s for {points[-1][0] / points[0][0]:g}× the batch"
    figure, axes = _blank(finding, "batch size, samples", "throughput, samples/s")
    _ideal(axes, points, "if a step took no longer")
    _dots(axes, points, known, "throughput")
    _powers(axes, [x for x, _, _ in points], [y for _, y, _ in points])
    words = "Training throughput against batch size, both axes logarithmic; one run a batch size."
    return Picture("cerebras-throughput", f"{finding}.", words, figure)


def _groq(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    across = ["sequence_length", "declared-sequence_length"]
    points = _points(results.of("Groq"), known, across, "groq_latency")
    if len(points) < 2:
        return None
    ratio = _text(known, points[-1][2], "end_to_end_latency_ratio")
    finding = f"Twice the tokens cost {ratio}× the latency end to end"
    figure, axes = _blank(finding, "latency of one inference, µs", "")
    axes.set_position((0.17, 0.15, 0.79, 0.73))
    for place, (_, latency, run) in enumerate(points):
        chip = 1000 * (_value(known, run, "chip_latency") or 0)
        axes.barh(place, chip, 0.5, color=COLOURS["Groq"])
        axes.barh(place, 1000 * latency - chip, 0.5, left=chip, color="none", edgecolor=COLOURS["Groq"], hatch="//")
        axes.annotate(
            f"{shown(f'{1000 * latency:.15g}', 3)}", (1000 * latency, place), (6, -4), textcoords="offset points"
        )
        axes.annotate("on chip, computed", (2, place), (0, -4), textcoords="offset points", color="#ffffff")
    axes.set_yticks(range(len(points)), [f"{tokens:g} tokens" for tokens, _, _ in points])
    axes.set_xlim(0, 1.15 * max(1000 * latency for _, latency, _ in points))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    words = "Latency of one inference on the card: computed for the chip, and the rest (PCIe and runtime), hatched."
    return Picture("groq-latency", f"{finding}.", words, figure)


_QUESTIONS: tuple[Callable[[Results, Mapping[str, Quantity]], Picture | None], ...] = (
    _sambanova,
    _graphcore,
    _cerebras,
    _groq,
)


def _loss(run: ReportRun) -> Picture:
    series = next(series for series in run.run.series if series.name == "loss")
    values = [float(value) for value in series.values]
    finding = (
        f"Loss from {series.values[0]} at step {series.steps[0]} to {series.values[-1]} at step {series.steps[-1]}"
    )
    figure, axes = _blank(finding, "step", "training loss")
    marker = MARKERS.get(run.system, "o") if len(values) <= 50 else ""
    axes.plot(series.steps, values, color=COLOURS.get(run.system, NEUTRAL), linewidth=1.3, marker=marker)
    return Picture(f"loss-{run.id}", f"{finding}.", f"Training loss by step of the run {run.id}.", figure)
