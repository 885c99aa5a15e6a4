"""All figures of a report, by name. Each takes its numbers from the results and nothing else.

The figures of the questions are each about one system, whose runs alone they are given. A figure whose numbers have
been drawn before, by the same code, comes from the cache; where all do, the library that draws is not even imported.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from scripts.cache import Cache, digest, version_of
from scripts.report.picture import Picture
from scripts.report.quantities import Quantity, run_page
from scripts.report.results import ReportRun, Results


def pictures(
    results: Results, known: Mapping[str, Quantity], *, questions: bool, cache: Cache | None = None
) -> dict[str, Picture]:
    """Return the figures by name: the loss of each run that logs it, and those of the `questions` if asked for.

    The questions' figures state findings about the catalog's logs; of other logs none are drawn.
    """
    cache = cache or Cache(None)
    drawn: list[Picture] = []
    for system in sorted({run.system for run in results.runs}) if questions else ():
        mine, values = results.only(system), _values_of(system, results, known)
        data = [system, *_curves(mine), *_texts(values)]
        drawn += _remembered(cache, ["questions", *data], partial(_draw_questions, mine, values))
    for run in results.runs:
        if any(series.name == "loss" for series in run.run.series):
            drawn += _remembered(cache, ["loss", *_curve(run, "loss")], partial(_draw_loss, run))
    return {picture.name: picture for picture in drawn}


def _values_of(system: str, results: Results, known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what figures of one system are drawn from: its runs' quantities, and those that are of no run."""
    others = {run_page(run.id) for run in results.runs if run.system != system}
    said = ("logged", "declared", "derived", "documented", "collected")
    return {at: value for at, value in known.items() if value.sort in said and value.page not in others}


def _remembered(cache: Cache, data: Iterable[str], draw: Callable[[], list[Picture]]) -> list[Picture]:
    key = digest([version_of("scripts/report"), *data])
    drawn: list[Picture] = pickle.loads(cache.get("figures", key, lambda: pickle.dumps(draw())))
    return drawn


def _curves(results: Results) -> list[str]:
    names = [(run, series.name) for run in results.runs for series in run.run.series]
    return [part for run, name in names for part in _curve(run, name)]


def _curve(run: ReportRun, name: str) -> tuple[str, ...]:
    series = next(series for series in run.run.series if series.name == name)
    return run.id, run.system, name, ",".join(map(str, series.steps)), ",".join(series.values)


def _texts(known: Mapping[str, Quantity]) -> list[str]:
    return [part for address, quantity in known.items() for part in (address, quantity.value, quantity.text)]


def _draw_questions(results: Results, known: Mapping[str, Quantity]) -> list[Picture]:
    from scripts.report.answers import ANSWERS
    from scripts.report.curves import COMPARED
    from scripts.report.drawing import style
    from scripts.report.small_work import SMALL_WORK
    from scripts.report.timelines import TIMELINES

    with style():
        drawn = [draw(results, known) for draw in (*ANSWERS, *TIMELINES, *COMPARED, *SMALL_WORK)]
    return [picture for picture in drawn if picture is not None]


def _draw_loss(run: ReportRun) -> list[Picture]:
    from scripts.report.curves import loss
    from scripts.report.drawing import style

    with style():
        return [loss(run)]
