"""Where the time of a run went: its phases as bars put end to end, one row a run.

The phases stand in the order of the procedure. Their lengths are what the logs say; gaps between them are not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from scripts.report.drawing import FAINT, INK, blank, colour_of, drawn
from scripts.report.picture import Picture
from scripts.report.quantities import Quantity, value_of
from scripts.report.results import ReportRun, Results
from scripts.report.rounding import shown

Known = Mapping[str, Quantity]


class Phase(NamedTuple):
    """A stretch of a run's time: what it was, its seconds, and how strongly it is filled; 0 is hatched."""

    name: str
    seconds: float
    strength: float


class Row(NamedTuple):
    """A run's phases in the order of the procedure."""

    label: str
    phases: tuple[Phase, ...]


def _number(known: Known, run: ReportRun, place: str) -> float:
    return value_of(known, run, place) or 0.0


def _timeline(name: str, system: str, finding: str, words: str, rows: Sequence[Row]) -> Picture | None:
    if len(rows) < 2:
        return None
    figure, axes = blank(finding, "seconds", "")
    axes.set_position((0.2, 0.26, 0.76, 0.62))
    named: dict[str, Patch] = {}
    for place, row in enumerate(rows):
        begin = 0.0
        for phase in row.phases:
            named.setdefault(phase.name, _bar(axes, place, begin, phase, system))
            begin += phase.seconds
        total = shown(f"{begin:.15g}", 4)
        axes.annotate(f"{total} s", (begin, place), (6, -4), textcoords="offset points", fontsize=10)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_xlim(0, 1.15 * max(sum(phase.seconds for phase in row.phases) for row in rows))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    figure.legend(list(named.values()), list(named), loc="lower center", ncols=len(named))
    return drawn(name, f"{finding}.", words, figure)


def _bar(axes: Axes, place: int, begin: float, phase: Phase, system: str) -> Patch:
    """Draw a phase; return what stands for it in the legend."""
    fill: Any = (
        {"color": colour_of(system), "alpha": phase.strength}
        if phase.strength
        else {"color": "none", "edgecolor": FAINT, "hatch": "//"}
    )
    axes.plot([begin, begin], [place - 0.275, place + 0.275], color=INK, linewidth=0.6)
    return axes.barh(place, phase.seconds, 0.55, left=begin, **fill).patches[0]


def _between(known: Known, runs: Sequence[ReportRun], place: str) -> str:
    """Return the span of a ratio over runs, as a title says it."""
    ratios = sorted(value for run in runs if (value := value_of(known, run, place)) is not None)
    low, high = (shown(f"{ratio:.15g}", 2) for ratio in (ratios[0], ratios[-1])) if ratios else ("", "")
    return f"{low}–{high}" if low != high else low


def _sambanova(results: Results, known: Known) -> Picture | None:
    runs = results.of("SambaNova")
    compiles = [
        Row("compile\n(another day)", (Phase("compile", _number(known, run, "compile_time"), 0.45),))
        for run in runs
        if run.word("stage") == "compile"
    ]
    trained = [run for run in runs if _number(known, run, "train_time")]
    trained.sort(key=lambda run: _number(known, run, "ntasks"))
    ratio = _between(known, trained, "compile_ratio")
    finding = f"One compile takes {ratio} times as long as a training run" if ratio else "Where the time went"
    words = (
        "Seconds of the compile and of each training run; until the first step is done a run loads. "
        "Only a run that completed says how long its script took."
    )
    rows = [*compiles, *(_training(known, run) for run in trained)]
    return _timeline("sambanova-phases", "SambaNova", finding, words, rows)


def _training(known: Known, run: ReportRun) -> Row:
    whole = _number(known, run, "train_time")
    wait = _number(known, run, "time_before_first_step")
    rest = _number(known, run, "wall_time") - whole
    phases = [Phase("until the first step is done", wait, 0.45), Phase("other steps", whole - wait, 1.0)]
    if rest > 0:
        phases.append(Phase("rest of the script", rest, 0))
    return Row(f"{run.word('ntasks')} tasks\njob {run.word('job_id')}", tuple(phases))


def _graphcore(results: Results, known: Known) -> Picture | None:
    rows = []
    for run in sorted(results.of("Graphcore"), key=lambda run: _number(known, run, "declared-learning_rate")):
        compiled, trained = _number(known, run, "compile_time"), _number(known, run, "train_time")
        if trained:
            tested = Phase("compile for the test", _number(known, run, "inference_compile_time"), 0.25)
            phases = (Phase("compile for training", compiled, 0.45), Phase("epochs", trained - compiled, 1.0), tested)
            rate = run.word("learning_rate") or run.declared_value("learning_rate")
            rows.append(Row(f"rate {rate}" if rate else run.id, phases))
    compiles = [row for row in rows if row.phases[0].seconds]
    finding = "Only one run compiles; the others find its graph" if len(compiles) == 1 else "Where the time went"
    words = "Seconds of compilation and of the epochs of each run; the test itself and the queue are not logged."
    return _timeline("graphcore-phases", "Graphcore", finding, words, rows)


def _cerebras(results: Results, known: Known) -> Picture | None:
    rows, trained = [], []
    for run in sorted(results.of("Cerebras"), key=lambda run: _number(known, run, "batch_size")):
        total, begun = _number(known, run, "total_time"), _number(known, run, "time_to_loop")
        if total and begun:
            compiled, programmed = _number(known, run, "compile_time"), _number(known, run, "programming_time")
            looped = _number(known, run, "train_time")
            phases = (
                Phase("start", begun - compiled - programmed, 0),
                Phase("compile", compiled, 0.45),
                Phase("programming", programmed, 0.25),
                Phase("training loop", looped, 1.0),
                Phase("end", total - begun - looped, 0),
            )
            trained.append(run)
            rows.append(Row(f"batch {run.word('batch_size')}", phases))
    ratio = _between(known, trained, "compile_to_loop")
    finding = f"Compiling takes {ratio} times as long as the training loop" if ratio else "Where the time went"
    words = (
        "Seconds of each job by the log's timestamps; hatched: what comes before the compile and after the loop, a "
        "checkpoint each."
    )
    return _timeline("cerebras-phases", "Cerebras", finding, words, rows)


TIMELINES: tuple[Callable[[Results, Known], Picture | None], ...] = (_sambanova, _graphcore, _cerebras)
