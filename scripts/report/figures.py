"""All figures of a report, by name. Each takes its numbers from the results and nothing else.

A figure whose numbers have been drawn before, by the same code, comes from the cache; where all do, the library that
draws is not even imported.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from parsers.facts import Series
from scripts.cache import Cache, digest, version_of
from scripts.report.picture import Picture
from scripts.report.quantities import Quantity
from scripts.report.results import ReportRun, Results


def pictures(
    results: Results, known: Mapping[str, Quantity], *, questions: bool, cache: Cache | None = None
) -> dict[str, Picture]:
    """Return the figures by name: the loss of each run that logs it, and those of the `questions` if asked for.

    The questions' figures state findings about the catalog's logs; of other logs none are drawn.
    """
    cache = cache or Cache(None)
    losses = [(run, series) for run in results.runs for series in run.run.series if series.name == "loss"]
    asked: list[Picture] = []
    if questions:
        curves = (part for run in results.runs for series in run.run.series for part in _curve(run, series))
        asked = _remembered(cache, ["questions", *curves, *_values(known)], partial(_draw_questions, results, known))
    for run, series in losses:
        asked += _remembered(cache, ["loss", *_curve(run, series)], partial(_draw_loss, run))
    return {picture.name: picture for picture in asked}


def _remembered(cache: Cache, data: Iterable[str], draw: Callable[[], list[Picture]]) -> list[Picture]:
    key = digest([version_of("scripts/report"), *data])
    drawn: list[Picture] = pickle.loads(cache.get("figures", key, lambda: pickle.dumps(draw())))
    return drawn


def _curve(run: ReportRun, series: Series) -> tuple[str, ...]:
    return run.id, run.system, series.name, ",".join(map(str, series.steps)), ",".join(series.values)


def _values(known: Mapping[str, Quantity]) -> list[str]:
    return [part for address, quantity in known.items() for part in (address, quantity.value, quantity.text)]


def _draw_questions(results: Results, known: Mapping[str, Quantity]) -> list[Picture]:
    from scripts.report.answers import ANSWERS
    from scripts.report.curves import COMPARED
    from scripts.report.drawing import style
    from scripts.report.timelines import TIMELINES

    with style():
        drawn = [draw(results, known) for draw in (*ANSWERS, *TIMELINES, *COMPARED)]
    return [picture for picture in drawn if picture is not None]


def _draw_loss(run: ReportRun) -> list[Picture]:
    from scripts.report.curves import loss
    from scripts.report.drawing import style

    with style():
        return [loss(run)]
