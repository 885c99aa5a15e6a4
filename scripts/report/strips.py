"""The data of a strip plot of all people's runs of a system. `plots/strips.py` draws it."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from .cohort import HERE, Cohort, Group, far_out
from .rounding import shown
from .system import system_of


class Dot(NamedTuple):
    """A run: its person, its value as text, and its difference from its group's median, in per cent."""

    run: str
    person: str
    text: str
    percent: float
    outlier: bool
    here: bool


class Strip(NamedTuple):
    """The runs of a group."""

    label: str
    dots: tuple[Dot, ...]


class Strips(NamedTuple):
    """The groups of a system that have several runs, and up to which difference the axis shows their dots."""

    name: str
    title: str
    description: str
    metric: str
    colour: str
    edge: float
    rows: tuple[Strip, ...]


def strips(cohort: Cohort, system: str) -> Strips | None:
    """Return the strips of a system; None where no group has several runs, or one has a median of zero."""
    groups = [group for group in cohort.of(system) if group.runs > 1 and group.median]
    if not groups:
        return None
    described = ["Each dot shows how far a run is from the median of its setting."]
    described += ["A filled dot is a run of this report."] if cohort.others.logs else []
    return Strips(
        f"all-{system.lower()}",
        _title(groups),
        " ".join([*described, "A cross at the edge lies beyond the axis."]),
        groups[0].question.metric.replace("_", " "),
        system_of(system).colour,
        _edge(rows := tuple(Strip(_label(group), _dots(cohort, group)) for group in groups), groups),
        rows,
    )


def _edge(rows: tuple[Strip, ...], groups: list[Group]) -> float:
    """Return what the axis shows: all but outliers of the settings that are known, else most of the largest group."""
    stated = [row for row, group in zip(rows, groups, strict=True) if group.setting is not None]
    near = [abs(dot.percent) for row in stated for dot in row.dots if not dot.outlier]
    if not stated:
        percents = pd.Series([dot.percent for dot in max(rows, key=lambda row: len(row.dots)).dots])
        near = list(percents[~far_out(percents)].abs())
    return 1.15 * max([0.1, *near])


def _title(groups: list[Group]) -> str:
    """Return how far apart the runs of the settings that logs state are, outliers aside."""
    known = [100 * (group.high - group.low) / group.low for group in groups if group.setting is not None and group.low]
    if not known:
        return f"Runs whose {groups[0].question.setting.heading.partition(',')[0]} is not stated"
    return f"Runs of one setting span up to {shown(f'{max(known):.15g}', 2)} %"


def _label(group: Group) -> str:
    setting = "not stated" if group.setting is None else shown(f"{group.setting:.15g}", None)
    others = ", ".join(f"{name.replace('_', ' ')} {value or 'not stated'}" for name, value in group.variant)
    lines = [f"{group.question.setting.heading.partition(',')[0]} {setting}", others, f"n = {group.runs}"]
    return f"{lines[0]}\n{', '.join(line for line in lines[1:] if line)}"


def _dots(cohort: Cohort, group: Group) -> tuple[Dot, ...]:
    rows = cohort.frame.loc[list(group.members)]
    return tuple(
        Dot(
            str(run),
            cohort.person(str(run)),
            f"{value:.15g}",
            100 * (value - group.median) / group.median,
            str(run) in group.outliers,
            cohort.person(str(run)) == HERE,
        )
        for run, value in rows["metric"].items()
    )
