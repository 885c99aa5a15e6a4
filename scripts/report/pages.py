"""The pages that are wholly made by code, by their path below docs/."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Mapping, Sequence

import regex

from .derive import Constant, Derived
from .index import RUNS_IN_SEARCH, runs_index
from .known import CONSTANTS_PAGE, RUNS_PAGE, Known, log_page, run_page
from .log_page import has_page, log_text
from .markdown import checked
from .package import DATA_PAGE, DataFile, data_page
from .picture import Picture
from .reference import constants_page, glossary
from .results import Results
from .run_page import run_text

GENERATED = "<!-- Generated; do not edit -->\n"
# A paragraph of words; a link, and the title behind its target; a tag.
_PARAGRAPH = regex.compile(r"\s*+(?:<a id=\"[^\"]*\"></a>)?+(?:\*\*|[\w\[`]|<code)")
_LINK = regex.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_TAG = regex.compile(r"<[^<>]*>")
_LONGEST, _LABEL = 200, 4  # characters of a description; words of a paragraph that is only a label
# Pages of wide tables use the space of the navigation too: all but these.
_NARROW = ("glossary.md", "verification.md")
# What is found first: the answers, then what words mean.
_OF_SYSTEM, _OF_RUN = 12, 0.05
_WEIGHTS = {
    "index.md": 8,
    "glossary.md": 6,
    "claims.md": 12,
    "compare.md": 8,
    "answers.md": 2,
    "others.md": 1,
    RUNS_PAGE: 2,
    CONSTANTS_PAGE: 1,
    "verification.md": 0.5,
}


def generated_pages(
    results: Results,
    derived: Sequence[Derived],
    constants: Sequence[Constant],
    known: Known,
    pictures: Mapping[str, Picture],
    tables: Sequence[DataFile],
) -> dict[str, str]:
    """Return every generated page."""
    pages = {
        **runs_index(results, known),
        CONSTANTS_PAGE: constants_page(constants),
        "glossary.md": glossary(),
        DATA_PAGE: data_page(tables, results),
    }
    of_run: dict[str, list[Derived]] = {}
    for figure in derived:
        of_run.setdefault(figure.run.id, []).append(figure)
    for run in results.runs:
        pages[run_page(run.id)] = run_text(run, of_run.get(run.id, []), known, pictures)
    searched = len(results.runs) <= RUNS_IN_SEARCH
    unsearched = set() if searched else {run_page(run.id) for run in results.runs}
    # The front matter of a page of log text is its own.
    pages = {path: furnished(path, text, unsearched=path in unsearched) for path, text in pages.items()}
    logs = [log for log in results.logs if has_page(log.entry)]
    return pages | {log_page(log.entry.slug): checked(log_text(log, known)) for log in logs}


def furnished(path: str, text: str, *, unsearched: bool = False) -> str:
    """Return a page with its front matter and the mark of a generated page.

    The front matter must be first. The heading must be next, because it is the page's title.
    """
    heading, _, rest = checked(text).partition("\n")
    return f"{_front(path, unsearched, described(rest))}{heading}\n\n{GENERATED}{rest}"


def described(text: str) -> str:
    """Return what a page is about: the first paragraph of its answer, else of the page, as plain text.

    >>> described("## Answer\\n\\n- a list\\n\\nThe whole run took [5](runs/a.md#time \\"time\\") <b>s</b>.")
    'The whole run took 5 s.'
    """
    blocks = text.rpartition("\n## Answer\n")[2].split("\n\n")
    first = next((block for block in blocks if _PARAGRAPH.match(block) and len(block.split()) > _LABEL), "")
    plain = html.unescape(_TAG.sub("", _LINK.sub(r"\1", first)).replace("`", "").replace("**", ""))
    return textwrap.shorten(plain, _LONGEST, placeholder="…")


def _front(path: str, unsearched: bool, description: str) -> str:
    """Return the front matter of a page: its description, what its layout hides, and its weight in the search."""
    hidden = "navigation, toc" if path == "index.md" or path.startswith("runs/index") else "navigation"
    hide = "" if path in _NARROW else f"hide: [{hidden}]\n"
    weight = "exclude: true" if unsearched else f"boost: {_weight(path)}"
    # The theme writes a description into its attribute as it is.
    safe = html.escape(description)
    about = f"description: {json.dumps(safe, ensure_ascii=False)}\n" if description else ""
    return f"---\n{about}{hide}search:\n  {weight}\n---\n\n"


def _weight(path: str) -> float:
    """Return how much a page weighs in the search: answers first, then words, then lists, and single runs last."""
    if path in _WEIGHTS:
        return _WEIGHTS[path]
    folder, _, _ = path.rpartition("/")
    return {"": _OF_SYSTEM, "runs": _OF_RUN}.get(folder, 1)
