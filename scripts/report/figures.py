"""All figures of a report, by name. Each takes its numbers from the results and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.report.answers import ANSWERS
from scripts.report.curves import COMPARED, has_loss, loss
from scripts.report.drawing import Picture, style
from scripts.report.quantities import Quantity
from scripts.report.results import Results
from scripts.report.small_work import SMALL_WORK
from scripts.report.timelines import TIMELINES


def pictures(results: Results, known: Mapping[str, Quantity], *, questions: bool) -> dict[str, Picture]:
    """Return the figures by name: the loss of each run that logs it, and those of the `questions` if asked for.

    The questions' figures state findings about the catalog's logs; of other logs none are drawn.
    """
    with style():
        asked = [draw(results, known) for draw in (*ANSWERS, *TIMELINES, *COMPARED, *SMALL_WORK)] if questions else []
        drawn = [*asked, *(loss(run) for run in results.runs if has_loss(run))]
    return {picture.name: picture for picture in drawn if picture is not None}
