"""The words of pages: Markdown in `words/`. A sentence about runs is shown only if its finding holds.

A file has parts, each after `<!-- NAME -->`. A line that begins with `{if FINDING}` stays if the finding holds. One
that begins with `{if not FINDING}` stays if it does not. A list's hyphen or an indent may come before. In such a line
`{QUANTITY}` is a quantity of that finding, and a line that lacks one is left out. In any other line `{BLOCK}` is a
block of the page with that name: a table, a figure, a list. A heading with nothing below it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import regex

from ..store.structured import Broken, text_of
from .findings import Finding

WORDS = Path(__file__).parent / "words"
_PART = regex.compile(r"^<!-- (?P<name>[a-z][\w -]*) -->$")
_IF = regex.compile(r"^(?P<lead>[ ]*(?:- )?)\{if (?P<no>not )?(?P<name>\w+)\} (?P<text>.+)$")
_HOLE = regex.compile(r"\{(?P<name>[a-z][\w-]*)\}")
_LINK = regex.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_HEADING = regex.compile(r"^(?P<level>#+) ")

Item = TypeVar("Item")
Findings = Mapping[str, Finding]
Blocks = Mapping[str, Callable[[], str]]


class BrokenWords(Broken):
    """A file of words asks for what is not there; the message names file, line and what is known."""


@cache
def parts(path: Path) -> Mapping[str, str]:
    """Return the parts of a file of words by name; none where there is no such file."""
    if not path.is_file():
        return {}
    texts: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text_of(path).splitlines():
        part = _PART.match(line)
        if part:
            lines = texts.setdefault(part["name"], [])
        else:
            lines.append(line)
    return {name: "\n".join(of).strip("\n") for name, of in texts.items()}


def of_system(system: str) -> Mapping[str, str]:
    """Return the words of a system."""
    return parts(WORDS / f"{system.lower()}.md")


def written(text: str, findings: Findings, blocks: Blocks) -> str:
    """Return a part with the sentences that hold and its blocks.

    Raises
    ------
    BrokenWords
        If it asks for a finding, a quantity or a block that there is not.
    """
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        lines += [line] if fenced else _line(line, findings, blocks)
    return _without_empty(lines)


def first(text: str, findings: Findings) -> str:
    """Return the first line of a part that holds; an empty text where none does."""
    return next((shown for line in text.split("\n") for shown in _line(line, findings, {}) if shown), "")


def plain(text: str) -> str:
    """Return Markdown without its links, as a figure shows it.

    >>> plain("from [8](a.md#x) to [16](b.md#y)")
    'from 8 to 16'
    """
    return _LINK.sub(r"\1", text)


def _line(line: str, findings: Findings, blocks: Blocks) -> list[str]:
    """Return a line as it is shown: none if its finding does not hold, several if it is a block."""
    asked = _IF.match(line)
    if asked is None:
        return _HOLE.sub(lambda hole: _known(hole["name"], blocks, "block", line)(), line).split("\n")
    finding = _known(asked["name"], findings, "finding", line)
    names = [hole["name"] for hole in _HOLE.finditer(asked["text"])]
    quantities = {name: _known(name, finding.quantities, "quantity", line) for name in names}
    if finding.holds == bool(asked["no"]) or not all(quantities.values()):
        return []
    return [asked["lead"] + _HOLE.sub(lambda hole: quantities[hole["name"]], asked["text"])]


def _known(name: str, items: Mapping[str, Item], kind: str, line: str) -> Item:
    if name not in items:
        raise BrokenWords(f"no {kind} is called {name!r}; known are {', '.join(sorted(items))}. The line: {line!r}")
    return items[name]


def _without_empty(lines: list[str]) -> str:
    """Return lines without headings that have nothing below them, and with one empty line at most between others."""
    kept: list[str] = []
    below = ""  # the level of the first heading or text that follows
    for line in reversed(lines):
        heading = _HEADING.match(line)
        if heading and below != "text" and len(below) <= len(heading["level"]):
            continue
        if line or (kept and kept[-1]):
            kept.append(line)
        below = heading["level"] if heading else "text" if line else below
    return "\n".join(reversed(kept)).strip("\n") + "\n"


def holding(text: str, findings: Findings) -> Iterator[str]:
    """Yield the names of the findings whose sentences a part shows."""
    lines = ((line, asked) for line in text.split("\n") if (asked := _IF.match(line)) and not asked["no"])
    return (asked["name"] for line, asked in lines if _line(line, findings, {}))


def sections(text: str) -> list[str]:
    """Return a part in pieces, each of which but the first begins with a heading.

    >>> sections("one\\n\\n## Two\\n\\ntwo")
    ['one\\n', '## Two\\n\\ntwo']
    """
    pieces: list[list[str]] = [[]]
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if _HEADING.match(line) and not fenced:
            pieces.append([])
        pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces]


def used(text: str) -> Iterator[str]:
    """Yield the names of the findings that a part asks for."""
    return (asked["name"] for line in text.split("\n") if (asked := _IF.match(line)))
