"""Hand-written pages: links that fill themselves, and named blocks that the build writes between their markers."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

import regex

from scripts.report.known import Quantity
from scripts.report.markdown import checked, escaped

_LINK = regex.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]+)\)")
_CODE_SPAN = regex.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
_FENCE = regex.compile(r"^\s*(?P<fence>```+|~~~+)")
_MARKER = regex.compile(r"^(?P<indent>[ \t]*)<!-- (?P<what>begin|end) (?P<name>[\w-]+) -->[ \t]*$")
_FILLED = ("runs/", "constants.md", "claims.md", "others.md", "others/", "verification.md")

Block = Callable[[str], str]


class BrokenPage(Exception):
    """A page cannot be filled; the message names the page, the line and what is wrong there."""


def fill(page: str, text: str, blocks: Mapping[str, Block], known: Mapping[str, Quantity]) -> str:
    """Return a page's text with its blocks written and its links filled.

    Parameters
    ----------
    page
        The page's path below docs/.
    blocks
        What may stand between `<!-- begin NAME -->` and `<!-- end NAME -->`: a function from the page's path to
        Markdown, by name.
    known
        Every quantity by its address; a link to one of them is given its text.

    Raises
    ------
    BrokenPage
        If a marker is unbalanced, or a block or a link's fact unknown.
    """
    return fill_links(page, fill_blocks(page, text, blocks), known)


def fill_blocks(page: str, text: str, blocks: Mapping[str, Block]) -> str:
    """Return a page's text with what stands between its markers written anew."""
    lines: list[str] = []
    opened: tuple[str, int] | None = None
    for number, line in _outside_fences(text):
        marker = _MARKER.match(line) if number else None
        if marker is None:
            if opened is None:
                lines.append(line)
            continue
        name, where = marker["name"], f"{page}:{number}"
        if marker["what"] == "begin":
            if opened is not None:
                raise BrokenPage(f"{where}: block {name!r} begins inside block {opened[0]!r} of line {opened[1]}")
            if name not in blocks:
                raise BrokenPage(f"{where}: no block is called {name!r}; known are {', '.join(sorted(blocks))}")
            opened = name, number
            lines += [line, "", *_indented(checked(blocks[name](page)), marker["indent"]), ""]
        else:
            if opened is None or opened[0] != name:
                raise BrokenPage(f"{where}: block {name!r} ends without having begun")
            opened = None
        if marker["what"] == "end":
            lines.append(line)
    if opened is not None:
        raise BrokenPage(f"{page}:{opened[1]}: block {opened[0]!r} begins and never ends")
    return "\n".join(lines) + "\n"


def _indented(text: str, indent: str) -> list[str]:
    return [f"{indent}{line}" if line else "" for line in text.strip("\n").split("\n")]


def fill_links(page: str, text: str, known: Mapping[str, Quantity]) -> str:
    """Return a page's text with every link to a fact, outside code and blocks, showing that fact's text."""
    lines, inside = [], False
    for number, line in _outside_fences(text):
        marker = _MARKER.match(line) if number else None
        if marker is not None:
            inside = marker["what"] == "begin"
        lines.append(_filled(page, number, line, known) if number and not inside else line)
    return "\n".join(lines) + "\n"


def _filled(page: str, number: int, line: str, known: Mapping[str, Quantity]) -> str:
    spans = [match.span() for match in _CODE_SPAN.finditer(line)]

    def text(link: regex.Match[str]) -> str:
        if any(start <= link.start() < end for start, end in spans):
            return link[0]
        target, _, place = link["target"].partition("#")
        address = f"{posixpath.normpath(posixpath.join(posixpath.dirname(page), target))}#{place}"
        if not place or not address.startswith(_FILLED):
            return link[0]
        if address not in known:
            raise BrokenPage(f"{page}:{number}: no fact has the address {link['target']!r}")
        return f"[{escaped(known[address].text)}]({link['target']})"

    return _LINK.sub(text, line)


def _outside_fences(text: str) -> list[tuple[int, str]]:
    """Return the lines with their numbers; a line of fenced code has the number 0."""
    lines: list[tuple[int, str]] = []
    fence = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        mark = _FENCE.match(line)
        if fence:
            lines.append((0, line))
            if mark and mark["fence"].startswith(fence):
                fence = ""
        elif mark:
            fence = mark["fence"]
            lines.append((0, line))
        else:
            lines.append((number, line))
    return lines
