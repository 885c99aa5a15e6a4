"""Makes every quantity of a report from its results, derived figures and constants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..logs.catalog import Declared
from ..reader import term
from .agreement import agreements
from .claims import CLAIMS_PAGE, tallied, verdicts
from .cohort import Cohort
from .cohort_quantities import collected
from .comparable import compare
from .derive import Constant, Derived
from .known import CONSTANTS_PAGE, RUNS_PAGE, Known, Quantity, run_page
from .naming import labels, line_of, title
from .results import ReportRun, Results, anchor
from .rounding import CONSTANT_DIGITS, counted, shown
from .system import system_of
from .verification import VERIFICATION_PAGE, Verification

ACCELERATORS = "accelerator"
# The kinds of facts that are numbers, not names of something.
_NUMBERS = ("parameter", "metric")


def quantities(
    results: Results,
    derived: Iterable[Derived],
    constants: Iterable[Constant],
    verification: Verification | None = None,
    cohort: Cohort | None = None,
    *,
    own: bool = True,
) -> Known:
    """Return every quantity by its address.

    `verification` is the last one's record where it is of these results. `cohort` has all people's runs. The claims of
    the homework are about the repository's `own` logs.
    """
    named = labels(results.runs)
    made = [_named(run, named[run.id]) for run in results.runs]
    for run in results.runs:
        label = named[run.id]
        made += [*_logged(run, label), *_declared(run, label), *_series(run, label), *agreements(run, label)]
    made += [_derived(figure, named[figure.run.id]) for figure in derived]
    made += map(_documented, constants)
    made += collected(cohort) if cohort is not None else []
    made += _verified(verification) if verification is not None else []
    made += [_counted(name, count) for name, count in counts(results).items()]
    known = Known({quantity.address: quantity for quantity in made})
    if not own:
        return known
    decided = verdicts(known)
    claimed = [_verdict(*pair) for pair in decided.items()]
    claimed += [_verdict(f"count-{name}", str(count)) for name, count in tallied(decided).items()]
    return known | {quantity.address: quantity for quantity in claimed}


def counts(results: Results) -> dict[str, int]:
    """Return how many logs and runs there are, and how many runs of each outcome.

    If there are runs of the reader's own machine besides accelerators, the accelerators are also counted alone. The
    runs of each system are counted by outcome.
    """
    numbers = _counts(results.runs) | {"logs": len(results.logs)}
    accelerators = [run for run in results.runs if system_of(run.system).accelerator]
    others = [run.system for run in results.runs if not system_of(run.system).accelerator]
    if accelerators and others:
        numbers |= {f"{ACCELERATORS}-{name}": count for name, count in _counts(accelerators).items()}
        numbers |= {f"{system.lower()}-runs": others.count(system) for system in sorted(set(others))}
    for system in sorted({run.system for run in results.runs}):
        ended = Counter(run.word("outcome") for run in results.of(system))
        numbers |= {count_of(system, outcome): ended[outcome] for outcome in sorted(ended)}
    again = len(compare(results).published)
    return numbers | ({"published-again": again} if again else {})


def count_of(system: str, outcome: str) -> str:
    """Return the name of the number of runs of a system that ended in one way."""
    return f"{system.lower().replace(' ', '-')}-{outcome}"


def _counts(runs: Sequence[ReportRun]) -> dict[str, int]:
    outcomes = [run.word("outcome") for run in runs]
    numbers = {"logs": len({run.entry.path for run in runs}), "runs": len(runs)}
    return numbers | {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}


def _named(run: ReportRun, label: str) -> Quantity:
    """Return the label of a run, whose address is that of its page."""
    return Quantity(run_page(run.id), "", "run", "named", label, "", label, f"{run.system}, {label}")


def _logged(run: ReportRun, label: str) -> list[Quantity]:
    page = run_page(run.id)
    named: dict[str, Quantity] = {}
    for fact in run.run.facts:
        known = term(fact.name)
        at = anchor(fact.name, fact.device)
        text = shown(fact.value, known.digits) if known.kind in _NUMBERS else fact.value
        its_title = title(fact.name, label, line_of(fact), device=fact.device)
        # A name said twice with different values keeps the first address for the first value.
        named.setdefault(at, Quantity(page, at, fact.name, "logged", fact.value, fact.unit, text, its_title))
    return list(named.values())


def _declared(run: ReportRun, label: str) -> list[Quantity]:
    page = run_page(run.id)
    return [
        Quantity(
            page,
            f"declared-{declared.name}",
            declared.name,
            "declared",
            declared.value,
            term(declared.name).unit,
            _declared_text(declared),
            title(declared.name, label, "declared"),
        )
        for declared in run.declared
    ]


def _declared_text(declared: Declared) -> str:
    return shown(declared.value, None) if term(declared.name).kind in _NUMBERS else declared.value


def _series(run: ReportRun, label: str) -> list[Quantity]:
    """Return how many points each series has."""
    points = {series.name: f"{counted(len(series.values))} points" for series in run.run.series}
    page = run_page(run.id)
    return [
        Quantity(page, f"series-{name}", name, "pointed", words, "", words, title(name, label, "by step"))
        for name, words in points.items()
    ]


def _derived(figure: Derived, label: str) -> Quantity:
    formula = figure.formula
    text = shown(figure.text, formula.digits)
    page, its_title = run_page(figure.run.id), title(formula.name, label, "derived")
    return Quantity(page, formula.name, formula.name, "derived", figure.text, formula.unit, text, its_title)


def _documented(constant: Constant) -> Quantity:
    text, its_title = shown(constant.value, CONSTANT_DIGITS), title(constant.name, "documented constant")
    return Quantity(
        CONSTANTS_PAGE, constant.name, constant.name, "documented", constant.value, constant.unit, text, its_title
    )


def _verified(record: Verification) -> list[Quantity]:
    numbers = {"numbers": record.numbers, "right": record.right, "pages": record.pages}
    numbers |= {f"sort-{sort}": count for sort, count in record.sorts.items()}
    commit = record.of_commit
    at = title("commit", "last verification")
    named = [Quantity(VERIFICATION_PAGE, "commit", "commit", "verified", commit, "", commit, at)] if commit else []
    return named + [
        Quantity(
            VERIFICATION_PAGE, anchor, anchor, "verified", str(count), "", counted(count), _of_verification(anchor)
        )
        for anchor, count in numbers.items()
    ]


def _of_verification(anchor: str) -> str:
    numbers = {"numbers": "numbers followed", "right": "numbers that were right", "pages": "pages and files"}
    return title(numbers.get(anchor, f"numbers of the sort {anchor.removeprefix('sort-')}"), "last verification")


def _verdict(name: str, verdict: str) -> Quantity:
    return Quantity(CLAIMS_PAGE, name, name, "computed", verdict, "", verdict, title("verdict", name.replace("-", " ")))


def _counted(name: str, count: int) -> Quantity:
    its_title = title(name.replace("-", " "), "count over this data set")
    return Quantity(RUNS_PAGE, f"count-{name}", name, "counted", str(count), "", counted(count), its_title)
