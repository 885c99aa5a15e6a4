"""From the bytes of a file to log text with line numbers.

Whatever wraps a log's lines is removed here, once. That is gzip, UTF-16, terminal colours, HTML, JSON objects,
notebooks and diffs. A line number is always the line of the file that a person opens.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from . import kinds
from .compressed import Damaged, expanded
from .envelopes import Unwrapped, has_objects, unwrapped
from .finding import Finder

EXPANSION_LIMIT = 1 << 28

# Colours, titles, character sets, modes; the last is a code that the end of the file cuts.
_ANSI = re.compile(
    rb"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b\r\n]{0,256}+(?:\x07|\x1b\\)|[ -/]{1,8}[0-~]|[0-Z\\^-~]"
    rb"|(?:\[[0-?]{0,32}[ -/]{0,8}|\][^\x07\x1b\r\n]{0,256}+\x1b?|[ -/]{0,8})\Z)"
)
_CARET_M = re.compile(rb"\^M(?:\^M)*+(?=\r?\n|\Z)")
# What a web page writes for a sign, and the tags around text that it shows as it is.
_ENTITY = re.compile(rb"&(?:lt|gt|amp|quot|apos|nbsp|#\d{2,7}|#[xX][0-9a-fA-F]{2,6});")
_TAG = re.compile(rb"</?(?:html|body|div|p|pre|code|samp|span)(?:[ \t][^<>\r\n]{0,400})?>")
_JSON_STRING = re.compile(rb'"((?:[^"\\]|\\.)*+)"(\s*+:)?')
_NORMAL_HUNK = re.compile(rb"\d+(?:,\d+)?[acd]\d+(?:,\d+)?\s*$")
_NOTEBOOK_TEXT = (b"source", b"text", b"text/plain")
CELL_END = b"\f"
# Is at the end of a line that was broken there. It ends no number and no word.
MARK = b"+\x01"
# The longest end of a line in bytes: this mark and a newline.
LINE_END = len(MARK) + 2
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}".encode()
_BLANK, _CARET, _END_OF_TAG = Finder(_NO_BREAK_SPACE), Finder(b"^M"), Finder(b"</")
_LOOKED_AT = 4096
_COUNT_AT_ONCE = 1 << 20
_SHARED = 2  # bytes of the next piece that complete what begins in one
_KEPT = 1 << 17
_GZIP = b"\x1f\x8b"
_WRAPPED = (_GZIP, b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


class NotALog(Exception):
    """The file cannot hold a log; the message says why."""


class Unclean(Exception):
    """A text must be read in another way; its kinds say which."""


class Stored:
    """The bytes of a file too large for memory: slices are read on demand, and the latest large one is kept.

    Its size is the size at opening. A file that shrinks while it is read ends earlier.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, os.fstat(file.fileno()).st_size
        self._begin, self._kept = 0, b""

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        if self._begin <= start and stop <= self._begin + len(self._kept):
            return self._kept[start - self._begin : max(start, stop) - self._begin]
        self._file.seek(start)
        data = self._file.read(max(0, stop - start))
        if len(data) >= _KEPT:
            self._begin, self._kept = start, data
        return data

    def is_wrapped(self) -> bool:
        """Return whether the file is not plain text: an archive, wide characters, a diff, a notebook."""
        head = self[:_LOOKED_AT]
        wrapped = head.startswith(_WRAPPED) or head.lstrip()[:1] == b"{" or bool(_diff_sides(head))
        return wrapped or bool(kinds.refused(head))


def without_marks(stored: Stored, scratch: BinaryIO) -> Stored | None:
    """Return large text without terminal codes and literal `^M`: as it is, or in the scratch file.

    It is None where lines of the text are JSON objects, which are only read from a whole file.
    """
    marked = False
    for begin in range(0, len(stored), _COUNT_AT_ONCE):
        piece = stored[begin : begin + _COUNT_AT_ONCE + _SHARED]
        if has_objects(piece):
            return None
        marked = marked or _has_marks(piece)
    if not marked:
        return stored
    scratch.writelines(map(_unmarked, pieces(stored)))
    scratch.flush()
    return Stored(scratch)


def _cut(piece: bytes) -> int:
    """Return where a piece may be cut: after its last line, because no terminal code crosses the end of a line."""
    return piece.rfind(b"\n") + 1 or len(piece)


Bytes = bytes | Stored


class Text(NamedTuple):
    """Log text, and where each of its lines is in the file.

    `places` gives (line, view line) of each text line where they differ from the text's own count. It is None where the
    text is the file. `returns` says whether a carriage return in such a line is in the file too.
    """

    data: Bytes
    places: tuple[tuple[int, int], ...] | None = None
    returns: bool = True

    def made_of(self, pieces: Iterable[bytes], scratch: Callable[[], BinaryIO]) -> Text:
        """Return a text with the same lines, made of other pieces; a stored one is in a scratch file."""
        if not isinstance(self.data, Stored):
            return self._replace(data=b"".join(pieces))
        file = scratch()
        file.writelines(pieces)
        file.flush()
        return self._replace(data=Stored(file))


