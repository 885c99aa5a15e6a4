"""Every quantity that a page may state: its value, text, unit and address, asked for in one place."""

from __future__ import annotations

import posixpath
from collections import UserDict
from collections.abc import Sequence
from dataclasses import dataclass

from ..reader import BY_NAME
from .results import ReportRun, anchor
from .rounding import alike, number, shown

CONSTANTS_PAGE = "constants.md"
RUNS_PAGE = "runs/index.md"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with an address.

    `page` is the page below docs/ that shows it in full. `sort` says where it comes from: logged, declared, derived or
    documented; counted, or collected from other people's runs. It may also be the points of a series, a computed
    verdict, or the label of a run. `value` is exact, `text` what a page shows of it. Links to it have its `title`: what
    it is, of which run, and where that is stated.
    """

    page: str
    anchor: str
    name: str
    sort: str
    value: str
    unit: str
    text: str
    title: str = ""

    @property
    def address(self) -> str:
        """The page and anchor, as a link from docs/ would name them."""
        return f"{self.page}#{self.anchor}"

    def target(self, page: str) -> str:
        """Return the link's target as seen from another page."""
        return f"{relative(self.page, page)}#{self.anchor}"


class Known(UserDict[str, Quantity]):
    """Every quantity by its address."""

    def of(self, run: ReportRun, name: str, device: str = "") -> Quantity | None:
        """Return what the log states of a run or a formula gives, else what a person declares, else None."""
        page = run_page(run.id)
        return self.get(f"{page}#{anchor(name, device)}") or self.get(f"{page}#declared-{name}")

    def number(self, run: ReportRun, name: str, device: str = "") -> float | None:
        """Return the same as a finite number, or None where it is none."""
        quantity = self.of(run, name, device)
        return number(quantity.value) if quantity is not None else None

    def text(self, run: ReportRun, name: str, device: str = "") -> str:
        """Return what a page shows of it; an empty text where there is none."""
        quantity = self.of(run, name, device)
        return quantity.text if quantity is not None else ""

    def label(self, run: ReportRun) -> str:
        """Return what a run is called on other pages; its id where that is not known."""
        quantity = self.get(f"{run_page(run.id)}#")
        return quantity.text if quantity is not None else run.id

    def ratio(self, runs: Sequence[ReportRun], name: str, setting: str) -> str:
        """Return the last run's ratio to the first as a page shows it.

        The text is empty where the two are not compared, or have the same setting.
        """
        first, last = runs[0], runs[-1]
        compared = first.entry.author == last.entry.author and self.number(first, name) == 1
        return self.text(last, name) if compared and self.growth(runs, setting) != "1" else ""

    def growth(self, runs: Sequence[ReportRun], setting: str) -> str:
        """Return how many times the first run's setting the last run's is."""
        first, last = self.number(runs[0], setting), self.number(runs[-1], setting)
        return shown(f"{last / first:g}", None) if first and last else ""


def column(quantities: Sequence[Quantity | None], of: Sequence[str] = ()) -> list[str]:
    """Return the texts of a column: of each thing that it is `of`, else of all, the same decimals.

    What was set is shown as it was stated. Where there is no quantity the text is empty.
    """
    rows: dict[str, list[int]] = {}
    for index, key in enumerate(of or [""] * len(quantities)):
        rows.setdefault(key, []).append(index)
    texts = [quantity.text if quantity else "" for quantity in quantities]
    for places in rows.values():
        measured = [index for index in places if (one := quantities[index]) is not None and not is_setting(one.name)]
        values = [one.value for index in measured if (one := quantities[index]) is not None]
        for index, text in zip(measured, alike(values, [texts[index] for index in measured]), strict=True):
            texts[index] = text
    return texts


def is_setting(name: str) -> bool:
    """Return whether a name of the vocabulary is that of something that was set."""
    return name in BY_NAME and BY_NAME[name].kind == "parameter"


def relative(page: str, seen_from: str) -> str:
    """Return the path of a page as seen from another, both below docs/."""
    return posixpath.relpath(page, posixpath.dirname(seen_from) or ".")


def log_page(slug: str) -> str:
    """Return the page of the text of a log that is kept whole."""
    return f"logs/{slug}.md"


def run_page(run_id: str) -> str:
    """Return the page of a run."""
    return f"runs/{run_id}.md"
