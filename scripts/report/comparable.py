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
from scripts.report.system import system_of

_SAME = ["owner", "system", "workload", "stage", "release", "settings"]
_JOBS = ("execute_job_id", "job_id")


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
    frame = pd.DataFrame([_row(run) for run in results.runs])
    published = _published(frame)
    frame = frame[~frame["id"].isin(published)]
    known = frame[frame["setting"].notna() & (frame["stage"] != "compile")]
    baseline: dict[str, str] = {}
    repeated: dict[str, str] = {}
    for _, group in known.groupby(_SAME, sort=False):
        baseline |= dict.fromkeys(group["id"], _baseline(group))
        first = group.groupby("setting")["id"].transform("first")
        repeated |= {run: earlier for run, earlier in zip(group["id"], first, strict=True) if run != earlier}

    def with_runs(pairs: Mapping[str, str]) -> dict[str, ReportRun]:
        return {run: runs[other] for run, other in pairs.items()}

    return Comparison(*map(with_runs, (baseline, repeated, _compiled(frame), published)))


def _row(run: ReportRun) -> dict[str, object]:
    """Return what decides about a run; `settings` are all that the question does not vary."""
    system = system_of(run.system)
    question = system.question(run.word("workload"))
    varied = question.setting.name if question else ""
    said = {declared.name: declared.value for declared in run.declared}
    said |= {fact.name: fact.value for fact in run.run.facts if fact.kind == "parameter" and not fact.device}
    settings = {name: number(value) or value for name, value in said.items() if name not in (varied, *system.aside)}
    return {
        "id": run.id,
        "owner": run.entry.author,
        "system": run.system,
        "workload": run.stated("workload"),
        "stage": run.word("stage"),
        "release": run.word("sdk_version"),
        "settings": tuple(sorted((name, str(value)) for name, value in settings.items() if name != "workload")),
        "setting": number(said.get(varied, "")),
        "metric": number(run.word(question.metric)) if question else None,
        "job": next((run.word(name) for name in _JOBS if run.word(name)), ""),
        "facts": tuple((fact.name, fact.device, fact.value) for fact in run.run.facts if fact.kind == "metric"),
    }


def _baseline(group: pd.DataFrame) -> str:
    smallest = group[group["setting"] == group["setting"].min()].sort_values("metric", kind="stable")
    return str(smallest["id"].iloc[(len(smallest) - 1) // 2])


def _compiled(frame: pd.DataFrame) -> dict[str, str]:
    keys = ["owner", "system", "workload", "release"]
    compiles = frame[frame["stage"] == "compile"].drop_duplicates(keys, keep=False)
    trained = frame[frame["stage"] != "compile"].merge(compiles, on=keys, suffixes=("", "_compile"))
    return dict(zip(trained["id"], trained["id_compile"], strict=True))


def _published(frame: pd.DataFrame) -> dict[str, str]:
    """Return, by id, the run that an earlier log states too: the same job, or the same values where no job is named."""
    again: dict[str, str] = {}
    jobs, values = frame[frame["job"] != ""], frame[(frame["job"] == "") & (frame["facts"] != ())]
    for rows, keys in ((jobs, ["system", "stage", "job", "setting"]), (values, ["system", "stage", "facts"])):
        first = rows.groupby(keys, sort=False, dropna=False)["id"].transform("first")
        again |= {run: earlier for run, earlier in zip(rows["id"], first, strict=True) if run != earlier}
    return again
