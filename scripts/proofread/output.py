"""The proof-reader's table in the forms that people and programs read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields

from ..reader import __version__, printable
from .verdicts import CONTRADICTED, MISSING, VERDICTS, Row

COLUMNS = tuple(field.name for field in fields(Row))
MARKS = dict(zip(VERDICTS, ("✓", "✗", "≈", "→", "?", "·"), strict=True))
_WIDEST = 60
# What Markdown or HTML would act on.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~$]")
# The fields of a finding that code hosts show.
_LEVELS = {CONTRADICTED: "error", MISSING: "warning"}


def as_csv(rows: Sequence[Row]) -> str:
    """Return the table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> str:
    """Return the table as a JSON list of objects."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def as_sarif(rows: Sequence[Row]) -> str:
    """Return the contradicted and missing numbers as SARIF 2.1.0, which code hosts show beside the text."""
    results = [
        {
            "ruleId": row.verdict,
            "level": _LEVELS[row.verdict],
            "message": {"text": sentence(row)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": row.page},
                        "region": {
                            "startLine": row.line,
                            "startColumn": row.column,
                            "endColumn": row.column + len(row.text),
                        },
                    }
                }
            ],
        }
        for row in rows
        if row.verdict in _LEVELS
    ]
    rules = [{"id": name, "shortDescription": {"text": f"A number is {name}"}} for name in _LEVELS]
    driver = {"name": "testbed-report proofread", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def as_text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal: one line per number that claims something."""
    lines = []
    for row in rows:
        if row.verdict != "not a claim":
            where = f"{row.page}:{row.line}:{row.column}"
            lines.append(
                printable(f"{where}  {row.text}  {MARKS[row.verdict]} {row.verdict}  {_leads_to(row)}".rstrip())
            )
    return "\n".join([*lines, ""])


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the numbers that claim something as a table in Markdown, as the page of a job shows it."""
    lines = ["| text | number | verdict | what it is |", "| --- | --- | --- | --- |"]
    for row in rows:
        if row.verdict != "not a claim":
            place = f"{row.page}, line {row.line}"
            cells = (place, row.text, f"{MARKS[row.verdict]} {row.verdict}", _leads_to(row))
            lines.append(f"| {' | '.join(_MARKDOWN.sub(_reference, printable(cell)) for cell in cells)} |")
    return "\n".join([*lines, ""])


def _reference(sign: re.Match[str]) -> str:
    return f"&#{ord(sign[0])};"


def sentence(row: Row) -> str:
    """Return the finding about a number, in a sentence."""
    subject = f"{row.quantity.replace('_', ' ') or 'This number'} {row.text}".capitalize()
    return f"{subject} is {row.verdict}. {_leads_to(row)}".strip()


def _leads_to(row: Row) -> str:
    line = f"{row.log}:{row.log_line}" if row.log and row.log_line else row.log
    parts = (row.quantity.replace("_", " "), row.fact[:_WIDEST], line, row.note)
    return "; ".join(part for part in parts if part)


def counts(rows: Sequence[Row]) -> str:
    """Return how many numbers have each verdict."""
    verdicts = Counter(row.verdict for row in rows)
    return ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict])
