"""The pages of all people's runs: one over all systems, and one per system."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import regex

from .blocks import MARKS, NOTHING, failed_after_finishing
from .cohort import (
    FENCE,
    FEWEST,
    HERE,
    OTHERS_PAGE,
    Cohort,
    Group,
    Spread,
    metric_of,
    page_of,
    question_of,
)
from .cohort_people import agreement_section, by_owner, person_link
from .cohort_quantities import listed, setting_of, value_of
from .known import Known, Quantity, column, relative, run_page
from .markdown import code, escaped, link, table
from .picture import Picture

_SHA256_DIGITS = 12
_RULES = (
    "A group is the runs of one system with the same settings. A setting that a log does not state is not a "
    "difference, unless other logs state several values of it.",
    f"An outlier lies more than {code(f'{FENCE} × (Q3 − Q1)')} outside the quartiles {code('Q1')} and {code('Q3')} of "
    f"its group. A group of fewer than {code(str(FEWEST))} runs has no outliers. Neither has a "
    "group whose varied setting is not known. A range leaves outliers out; a median does not.",
    "The same run in two logs counts once. Runs with the same job id are the same run. If a log states no job id, runs "
    "with the same values or the same times by step are the same.",
    "If a log does not state the varied setting, the compiled program may show it. Runs with the same program have "
    "the same setting.",
)
_PSEUDONYM = regex.compile("p[0-9]{2,}")
_PSEUDONYMS = "The names of people are pseudonyms."
_NOT_KEPT = (
    "The logs of other people are not kept here. Their facts are in [others.csv](data/others.csv), each with its line "
    "and the checksum of its log."
)
_SAME = "These values are equal to the last digit that the logs print."
_HERE = f"{code(HERE)} marks the runs of this report. "


def cohort_pages(cohort: Cohort, known: Known, pictures: Mapping[str, Picture], of_texts: str = "") -> dict[str, str]:
    """Return the pages by path; none where all runs are of one person. `of_texts` is a section about their texts."""
    if not cohort.systems:
        return {}
    pages = {OTHERS_PAGE: _index(cohort, known, of_texts)}
    return pages | {page_of(system): _system(cohort, system, known, pictures) for system in cohort.systems}


def _index(cohort: Cohort, known: Known, of_texts: str) -> str:
    systems = ", ".join(link(escaped(system), page_of(system)) for system in cohort.systems)
    counts = _counts(known, OTHERS_PAGE)
    rules = "\n".join(f"- {rule}" for rule in _RULES)
    names = {cohort.person(run) for run in cohort.runs} - {HERE}
    about = f"{_HERE if cohort.own.runs else ''}{_NOT_KEPT} " if cohort.others.logs else ""
    parts = [
        f"# All known runs\n\n{counts} By system: {systems}.\n",
        f"{about}{_PSEUDONYMS if all(map(_PSEUDONYM.fullmatch, names)) else ''}\n",
        f"## Who answered what\n\n{_LEGEND}\n\n{_answers(cohort, known)}",
        of_texts,
        agreement_section(cohort, known),
        f"## The same run in two logs\n\n{_twice(cohort)}",
        f"## Rules\n\n{rules}\n",
    ]
    return "\n".join(part for part in parts if part)


_COUNTED = ("people", "runs", "logs", "results")


def _counts(known: Known, page: str) -> str:
    counts = ", ".join(f"{_at(known, page, name, page, here=True)} {name}" for name in _COUNTED)
    if page != OTHERS_PAGE:
        answered, unstated = (_at(known, page, name, page, here=True) for name in ("answered", "unstated"))
        counts += f". People whose logs vary the setting: {answered}. Results without a known setting: {unstated}"
    return f"{counts}. A run in two logs counts once. A result is a run that states what the question asks for."


_LEGEND = (
    "Each cell lists a person's settings and how the runs ended. The marks: ✓ completed, ✗ failed or killed, … cut "
    "off, ? unknown. A question is *answered* with results at several settings, all other settings being the same."
)


def _answers(cohort: Cohort, known: Known) -> str:
    """Return which question each person's runs answer, and with which settings."""
    answered = cohort.answered()
    once = cohort.frame["twice"] == ""
    ran = {system: {run for run in listed(cohort, system) if once[run]} for system in cohort.systems}
    rows = []
    for owner, runs in by_owner(cohort).items():
        mine = [[run for run in runs if run in ran[system]] for system in cohort.systems]
        has = [bool(answered.get((owner, system), False)) for system in cohort.systems]
        cells = [_answer(cohort, of_system, done, known) for of_system, done in zip(mine, has, strict=True)]
        rows.append([person_link(cohort, runs[0], OTHERS_PAGE), *cells])
    headings = [f"{escaped(s)}: {_setting_heading(cohort.of(s))}" for s in cohort.systems]
    return table(["person", *headings], rows)


