"""A page in HTML as Markdown: headings, paragraphs, lists, tables and links; code and scripts are left out."""

from __future__ import annotations

import html
from html.parser import HTMLParser

from .plain import Plain

_SILENT = frozenset({"script", "style", "pre", "template", "svg", "head", "nav"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "aside", "ul", "ol", "dl", "dt", "dd", "blockquote",
     "figure", "figcaption", "caption", "details", "summary", "hr"}
)  # fmt: skip
_LEVELS = {f"h{level}": "#" * level for level in range(1, 7)}
_MOST_SPANNED = 64


def html_text(source: str) -> Plain:
    """Return what a page in HTML says, as Markdown."""
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    return reader.plain


class _Reader(HTMLParser):
    """Writes Markdown while the tags go by."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.plain = Plain()
        self._starts = [0]
        for line in source.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._silent: list[str] = []
        self._links: list[str] = []
        self._rows = 0
        self._cells = 0  # columns of the open row
        self._span = 0  # columns of the open cell, 0 where none is open
        self._in_row = False

    @property
    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def _put(self, text: str) -> None:
        self.plain.write(text, self._at)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        if self._silent:
            return
        attributes = {name: value or "" for name, value in attrs}
        if tag in _LEVELS:
            self._put(f"\n\n{_LEVELS[tag]} ")
        elif tag == "table":
            self._end_row()
            self._put("\n\n")
            self._rows = 0
        elif tag == "tr":
            self._end_row()
            self._put("|")
            self._in_row = True
        elif tag in ("td", "th"):
            self._end_cell()
            self._span = _span(attributes)
        elif tag == "a":
            self._links.append(attributes.get("href", "").replace(" ", "%20"))
            self._put("[")
        else:
            self._break(tag)

    def _break(self, tag: str) -> None:
        if self._span:
            self._put(" " if tag in _BLOCKS or tag in ("br", "li") else "")
        elif tag == "li":
            self._put("\n- ")
        elif tag == "br":
            self._put("\n")
        elif tag in _BLOCKS:
            self._put("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag in _LEVELS:
            self._put("\n\n")
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "a" and self._links:
            self._put(f"]({self._links.pop()})")
        elif tag == "table":
            self._end_row()
            self._put("\n\n")
        else:
            self._break(tag)

    def _end_cell(self) -> None:
        self._put("|" * self._span)
        self._cells += self._span
        self._span = 0

    def _end_row(self) -> None:
        if not self._in_row:
            return
        self._end_cell()
        self._rows += 1
        self._put("\n" if self._rows > 1 else f"\n|{'---|' * max(self._cells, 1)}\n")
        self._cells, self._in_row = 0, False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            shown = data.replace("|", "/")
            self.plain.copy(shown.replace("\n", " "), self._at)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def _reference(self, text: str) -> None:
        if not self._silent:
            self._put(html.unescape(text).replace("|", "/").replace("\n", " "))


def _span(attributes: dict[str, str]) -> int:
    columns = attributes.get("colspan", "1")
    return min(int(columns), _MOST_SPANNED) if columns.isdecimal() and int(columns) else 1
