"""From the bytes of a file to log text with line numbers.

Everything that may be wrapped around a log's lines is taken off here, once: gzip, UTF-16, terminal colours, notebooks,
diffs. A line number is always the line of the file that a person opens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

EXPANSION_LIMIT = 1 << 28

# What a file begins with that holds no text, and what it is.
_OTHER_FILES = {
    b"\x7fELF": "binary program, no log",
    b"PK\x03\x04": "zip archive; unpack it first",
    b"BZh91AY&SY": "bzip2 archive; unpack it first",
    b"\xfd7zXZ\0": "xz archive; unpack it first",
    b"(\xb5/\xfd": "zstd archive; unpack it first",
    b"%PDF-": "PDF document, no log",
}
# Colours, titles, character sets, modes; the last is one that the end of the file cuts.
_ANSI = re.compile(
    rb"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,256}+(?:\x07|\x1b\\)|[ -/]{1,8}[0-~]|[0-Z\\^-~]"
    rb"|(?:\[[0-?]{0,32}[ -/]{0,8}|\][^\x07\x1b]{0,256}+\x1b?|[ -/]{0,8})\Z)"
)
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_CARET_M = re.compile(rb"(?:\^M)++(?=\r?\n|\Z)")
_JSON_STRING = re.compile(rb'"((?:[^"\\]|\\.)*+)"(\s*+:)?')
_NORMAL_HUNK = re.compile(rb"\d+(?:,\d+)?[acd]\d+(?:,\d+)?\s*$")
_NOTEBOOK_TEXT = (b"source", b"text", b"text/plain")
CELL_END = b"\f"
_MARK_EVERY = 1 << 14


class NotALog(Exception):
    """The file cannot hold a log; the message says why."""


class Text(NamedTuple):
    """Log text, and where each of its lines stands in the file.

    `places` gives (line, view line) of each text line where they differ from the text's own count; None where the
    text is the file.
    """

    data: bytes
    places: tuple[tuple[int, int], ...] | None = None


def texts(data: bytes) -> tuple[Text, ...]:
    """Return the log texts that the bytes of a file hold: one, or the two sides of a diff.

    Raises
    ------
    NotALog
        If the bytes are empty, a damaged archive, expand past `EXPANSION_LIMIT`, or are a file of another kind.
    """
    data = opened(data)
    if not data:
        raise NotALog("empty file")
    other = next((kind for sign, kind in _OTHER_FILES.items() if data.startswith(sign)), "")
    if other:
        raise NotALog(other)
    data = _plain(data)
    if data.lstrip()[:1] == b"{" and b'"nbformat"' in data:
        return (_notebook(data),)
    return _diff_sides(data) or (Text(data),)


def opened(data: bytes) -> bytes:
    """Return the bytes of a file out of their archive, and UTF-16 as UTF-8; the lines stay.

    Raises
    ------
    NotALog
        If it is a damaged archive, or expands past `EXPANSION_LIMIT`.
    """
    data = _expanded(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        whole = data[: len(data) // 2 * 2]  # half a character at the end is no character
        data = whole.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _expanded(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    import gzip
    import zlib
    from io import BytesIO

    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as archive:
            inner = archive.read(EXPANSION_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NotALog(f"damaged gzip archive ({error})") from None
    if len(inner) > EXPANSION_LIMIT:
        raise NotALog(f"gzip archive expands past {EXPANSION_LIMIT} bytes")
    return inner


def _plain(data: bytes) -> bytes:
    """Return the text as single bytes a character for the ASCII that shapes are made of, its lines as they were."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x1b" in data:
        data = _ANSI.sub(b"", data)
    if b"^M" in data:
        data = _CARET_M.sub(b"", data)
    return data


