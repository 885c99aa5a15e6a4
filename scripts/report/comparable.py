"""Which runs may be compared: one rule for every formula, table, plot and sentence.

Comparable runs have the same owner, system, workload, stage and software release, and the same hardware computed. All
their settings are equal but the one that the question varies. A value that both runs lack counts as equal, one that a
single run lacks as unequal. The varied setting must be known, from the log or from a person's declaration.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .results import ReportRun, Results
from .rounding import number
from .system import Question, system_of

_SAME = ["owner", "system", "workload", "stage", "release", "hardware", "settings"]
_JOBS = ("execute_job_id", "job_id")
# Long enough series that no other run repeats; a loss may be the same in every run.
_MEASURED, _LONG = ("time", "rate", "global_rate"), 20
# Two runs may have one or two values in common by chance.
_ENOUGH = 3


@dataclass(frozen=True)
class Comparison:
    """What each run is compared with, by run id.

    `baseline` is the run of the smallest setting among the comparable ones. If several runs have that setting, it is
    the one with the median metric (the lower of two). `repeated` is the first run of the same setting, for each later
    one. `compiled` is the one compile run of the same owner, system, workload and release. `published` is the run that
    another log of the same job states too; such a run is compared with nothing.
    """

    baseline: Mapping[str, ReportRun]
    repeated: Mapping[str, ReportRun]
    compiled: Mapping[str, ReportRun]
    published: Mapping[str, ReportRun]


# The runs of each question of a system, in groups: runs of one group differ in the question's setting only.
Groups = Mapping[tuple[str, Question], Sequence[tuple[ReportRun, ...]]]


def compare(results: Results) -> Comparison:
    """Return what each run is compared with."""
    runs = {run.id: run for run in results.runs}
    if not runs:
        return Comparison({}, {}, {}, {})
    frame = frame_of(results)
    again = published(frame)
    frame = frame[~frame["id"].isin(again)]
    known = _of_known_setting(frame)
    baseline: dict[str, str] = {}
    repeated: dict[str, str] = {}
    for _, group in known.groupby(_SAME, sort=False):
        baseline |= dict.fromkeys(group["id"], _baseline(group))
        first = group.groupby("setting")["id"].transform("first")
        repeated |= {run: earlier for run, earlier in zip(group["id"], first, strict=True) if run != earlier}

    def with_runs(pairs: Mapping[str, str]) -> dict[str, ReportRun]:
        return {run: runs[other] for run, other in pairs.items()}

    return Comparison(*map(with_runs, (baseline, repeated, _compiled(frame), again)))


def frame_of(results: Results) -> pd.DataFrame:
    """Return a row for each run with what decides which others it is compared with."""
    return pd.DataFrame([_row(run, system_of(run.system).question(run.word("workload"))) for run in results.runs])


def groups(results: Results, published: Container[str]) -> Groups:
    """Return the groups of comparable runs: those with the most values of the setting first, then those with most runs.

    Groups in which no run has the metric come last. In a group runs are in the order of the setting. `published` are
    the ids of the runs that count no second time.
    """
    runs_by_question: dict[tuple[str, Question], list[tuple[ReportRun, ...]]] = {}
    for run in results.runs:
        for question in system_of(run.system).questions:
            runs_by_question.setdefault((run.system, question), [])
    for name, question in runs_by_question:
        asked = [run for run in results.of(name) if run.id not in published and question.about(run.stated("workload"))]
        runs_by_question[name, question] = _grouped(asked, question)
    return runs_by_question


def _grouped(asked: Sequence[ReportRun], question: Question) -> list[tuple[ReportRun, ...]]:
    if not asked:
        return []
    runs = {run.id: run for run in asked}
    known = _of_known_setting(pd.DataFrame([_row(run, question) for run in asked]))
    grouped = [group.sort_values("setting", kind="stable") for _, group in known.groupby(_SAME, sort=False)]
    grouped.sort(key=lambda group: (_answers(group), group["setting"].nunique(), len(group)), reverse=True)
    return [tuple(runs[run] for run in group["id"]) for group in grouped]


def _answers(group: pd.DataFrame) -> bool:
    """Return whether any run of a group has the question's metric: what another device measured is not the system's."""
    return bool(group["metric"].notna().any())


def differences(one: ReportRun, other: ReportRun, question: Question | None) -> list[str]:
    """Return the names of the differences that keep two runs from being compared, except the question's setting."""
    rows = _row(one, question), _row(other, question)
    names = [name for name in _SAME if name != "settings" and rows[0][name] != rows[1][name]]
    settings = [dict(_settings(run, question)) for run in (one, other)]
    return names + sorted(name for name in settings[0] | settings[1] if settings[0].get(name) != settings[1].get(name))


