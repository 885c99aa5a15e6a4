"""Which runs may be compared: one rule for every formula, table, plot and sentence.

Runs are comparable if they have the same owner, system, workload, stage and software release, and if all their settings
are equal but the one that the question varies. A value that both runs lack counts as equal, one that a single run lacks
as unequal. The varied setting must be known, from the log or from a person's declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from scripts.report.results import ReportRun, Results
from scripts.report.rounding import number
from scripts.report.system import Question, system_of

_SAME = ["owner", "system", "workload", "stage", "release", "settings"]
_JOBS = ("execute_job_id", "job_id")
# Series that no other run repeats, if they are long enough; a loss may be the same in every run.
_MEASURED, _LONG = ("time", "rate", "global_rate"), 20
# Two runs may have one or two values in common by chance.
_ENOUGH = 3


@dataclass(frozen=True)
class Comparison:
    """What each run is compared with, by run id.

    `baseline` is the run of the smallest setting among the comparable ones; of several with that setting, the one of
    median metric (the lower of two). `repeated` is the first run of the same setting, for each later one. `compiled` is
    the one compile run of the same owner, system, workload and release. `published` is the run that another log of the
    same job states too; such a run is compared with nothing.
    """

    baseline: Mapping[str, ReportRun]
    repeated: Mapping[str, ReportRun]
    compiled: Mapping[str, ReportRun]
    published: Mapping[str, ReportRun]


def compare(results: Results) -> Comparison:
    """Return what each run is compared with."""
    runs = {run.id: run for run in results.runs}
    if not runs:
        return Comparison({}, {}, {}, {})
    frame = frame_of(results)
    again = published(frame)
    frame = frame[~frame["id"].isin(again)]
    known = frame[frame["setting"].notna() & (frame["stage"] != "compile")]
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
    return pd.DataFrame([_row(run) for run in results.runs])


def _row(run: ReportRun) -> dict[str, object]:
    """Return what decides about a run; `settings` are all that the question does not vary."""
    system = system_of(run.system)
    question = system.question(run.word("workload"))
    varied = question.setting.name if question else ""
    said = {declared.name: declared.value for declared in run.declared}
    said |= {fact.name: fact.value for fact in run.run.facts if fact.kind == "parameter" and not fact.device}
    settings = {name: _plain(value) for name, value in said.items() if name not in (varied, *system.aside)}
    return {
        "id": run.id,
        "owner": run.entry.author,
        "system": run.system,
        "workload": run.stated("workload"),
        "stage": run.word("stage"),
        "release": run.word("sdk_version"),
        "settings": tuple(sorted((name, value) for name, value in settings.items() if name != "workload")),
        "setting": number(said.get(varied, "")),
        "metric": _metric(run, question),
        "job": next((run.word(name) for name in _JOBS if run.word(name)), ""),
        "outcome": run.word("outcome"),
        "program": _program(run),
        "steps": _steps(run),
        "facts": tuple((fact.name, fact.device, fact.value) for fact in run.run.facts if fact.kind == "metric"),
    }


def _plain(value: str) -> str:
    """Return a value as text, the same for numbers that are written differently."""
    found = number(value)
    return value if found is None else f"{found:.15g}"


def _metric(run: ReportRun, question: Question | None) -> float | None:
    fact = run.run.fact(question.metric, question.device) if question else None
    return number(fact.value) if fact is not None else None


def _program(run: ReportRun) -> str:
    """Return what names the program that was compiled, an empty text where the log does not say."""
    column = system_of(run.system).program
    fact = run.run.fact(column.name, column.device) if column else None
    return fact.value if fact is not None else ""


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

    It is the same job; or, where a log names no job, one with the same values, or with the same times or rates by step.
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
