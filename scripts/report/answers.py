"""The figures that answer the questions, one a system: what was set against what came of it.

A title states a finding only where the numbers bear it out; else it says what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from scripts.report.drawing import COLOURS, FAINT, MARKERS, band, blank, doubling, drawn, ideal, slot
from scripts.report.others import Range, others
from scripts.report.picture import Picture
from scripts.report.quantities import Quantity, text_of, value_of
from scripts.report.results import ReportRun, Results
from scripts.report.rounding import shown

Points = list[tuple[float, float, ReportRun]]


def points(runs: Sequence[ReportRun], known: Mapping[str, Quantity], across: Sequence[str], up: str) -> Points:
    """Return (x, y, run) of each run that has both; x is the first of `across` that the run has."""
    found = []
    for run in runs:
        x = next((value for place in across if (value := value_of(known, run, place)) is not None), None)
        y = value_of(known, run, up)
        if x is not None and y is not None:
            found.append((x, y, run))
    return sorted(found, key=lambda point: point[:2])


def _dots(axes: Axes, dots: Points, known: Mapping[str, Quantity], up: str) -> None:
    """Draw a dot a run, hollow where it did not complete; the values of two in one place stand above and below."""
    for place, (x, y, run) in enumerate(dots):
        shared = [other for other, _, _ in dots].count(x) > 1
        below = shared and place + 1 < len(dots) and dots[place + 1][0] == x
        lift = (-16 if below else 6) if shared else -5
        whole = run.word("outcome") == "completed"
        colour = COLOURS[run.system]
        face = colour if whole else "none"
        axes.plot(x, y, MARKERS[run.system], color=colour, markerfacecolor=face, markersize=9, markeredgewidth=2)
        axes.annotate(text_of(known, run, up), (x, y), (11, lift), textcoords="offset points", fontsize=10)


def _bands(axes: Axes, dots: Points, ranges: Mapping[float, Range]) -> str:
    """Draw other people's ranges beside the settings of ours; return what a description says of them."""
    shown_here = {x: ranges[x] for x, _, _ in dots if x in ranges}
    for x, found in shown_here.items():
        apart = float(found.apart) if found.apart else None
        band(axes, x, (float(found.low), float(found.high)), f"n = {found.n}", apart=apart)
    return " Grey, left of a dot: the range of other people's runs and ours." if shown_here else ""


def _scaling(axes: Axes, dots: Points, known: Mapping[str, Quantity], ranges: Mapping[float, Range], words: str) -> str:
    """Draw throughput against a setting that doubles; return what a description says of the other people's runs."""
    ideal(axes, dots[0][:2], dots[-1][0], words)
    said = _bands(axes, dots, ranges)
    _dots(axes, dots, known, "throughput")
    highest = dots[0][1] * dots[-1][0] / dots[0][0]
    apart = [float(found.apart) for x, found in ranges.items() if found.apart and x in {dot[0] for dot in dots}]
    doubling(axes, [x for x, _, _ in dots], [*(y for _, y, _ in dots), highest, *apart])
    return said


