"""The proof-reader's findings in the texts beside each person's logs, as counts and as a page's section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..logs.load import LoadedLog
from ..proofread.reading import Proof, proofs_in
from ..proofread.stated import stated_runs
from ..proofread.verdicts import NOT_A_CLAIM, VERDICTS, Row
from .cohort import OTHERS_PAGE
from .cohort_people import person_page
from .known import Known, Quantity, relative, run_page
from .markdown import code, escaped, explained, link, table
from .naming import title

_ABOUT = (
    "The proof-reader checks every number of a text against the logs of the same person. A *contradicted* number has "
    "another value in the log of the run that the text means. A *missing* number is in none of these logs."
)
_JUDGED = tuple(verdict for verdict in VERDICTS if verdict != NOT_A_CLAIM)
_HEADER = ["text", "line", "it says", "verdict", "quantity", "the log states", "note"]


@dataclass(frozen=True)
class PersonProofs:
    """The texts of a person with what was found of their numbers."""

    person: str
    proofs: tuple[Proof, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers have which verdict; those that claim nothing are left out."""
        verdicts = Counter(row.verdict for proof in self.proofs for row in proof.rows)
        return {verdict: verdicts[verdict] for verdict in _JUDGED}


def people_proofs(folder: Path, logs: Sequence[LoadedLog], shown: Sequence[LoadedLog]) -> list[PersonProofs]:
    """Return what the texts in each owner's folder say against their logs; of an owner without a text, nothing.

    Parameters
    ----------
    folder
        The folder of the owners' folders.
    logs, shown
        The logs as they lie there, and as the report names them. Where the names differ, a text is called by its
        number.
    """
    of_people = []
    for owner in sorted({log.entry.author for log in logs} - {""}):
        pairs = [pair for pair in zip(logs, shown, strict=True) if pair[0].entry.author == owner]
        name = pairs[0][1].entry.author
        # A text links to a log by its own name; everything else is told in the names that the report shows.
        runs = [replace(run, log=log.entry.path) for log, renamed in pairs for run in stated_runs([renamed])]
        proofs = list(proofs_in(folder / owner, runs))
        if name != owner:
            proofs = [replace(proof, name=f"text {place}") for place, proof in enumerate(proofs, 1)]
        if proofs:
            of_people.append(PersonProofs(name, tuple(proofs)))
    return of_people


def proof_counts(of_people: Sequence[PersonProofs]) -> Iterator[Quantity]:
    """Yield how many numbers of each person's texts have which verdict."""
    for of in of_people:
        for verdict, count in of.counts.items():
            its_title = title(f"numbers that are {verdict}", of.person)
            anchor = _anchor(verdict)
            yield Quantity(person_page(of.person), anchor, verdict, "collected", str(count), "", str(count), its_title)


def _anchor(verdict: str) -> str:
    return f"proofread-{verdict}"


def proofs_section(of_people: Sequence[PersonProofs], known: Known) -> str:
    """Return the section of the page of all people: a row per person, each count with a link to the numbers."""
    if not of_people:
        return ""
    rows = [[link(code(of.person), person_page(of.person)), *_counts(of, known)] for of in of_people]
    return f"## Their texts, proofread\n\n{_ABOUT}\n\n{table(['person', *_JUDGED], rows, 'l' + 'r' * len(_JUDGED))}"


def _counts(of: PersonProofs, known: Known) -> list[str]:
    quantities = (known[f"{person_page(of.person)}#{_anchor(verdict)}"] for verdict in _JUDGED)
    return [link(quantity.text, quantity.target(OTHERS_PAGE)) for quantity in quantities]


def person_section(of: PersonProofs, places: Places) -> str:
    """Return the section of a person's page: the counts, and every number that claims something."""
    counts = [
        f'<a id="{_anchor(verdict)}"></a>{link(str(count), f"#{_anchor(verdict)}")}'
        for verdict, count in of.counts.items()
    ]
    page = person_page(of.person)
    rows = [_row(proof, row, places, page) for proof in of.proofs for row in proof.rows if row.verdict != NOT_A_CLAIM]
    listed = table(_HEADER, rows, "lrrllll") if rows else "No number of it could be checked.\n"
    worth = "\n".join(f"- {escaped(proof.name)}: {explained(proof.worth.sentence())}" for proof in of.proofs)
    return f"## The texts, proofread\n\n{_ABOUT}\n\n{table(_JUDGED, [counts], 'r' * len(_JUDGED))}\n{worth}\n\n{listed}"


def _row(proof: Proof, row: Row, places: Places, page: str) -> list[str]:
    return [
        code(proof.name),
        code(str(row.line)),
        code(row.text),
        row.verdict,
        escaped(row.quantity.replace("_", " ")),
        _fact(row, places, page),
        explained(row.note),
    ]


def _fact(row: Row, places: Places, page: str) -> str:
    """Return what the log states, with a link to the fact on the page of its run."""
    if not row.fact:
        return ""
    named = places.get((run_page(row.run), row.fact), {})
    address = named.get(row.quantity) or next(iter(named.values()), "")
    line = f", line {code(str(row.log_line))}" if row.log_line else ""
    return link(code(row.fact), f"{relative(run_page(row.run), page)}{address}") + line


# Of each page of a run and each value, the places where the page has it, by the name of the quantity.
Places = Mapping[tuple[str, str], Mapping[str, str]]


def places_of(known: Known) -> Places:
    """Return where the pages of runs state which values."""
    addresses: dict[tuple[str, str], dict[str, str]] = {}
    for quantity in known.values():
        if quantity.sort in ("logged", "declared"):
            of_value = addresses.setdefault((quantity.page, quantity.value), {})
            of_value.setdefault(quantity.name, f"#{quantity.anchor}")
    return addresses
