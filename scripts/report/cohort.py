"""Runs of several people side by side: runs with the same settings, how they scatter, and outliers.

A setting that a run does not state is not a difference, unless other runs state several values of it. A run that does
not state the varied setting has that of a run with the same compiled program, if any. The same run published twice
counts once. A group of at least `FEWEST` runs can have outliers, if their setting is known. An
outlier lies more than `FENCE` times the distance of the quartiles outside them. Tukey calls this far out (Exploratory
Data Analysis, 1977).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import pandas as pd
import regex

from .comparable import frame_of, published
from .known import Known
from .results import ReportRun, Results
from .rounding import number
from .system import Column, Question, system_of

OTHERS_PAGE = "others.md"
FENCE, FEWEST = 3, 6
HERE = "here"


@dataclass(frozen=True)
class Group:
    """The runs of one system with the same settings.

    `variant` names the settings that differ between groups, besides the varied one, with their values. `setting` is
    None where the logs do not state the varied setting. `low` and `high` are the range without the outliers; `median`
    and the counts are of all runs. `inferred` counts the runs whose setting is known from their compiled program.
    """

    system: str
    question: Question
    anchor: str
    setting: float | None
    variant: tuple[tuple[str, str], ...]
    people: int
    runs: int
    median: float
    low: float
    high: float
    inferred: int
    members: tuple[str, ...]
    outliers: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """How one quantity scatters within a group: of how many runs, and how many different values they print.

    `step` is that of a point of a series, else None.
    """

    group: Group
    name: str
    device: str
    step: int | None
    unit: str
    runs: int
    different: int
    low: float
    high: float

    @property
    def anchor(self) -> str:
        """The anchor of its row."""
        return "-".join(part for part in (self.group.anchor, "of", self.name, self.device.replace(" ", "-")) if part)


@dataclass(frozen=True)
class Cohort:
    """The runs of several people. Those of `own` have pages; of `others` only facts are at hand."""

    own: Results
    others: Results = field(default_factory=lambda: Results(()))

    @cached_property
    def runs(self) -> Mapping[str, ReportRun]:
        """Every run by its id."""
        return {run.id: run for run in chain(self.own.runs, self.others.runs)}

    @cached_property
    def systems(self) -> tuple[str, ...]:
        """The systems with runs of more than one person, in their order."""
        if len({log.entry.author for log in chain(self.own.logs, self.others.logs)}) < 2:
            return ()
        people = self.frame.groupby("system")["owner"].nunique()
        return tuple(sorted(people[people > 1].index, key=lambda name: (system_of(name).order, name)))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each run, by id: see `comparable.frame_of`, and the columns that the functions below add."""
        frame = frame_of(Results((*self.own.logs, *self.others.logs)))
        again = published(frame)
        frame["twice"] = [again.get(run, "") for run in frame["id"]]
        frame = _with_program(frame.set_index("id"))
        frame["measured"] = frame["metric"].notna() & (frame["stage"] != "compile") & (frame["twice"] == "")
        return _with_outliers(_with_groups(frame))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups of runs, by system, other settings and setting."""
        if not self.systems:
            return ()
        measured = self.frame[self.frame["measured"] & self.frame["system"].isin(self.systems)]
        return tuple(sorted((self._group(str(name), rows) for name, rows in measured.groupby("group")), key=_place))

    def _group(self, name: str, rows: pd.DataFrame) -> Group:
        first, inside = rows.iloc[0], rows[~rows["outlier"]]["metric"]
        question = question_of(self.runs[str(rows.index[0])])
        assert question is not None, "what is measured is asked for"
        return Group(
            system=first["system"],
            question=question,
            anchor=f"{question.metric}-{name.partition('#')[2]}",
            setting=None if pd.isna(first["setting"]) else float(first["setting"]),
            variant=first["variant"],
            people=rows["owner"].nunique(),
            runs=len(rows),
            median=float(rows["metric"].median()),
            low=float(inside.min()),
            high=float(inside.max()),
            inferred=int(rows["inferred"].sum()),
            members=tuple(rows.index),
            outliers=tuple(rows[rows["outlier"]].index),
        )

    @cached_property
    def settings(self) -> Mapping[str, float]:
        """The varied setting of each run that has one, by the run's id."""
        stated = self.frame["setting"].dropna()
        return dict(zip(map(str, stated.index), stated.tolist(), strict=True))

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """The group of each measured run, by the run's id."""
        return {run: group for group in self.groups for run in group.members}

    @cached_property
    def people(self) -> Mapping[str, Sequence[ReportRun]]:
        """The runs of each person, where all runs have pages; none where of some only facts are at hand."""
        runs_by_owner: dict[str, list[ReportRun]] = {}
        for run in () if self.others.logs else self.own.runs:
            runs_by_owner.setdefault(run.entry.author, []).append(run)
        return dict(sorted(runs_by_owner.items()))

    def of(self, system: str) -> tuple[Group, ...]:
        """Return the groups of a system."""
        return tuple(group for group in self.groups if group.system == system)

    def person(self, run_id: str) -> str:
        """Return whose a run is, as pages call that person."""
        return HERE if self.others.logs and run_id in self._own else self.runs[run_id].entry.author

    def has_page(self, run_id: str) -> bool:
        """Return whether a run has a page of its own."""
        return run_id in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(run.id for run in self.own.runs)

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """How each metric, and the last loss that most runs print, scatters within the groups of several runs."""
        groups = {f"{group.system}#{group.anchor}": group for group in self.groups if group.runs > 1}
        members = [(name, self.runs[run]) for name, group in groups.items() for run in group.members]
        values = pd.DataFrame(
            [(name, *row) for name, run in members for row in measured_values(run)],
            columns=["group", "name", "device", "step", "unit", "value"],
        )
        keys = ["group", "name", "device", "step", "unit"]
        ranges = values.groupby(keys, sort=False)["value"].agg(["size", "nunique", "min", "max"]).reset_index()
        ranges = ranges.sort_values(["size", "step"], kind="stable").drop_duplicates(keys[:3], keep="last").sort_index()
        rows = ranges[ranges["size"] > 1].itertuples(index=False, name=None)
        return tuple(_spread(groups[row[0]], row) for row in rows)

    def answered(self) -> pd.Series[bool]:
        """Return whether a person's runs answer a system's question, by person and system.

        They do if they have results at two settings at least, all other settings being the same.
        """
        measured = self.frame[self.frame["measured"]]
        settings = measured.groupby(["owner", "system", "variant"])["setting"].nunique()
        return settings.groupby(["owner", "system"]).max() > 1


