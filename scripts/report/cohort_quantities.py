"""Every figure of all people's runs as a quantity with an address, for pages, plots and the proof."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader import term
from .cohort import OTHERS_PAGE, Cohort, Group, Spread, metric_of, page_of, question_of
from .cohort_people import agreement_counts
from .known import Known, Quantity
from .naming import line_of, setting_words, title
from .rounding import counted, shown
from .system import Column

_ALL = 15  # all digits that a floating-point number keeps
_ALL_RUNS = "all known runs"
_WORDS = {
    "low": "lowest",
    "high": "highest",
    "runs": "runs with",
    "different": "different values of",
    "step": "step of",
    "range": "range of",
}


def collected(cohort: Cohort) -> list[Quantity]:
    """Return the figures of the groups, how each quantity scatters, and the values of runs without a page."""
    made = [*_counts(cohort), *agreement_counts(cohort)]
    made += [quantity for group in cohort.groups for quantity in _group(cohort, group)]
    made += [quantity for spread in cohort.spreads for quantity in _spread(spread)]
    return made + [quantity for run_id in listed(cohort) for quantity in _run(cohort, run_id)]


def listed(cohort: Cohort, system: str = "") -> list[str]:
    """Return the ids of the runs that a page lists: compiles are aside, as they answer no question."""
    if not cohort.systems:
        return []
    frame = cohort.frame[cohort.frame["stage"] != "compile"]
    return list(frame[frame["system"].isin([system] if system else cohort.systems)].index)


def setting_of(cohort: Cohort, known: Known, run_id: str) -> Quantity | None:
    """Return the varied setting of a run: from its log, from its author, else from its program."""
    system, question = cohort.runs[run_id].system, question_of(cohort.runs[run_id])
    if question is None:
        return None
    stated = value_of(cohort, known, run_id, question.setting)
    if stated is not None or not cohort.frame.at[run_id, "inferred"]:
        return stated
    group = cohort.group_of.get(run_id)
    return known.get(f"{page_of(system)}#{group.anchor}-setting") if group else None


def value_of(cohort: Cohort, known: Known, run_id: str, column: Column) -> Quantity | None:
    """Return a value of a run: on its own page, or in the table of all runs."""
    run = cohort.runs[run_id]
    if cohort.has_page(run_id):
        return known.of(run, column.name, column.device)
    return known.get(f"{page_of(run.system)}#{run_id}-{column.name}")


def _counts(cohort: Cohort) -> Iterator[Quantity]:
    for page, systems in ((OTHERS_PAGE, list(cohort.systems)), *((page_of(name), [name]) for name in cohort.systems)):
        rows = cohort.frame[cohort.frame["system"].isin(systems)] if systems else None
        if rows is not None:
            counts = {
                "people": rows["owner"].nunique(),
                "runs": int((rows["twice"] == "").sum()),
                "logs": len({cohort.runs[run].entry.path for run in rows.index}),
                "results": int(rows["measured"].sum()),
            }
            if page != OTHERS_PAGE:
                counts |= _counts_of(cohort, systems[0])
            for name, count in counts.items():
                where = systems if page != OTHERS_PAGE else []
                yield _quantity(
                    page,
                    name,
                    str(count),
                    its_title=title(_NUMBER_OF.get(name, f"number of {name}"), *where, _ALL_RUNS),
                )


_NUMBER_OF = {
    "answered": "number of people whose logs vary the setting",
    "unstated": "number of results whose setting is not known",
}


def _counts_of(cohort: Cohort, system: str) -> dict[str, int]:
    """Return how many people answered the question of a system, and how many results have no known setting."""
    answered = cohort.answered()
    of_system = answered[answered.index.get_level_values("system") == system]
    rows = cohort.frame[(cohort.frame["system"] == system) & cohort.frame["measured"]]
    return {"answered": int(of_system.sum()), "unstated": int(rows["setting"].isna().sum())}


def _group(cohort: Cohort, group: Group) -> Iterator[Quantity]:
    page, metric, about = page_of(group.system), term(group.question.metric), _about(group)
    for name in ("people", "runs", *(["inferred"] if group.inferred else [])):
        its_title = title("runs whose setting the program tells" if name == "inferred" else f"number of {name}", *about)
        yield _quantity(page, f"{group.anchor}-{name}", str(getattr(group, name)), its_title=its_title)
    for name in ("median", "low", "high"):
        value, its_title = f"{getattr(group, name):.15g}", title(f"{_WORDS.get(name, name)} {metric.name}", *about)
        yield _quantity(page, f"{group.anchor}-{name}", value, metric.unit, metric.digits, its_title)
    if group.setting is not None:
        unit, its_title = term(group.question.setting.name).unit, title(group.question.setting.name, *about)
        yield _quantity(page, f"{group.anchor}-setting", f"{group.setting:.15g}", unit, its_title=its_title)
    if group.outliers:
        far = [f"{value:.15g}" for value in cohort.frame.loc[list(group.outliers), "metric"]]
        its_title = title(f"outliers of {metric.name}", *about)
        yield _quantity(page, f"{group.anchor}-outliers", " ".join(far), metric.unit, its_title=its_title)


def _about(group: Group) -> tuple[str, ...]:
    """Return of which runs a figure of a group is."""
    setting = "" if group.setting is None else shown(f"{group.setting:.15g}", _ALL)
    others = [f"{name.replace('_', ' ')} {value or 'not stated'}" for name, value in group.variant]
    return setting_words(group.question.setting.heading, setting), *others, _ALL_RUNS


def _spread(spread: Spread) -> Iterator[Quantity]:
    page, about = page_of(spread.group.system), _about(spread.group)
    named = spread.name + (f" on {spread.device}" if spread.device else "")
    named += f" at step {counted(spread.step)}" if spread.step is not None else ""

    def figure(name: str, value: str, unit: str = "", digits: int | None = None) -> Quantity:
        its_title = title(f"{_WORDS.get(name, name)} {named}", *about)
        return _quantity(page, f"{spread.anchor}-{name}", value, unit, digits, its_title)

    yield figure("runs", str(spread.runs))
    for name in ("low", *(["high"] if spread.different > 1 else [])):
        yield figure(name, f"{getattr(spread, name):.15g}", spread.unit, _digits(spread))
    if spread.step is not None:
        yield figure("step", str(spread.step))
    if spread.different > 1:
        yield figure("different", str(spread.different))
        if spread.low > 0:
            yield figure("range", f"{100 * (spread.high - spread.low) / spread.low:.15g}", "%", 2)


def _digits(spread: Spread) -> int:
    """Return with how many digits a range is shown: with all if its ends look the same with fewer."""
    digits = term(spread.name).digits or _ALL
    low, high = (shown(f"{value:.15g}", digits) for value in (spread.low, spread.high))
    return _ALL if low == high else digits


def _run(cohort: Cohort, run_id: str) -> Iterator[Quantity]:
    """Yield what variant a run is, which names its group, and its values where it has no page."""
    run = cohort.runs[run_id]
    page, question = page_of(run.system), question_of(run)
    variant = str(cohort.frame.at[run_id, "suffix"])
    yield Quantity(page, run_id, "variant", "collected", variant, "", variant, title("variant", run_id))
    if question is None or cohort.has_page(run_id):
        return
    for column in (question.setting, metric_of(question)):
        fact = run.run.fact(column.name, column.device)
        if fact is not None:
            its_title = title(column.name, run_id, line_of(fact), device=column.device)
            anchor, digits = f"{run_id}-{column.name}", term(column.name).digits
            yield _quantity(page, anchor, fact.value, fact.unit, digits, its_title)


def _quantity(
    page: str, anchor: str, value: str, unit: str = "", digits: int | None = None, its_title: str = ""
) -> Quantity:
    return Quantity(page, anchor, anchor, "collected", value, unit, shown(value, digits), its_title)
