"""The page with the homework's statements beside what the logs show; each row is written for one verdict."""

from __future__ import annotations

import regex

from . import words
from .blocks import NOTHING, claims_list
from .claims import CLAIMS_PAGE, ENDINGS, claims
from .findings import finding, listed
from .known import Known
from .links import fill_links
from .markdown import link, table

_VERDICT = regex.compile(r"\[(?P<text>[^\[\]]*)\]\(claims\.md#(?P<name>[\w-]+)\) \|$")
_RUN = regex.compile(r"\]\((?P<address>runs/[^()]+#[^()]+)\)")
_FINDINGS = ("homework", "some_corrected", "none_corrected", "some_open")
_QUANTITIES = ("statements", "confirmed", "corrected", "open", "names")
_NOT_HERE = (
    "# The homework said, the logs show\n\nSome logs of the homework are not here, so this page checks no statement.\n"
)


def claims_page(known: Known) -> str:
    """Return the page; without the logs of the homework it says only that they are not here."""
    text = _text()
    if not _is_here(text, known):
        return _NOT_HERE
    lines = [_row(line, known) for line in text.split("\n")]
    filled = fill_links(CLAIMS_PAGE, "\n".join(lines), known)
    return words.written(
        filled, {}, {"claims": lambda: claims_list(known, CLAIMS_PAGE), "counts": lambda: _counts(known)}
    )


def _text() -> str:
    return (words.WORDS / "claims.md").read_text(encoding="utf-8")


def _is_here(text: str, known: Known) -> bool:
    """Return whether every run that the page speaks of is known."""
    return all(match["address"] in known for match in _RUN.finditer(text))


def _counts(known: Known) -> str:
    """Return how many statements there are and how many have each verdict; other pages link to these numbers."""
    rows = [
        [f'<a id="count-{name}"></a>{name.replace("-", " ")}', link(known[_at(name)].text, f"#count-{name}")]
        for name in ("statements", *ENDINGS)
    ]
    return table(["verdict", "how many"], rows, "lr")


def _at(name: str) -> str:
    return f"{CLAIMS_PAGE}#count-{name}"


def homework(known: Known) -> words.Findings:
    """Return the findings about the homework: whether it is checked here, and what came of it."""
    if _at("statements") not in known or not _is_here(_text(), known):
        return {name: finding(False, **dict.fromkeys(_QUANTITIES, "")) for name in _FINDINGS}
    counts = {name: int(known[_at(name)].value) for name in ENDINGS}
    links = {name: link(known[_at(name)].text, _at(name)) for name in ("statements", *ENDINGS)}
    links["open"] = links.pop("not-checkable")
    links["names"] = listed(
        [_quoted(claim.name) for claim in claims() if "corrected" in known[_verdict(claim.name)].text]
    )
    holds = (True, counts["corrected"] > 0, counts["corrected"] == 0, counts["not-checkable"] > 0)
    return {name: finding(held, **links) for name, held in zip(_FINDINGS, holds, strict=True)}


def _verdict(name: str) -> str:
    return f"{CLAIMS_PAGE}#{name}"


def _quoted(name: str) -> str:
    return f"“{name.replace('-', ' ')}”"


def _row(line: str, known: Known) -> str:
    """Return a row with its explanation, if the verdict is still the one that the explanation was written for."""
    verdict = _VERDICT.search(line)
    if verdict is None or known[f"{CLAIMS_PAGE}#{verdict['name']}"].text == verdict["text"]:
        return line
    _, statement, _, decided, _ = line.split("|")
    return f"|{statement}| {NOTHING} |{decided}|"