def _notebook(data: bytes) -> Text:
    """Return the text of a notebook's cells and outputs; a form feed ends a cell or the outputs before its source."""
    import json

    lines: list[bytes] = []
    places: list[tuple[int, int]] = []
    key, line, seen = b"", 1, 0
    for token in _JSON_STRING.finditer(data):
        line += data.count(b"\n", seen, token.start())
        seen = token.start()
        if token[2]:
            key = token[1]
            if key in (b"cell_type", b"source"):
                lines.append(CELL_END)
                places.append((line, line))
        elif key in _NOTEBOOK_TEXT:
            try:
                text: str = json.loads(token[0])
            except ValueError:
                continue
            parts = text.removesuffix("\n").encode("utf-8", "replace").split(b"\n")
            lines.extend(parts)
            places.extend([(line, line)] * len(parts))
    return Text(_plain(b"\n".join([*lines, b""])), (*places, (line, line)))


def _diff_sides(data: bytes) -> tuple[Text, ...]:
    """Return the two sides of a diff as two texts, or nothing where the text is no diff."""
    head = data[:4096].split(b"\n", 3)
    if _NORMAL_HUNK.match(head[0]) and (b"\n< " in data or b"\n> " in data):
        marks: tuple[tuple[bytes, ...], ...] = ((b"<",), (b">",))
    elif any(line.startswith(b"--- ") for line in head[:3]) and b"\n+++ " in data and b"\n@@ -" in data:
        marks = ((b"-", b" "), (b"+", b" "))
    else:
        return ()
    return tuple(_side(data, side) for side in marks)


def _side(data: bytes, marks: tuple[bytes, ...]) -> Text:
    lines: list[bytes] = []
    places: list[tuple[int, int]] = []
    view = 1
    for number, line in enumerate(data.split(b"\n"), 1):
        if line[:1] in marks and not line.startswith((b"--- ", b"+++ ")):
            lines.append(line[1:])
            places.append((number, view))
        view += 1 + line.count(b"\r") - line.endswith(b"\r")
    return Text(b"\n".join([*lines, b""]), (*places, (number, view)))


class Ruler:
    """Tells the line of an offset. It counts on from the nearest place before it that it has been at."""

    def __init__(self, text: Text) -> None:
        self.data, self._places = text.data, text.places
        self._has_pairs = b"\r\n" in text.data
        self._has_bare = bool(_BARE_RETURN.search(text.data)) if self._has_pairs else b"\r" in text.data
        # Offsets on the way with the newlines and the bare returns before each; the last one asked for comes with them.
        self._marks, self._counts = [0], [(0, 0)]
        self._at, self._newlines, self._bare = 0, 0, 0

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, view line) of the byte at `offset`, both from 1."""
        if not 0 <= offset - self._at < _MARK_EVERY:
            mark = bisect_right(self._marks, offset) - 1
            if offset < self._at or self._marks[mark] > self._at:
                self._at = self._marks[mark]
                self._newlines, self._bare = self._counts[mark]
        self._newlines += self.data.count(b"\n", self._at, offset)
        if self._has_bare:
            self._bare += self.data.count(b"\r", self._at, offset)
            if self._has_pairs:
                self._bare -= self.data.count(b"\r\n", self._at, offset + 1)
        self._at = offset
        if offset - self._marks[-1] > _MARK_EVERY:
            self._marks.append(offset)
            self._counts.append((self._newlines, self._bare))
        if self._places is None:
            return self._newlines + 1, self._newlines + 1 + self._bare
        line, view = self._places[self._newlines]
        return line, view + self.data.count(b"\r", self.data.rfind(b"\n", 0, offset) + 1, offset)


def segment_start(data: bytes, offset: int, reach: int = 400) -> int:
    """Return where the stretch of line begins that holds `offset`, at most `reach` back; a bare return ends one."""
    floor = max(0, offset - reach)
    return max(data.rfind(b"\n", floor, offset), data.rfind(b"\r", floor, offset), floor - 1) + 1


def decode(value: bytes) -> str:
    """Return bytes of a log as text: UTF-8, else Windows-1252, else each byte as the character of its number."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def printable(text: str) -> str:
    """Return text of a log, or a file's name, with the characters spelt out that would act on a terminal."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
