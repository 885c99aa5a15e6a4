"""What may be said about all known runs of a system, as findings like those about the report's own runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from .cohort import Band, Cohort, Group, band, page_of
from .findings import Finding, finding, listed
from .known import Known
from .markdown import link
from .results import ReportRun
from .system import Question, System


def cohort_findings(cohort: Cohort, known: Known, system: System, page: str) -> dict[str, Finding]:
    """Return the findings by name. None of them holds where all runs of the system are one person's."""
    groups = [group for group in cohort.of(system.name) if group.runs > 1]
    stated = [group for group in groups if group.setting is not None]
    ours = any(cohort.has_page(run) for group in groups for run in group.members)
    inferred = [group for group in stated if group.inferred]
    same = [group for group in stated if not group.inferred and _same_program(cohort, system, group)]
    return {
        "known_runs": finding(groups),
        "known_with_ours": finding(groups and ours and cohort.others.logs),
        "known_apart": finding(_apart(stated) is True),
        "known_overlap": finding(_apart(stated) is False),
        "known_inferred": finding(inferred, runs=_each(known, inferred, ("inferred", "setting"), page)),
        "known_same": finding(same, settings=listed([_quantity(known, group, "setting", page) for group in same])),
        "known_spans": finding(stated, spans=_spans(known, stated, page), **_asked(known, stated)),
        **_people(cohort, known, system, page),
    }


def _asked(known: Known, groups: Sequence[Group]) -> dict[str, str]:
    """Return what was measured of groups, its unit, and the setting; nothing where questions differ."""
    questions = list(dict.fromkeys(group.question for group in groups))
    if len(questions) != 1:
        return dict.fromkeys(("metric", "setting", "unit"), "")
    unit = known[f"{page_of(groups[0].system)}#{groups[0].anchor}-low"].unit
    metric = questions[0].metric.replace("_", " ").capitalize()
    return {"metric": metric, "setting": questions[0].setting.heading.partition(",")[0], "unit": unit}


def _people(cohort: Cohort, known: Known, system: System, page: str) -> dict[str, Finding]:
    """Return how many of all people answered the question, and of how many runs the setting is not known."""
    of = {name: known.get(f"{page_of(system.name)}#{name}") for name in ("answered", "people", "unstated")}
    links = {name: link(quantity.text, quantity.target(page)) if quantity else "" for name, quantity in of.items()}
    setting = next((question.setting.heading.partition(",")[0] for question in system.questions), "")
    unstated = of["unstated"]
    return {
        "people_answered": finding(
            cohort.people and of["people"], answered=links["answered"], people=links["people"], setting=setting
        ),
        "people_unstated": finding(
            unstated is not None and unstated.value != "0", setting=setting, runs=links["unstated"]
        ),
    }


def beside(known: Known, question: Question, runs: Sequence[ReportRun]) -> dict[str, Finding]:
    """Return whether a figure of runs shows the ranges of all known runs beside them, and outliers."""
    bands = list(_bands(known, question, runs))
    return {
        "known_beside": finding(bands),
        "known_outliers": finding([of for of in bands if of.outliers]),
        "known_band": finding([run for run in runs if band(known, run, question.metric, None)]),
    }


def _bands(known: Known, question: Question, runs: Sequence[ReportRun]) -> Iterator[Band]:
    for run in runs:
        setting = known.number(run, question.setting.name)
        one = band(known, run, question.metric, setting) if setting is not None else None
        if one is not None:
            yield one


def _apart(groups: Sequence[Group]) -> bool | None:
    """Return whether the ranges of no two settings overlap, other settings being the same; None where there is one."""
    in_order = sorted(groups, key=lambda group: (group.variant, group.low))
    pairs = [pair for _, same in groupby(in_order, key=lambda group: group.variant) for pair in pairwise(same)]
    return all(lower.high < higher.low for lower, higher in pairs) if pairs else None


def _same_program(cohort: Cohort, system: System, group: Group) -> bool:
    """Return whether what names the compiled program is the same in all runs of a group."""
    wanted = (system.program.name, system.program.device) if system.program else None
    spreads = [of for of in cohort.spreads if of.group == group and (of.name, of.device) == wanted]
    return any(of.different == 1 and of.runs == group.runs for of in spreads)


def _spans(known: Known, groups: Sequence[Group], page: str) -> str:
    spans = [
        f"{_quantity(known, group, 'low', page)} to {_quantity(known, group, 'high', page)} "
        f"with {_quantity(known, group, 'setting', page)}"
        for group in groups
    ]
    return listed(spans)


def _each(known: Known, groups: Sequence[Group], names: tuple[str, str], page: str) -> str:
    first, second = names
    return listed([f"{_quantity(known, of, first, page)} with {_quantity(known, of, second, page)}" for of in groups])


def _quantity(known: Known, group: Group, name: str, page: str) -> str:
    quantity = known[f"{page_of(group.system)}#{group.anchor}-{name}"]
    return link(quantity.text, quantity.target(page))
