"""All figures of a report, by name. Each takes its numbers from the results and nothing else.

The figures of the questions are each about one system, and show runs that differ in one setting only. The cache has the
figures that the same code has drawn before from the same numbers. If it has all of them, the library that draws is not
imported.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..reader import Killed, in_processes
from ..store.cache import Cache, key_of, version_of
from . import alt
from .answers import Answers
from .cohort import page_of
from .known import Known, run_page
from .picture import Picture
from .plot import Plot
from .plot_data import csv_of, csv_of_loss, csv_of_strips
from .results import ReportRun, Results
from .strips import Strips, strips
from .system import known_systems

Draw = Callable[[], list[Picture]]
# Each process imports the library that draws, which takes as long as some figures.
_WORTH_A_PROCESS = 5


def pictures(answers: Answers, cache: Cache | None = None) -> dict[str, Picture]:
    """Return the figures by name: those of each system's questions, and the loss of each run that logs it.

    Where runs are of several people, there is one per system with every run.
    """
    cache, results, cohort = cache or Cache(None), answers.results, answers.cohort
    draws: dict[str, Draw] = {}
    texts: dict[str, str] = {}
    data: dict[str, bytes] = {}
    for system in answers.systems():
        asked = [_Asked(plot, answers.title(system, plot), answers.plotted(system, plot)) for plot in system.plots]
        asked = [one for one in asked if one.runs]
        texts |= {one.plot.name: alt.numbers(one.plot, one.runs, answers.known) for one in asked}
        data |= {one.plot.name: csv_of(one.plot, one.runs, answers.known) for one in asked}
        values = _values_of(system.name, results, answers.known)
        drawn_from = [system.name, *_curves(results.only(system.name)), *_texts(values)]
        drawn_from += [part for one in asked for part in (one.plot.name, one.title, *(run.id for run in one.runs))]
        draws[_key(["questions", *drawn_from])] = partial(_draw_plots, asked, values)
    for run in results.runs:
        if any(series.name == "loss" for series in run.run.series):
            draws[_key(["loss", *_curve(run, "loss")])] = partial(_draw_loss, run)
            data[f"loss-{run.id}"] = csv_of_loss(run)
    for shown in [strips(cohort, system) for system in cohort.systems]:
        if shown is not None:
            draws[_key(["strips", repr(shown)])] = partial(_draw_strips, shown)
            texts[shown.name] = alt.of_strips(shown)
            data[shown.name] = csv_of_strips(shown)
    drawn = _remembered(cache, draws)
    return {
        picture.name: replace(picture, numbers=texts.get(picture.name, ""), data=data[picture.name])
        for picture in drawn
    }


class _Asked(NamedTuple):
    """A plot, its title, and the runs that it shows."""

    plot: Plot
    title: str
    runs: tuple[ReportRun, ...]


def _values_of(system: str, results: Results, known: Known) -> Known:
    """Return what figures of one system are drawn from: its runs' quantities, and those that are of no run."""
    others = {run_page(run.id) for run in results.runs if run.system != system}
    others |= {page_of(name) for name in known_systems() if name != system}
    sorts = ("logged", "declared", "derived", "documented", "collected")
    return Known({at: value for at, value in known.items() if value.sort in sorts and value.page not in others})


def _key(data: Iterable[str]) -> str:
    return key_of([version_of(Path(__file__).parent), *data])


def _remembered(cache: Cache, draws: Mapping[str, Draw]) -> Iterator[Picture]:
    """Yield the pictures of each key, drawing those that the cache does not hold, in several processes if many."""
    missing = [key for key in draws if not cache.holds("figures", key)]
    made = dict(zip(missing, _all_drawn([draws[key] for key in missing]), strict=True))
    for key, draw in draws.items():
        yield from pickle.loads(cache.get("figures", key, partial(_drawn, draw, made.get(key))))


def _all_drawn(draws: Sequence[Draw]) -> list[bytes]:
    jobs = min(os.cpu_count() or 1, len(draws) // _WORTH_A_PROCESS)
    try:
        if jobs > 1:
            return list(in_processes(_drawn, draws, jobs))
    except Killed:
        pass  # one process needs less
    return list(map(_drawn, draws))


def _drawn(draw: Draw, before: bytes | None = None) -> bytes:
    """Return the pictures as an entry of the cache: as they were drawn before, or by drawing them.

    The parts of a figure refer to each other, so only the garbage collector frees them. Worker processes switch it off.
    """
    if before is not None:
        return before
    drawn = pickle.dumps(draw())
    gc.collect(0)
    return drawn


def _curves(results: Results) -> list[str]:
    names = [(run, series.name) for run in results.runs for series in run.run.series]
    return [part for run, name in names for part in _curve(run, name)]


def _curve(run: ReportRun, name: str) -> tuple[str, ...]:
    series = next(series for series in run.run.series if series.name == name)
    return run.id, run.system, name, ",".join(map(str, series.steps)), ",".join(series.values)


def _texts(known: Known) -> list[str]:
    return [part for address, quantity in known.items() for part in (address, quantity.value, quantity.text)]


def _draw_plots(asked: Sequence[_Asked], known: Known) -> list[Picture]:
    from .plots.drawing import style
    from .plots.kinds import draw

    with style():
        drawn = [draw(one.plot, one.title, one.runs, known) for one in asked]
    return [picture for picture in drawn if picture is not None]


def _draw_strips(shown: Strips) -> list[Picture]:
    from .plots.drawing import style
    from .plots.strips import draw

    with style():
        picture = draw(shown)
    return [picture] if picture is not None else []


def _draw_loss(run: ReportRun) -> list[Picture]:
    from .plots.drawing import style
    from .plots.losses import loss

    with style():
        picture = loss(run)
    return [picture] if picture is not None else []
