"""What the page of all people says of each person: whether the facts of their runs agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .agreement import ANCHOR, counted, disagreement
from .blocks import NOTHING
from .cohort import HERE, OTHERS_PAGE, Cohort
from .known import Known, Quantity, relative, run_page
from .markdown import code, link, table
from .naming import title

_COUNTS = ("hold", "differ")
_ABOUT = (
    "The facts of a run satisfy arithmetic. A rate is a count divided by a time; an accuracy is a whole number of "
    "samples. Each rule is checked on every run whose log states the facts that it needs. Facts that disagree may come "
    "from an excerpt, an edited log, or a fault of the reader."
)


def person_page(name: str) -> str:
    """Return the page of a person."""
    return f"people/{name}.md"


def by_owner(cohort: Cohort) -> dict[str, list[str]]:
    """Return the runs of each person, those of this report first."""
    frame = cohort.frame[cohort.frame["system"].isin(cohort.systems)]
    runs = {str(owner): [str(run) for run in rows.index] for owner, rows in frame.groupby("owner")}
    return dict(sorted(runs.items(), key=lambda of: (cohort.person(of[1][0]) != HERE, of[0])))


def person_link(cohort: Cohort, run: str, page: str) -> str:
    """Return whose a run is, with a link to that person's page if there is one."""
    name = cohort.person(run)
    return link(code(name), relative(person_page(name), page) if name in cohort.people else "")


def agreement_counts(cohort: Cohort) -> Iterator[Quantity]:
    """Yield of how many runs of each person the facts agree, and of how many they do not."""
    for place, runs in enumerate(by_owner(cohort).values() if cohort.systems else (), 1):
        runs_by_result = counted(cohort.runs, runs)
        for name in _COUNTS:
            its_title = title(f"runs whose facts {'agree' if name == 'hold' else 'disagree'}", cohort.person(runs[0]))
            value = str(len(runs_by_result[name]))
            yield Quantity(OTHERS_PAGE, _anchor(place, name), name, "collected", value, "", value, its_title)


def _anchor(index: int, name: str) -> str:
    return f"{ANCHOR}-{index}-{name}"


def agreement_section(cohort: Cohort, known: Known) -> str:
    """Return the section that says, per person, how many runs' facts agree, and which do not."""
    rows = [
        [
            person_link(cohort, runs[0], OTHERS_PAGE),
            *(_count(known, place, name) for name in _COUNTS),
            _differing(cohort, known, counted(cohort.runs, runs)["differ"]),
        ]
        for place, runs in enumerate(by_owner(cohort).values(), 1)
    ]
    header = ["person", "runs whose facts agree", "runs whose facts disagree", "which"]
    return f"## Consistency\n\n{_ABOUT}\n\n{table(header, rows, 'lrrl')}"


def _count(known: Known, index: int, name: str) -> str:
    anchor = _anchor(index, name)
    return f'<a id="{anchor}"></a>{link(known[f"{OTHERS_PAGE}#{anchor}"].text, f"#{anchor}")}'


def _differing(cohort: Cohort, known: Known, runs: Sequence[str]) -> str:
    """Return the runs whose facts disagree: the rule, the difference, and a link to the facts if the run has a page."""
    return "<br>".join(f"{_run(known, run)}: {disagreement(cohort.runs[run])}" for run in runs) or NOTHING


def _run(known: Known, run: str) -> str:
    address = f"{run_page(run)}#{ANCHOR}"
    return link(code(run), address if address in known else "")