def question_of(run: ReportRun) -> Question | None:
    """Return the question that a run may answer."""
    return system_of(run.system).question(run.word("workload"))


def metric_of(question: Question) -> Column:
    """Return what answers a question, as a column."""
    return Column(question.metric.replace("_", " "), question.metric, question.device)


def page_of(system: str) -> str:
    """Return the page of all people's runs of a system."""
    return f"others/{system.lower()}.md"


class Band(NamedTuple):
    """What is known of all runs with the same settings: how many, their range without the outliers, and these."""

    runs: str
    low: float
    high: float
    outliers: tuple[float, ...]


def band(known: Known, run: ReportRun, metric: str, setting: float | None) -> Band | None:
    """Return the band of a run's group at a setting; None if a figure is missing or there is one run.

    `setting` None gives the runs whose logs do not state the varied setting and whose other settings are the run's.
    """
    page = page_of(run.system)
    variant = known.get(f"{page}#{run.id}")
    if variant is None:
        return None
    at = f"{page}#{metric}-{'not-stated' if setting is None else _setting(setting)}{variant.value}-"
    runs, low, high, far = (known.get(f"{at}{name}") for name in ("runs", "low", "high", "outliers"))
    if runs is None or low is None or high is None or runs.value == "1":
        return None
    return Band(runs.text, float(low.value), float(high.value), tuple(map(float, far.value.split())) if far else ())


