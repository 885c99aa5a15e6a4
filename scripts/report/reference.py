"""Reference pages made by code: the glossary, the documented constants, and the text of logs that are kept."""

from __future__ import annotations

import html
from collections.abc import Iterable

from parsers.vocabulary import TERMS
from scripts.logs import LoadedLog
from scripts.report.derive import Constant, expression
from scripts.report.formulas import FORMULAS
from scripts.report.markdown import code, escaped, link, table
from scripts.report.rounding import CONSTANT_DIGITS, shown

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
            ", ".join(formula.systems),
            formula.unit,
            code(expression(formula)),
            escaped(formula.meaning),
        ]
        for formula in FORMULAS
    ]
    header = ["name", "system", "unit", "formula", "meaning"]
    return "\n".join([*parts, f"## Derived figures\n\n{table(header, rows)}"])


def abbreviations() -> str:
    """Return the definitions behind the tooltips: each name of the vocabulary, in words, and what it means."""
    lines = []
    for term in TERMS:
        words = term.name.replace("_", " ")
        if " " in words:
            lines.append(f"*[{words}]: {html.escape(term.meaning, quote=True)}")
    return "\n".join(lines) + "\n"


def constants_page(constants: Iterable[Constant]) -> str:
    """Return the page of documented constants."""
    rows = [
        [
            f'<a id="{constant.name}"></a>{constant.name}',
            link(shown(constant.value, CONSTANT_DIGITS), f"#{constant.name}"),
            constant.unit,
            escaped(constant.meaning),
            link(escaped(constant.source), constant.url),
            constant.date,
        ]
        for constant in constants
    ]
    header = ["name", "value", "unit", "meaning", "source", "as of"]
    said = "What no log says and a formula needs. Each is documented elsewhere, and shown as that.\n"
    return f"# Documented constants\n\n{said}\n{table(header, rows, 'lrllll')}"


def log_text(log: LoadedLog) -> str:
    """Return the page of a kept log: its lines with anchors, those that facts cite marked; kept out of the search."""
    cited = {fact.line for run in log.facts.runs for fact in run.facts}
    cited |= {line for run in log.facts.runs for series in run.series for line in series.lines}
    body = "\n".join(
        f'<span id="L{number}"{" class=cited" if number in cited else ""}>{escaped(line)}</span>'
        for number, line in enumerate(log.lines, 1)
    )
    head = "---\nsearch:\n  exclude: true\n---\n"
    return f'{head}\n# {escaped(log.entry.path)}\n\n<pre class="log"><code>{body}\n</code></pre>\n'
