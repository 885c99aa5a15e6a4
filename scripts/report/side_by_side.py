"""Two runs side by side: settings, measured values, changes, and whether these exceed the known scatter.

The scatter of a quantity is its range over known runs with the same settings, without outliers. It is in per cent of
the lowest value. A difference is outside if it is larger, in per cent of the smaller value. The runs that are judged do
not count as known. `cohort.py` says which settings are the same and what an outlier is.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass

import pandas as pd

from ..reader import Change, Fact, Run, change, settings_that_differ, term
from .cohort import Cohort, far_out, measured_values, question_of
from .comparable import differences
from .results import ReportRun
from .rounding import number

_LOSS = "loss"
# Name, device and step of a quantity; the step is -1 if it is not a point of a series.
Key = tuple[str, str, int]
# What two runs state of one name: each a list of facts, empty where one does not state it.
Stated = tuple[list[Fact], list[Fact]]


@dataclass(frozen=True)
class Scatter:
    """How many known runs state a quantity, and how far these lie apart in per cent of the lowest."""

    runs: int
    percent: float


@dataclass(frozen=True)
class Measure:
    """A quantity that both runs state, with the change, and the scatter where it is known.

    `step` is that of a point of a series, else -1.
    """

    step: int
    old: Fact
    new: Fact
    change: Change | None
    scatter: Scatter | None

    @property
    def outside(self) -> bool | None:
        """Whether the runs differ by more than known runs scatter; None where that is not known."""
        if self.change is None or self.scatter is None:
            return None
        ratio = max(self.change.ratio, 1 / self.change.ratio) if self.change.ratio > 0 else float("inf")
        return 100 * (ratio - 1) > self.scatter.percent


@dataclass(frozen=True)
class Pair:
    """Two runs: the settings that they state differently, what both measured, and what keeps them from being compared.

    In `settings`, those that both logs state come first, in the order of the lines. A declared value is a fact of line
    0. `same_run` says whether both logs state one run. `unlike` names the other differences that keep the runs from
    being compared.
    """

    old: ReportRun
    new: ReportRun
    settings: tuple[Stated, ...]
    measures: tuple[Measure, ...]
    unlike: tuple[str, ...]
    same_run: bool


def pairs(runs: Collection[ReportRun], cohort: Cohort) -> list[Pair]:
    """Return each run beside the first. All runs of the cohort are known, but those after the first are not."""
    first, *others = runs
    judged = {run.id for run in others}
    return [pair(first, other, cohort, judged) for other in others]


def pair(old: ReportRun, new: ReportRun, cohort: Cohort, judged: Container[str]) -> Pair:
    """Return two runs side by side; `judged` are the ids of the runs that do not count as known."""
    question = question_of(old) if old.system == new.system else None
    twice = cohort.frame["twice"]
    first = [twice[run.id] or run.id for run in (old, new)]
    return Pair(
        old,
        new,
        tuple(_settings(old, new)),
        tuple(_measures(old, new, cohort, judged)),
        tuple(differences(old, new, question)),
        first[0] == first[1],
    )


def _settings(old: ReportRun, new: ReportRun) -> list[Stated]:
    differing = settings_that_differ(*map(_with_declared, (old, new)))
    return sorted(differing, key=lambda both: not all(facts and facts[0].line for facts in both))


def _with_declared(run: ReportRun) -> Run:
    """Return a run with the settings that only a person states, as facts of line 0."""
    declared = (item for item in run.declared if not run.word(item.name) and term(item.name).kind == "parameter")
    facts = (Fact("parameter", item.name, item.value, term(item.name).unit, 0, 0) for item in declared)
    return run.run._replace(facts=(*run.run.facts, *facts))


def _measures(old: ReportRun, new: ReportRun, cohort: Cohort, judged: Container[str]) -> Iterator[Measure]:
    """Yield what both runs measured, in the order of the new run's lines.

    A quantity that a run states twice does not have one value, and is left out.
    """
    step = _last_step(old.run, new.run)
    before, after = (dict((*_metrics(run.run), *_loss(run.run, step))) for run in (old, new))
    both = [key for key in after if key in before]
    scatters = [_scatters(run, both, cohort, judged) for run in (old, new)]
    for key in both:
        known = [of_run[key] for of_run in scatters if key in of_run]
        widest = max(known, key=lambda scatter: scatter.percent, default=None)
        yield Measure(key[2], before[key], after[key], change(before[key].value, after[key].value), widest)


def _metrics(run: Run) -> Iterator[tuple[Key, Fact]]:
    names = [(fact.name, fact.device) for fact in run.facts]
    for fact in run.facts:
        once = names.count((fact.name, fact.device)) == 1
        if fact.kind == "metric" and once and number(fact.value) is not None:
            yield (fact.name, fact.device, -1), fact


def _last_step(old: Run, new: Run) -> int | None:
    """Return the last step of which both runs print the loss."""
    steps = [{step for series in run.series if series.name == _LOSS for step in series.steps} for run in (old, new)]
    return max(steps[0] & steps[1], default=None)


def _loss(run: Run, step: int | None) -> Iterator[tuple[Key, Fact]]:
    for series in run.series:
        if series.name == _LOSS and step in series.steps:
            at = series.steps.index(step)
            line, view_line = series.lines[at], series.view_lines[at]
            yield (_LOSS, "", step), Fact("series", _LOSS, series.values[at], series.unit, line, view_line)


def _scatters(run: ReportRun, wanted: Collection[Key], cohort: Cohort, judged: Container[str]) -> dict[Key, Scatter]:
    """Return how each quantity scatters among the known runs with a run's settings, where two at least state it."""
    members = [cohort.runs[other] for other in _alike(run, cohort) if other not in judged]
    rows = [
        (name, device, step, value)
        for member in members
        for name, device, step, _, value in measured_values(member)
        if (name, device, step) in wanted
    ]
    frame = pd.DataFrame(rows, columns=["name", "device", "step", "value"]).astype({"value": float})
    scatters: dict[Key, Scatter] = {}
    for key in wanted:
        name, device, step = key
        values = frame[(frame["name"] == name) & (frame["device"] == device) & (frame["step"] == step)]["value"]
        near = values[~far_out(values)]
        if len(near) > 1 and near.min() > 0:
            scatters[key] = Scatter(len(near), 100 * float(near.max() - near.min()) / float(near.min()))
    return scatters


def _alike(run: ReportRun, cohort: Cohort) -> list[str]:
    """Return the measured runs with a run's settings, itself included; none where nothing was measured."""
    frame = cohort.frame
    counted = frame.at[run.id, "twice"] or run.id
    if not frame.at[counted, "measured"]:
        return []
    return list(frame[frame["measured"] & (frame["group"] == frame.at[counted, "group"])].index)
