"""Links that fill themselves, and the named blocks of hand-written pages.

The build fills in the text of a link to a fact in a hand-written page. On every page it fills in the title of such a
link: what it states, of which run, and where. Blocks are written between their markers.
"""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import regex

from .known import Quantity, relative
from .markdown import checked, escaped, link

# What may follow a target: "in quotes", 'in others', (in parentheses).
_TITLE = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))"""
_LINK = regex.compile(
    r"(?<!!)\[(?P<text>[^\[\]]*+)\]\([ \t]*+<?(?P<target>[^()\s<>]++)>?(?:[ \t]++" + _TITLE + r")?[ \t]*+\)"
)
# Neither an address elsewhere nor a place on the same page.
_TARGET = regex.compile(r"\]\((?P<path>(?![a-z]+:)[^()\s#]++)(?=[#\s)])")
_ANCHOR = regex.compile(r'<a id="(?P<name>[^"<>]++)"></a>')
_CODE_SPAN = regex.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
_FENCE = regex.compile(r"^\s*(?P<fence>```+|~~~+)")
_MARKER = regex.compile(r"^(?P<indent>[ \t]*)<!-- (?P<what>begin|end) (?P<name>[\w-]+) -->[ \t]*$")
_FILLED = ("runs/", "constants.md", "claims.md", "others.md", "others/", "verification.md")
# So many addresses are named where one is wrong.
_NEAR = 5

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
    """Return a page's text with the text between its markers written anew."""
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
    """Return a page's text with every link to a fact, outside code and blocks, showing that fact's text and title.

    In blocks, which are written already, it fills the titles alone.
    """
    lines, inside = [], False
    for number, line in _outside_fences(text):
        marker = _MARKER.match(line) if number else None
        if marker is not None:
            inside = marker["what"] == "begin"
        if number and not inside:
            line = _changed(line, partial(_filled, page, number, known))
        lines.append(_titled_line(page, line, known) if number else line)
    return "\n".join(lines) + "\n"


def fill_titles(page: str, text: str, known: Mapping[str, Quantity]) -> str:
    """Return the text of a generated page with a title at each link to a fact.

    A link that would lead to its own row is text there, and the place that other links lead to.
    """
    if "](" not in text:
        return text
    lines = [_titled_line(page, line, known) if number else line for number, line in _outside_fences(text)]
    return "\n".join(lines) + "\n"


def _changed(line: str, change: Callable[[regex.Match[str]], str]) -> str:
    """Return a line with its links changed, those in code excepted."""
    if "](" not in line:
        return line
    in_code = [match.span() for match in _CODE_SPAN.finditer(line)]

    def kept_or_changed(match: regex.Match[str]) -> str:
        return match[0] if any(start <= match.start() < end for start, end in in_code) else change(match)

    return _LINK.sub(kept_or_changed, line)


def _address(page: str, target: str) -> str:
    """Return where a link of a page leads, as quantities name their addresses."""
    path, _, anchor = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    return f"{whole}#{anchor}"


def _filled(page: str, number: int, known: Mapping[str, Quantity], match: regex.Match[str]) -> str:
    """Return a link of a hand-written page with the text of its fact."""
    address = _address(page, match["target"])
    if match["target"].startswith("#") or address.endswith("#") or not address.startswith(_FILLED):
        return match[0]
    if address not in known:
        raise BrokenPage(f"{page}:{number}: no fact has the address {match['target']!r}; {_near(page, address, known)}")
    return link(escaped(known[address].text), match["target"])


def _near(page: str, address: str, known: Mapping[str, Quantity]) -> str:
    """Return which addresses are like a wrong one, as links of the page have them."""
    path, _, anchor = address.partition("#")
    of_page = [other.partition("#")[2] for other in known if other.startswith(f"{path}#")]
    if of_page:
        return f"this page has {', '.join(_alike(anchor, of_page))}"
    pages = {other.partition("#")[0] for other in known if other.startswith(_FILLED)}
    alike = [relative(other, page) for other in _alike(path, pages)]
    return f"there is no such page; pages like it are {', '.join(alike)}" if alike else "there is no such page"


def _alike(name: str, names: Iterable[str]) -> list[str]:
    """Return the names that are most like a name, or else the first ones."""
    there = sorted(set(names))
    return difflib.get_close_matches(name, there, n=_NEAR, cutoff=0.4) or there[:_NEAR]


def _titled_line(page: str, line: str, known: Mapping[str, Quantity]) -> str:
    """Return a line with the titles of its links; one to a place in the line itself becomes that place."""
    here, defined = {anchor["name"] for anchor in _ANCHOR.finditer(line)}, set[str]()

    def change(match: regex.Match[str]) -> str:
        quantity = known.get(_address(page, match["target"]))
        if quantity is None:
            return match[0]
        if quantity.page == page and quantity.anchor in here - defined:
            defined.add(quantity.anchor)
            return f'<span id="{quantity.anchor}">{match["text"]}</span>'
        return link(match["text"], match["target"], quantity.title)

    line = _changed(line, change)
    return _ANCHOR.sub(lambda anchor: "" if anchor["name"] in defined else anchor[0], line)


def moved(text: str, page: str) -> str:
    """Return text that was written for a page of the root, with its links as another page has them."""
    return _TARGET.sub(lambda target: f"]({relative(target['path'], page)}", text)


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
