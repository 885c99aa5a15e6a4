"""Everything that a number on a page may state: each has an address, an exact value, and the text a page shows."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from parsers.vocabulary import term
from scripts.report.results import ReportRun, Results, anchor
from scripts.report.rounding import shown


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with an address.

    `page` is the page below docs/ that shows it in full, `sort` says where it comes from: logged or declared.
    """

    page: str
    anchor: str
    name: str
    sort: str
    value: str
    unit: str
    text: str

    @property
    def address(self) -> str:
        """The page and anchor, as a link from docs/ would name them."""
        return f"{self.page}#{self.anchor}"

    def target(self, page: str) -> str:
        """Return the link's target as seen from another page."""
        return f"{relative(self.page, page)}#{self.anchor}"


def relative(page: str, seen_from: str) -> str:
    """Return the path of a page as seen from another, both below docs/."""
    return posixpath.relpath(page, posixpath.dirname(seen_from) or ".")


def run_page(run_id: str) -> str:
    """Return the page of a run."""
    return f"runs/{run_id}.md"


def quantities(results: Results) -> dict[str, Quantity]:
    """Return every quantity by its address."""
    found = [quantity for run in results.runs for quantity in (*_logged(run), *_declared(run))]
    return {quantity.address: quantity for quantity in found}


def _logged(run: ReportRun) -> list[Quantity]:
    page = run_page(run.id)
    named: dict[str, Quantity] = {}
    for fact in run.run.facts:
        known = term(fact.name)
        place = anchor(fact.name, fact.device)
        text = shown(fact.value, known.digits)
        # A name said twice with different values keeps the first address for the first value.
        named.setdefault(place, Quantity(page, place, fact.name, "logged", fact.value, fact.unit, text))
    return list(named.values())


def _declared(run: ReportRun) -> list[Quantity]:
    page = run_page(run.id)
    return [
        Quantity(
            page,
            f"declared-{d.name}",
            d.name,
            "declared",
            d.value,
            term(d.name).unit,
            shown(d.value, term(d.name).digits),
        )
        for d in run.declared
    ]