def _answer(cohort: Cohort, runs: Sequence[str], answered: bool, known: Known) -> str:
    if not runs:
        return NOTHING
    of_setting: dict[float, list[str]] = {}
    for run in runs:
        of_setting.setdefault(cohort.settings.get(run, math.inf), []).append(run)
    cells = [
        f"{_setting(cohort, same[0], known, OTHERS_PAGE)} {''.join(_mark(cohort, run) for run in same)}"
        for _, same in sorted(of_setting.items())
    ]
    return f"{'answered' if answered else 'open'}: {', '.join(cells)}"


def _twice(cohort: Cohort) -> str:
    frame = cohort.frame[(cohort.frame["twice"] != "") & cohort.frame["system"].isin(cohort.systems)]
    rows = [[*_named(cohort, str(run)), *_named(cohort, str(first))] for run, first in frame["twice"].items()]
    return (
        table(["person", "run", "person of the counted run", "counted run"], rows)
        if rows
        else "No run is in two logs.\n"
    )


def _named(cohort: Cohort, run: str) -> list[str]:
    return [person_link(cohort, run, OTHERS_PAGE), _run(cohort, run, OTHERS_PAGE)]


def _system(cohort: Cohort, system: str, known: Known, pictures: Mapping[str, Picture]) -> str:
    page = page_of(system)
    spreads = [spread for spread in cohort.spreads if spread.group.system == system]
    same = [spread for spread in spreads if spread.different == 1]
    scattered = [spread for spread in spreads if spread.different > 1]
    picture = pictures.get(f"all-{system.lower()}")
    rules = link("All systems and the rules", f"../{OTHERS_PAGE}")
    parts = [
        f"# {escaped(system)}: all known runs\n\n{_counts(known, page)} {rules}\n",
        f"{picture.markdown('../')}\n\n{picture.description}\n" if picture else "",
        f"## By setting\n\n{groups_table(cohort.of(system), cohort, known, page)}",
        f"## The same in every run\n\n{_SAME}\n\n{_same_table(same, known, page)}",
        f"## What scatters\n\nThe ranges include outliers.\n\n{_scatter_table(scattered, known, page)}",
        f"## Every run\n\nThe table leaves out compiles.\n\n{_runs(cohort, system, known, page)}",
    ]
    return "\n".join(part for part in parts if part)


def groups_table(groups: Sequence[Group], cohort: Cohort, known: Known, page: str) -> str:
    """Return a table of groups: how many people and runs, median, range and outliers."""
    columns = [name for name in _COLUMNS if name != "inferred" or any(group.inferred for group in groups)]
    figures_of = _table_figures(groups, [group.question.metric for group in groups], columns, known, page)
    body = []
    for group, figures in zip(groups, figures_of, strict=True):
        here = page_of(group.system)
        far = ", ".join(
            f"{person_link(cohort, run, page)} {_metric(cohort, run, known, page)}" for run in group.outliers
        )
        far = f'<a id="{group.anchor}-outliers"></a>{far}' if far and here == page else far
        unit = known[f"{here}#{group.anchor}-median"].unit
        anchor = f"{group.anchor}-setting"
        setting = "not stated" if group.setting is None else _at(known, here, anchor, page, here=here == page)
        body.append([setting, *_others(group, groups), *figures, unit, far or NOTHING])
    header = [*_headings(groups), *(_COLUMNS[name] for name in columns), "unit", "outliers"]
    shown = table(header, body, "r" + "l" * (len(_headings(groups)) - 1) + "r" * len(columns) + "ll")
    return f"{shown}{_not_known(groups)}"