def _with_program(frame: pd.DataFrame) -> pd.DataFrame:
    """Give each run the workload that most runs with the same program state, and a setting if it states none."""
    stated = frame[frame["program"] != ""].sort_values("setting", kind="stable")
    same = stated.groupby(["system", "program"])
    setting = same["setting"].transform("first").astype(float).reindex(frame.index)
    frame["inferred"] = frame["setting"].isna() & setting.notna()
    frame["setting"] = frame["setting"].astype(float).fillna(setting)
    workload = same["workload"].transform(_most_stated).astype(object).reindex(frame.index)
    frame["workload"] = workload.fillna(frame["workload"])
    return frame


def _most_stated(names: pd.Series[str]) -> str:
    """Return the name that is stated most often, the first in the alphabet of several; empty where none is."""
    return str(min(names[names != ""].mode(), default=""))


def _with_groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the settings that tell groups of a system apart, and the name of each run's group."""
    frame["variant"] = [()] * len(frame)
    for _, rows in frame[frame["measured"]].groupby("system"):
        frame.loc[rows.index, "variant"] = pd.Series(_variants(rows), index=rows.index)
    frame["suffix"] = ["".join(f"-{_slug(value)}" for _, value in variant) for variant in frame["variant"]]
    parts = zip(frame["system"], frame["setting"], frame["suffix"], strict=True)
    frame["group"] = [f"{system}#{_setting(setting)}{suffix}" for system, setting, suffix in parts]
    return frame


def _variants(rows: pd.DataFrame) -> list[tuple[tuple[str, str], ...]]:
    """Return for each run the settings of which the runs of its system state several values, with its own value."""
    stated = [
        dict(settings) | {"workload": workload, "sdk_version": release}
        for settings, workload, release in zip(rows["settings"], rows["workload"], rows["release"], strict=True)
    ]
    differing = [name for name, values in pd.DataFrame(stated).replace("", None).items() if values.nunique() > 1]
    return [tuple((str(name), given.get(name, "")) for name in differing) for given in stated]


def _with_outliers(frame: pd.DataFrame) -> pd.DataFrame:
    measured = frame[frame["measured"]]
    of_one_setting = measured[measured["setting"].notna()]
    outside = of_one_setting.groupby("group")["metric"].transform(far_out).astype(bool)
    frame["outlier"] = outside.reindex(frame.index, fill_value=False)
    return frame


def far_out(values: pd.Series[float]) -> pd.Series[bool]:
    """Return which values of a group are outliers."""
    low, high = values.quantile(0.25), values.quantile(0.75)
    margin = FENCE * (high - low)
    return ((values < low - margin) | (values > high + margin)) & (len(values) >= FEWEST)


def _place(group: Group) -> tuple[int, str, tuple[tuple[str, str], ...], bool, float]:
    return system_of(group.system).order, group.system, group.variant, group.setting is None, group.setting or 0


def measured_values(run: ReportRun) -> Iterator[tuple[str, str, int, str, float]]:
    """Yield each metric of a run and each point of its loss: name, device, step (-1: none), unit and value."""
    for fact in run.run.facts:
        value = number(fact.value)
        if fact.kind == "metric" and value is not None:
            yield fact.name, fact.device, -1, fact.unit, value
    for series in run.run.series:
        if series.name == "loss":
            for step, text in zip(series.steps, series.values, strict=True):
                value = number(text)
                if value is not None:
                    yield series.name, "", step, series.unit, value


def _spread(group: Group, row: tuple[object, ...]) -> Spread:
    _, name, device, step, unit, runs, different, low, high = row
    return Spread(
        group,
        str(name),
        str(device),
        int(str(step)) if step != -1 else None,
        str(unit),
        int(str(runs)),
        int(str(different)),
        float(str(low)),
        float(str(high)),
    )


def _setting(value: float) -> str:
    return "not-stated" if pd.isna(value) else f"{value:.15g}"


def _slug(text: str) -> str:
    return regex.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "not-stated"