def _sambanova(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    dots = points(results.of("SambaNova"), known, ["ntasks"], "throughput")
    if len(dots) < 2:
        return None
    efficiencies = [value_of(known, run, "weak_scaling_efficiency") or 0 for _, _, run in dots]
    finding = "Throughput doubles with the tasks" if min(efficiencies) > 90 else "Throughput against tasks"
    figure, axes = blank(finding, "tasks (data-parallel replicas)", "throughput, samples/s")
    beside = _scaling(axes, dots, known, others().beside("SambaNova", "throughput"), "ideal weak scaling")
    for x, reason in {x: _reason(run, known) for x, _, run in dots if run.word("outcome") == "failed"}.items():
        slot(axes, x, f"failed its check:\n{reason}")
    words = "Training throughput against tasks, both axes logarithmic; hollow markers: failed the program's own check."
    return drawn("sambanova-throughput", f"{finding}.", words + beside, figure)


def _reason(run: ReportRun, known: Mapping[str, Quantity]) -> str:
    """Return which bound of its check a run was outside of, in words."""
    tokens, low, high = (
        value_of(known, run, name) for name in ("token_throughput", "token_throughput_min", "token_throughput_max")
    )
    if tokens is None or low is None or high is None:
        return "see its page"
    return "below its window" if tokens < low else "above its window" if tokens >= high else "see its page"


def _graphcore(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    dots = points(results.of("Graphcore"), known, ["learning_rate", "declared-learning_rate"], "error_rate")
    if len(dots) < 2:
        return None
    finding = _graphcore_finding(dots, known)
    figure, axes = blank(finding, "learning rate (declared)", "test error, %")
    axes.set_xscale("log")
    axes.set_yscale("log")
    repeated = next(found for found in others().ranges if found.name == "graphcore-accuracy")
    axes.axhspan(100 - float(repeated.high), 100 - float(repeated.low), color=FAINT, alpha=0.2, linewidth=0)
    axes.annotate(
        f"other people's {repeated.n} runs of one setting", (1, 100 - float(repeated.low)), (-4, 4),
        xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", fontsize=9
    )  # fmt: skip
    for x, y, run in dots:
        low, high = (value_of(known, run, f"accuracy_{end}") for end in ("low", "high"))
        spread = [[y - (100 - high)], [100 - low - y]] if low is not None and high is not None else None
        colour, marker = COLOURS["Graphcore"], MARKERS["Graphcore"]
        axes.errorbar(x, y, yerr=spread, fmt=marker, color=colour, markersize=8, capsize=4, linewidth=1.5)
        axes.annotate(text_of(known, run, "error_rate"), (x, y), (11, -4), textcoords="offset points", fontsize=10)
    axes.set_xticks([x for x, _, _ in dots])
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(0.9, 130)
    axes.set_xlim(min(x for x, _, _ in dots) / 2, max(x for x, _, _ in dots) * 2.5)
    words = (
        "Test error against learning rate, both axes logarithmic; bars: 95 % interval for the size of the test set; "
        "grey: the range of other people's runs of one setting."
    )
    return drawn("graphcore-error", f"{finding}.", words, figure)


def _graphcore_finding(dots: Points, known: Mapping[str, Quantity]) -> str:
    """Return the title: a finding where the best two overlap and the largest rate answers one class."""
    best, second = sorted(dots, key=lambda dot: dot[1])[:2]
    low, high = value_of(known, best[2], "accuracy_low"), value_of(known, second[2], "accuracy_high")
    alike = low is not None and high is not None and low <= high
    last = dots[-1][2]
    collapsed = value_of(known, last, "test_accuracy") == value_of(known, last, "constant_answer_accuracy")
    if alike and collapsed:
        return "Two rates are alike within noise; the largest collapses"
    return "Test error against learning rate"


def _cerebras(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    dots = points(results.of("Cerebras"), known, ["batch_size"], "throughput")
    if len(dots) < 2:
        return None
    ratio = _ratio(dots, known, "speed_up")
    finding = f"{ratio}× the samples/s for {dots[-1][0] / dots[0][0]:g}× the batch"
    finding = finding if ratio else "Throughput against batch size"
    figure, axes = blank(finding, "batch size, samples", "throughput, samples/s")
    ranges = others().beside("Cerebras", "throughput")
    beside = _scaling(axes, dots, known, ranges, "if a step took no longer")
    words = "Training throughput against batch size, both axes logarithmic; one run a batch size."
    crossed = any(x in ranges and ranges[x].apart for x, _, _ in dots)
    cross = " A cross: one run of theirs far outside." if crossed else ""
    return drawn("cerebras-throughput", f"{finding}.", words + beside + cross, figure)


def _groq(results: Results, known: Mapping[str, Quantity]) -> Picture | None:
    across = ["sequence_length", "declared-sequence_length"]
    dots = points(results.of("Groq"), known, across, "groq_latency")
    if len(dots) < 2:
        return None
    ratio = _ratio(dots, known, "end_to_end_latency_ratio")
    finding = f"{dots[-1][0] / dots[0][0]:g}× the tokens cost {ratio}× the latency end to end"
    finding = finding if ratio else "Latency by sequence length"
    figure, axes = blank(finding, "latency of one inference, µs", "")
    axes.set_position((0.17, 0.15, 0.79, 0.73))
    ranges = others().beside("Groq", "end_to_end_throughput")
    for place, (tokens, latency, run) in enumerate(dots):
        _latency(axes, place, 1000 * latency, 1000 * (value_of(known, run, "chip_latency") or 0))
        if tokens in ranges:
            low, high = (1_000_000 / float(end) for end in (ranges[tokens].high, ranges[tokens].low))
            axes.errorbar(low, place + 0.35, xerr=[[0.0], [high - low]], color=FAINT, linewidth=2, capsize=4)
    axes.set_yticks(range(len(dots)), [f"{tokens:g} tokens" for tokens, _, _ in dots])
    axes.set_xlim(0, 1.2 * max(1000 * latency for _, latency, _ in dots))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    words = (
        "Latency of one inference on the card: computed for the chip, and the rest (PCIe and runtime), hatched; a dot "
        "a run. Grey, below a bar: the range of other people's runs and ours, from their inferences per second."
    )
    return drawn("groq-latency", f"{finding}.", words, figure)


def _ratio(dots: Points, known: Mapping[str, Quantity], name: str) -> str:
    """Return the ratio of the last dot's run to the first's as a page shows it; nothing where they are not compared."""
    first, last = dots[0][2], dots[-1][2]
    compared = first.entry.author == last.entry.author and value_of(known, first, name) == 1
    return text_of(known, last, name) if compared else ""


def _latency(axes: Axes, place: int, whole: float, chip: float) -> None:
    colour = COLOURS["Groq"]
    axes.barh(place, chip, 0.5, color=colour)
    axes.barh(place, whole - chip, 0.5, left=chip, color="none", edgecolor=colour, hatch="//")
    axes.plot(whole, place, MARKERS["Groq"], color=colour, markersize=8)
    axes.annotate(shown(f"{whole:.15g}", 3), (whole, place), (9, -4), textcoords="offset points")
    axes.annotate("on chip, computed", (2, place), (0, -4), textcoords="offset points", color="#111111")
    axes.annotate("outside the chip", (chip, place), (4, 30), textcoords="offset points", fontsize=9)


ANSWERS: tuple[Callable[[Results, Mapping[str, Quantity]], Picture | None], ...] = (
    _sambanova,
    _graphcore,
    _cerebras,
    _groq,
)
