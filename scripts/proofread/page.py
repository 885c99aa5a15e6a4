"""A page as passages: sentences, headings and table cells, each with its surroundings.

Markdown with pipe tables, tables of tab-separated columns and HTML tables in it, and plain text. Other formats are
turned into Markdown first. Everything that is not prose (link targets, addresses, tags) is blanked in place. So an
offset in a passage is an offset in the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from .formats import as_markdown
from .plain import Plain

_FENCE = regex.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = regex.compile(r"^ {0,3}(#{1,6})\s+(.*)$")
_RULE = regex.compile(r"^[\s|:=+]*+-[\s|:=+-]*+$")
# Limits of what is read together: the length of a sentence, the width of a table, the text above.
_LONGEST_SENTENCE, _MOST_COLUMNS, _REMEMBERED = 2000, 64, 2000
_LINK = regex.compile(r"\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_BLANKED = (
    regex.compile(r"<!--.*?-->", regex.DOTALL),
    _LINK,
    regex.compile(r"^[ \t]*\[[^\]\n]{1,200}\]:[ \t]+\S.*$", regex.MULTILINE),
    regex.compile(r"<?\bhttps?://[^\s)>|\]]+>?"),
    regex.compile(r"</?[A-Za-z][^<>]*>"),
    regex.compile(r"&(?:#?\w+);"),
    regex.compile(r"`+|\*+(?=[\w(\"'$])|(?<=[\w.,;:)\"'%])\*+|~~"),
)
_SENTENCE_END = regex.compile(
    r"(?<=[.!?])(?<!\b(?:i\.e|e\.g|vs|ca|approx|resp|cf)\.)[\"')\]*]*\s+(?=[\"'(\[*`~≈]*[A-Z0-9])"
)
_LIST_NUMBER = regex.compile(r"^(\s*)(\d{1,3}[.)]|\(\d{1,3}\)|\[\d{1,3}\])(?=\s)")
_TABLE_PART = regex.compile(r"(?is)<(?P<end>/?)(?P<tag>table|tr|td|th)\b[^<>]*>")
_ITEM = regex.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is in its table: the headings of the columns, the cells of its row, and its column."""

    headings: tuple[str, ...]
    cells: tuple[str, ...]
    column: int

    @property
    def heading(self) -> str:
        """The heading of the cell's column."""
        return self.headings[self.column] if self.column < len(self.headings) else ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, a heading or a cell.

    `start` is its offset in the page, `text` its text of the same length. `headings` are the headings above it, the
    outermost first. `before` are the passages before it under the same heading. `links` are the targets of links in its
    paragraph.
    """

    start: int
    text: str
    headings: tuple[str, ...]
    before: str = ""
    links: tuple[str, ...] = ()
    place: Place | None = None
    is_heading: bool = False


class Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in regex.finditer(r"\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column."""
        return self._starts[line - 1] + column - 1


@dataclass
class Page:
    """A text as Markdown with its passages, and the source that it was made from."""

    plain: Plain
    source: Lines
    passages: list[Passage] = field(default_factory=list)

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) in the source of an offset, both from 1."""
        return self.source.position(self.plain.origin(offset))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column of the source."""
        return self.plain.offset(self.source.offset(line, column))


def read_page(source: str, suffix: str = ".md") -> Page:
    """Return a page with its passages; text in code fences is not a passage. The suffix of its file tells its format.

    Raises
    ------
    NoNotebook
        If it is no notebook, and should be one.
    """
    plain = as_markdown(suffix, source)
    page = Page(plain, Lines(source))
    page.passages.extend(_Reader(plain.text).passages())
    return page


def _blank(match: regex.Match[str]) -> str:
    kept = 1 if match[0].startswith("](") else 0  # the bracket of a link's text
    return "".join(sign if sign == "\n" else " " for sign in match[0][kept:]).rjust(len(match[0]))


def blanked(text: str) -> str:
    """Return text of the same length with blanks for everything that is not prose."""
    for pattern in _BLANKED:
        text = pattern.sub(_blank, text)
    return text.replace("[", " ").replace("]", " ") if "](" not in text else text


