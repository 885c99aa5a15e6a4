"""Reference pages made by code: the glossary, the documented constants, and the last verification."""

from __future__ import annotations

from collections.abc import Iterable

from ..reader import TERMS
from .derive import Constant, expression
from .formulas import Formula
from .known import Known
from .markdown import code, escaped, explained, link, table
from .package import CITATION
from .rounding import CONSTANT_DIGITS, shown
from .system import known_systems
from .verification import LIST, Verification

_GLOSSARY = (
    "This page lists the names of facts, as the parsers use them. The last table lists the figures derived from them.\n"
)
_KINDS = {
    "run": "Identity and outcome",
    "parameter": "Parameters: what was set",
    "metric": "Metrics: what was measured",
    "series": "Series: by step",
    "environment": "Environment: where it ran",
}


def glossary() -> str:
    """Return the glossary: the vocabulary of facts, then the formulas of derived figures."""
    parts = ["# Glossary\n", _GLOSSARY]
    for kind, heading in _KINDS.items():
        rows = [
            [f'<a id="{term.name}"></a>{code(term.name)}', term.unit, explained(term.meaning)]
            for term in TERMS
            if term.kind == kind
        ]
        parts.append(f"## {heading}\n\n{table(['name', 'unit', 'meaning'], rows)}")
    rows = [
        [
            code(formula.name),
            ", ".join(systems),
            formula.unit,
            code(expression(formula)),
            explained(formula.meaning),
        ]
        for formula, systems in _formulas().items()
    ]
    header = ["name", "system", "unit", "formula", "meaning"]
    return "\n".join([*parts, f"## Derived figures\n\n{table(header, rows)}"])


def _formulas() -> dict[Formula, list[str]]:
    """Return every formula with the systems that use it."""
    systems: dict[Formula, list[str]] = {}
    for system in known_systems().values():
        for formula in system.formulas:
            systems.setdefault(formula, []).append(system.name)
    return systems


def constants_page(constants: Iterable[Constant]) -> str:
    """Return the page of documented constants."""
    rows = [
        [
            escaped(constant.name),
            f'<span id="{constant.name}">{shown(constant.value, CONSTANT_DIGITS)}</span>',
            constant.unit,
            explained(constant.meaning),
            link(explained(constant.source), constant.url),
            f'<span class="state">{constant.date}</span>',
        ]
        for constant in constants
    ]
    header = ["name", "value", "unit", "meaning", "source", "as of"]
    opening = "The formulas need these values, but no log states them. Each value has its source.\n"
    return f"# Documented constants\n\n{opening}\n{table(header, rows, 'lrllll')}\n> {CITATION}\n"


_SORTS = {
    "logged": "facts, followed to their lines",
    "line": "values and line numbers, followed to the line",
    "evidence": "words of a line, as the originals have them",
    "named": "names of runs in headings and links",
    "figure": "alternative texts of figures, computed anew",
    "declared": "values that a person declares",
    "derived": "derived figures, computed anew",
    "documented": "documented constants",
    "collected": "figures of all known runs, computed anew",
    "counted": "counts of runs and logs",
    "pointed": "points of series",
    "computed": "verdicts of claims, computed anew",
    "file": "data files and figures, made anew and compared byte by byte",
}


def verification_page(known: Known, record: Verification | None) -> str:
    """Return the page of the last verification: of what it was, how many numbers it followed, and what they state."""
    head = "# The last verification\n\n"
    counts = {quantity.anchor: quantity for quantity in known.values() if quantity.sort == "verified"}
    if record is None or not counts:
        return f"{head}The data has changed since the last verification; {code('make verify')} makes another.\n"

    def count(place: str) -> str:
        return f'<span id="{place}">{counts[place].text}</span>'

    rows = [[escaped(meaning), count(f"sort-{sort}")] for sort, meaning in _SORTS.items() if f"sort-{sort}" in counts]
    return (
        f"{head}{code('make verify')} read the original logs anew and followed each number of the built site to what "
        f"it states. {count('right')} of {count('numbers')} were right, on {count('pages')} pages and files.\n\n"
        f"{_verified(record)}{table(['what the numbers state', 'how many'], rows, 'lr')}"
    )


def _verified(record: Verification) -> str:
    """Return of which inputs and which commit a verification was, and where the list of what it followed is."""
    rows = [
        ["newest input that bears a date", record.newest],
        ["commit", f'<span id="commit">{record.of_commit}</span>' if record.commit else ""],
        [f"{code('sha256')} of the facts table", code(record.facts_sha256)],
        ["what was followed", f"{link('a table of every number', LIST)}" if record.list_sha256 else ""],
    ]
    inputs = table(["property", "value"], [row for row in rows if row[1]])
    columns = "The table has the columns page, number, fact, line and ok.\n\n" if record.list_sha256 else ""
    return f"{inputs}\n{columns}"
