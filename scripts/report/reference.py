"""Reference pages made by code: the glossary, the documented constants, and the text of logs that are kept."""

from __future__ import annotations

from collections.abc import Iterable

from scripts.logs import LoadedLog
from scripts.reader import TERMS
from scripts.report.derive import Constant, expression
from scripts.report.formulas import Formula
from scripts.report.known import Known, run_page
from scripts.report.markdown import code, escaped, link, table
from scripts.report.rounding import CONSTANT_DIGITS, shown
from scripts.report.system import known_systems

_KINDS = {
    "run": "Identity and outcome",
    "parameter": "Parameters: what was set",
    "metric": "Metrics: what was measured",
    "series": "Series: by step",
    "environment": "Environment: where it ran",
}


def glossary() -> str:
    """Return the glossary: the vocabulary of facts, then the formulas of derived figures."""
    parts = ["# Glossary\n", "The names of facts, as the parsers use them; then the figures derived from them.\n"]
    for kind, heading in _KINDS.items():
        rows = [
            [f'<a id="{term.name}"></a>{code(term.name)}', term.unit, escaped(term.meaning)]
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
            escaped(formula.meaning),
        ]
        for formula, systems in _formulas().items()
    ]
    header = ["name", "system", "unit", "formula", "meaning"]
    return "\n".join([*parts, f"## Derived figures\n\n{table(header, rows)}"])


def _formulas() -> dict[Formula, list[str]]:
    """Return every formula with the systems that use it."""
    found: dict[Formula, list[str]] = {}
    for system in known_systems().values():
        for formula in system.formulas:
            found.setdefault(formula, []).append(system.name)
    return found


def constants_page(constants: Iterable[Constant]) -> str:
    """Return the page of documented constants."""
    rows = [
        [
            f'<a id="{constant.name}"></a>{constant.name}',
            link(shown(constant.value, CONSTANT_DIGITS), f"#{constant.name}"),
            constant.unit,
            escaped(constant.meaning),
            link(escaped(constant.source), constant.url),
            f'<span class="state">{constant.date}</span>',
        ]
        for constant in constants
    ]
    header = ["name", "value", "unit", "meaning", "source", "as of"]
    said = "What no log says and a formula needs. Each is documented elsewhere, and shown as that.\n"
    return f"# Documented constants\n\n{said}\n{table(header, rows, 'lrllll')}"


_SORTS = {
    "logged": "facts, followed to their lines",
    "line": "values and line numbers, followed to the line",
    "declared": "values that a person declares",
    "derived": "derived figures, computed anew",
    "documented": "documented constants",
    "collected": "figures of all known runs, computed anew",
    "counted": "counts of runs and logs",
    "pointed": "points of series",
    "computed": "verdicts of claims, computed anew",
    "file": "data files and figures, made anew and compared byte by byte",
}


def verification_page(known: Known) -> str:
    """Return the page of the last verification: how many numbers it followed, and what they state."""
    head = "# The last verification\n\n"
    counts = {quantity.anchor: quantity for quantity in known.values() if quantity.sort == "verified"}
    if not counts:
        return f"{head}The data has changed since the last verification; {code('make verify')} makes another.\n"

    def count(place: str) -> str:
        return f'<a id="{place}"></a>{link(counts[place].text, f"#{place}")}'

    rows = [[escaped(meaning), count(f"sort-{sort}")] for sort, meaning in _SORTS.items() if f"sort-{sort}" in counts]
    return (
        f"{head}{code('make verify')} read the original logs anew and followed each number of the built site to what "
        f"it states: {count('right')} of {count('numbers')} were right, on {count('pages')} pages and files.\n\n"
        f"{table(['what the numbers state', 'how many'], rows, 'lr')}"
    )


def log_text(log: LoadedLog) -> str:
    """Return the page of a kept log: its lines with anchors, those that facts cite marked; kept out of the search."""
    cited = {fact.line for run in log.facts.runs for fact in run.facts}
    cited |= {line for run in log.facts.runs for series in run.series for line in series.lines}
    body = "\n".join(
        f'<span id="L{number}"{" class=cited" if number in cited else ""}>{escaped(line)}</span>'
        for number, line in enumerate(log.lines, 1)
    )
    head = "---\nsearch:\n  exclude: true\n---\n"
    runs = ", ".join(
        link(name, f"../{run_page(name)}") for name in (log.entry.run_id(run.ordinal) for run in log.facts.runs)
    )
    said = f"A log of our own, whole. Runs: {runs}. A bar on the left marks a line that a fact comes from."
    return f'{head}\n# {code(log.entry.path)}\n\n{said}\n\n<pre class="log"><code>{body}\n</code></pre>\n'
