"""What a report on somebody else's logs has in place of the hand-written pages: a home page, a comparison, the looks.

`scripts/other_logs.yml` tells MkDocs how these pages hang together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from parsers.vocabulary import TERMS
from scripts.catalog import DOCS
from scripts.report.cohort import OTHERS_PAGE, Cohort
from scripts.report.known import RUNS_PAGE, Known
from scripts.report.markdown import code, escaped, link, table
from scripts.report.pages import GENERATED
from scripts.report.results import Results

COMPARE_PAGE = "compare.md"
_LOOKS = ("report.css", "report.js")
_OUTCOMES = ("completed", "failed", "killed", "truncated", "unknown")
_METRICS = [term.name for term in TERMS if term.kind == "metric"]


def other_pages(results: Results, known: Known, cohort: Cohort) -> dict[str, bytes]:
    """Return these pages by their path below the report's folder, and the style and script that all pages use."""
    pages = {"index.md": _home(results, known, cohort), COMPARE_PAGE: _compare(results)}
    made = {path: f"{GENERATED}\n{text}".encode() for path, text in pages.items()}
    return made | {f"assets/{name}": (DOCS / "assets" / name).read_bytes() for name in _LOOKS}


def _home(results: Results, known: Known, cohort: Cohort) -> str:
    systems = sorted({run.system for run in results.runs})
    rows = [[escaped(system), code(str(len(results.of(system))))] for system in systems]
    counted = "\n".join(
        f"- {escaped(quantity.name)}: {link(quantity.text, f'{RUNS_PAGE}#{quantity.anchor}')}"
        for quantity in known.values()
        if quantity.sort == "counted"
    )
    links = (
        f"[Runs]({RUNS_PAGE}) · [Compare]({COMPARE_PAGE}) · [Data](data/index.md) · [Glossary](glossary.md) · "
        "[Documented constants](constants.md)"
    )
    links = f"[All known runs]({OTHERS_PAGE}) · {links}" if cohort.systems else links
    return f"# Logs\n\n{counted}\n\n{table(['system', 'runs'], rows, 'lr')}\n{links}\n"


def _compare(results: Results) -> str:
    """Return how the systems' logs differ for a reader: how their runs ended, and which metrics they state."""
    systems = sorted({run.system for run in results.runs})
    ended = {system: Counter(run.word("outcome") for run in results.of(system)) for system in systems}
    stated = {
        system: Counter(name for run in results.of(system) for name in {fact.name for fact in run.run.facts})
        for system in systems
    }
    metrics = [name for name in _METRICS if any(stated[system][name] for system in systems)]

    def rows(counts: Mapping[str, Counter[str]], names: list[str], page: str) -> list[list[str]]:
        return [
            [link(code(name), f"{page}#{name}" if page else ""), *(_count(counts[system][name]) for system in systems)]
            for name in names
        ]

    header = [*map(escaped, systems)]
    align = "l" + "r" * len(systems)
    outcomes = [name for name in _OUTCOMES if any(ended[system][name] for system in systems)]
    return (
        "# Compare\n\nRuns of each system. Their speeds share no axis: the systems run different work, and count it "
        "differently.\n\n"
        f"## How they ended\n\n{table(['outcome', *header], rows(ended, outcomes, ''), align)}\n"
        f"## What they log\n\nRuns that state a metric; an empty cell: none does.\n\n"
        f"{table(['metric', *header], rows(stated, metrics, 'glossary.md'), align)}"
    )


def _count(number: int) -> str:
    return code(str(number)) if number else ""