def pieces(data: Bytes) -> Iterator[bytes]:
    """Yield text in pieces, each of which ends with a line, unless that line is longer than a piece."""
    begin = 0
    while begin < len(data):
        piece = data[begin : begin + _COUNT_AT_ONCE]
        piece = piece if begin + len(piece) >= len(data) else piece[: _cut(piece)]
        yield piece
        begin += len(piece)


def texts(data: bytes) -> tuple[Text, ...]:
    """Return the log texts that the bytes of a file hold: one, or the two sides of a diff.

    Raises
    ------
    NotALog
        If the bytes are empty, are a damaged archive, expand past `EXPANSION_LIMIT`, or are a file of another kind.
    """
    data = opened(data)
    if not data:
        raise NotALog("empty file")
    refusal = kinds.refused(data)
    if refusal:
        raise NotALog(refusal)
    data = _plain(data)
    if data.lstrip()[:1] == b"{" and b'"nbformat"' in data:
        return (_notebook(data),)
    inner = unwrapped(data, _unmarked)
    if inner is None:
        return _diff_sides(data) or (Text(data),)
    return tuple(_placed(side, inner) for side in _diff_sides(inner.data)) or (Text(*inner),)


def _placed(side: Text, inner: Unwrapped) -> Text:
    """Return one side of a diff whose lines were JSON objects, with its lines where the file has them."""
    places = tuple(inner.places[line - 1] for line, _ in side.places or ())
    return Text(side.data, places, inner.returns)


def opened(data: bytes) -> bytes:
    """Return the bytes of a file out of their archive, and UTF-16 as UTF-8; the lines stay.

    Raises
    ------
    NotALog
        If it is a damaged archive, or expands past `EXPANSION_LIMIT`.
    """
    try:
        data = expanded(data, EXPANSION_LIMIT) if data.startswith(_GZIP) else data
    except Damaged as error:
        raise NotALog(str(error)) from None
    if data.startswith(kinds.UTF_32):
        raise NotALog("UTF-32 text; save it as UTF-8")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        whole = data[: len(data) // 2 * 2]  # half a character at the end is not a character
        data = whole.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _plain(data: bytes) -> bytes:
    """Return the text with one byte for each ASCII character, which shapes are made of; its lines stay."""
    return _unmarked(data.removeprefix(b"\xef\xbb\xbf"))


def _unmarked(data: bytes) -> bytes:
    """Return text without terminal codes and literal `^M`, with plain blanks for other ones."""
    if b"\x1b" in data:
        # The commonest code, the one before each line of a bar, is removed in a fraction of the time.
        data = data.replace(b"\x1b[A", b"")
    if b"\x1b" in data:
        data = _ANSI.sub(b"", data)
    if _CARET.is_in(data):
        data = _CARET_M.sub(b"", data)
    if _has_tag(data):
        data = _TAG.sub(b"", data)
    if b"&" in data:
        data = _ENTITY.sub(_shown, data)
    if _BLANK.is_in(data):
        data = data.replace(_NO_BREAK_SPACE, b" ")
    return data.replace(CELL_END, b" ")  # a form feed for a printer does not end a run


def _has_marks(data: bytes) -> bool:
    html = _has_tag(data) or _ENTITY.search(data) is not None
    return html or b"\x1b" in data or CELL_END in data or _BLANK.is_in(data) or _CARET.is_in(data)


def _has_tag(data: bytes) -> bool:
    return (_END_OF_TAG.is_in(data) or b"<pre" in data[:_LOOKED_AT]) and _TAG.search(data) is not None


def _shown(entity: re.Match[bytes]) -> bytes:
    """Return what a web page shows for an entity. None becomes a letter, digit or control character."""
    from html import unescape

    sign = unescape(entity[0].decode())
    if sign.isalnum() or not (sign.isprintable() or sign == "\xa0"):
        return entity[0]
    return sign.encode("utf-8", "replace")


def _notebook(data: bytes) -> Text:
    """Return the text of a notebook's cells and outputs; a form feed is before and after each cell's outputs."""
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
            parts = _plain(text.removesuffix("\n").encode("utf-8", "replace")).split(b"\n")
            lines.extend(parts)
            places.extend([(line, line)] * len(parts))
    return Text(b"\n".join([*lines, b""]), (*places, (line, line)), returns=False)


def _diff_sides(data: bytes) -> tuple[Text, ...]:
    """Return the two sides of a diff as two texts, or nothing where the text is not a diff."""
    head = data[:_LOOKED_AT].split(b"\n", 3)
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
