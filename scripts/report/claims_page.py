"""The page of what the homework said beside what the logs show; each row stands under the verdict it is written for."""

from __future__ import annotations

import regex

from scripts.report import words
from scripts.report.blocks import NOTHING, claims_list
from scripts.report.claims import CLAIMS_PAGE
from scripts.report.known import Known
from scripts.report.links import fill_links

_VERDICT = regex.compile(r"\[(?P<text>[^\[\]]*)\]\(claims\.md#(?P<name>[\w-]+)\) \|$")
_RUN = regex.compile(r"\]\((?P<address>runs/[^()]+#[^()]+)\)")
_NOT_HERE = (
    "# The homework said, the logs show\n\n"
    "The logs of the homework are not all here, so nothing is held against them.\n"
)


def claims_page(known: Known) -> str:
    """Return the page; without the logs of the homework it says only that they are not here."""
    text = (words.WORDS / "claims.md").read_text(encoding="utf-8")
    if any(link["address"] not in known for link in _RUN.finditer(text)):
        return _NOT_HERE
    lines = [_row(line, known) for line in text.split("\n")]
    filled = fill_links(CLAIMS_PAGE, "\n".join(lines), known)
    return words.written(filled, {}, {"claims": lambda: claims_list(known, CLAIMS_PAGE)})


def _row(line: str, known: Known) -> str:
    """Return a row with its explanation, if the verdict is still the one that the explanation was written for."""
    verdict = _VERDICT.search(line)
    if verdict is None or known[f"{CLAIMS_PAGE}#{verdict['name']}"].text == verdict["text"]:
        return line
    _, said, _, decided, _ = line.split("|")
    return f"|{said}| {NOTHING} |{decided}|"