def _not_known(groups: Sequence[Group]) -> str:
    """Return what a row of runs without a known setting does not show; nothing where there is no such row."""
    unknown = [group for group in groups if group.setting is None and group.runs > 1]
    if not unknown:
        return ""
    what = _setting_heading(unknown).partition(",")[0]
    return (
        f"\nNo log states the {what} of the runs in a row *not stated*. These runs may differ in it. So the row "
        "does not show how repeats scatter, and it has no outliers.\n"
    )


def _table_figures(
    rows: Sequence[Group | Spread], of: Sequence[str], names: Sequence[str], known: Known, page: str
) -> list[tuple[str, ...]]:
    """Return cells with figures of each row; a column has one quantity with the same decimals, named by `of`."""
    places = [(page_of((row.group if isinstance(row, Spread) else row).system), row.anchor) for row in rows]
    columns = []
    for name in names:
        quantities = [known.get(f"{at}#{anchor}-{name}") for at, anchor in places]
        texts = column(quantities, of)
        columns.append([_figure(*pair, page) for pair in zip(quantities, texts, strict=True)])
    return list(zip(*columns, strict=True))


def _figure(quantity: Quantity | None, text: str, page: str) -> str:
    """Return a link to a quantity (on its own page also the anchor), or a dash if there is none."""
    if quantity is None:
        return NOTHING
    mark = f'<a id="{quantity.anchor}"></a>' if quantity.page == page else ""
    return mark + link(text, f"#{quantity.anchor}" if quantity.page == page else quantity.target(page))


_COLUMNS = {
    "people": "n people",
    "runs": "n runs",
    "median": "median",
    "low": "from",
    "high": "to",
    "inferred": "n runs with the setting inferred",
}


def _setting_heading(groups: Sequence[Group]) -> str:
    headings = dict.fromkeys(group.question.setting.heading for group in groups)
    return " or ".join(map(escaped, headings)) or "setting"


def _headings(groups: Sequence[Group]) -> list[str]:
    """Return the headings of the cells that say which group it is."""
    return [_setting_heading(groups), *(["other settings"] if any(group.variant for group in groups) else [])]


def _others(group: Group, groups: Sequence[Group]) -> list[str]:
    """Return the cell of the settings that tell groups apart besides the varied one; none where no group has any."""
    if not any(other.variant for other in groups):
        return []
    return [code(", ".join(f"{name.replace('_', ' ')} {value or 'not stated'}" for name, value in group.variant))]


def _same_table(spreads: Sequence[Spread], known: Known, page: str) -> str:
    body = _spread_rows(spreads, ("runs", "low"), known, page)
    return _spread_table(spreads, ["n runs", "value", "unit"], body)


def _scatter_table(spreads: Sequence[Spread], known: Known, page: str) -> str:
    names = ("runs", "different", "low", "high", "range")
    body = _spread_rows(spreads, names, known, page)
    return _spread_table(spreads, ["n runs", "different values", "from", "to", "range, % of the lowest", "unit"], body)