def settings_that_vary(runs: Sequence[ReportRun]) -> list[str]:
    """Return the names of the settings in which runs of one system differ; also release and owner."""
    settings = [dict(_settings(run, None)) for run in runs]
    names = sorted({name for of in settings for name in of})
    varied = [name for name in names if len({of.get(name) for of in settings}) > 1]
    return varied + [name for name in ("workload", "sdk_version") if len({run.stated(name) for run in runs}) > 1]


def _of_known_setting(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of runs that a setting can be compared of; a compile has none."""
    return frame[frame["setting"].notna() & (frame["stage"] != "compile")]


def _row(run: ReportRun, question: Question | None) -> dict[str, object]:
    """Return what decides about a run; `settings` are all that the question does not vary."""
    return {
        "id": run.id,
        "owner": run.entry.author,
        "system": run.system,
        "workload": run.stated("workload"),
        "stage": run.word("stage"),
        "release": run.word("sdk_version"),
        "hardware": _hardware(run),
        "settings": _settings(run, question),
        "setting": number(_said(run).get(question.setting.name, "")) if question else None,
        "metric": number(run.word(question.metric, question.device)) if question else None,
        "job": next((run.word(name) for name in _JOBS if run.word(name)), ""),
        "outcome": run.word("outcome"),
        "program": _program(run),
        "steps": _steps(run),
        "facts": tuple((fact.name, fact.device, fact.value) for fact in run.run.facts if fact.kind == "metric"),
    }


def _said(run: ReportRun) -> dict[str, str]:
    """Return what a run was set to, by name: as the log states it, else as a person declares it."""
    settings = {declared.name: declared.value for declared in run.declared}
    return settings | {fact.name: fact.value for fact in run.run.facts if fact.kind == "parameter" and not fact.device}


def _settings(run: ReportRun, question: Question | None) -> tuple[tuple[str, str], ...]:
    """Return the settings of a run, without the question's setting and those that follow it or differ by chance."""
    aside = {"workload", *system_of(run.system).aside, *([question.setting.name] if question else [])}
    settings = {name: value for name, value in _said(run).items() if name not in aside}
    return tuple(sorted((name, _plain(value)) for name, value in settings.items()))


def _hardware(run: ReportRun) -> tuple[str, str]:
    """Return the kind of device that computed, and its name; nothing where the log does not say the kind."""
    kind = run.word("hardware")
    return kind, run.word("platform") if kind else ""


def _plain(value: str) -> str:
    """Return a value as text, the same for numbers that are written differently."""
    as_number = number(value)
    return value if as_number is None else f"{as_number:.15g}"


def _program(run: ReportRun) -> str:
    """Return what names the program that was compiled, an empty text where the log does not say."""
    column = system_of(run.system).program
    return run.word(column.name, column.device) if column else ""


def _steps(run: ReportRun) -> tuple[tuple[str, ...], ...]:
    """Return the series that are measured anew in each run."""
    series = (series for series in run.run.series if series.name in _MEASURED and len(series.values) >= _LONG)
    return tuple((each.name, *each.values) for each in series)


def _baseline(group: pd.DataFrame) -> str:
    smallest = group[group["setting"] == group["setting"].min()].sort_values("metric", kind="stable")
    return str(smallest["id"].iloc[(len(smallest) - 1) // 2])


def _compiled(frame: pd.DataFrame) -> dict[str, str]:
    keys = ["owner", "system", "workload", "release"]
    compiles = frame[frame["stage"] == "compile"].drop_duplicates(keys, keep=False)
    trained = frame[frame["stage"] != "compile"].merge(compiles, on=keys, suffixes=("", "_compile"))
    return dict(zip(trained["id"], trained["id_compile"], strict=True))


def published(frame: pd.DataFrame) -> dict[str, str]:
    """Return, by id, the run that an earlier log states too.

    It is the same job. If a log names no job, it is a run with the same values, or the same times or rates by step.
    """
    again: dict[str, str] = {}
    named, silent = frame[frame["job"] != ""], frame[frame["job"] == ""]
    values = silent[silent["facts"].map(len) >= _ENOUGH]
    steps = frame[(frame["steps"] != ()) & ((frame["job"] == "") | frame["steps"].isin(silent["steps"]))]
    for rows, keys in (
        (named, ["system", "stage", "job", "setting"]),
        (values, ["system", "stage", "facts"]),
        (steps, ["system", "stage", "steps"]),
    ):
        first = rows.groupby(keys, sort=False, dropna=False)["id"].transform("first")
        again |= {run: earlier for run, earlier in zip(rows["id"], first, strict=True) if run != earlier}
    return again