class _Reader:
    """Goes through the lines of a page once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = blanked(_without_fences(text))
        self._headings: list[tuple[int, str]] = []
        self._before = ""

    def passages(self) -> Iterator[Passage]:
        tables = list(_html_tables(_without_fences(self._text)))
        plain = self._plain
        for table in tables:
            plain = plain[: table.start] + regex.sub(r"[^\n]", " ", plain[table.start : table.end]) + plain[table.end :]
        blocks = [*_blocks(plain), *(("html", table.start, table.end) for table in tables)]
        by_start = {table.start: table.rows for table in tables}
        for kind, start, end in sorted(blocks, key=lambda block: block[1]):
            if kind == "html":
                yield from self._rows_of(by_start[start])
            elif kind == "heading":
                yield from self._heading(start, end)
            elif kind == "table":
                yield from self._table(start, end)
            else:
                yield from self._paragraph(start, end)

    def _heading(self, start: int, end: int) -> Iterator[Passage]:
        match = _HEADING.match(self._plain[start:end])
        assert match is not None, "a heading's block begins with its marks"
        level = len(match[1])
        self._headings = [(above, title) for above, title in self._headings if above < level]
        yield self._passage(start + match.start(2), end, is_heading=True)
        self._headings.append((level, match[2]))
        self._before = ""

    def _paragraph(self, start: int, end: int) -> Iterator[Passage]:
        block = _LIST_NUMBER.sub(lambda match: " " * len(match[0]), self._plain[start:end])
        links = tuple(match["target"] for match in _LINK.finditer(self._text, start, end))
        begin = 0
        for stop in [*(match.start() for match in _SENTENCE_END.finditer(block)), len(block)]:
            for part in _parts(block, begin, stop):
                yield self._passage(start + part.start, start + part.stop, block[part.start : part.stop], links=links)
                self._before = f"{self._before} {block[part.start : part.stop]}"[-_REMEMBERED:]
            begin = stop

    def _table(self, start: int, end: int) -> Iterator[Passage]:
        yield from self._rows_of([row for row in _rows(self._plain, start, end) if row])

    def _rows_of(self, rows: list[list[tuple[int, int]]]) -> Iterator[Passage]:
        rows = [row[:_MOST_COLUMNS] for row in rows]
        headings = tuple(self._plain[a:b].strip() for a, b in rows[0]) if rows else ()
        for number, row in enumerate(rows):
            cells = tuple(self._plain[a:b].strip() for a, b in row)
            for column, (a, b) in enumerate(row):
                place = Place(headings, cells if number else (), column)
                links = tuple(match["target"] for match in _LINK.finditer(self._text, row[0][0], row[-1][1]))
                if self._plain[a:b].strip():
                    yield self._passage(a, b, links=links, place=place)

    def _passage(
        self,
        start: int,
        end: int,
        text: str = "",
        *,
        links: tuple[str, ...] = (),
        place: Place | None = None,
        is_heading: bool = False,
    ) -> Passage:
        above = tuple(title for _, title in self._headings)
        return Passage(start, text or self._plain[start:end], above, self._before, links, place, is_heading)


def _parts(block: str, begin: int, stop: int) -> Iterator[range]:
    """Yield a sentence as one part, or one that is very long in several."""
    while stop - begin > _LONGEST_SENTENCE:
        cut = block.rfind(" ", begin + 1, begin + _LONGEST_SENTENCE)
        cut = cut if cut > begin else begin + _LONGEST_SENTENCE
        yield range(begin, cut)
        begin = cut
    if block[begin:stop].strip():
        yield range(begin, stop)


class _HtmlTable(NamedTuple):
    """An HTML table: where it is, and the spans of the cells of its rows."""

    start: int
    end: int
    rows: list[list[tuple[int, int]]]


def _html_tables(text: str) -> Iterator[_HtmlTable]:
    """Yield the HTML tables of a page outside its code fences."""
    start, cell = -1, -1
    rows: list[list[tuple[int, int]]] = []
    for tag in _TABLE_PART.finditer(text):
        name, ends = tag["tag"].lower(), bool(tag["end"])
        if cell >= 0 and rows:  # any tag of a table ends a cell
            rows[-1].append((cell, tag.start()))
            cell = -1
        if name == "table" and ends and start >= 0:
            yield _HtmlTable(start, tag.end(), [row for row in rows if row])
            start = -1
        elif name == "table" and not ends:
            start, rows = tag.start(), []
        elif name == "tr" and not ends:
            rows.append([])
        elif name in ("td", "th") and not ends and start >= 0:
            cell = tag.end()


def _without_fences(text: str) -> str:
    """Return text with blanks for the content of code fences: logs and programs state no claim."""
    lines, fence = text.split("\n"), ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or mark:
            lines[number] = " " * len(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
    return "\n".join(lines)


def _blocks(plain: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) of the blocks: headings, tables, paragraphs. A list item is a paragraph of its own."""
    kind, start, offset = "", 0, 0
    lines = plain.split("\n")
    for number, line in enumerate(lines):
        sort = _kind(lines, number, kind)
        if kind and (sort != kind or sort == "heading" or _ITEM.match(line)):
            yield kind, start, offset - 1
            kind = ""
        if sort and not kind:
            kind, start = sort, offset
        offset += len(line) + 1
    if kind:
        yield kind, start, offset - 1


def _kind(lines: list[str], number: int, open_kind: str) -> str:
    line = lines[number]
    if not line.strip():
        return ""
    if _HEADING.match(line):
        return "heading"
    if _is_row(line) and (open_kind == "table" or _begins_table(lines, number)):
        return "table"
    return "paragraph"


def _is_row(line: str) -> bool:
    return "|" in line or "\t" in line.strip()


def _begins_table(lines: list[str], number: int) -> bool:
    """Return whether a table begins at a line: a rule is below it, or two lines have as many tab-separated columns."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if "|" in lines[number] and _RULE.match(following) and "|" in following:
        return True
    columns = lines[number].strip().count("\t")
    return columns > 0 and following.strip().count("\t") == columns


def _rows(plain: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the spans of the cells of each row of a table."""
    offset = start
    for line in plain[start:end].split("\n"):
        if not _RULE.match(line):
            yield _cells(line, offset, "|" if "|" in line else "\t")
        offset += len(line) + 1


def _cells(line: str, offset: int, mark: str) -> list[tuple[int, int]]:
    cells, begin = [], 0
    for match in [*regex.finditer(rf"(?<!\\){regex.escape(mark)}", line), None]:
        stop = match.start() if match else len(line)
        cells.append((offset + begin, offset + stop))
        begin = stop + 1
    if mark == "|":  # the text before the first bar and after the last is not a cell
        cells = cells[1:] if line.lstrip().startswith("|") else cells
        cells = cells[:-1] if line.rstrip().endswith("|") else cells
    return cells