def _spread_table(spreads: Sequence[Spread], header: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    if not spreads:
        return "There is no such quantity, or each setting has a single run.\n"
    headings = _headings([spread.group for spread in spreads])
    return table([*headings, "quantity", *header], body, "r" + "l" * len(headings) + "r" * (len(header) - 1) + "l")


def _which(spread: Spread, spreads: Sequence[Spread], known: Known, page: str) -> list[str]:
    step = _at(known, page, f"{spread.anchor}-step", page, here=True) if spread.step is not None else ""
    setting = known.get(f"{page}#{spread.group.anchor}-setting")
    named = link(setting.text, f"#{setting.anchor}") if setting else "not stated"
    quantity = " ".join(part for part in (code(spread.name), spread.device, f"at step {step}" if step else "") if part)
    return [named, *_others(spread.group, [other.group for other in spreads]), quantity]


def _spread_rows(spreads: Sequence[Spread], names: Sequence[str], known: Known, page: str) -> list[list[str]]:
    figures_of = _table_figures(spreads, [f"{spread.name} {spread.device}" for spread in spreads], names, known, page)
    rows = zip(spreads, figures_of, strict=True)
    return [[*_which(spread, spreads, known, page), *figures, spread.unit] for spread, figures in rows]


def _runs(cohort: Cohort, system: str, known: Known, page: str) -> str:
    """Return the table of every run, with anchors for runs without a page, and log and line of the result."""
    frame = cohort.frame
    runs = sorted(listed(cohort, system), key=lambda run: (cohort.has_page(run), cohort.person(run)))
    results = [_result(cohort, run, known) for run in runs]
    texts = column(results, [quantity.unit if quantity else "" for quantity in results])
    body = [
        [
            f'<a id="{run}"></a>{person_link(cohort, run, page)}',
            _run(cohort, run, page),
            _anchored(run, _setting(cohort, run, known, page)),
            _anchored(run, _shown(quantity, page, text)) + (" outlier" if frame.at[run, "outlier"] else ""),
            _outcome(cohort, run),
            _log(cohort, run),
        ]
        for run, quantity, text in zip(runs, results, texts, strict=True)
    ]
    groups = cohort.of(system)
    metrics = dict.fromkeys(group.question.metric.replace("_", " ") for group in groups)
    header = ["person", "run", _setting_heading(groups), " or ".join(metrics) or "result", "outcome", "log and line"]
    return table(header, body, "llrrll")


def _run(cohort: Cohort, run: str, page: str) -> str:
    return link(code(run), relative(run_page(run), page) if cohort.has_page(run) else "")


def _setting(cohort: Cohort, run: str, known: Known, page: str) -> str:
    quantity = setting_of(cohort, known, run)
    if quantity is None:
        return "not stated"
    of_program = " (from its program)" if cohort.frame.at[run, "inferred"] else ""
    return _shown(quantity, page) + of_program + (" (declared)" if quantity.sort == "declared" else "")


def _result(cohort: Cohort, run: str, known: Known) -> Quantity | None:
    """Return what a run answers its question with."""
    question = question_of(cohort.runs[run])
    return value_of(cohort, known, run, metric_of(question)) if question else None


def _metric(cohort: Cohort, run: str, known: Known, page: str) -> str:
    return _shown(_result(cohort, run, known), page)


def _shown(quantity: Quantity | None, page: str, text: str = "") -> str:
    """Return a link to a quantity, showing its text if no other is given; a dash where there is none."""
    if quantity is None:
        return NOTHING
    target = f"#{quantity.anchor}" if quantity.page == page else quantity.target(page)
    return link(escaped(text or quantity.text), target)


def _anchored(run: str, cell: str) -> str:
    """Return a cell of a run's row with the anchor that it links to, if it leads to that row."""
    _, separator, rest = cell.partition(f"(#{run}-")
    return f'<a id="{run}-{rest.partition(")")[0]}"></a>{cell}' if separator else cell


def _outcome(cohort: Cohort, run: str) -> str:
    stated = cohort.runs[run]
    after = " after its result" if failed_after_finishing(stated) else ""
    again = str(cohort.frame.at[run, "twice"])
    twice = f"; the same run as {code(again)}" if again else ""
    return f'<span class="state">{_mark(cohort, run)} {stated.word("outcome")}{after}{twice}</span>'


def _mark(cohort: Cohort, run: str) -> str:
    return MARKS.get(cohort.runs[run].word("outcome"), "?")


def _log(cohort: Cohort, run_id: str) -> str:
    """Return the checksum of a run's log and the line of its result."""
    run, question = cohort.runs[run_id], question_of(cohort.runs[run_id])
    fact = run.run.fact(question.metric, question.device) if question else None
    line = fact.line if fact is not None else run.run.first_line
    log = run.entry.sha256[:_SHA256_DIGITS] or run.entry.path
    return f"{code(log)} {code(f'line {line}')}"


def _at(known: Known, at: str, anchor: str, page: str, *, here: bool) -> str:
    """Return a link to a quantity (if `here` also the anchor), or a dash if there is none."""
    quantity = known.get(f"{at}#{anchor}")
    if quantity is None:
        return NOTHING
    return _figure(quantity, quantity.text, page) if here else _shown(quantity, page)
