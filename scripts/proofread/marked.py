"""One HTML page: the text with each number marked by shape and word, and a card with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePath

from .output import MARKS, counts
from .page import Page
from .reading import Proof
from .verdicts import CONFIRMED, CONTRADICTED, DERIVABLE, ELSEWHERE, MISSING, NOT_A_CLAIM, Row

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem 8rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 0.9rem/1.9 ui-monospace, monospace; }
details { display: inline-block; position: relative; }
details::details-content { display: contents; }
summary { list-style: none; cursor: pointer; border-bottom: 2px solid; font-weight: 600; white-space: nowrap;
  line-height: 1.3; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid; outline-offset: 2px; }
small { font: 0.75rem system-ui, sans-serif; }
.confirmed summary, .derivable summary { color: light-dark(#00613f, #4fd1a0); }
.contradicted summary { color: light-dark(#a11200, #ff9d8a); border-bottom-style: double; border-bottom-width: 4px; }
.elsewhere summary, .missing summary { color: light-dark(#7a4b00, #f0b95b); border-bottom-style: dashed; }
dl { position: absolute; z-index: 1; left: 0; top: 1.8em; width: min(24rem, 80vw); margin: 0; padding: 0.6rem 0.8rem;
  background: Canvas; color: CanvasText; border: 1px solid; border-radius: 4px; white-space: normal; font: 0.85rem/1.5
  system-ui, sans-serif; font-weight: 400; }
dt { font-weight: 600; } dd { margin: 0 0 0.3rem; overflow-wrap: anywhere; }
details:not([open]) dl { display: none; }
@media (max-width: 50rem) {
  dl { position: fixed; inset: auto 1rem 1rem; width: auto; max-height: 50vh; overflow: auto; }
}
@media print { details[open] dl { position: static; width: auto; } }
"""
_MEANING = {
    CONFIRMED: "The log says the same.",
    CONTRADICTED: "The log of this run says something else.",
    DERIVABLE: "It follows from the logs.",
    ELSEWHERE: "Another run or another quantity has this value.",
    MISSING: "No log says so.",
}


def marked(proof: Proof) -> str:
    """Return the HTML page of a text with its rows; it needs no other file. Another format is shown as Markdown."""
    name, rows, worth = PurePath(proof.name).name, proof.rows, proof.worth.sentence()
    claims = [row for row in rows if row.verdict != NOT_A_CLAIM and row.quantity != "statement"]
    statements = [row for row in rows if row.quantity == "statement"]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(name)}, proofread</title><style>{_STYLE}</style></head>\n<body>\n"
        f"<h1>{escape(name)}, proofread</h1>\n<p>{escape(counts(rows))}. {escape(worth)} "
        "Select a number to see the log line.</p>\n"
        + "".join(
            f"<p>Line {row.line}: “{escape(row.text)}” {_word(row)}. {escape(row.note)}.</p>\n" for row in statements
        )
        + f"<pre>{_body(proof.page, claims)}</pre>\n</body></html>\n"
    )


def _body(page: Page, rows: Sequence[Row]) -> str:
    text, parts, done = page.plain.text, [], 0
    for begin, row in sorted(((page.offset(row.line, row.column), row) for row in rows), key=lambda pair: pair[0]):
        parts += [escape(text[done:begin]), _card(row)]
        done = begin + len(row.text)
    return "".join([*parts, escape(text[done:])])


def _word(row: Row) -> str:
    return f"{MARKS[row.verdict]}\N{NO-BREAK SPACE}<small>{row.verdict}</small>"


def _card(row: Row) -> str:
    entries = (
        (row.verdict.capitalize(), _MEANING[row.verdict]),
        ("Quantity", row.quantity.replace("_", " ")),
        ("The log says", row.fact),
        ("Log line", f"{row.log}, line {row.log_line}" if row.log_line else row.log),
        ("Words of the line", row.evidence),
        ("Run", row.run),
        ("Note", row.note),
    )
    items = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in entries if value)
    summary = f"<summary>{escape(row.text)} {_word(row)}</summary>"
    return f'<details name="number" class="{row.verdict}">{summary}<dl>{items}</dl></details>'
