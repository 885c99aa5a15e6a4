"""The text of a built page, in pieces: each with its link, its place, or its row of a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT = {"code", "pre", "kbd", "script", "style", "blockquote", "q", "svg", "nav", "form"}


@dataclass(slots=True)
class Row:
    """A row of a table: the targets of its links, and the places in it that links lead to."""

    targets: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Piece:
    """A piece of text, and what holds it.

    A `kind` is "link", "place" (an element with an id), "evidence" (words of a log) or "title" (the page's heading).
    Others are "image" (the text in place of one) and "text". `target` is the address of a link or an image, and `place`
    the id. `row` is the row of a table around it, if there is one.
    """

    kind: str
    text: str = ""
    target: str = ""
    title: str = ""
    place: str = ""
    row: Row | None = None


class _Pieces(HTMLParser):
    """Collects the pieces of a page's article."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._open: list[tuple[str, Piece | None]] = []
        self._rows: list[Row] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._open and tag != "article":
            return
        attributes = {name: value or "" for name, value in attrs}
        if tag == "tr":
            self._rows.append(Row())
        if self._rows and attributes.get("id"):
            self._rows[-1].places.append(attributes["id"])
        if tag == "img":
            self.pieces.append(Piece("image", attributes.get("alt", ""), attributes.get("src", "")))
        if tag not in _VOID:
            opened, holder = self._opened(tag, attributes)
            self._open.append((opened, holder))
            if holder is not None:
                self.pieces.append(holder)

    def _opened(self, tag: str, attributes: dict[str, str]) -> tuple[str, Piece | None]:
        """Return what an element is, and the piece that its text belongs to, if it has one of its own."""
        row, names = self._rows[-1] if self._rows else None, attributes.get("class", "").split()
        if "headerlink" in names:
            return "script", None
        if tag == "a" and "href" in attributes:
            if row is not None:
                row.targets.append(attributes["href"])
            return tag, Piece("link", "", attributes["href"], attributes.get("title", ""), row=row)
        if tag == "code" and "evidence" in names:
            return "evidence", Piece("evidence", row=row)
        if tag == "span" and attributes.get("id"):
            return tag, Piece("place", place=attributes["id"], row=row)
        return tag, Piece("title") if tag == "h1" else None

    def handle_endtag(self, tag: str) -> None:
        if not self._open or tag in _VOID:
            return
        self._open.pop()
        if tag == "tr" and self._rows:
            self._rows.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or any(tag in _SILENT for tag, _ in self._open):
            return
        holder = next((piece for _, piece in reversed(self._open) if piece is not None), None)
        if holder is None:
            self.pieces.append(Piece("text", data, row=self._rows[-1] if self._rows else None))
            return
        holder.text += data


def pieces(html: str) -> list[Piece]:
    """Return the pieces of text of a page's article; code, quotations and the navigation are left out."""
    reader = _Pieces()
    reader.feed(html)
    return [piece for piece in reader.pieces if piece.text]
