"""From the bytes of a file to log text with line numbers.

Everything that may be wrapped around a log's lines is taken off here, once: gzip, UTF-16, terminal colours, notebooks,
diffs. A line number is always the line of the file that a person opens.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, repeat
from operator import add
from typing import BinaryIO, NamedTuple

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
    rb"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b\r\n]{0,256}+(?:\x07|\x1b\\)|[ -/]{1,8}[0-~]|[0-Z\\^-~]"
    rb"|(?:\[[0-?]{0,32}[ -/]{0,8}|\][^\x07\x1b\r\n]{0,256}+\x1b?|[ -/]{0,8})\Z)"
)
_CARET_M = re.compile(rb"\^M(?:\^M)*+(?=\r?\n|\Z)")
_JSON_STRING = re.compile(rb'"((?:[^"\\]|\\.)*+)"(\s*+:)?')
_NORMAL_HUNK = re.compile(rb"\d+(?:,\d+)?[acd]\d+(?:,\d+)?\s*$")
_NOTEBOOK_TEXT = (b"source", b"text", b"text/plain")
CELL_END = b"\f"
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}".encode()
# Numpy tells the places of so many lines faster than counting; its import, 0.1 s, pays in a text of so many bytes.
_MANY, _NUMPY_FROM = 64, 1 << 23
_MARK_EVERY = 1 << 14
_COUNT_AT_ONCE = 1 << 20
_KEPT = 1 << 17
_LONGEST_CODE = 300
_WRAPPED = (b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", *_OTHER_FILES)


class NotALog(Exception):
    """The file cannot hold a log; the message says why."""


class Stored:
    """The bytes of a file too large to hold: slices are read as they are asked for, and the latest large one is kept.

    Its size is that at the time of opening. A file that shrinks while it is read ends where it ends then.
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
        """Return whether what the file holds is wrapped: an archive, wide characters, a diff, a notebook."""
        head = self[:4096]
        return head.startswith(_WRAPPED) or head.lstrip()[:1] == b"{" or bool(_diff_sides(head))


def without_marks(stored: Stored, scratch: BinaryIO) -> Stored:
    """Return large text without terminal codes and literal `^M`: as it is, or in the scratch file."""
    pieces = (stored[begin : begin + _COUNT_AT_ONCE + 1] for begin in range(0, len(stored), _COUNT_AT_ONCE))
    if not any(_has_marks(piece) for piece in pieces):
        return stored
    begin = 0
    while begin < len(stored):
        piece = stored[begin : begin + _COUNT_AT_ONCE]
        end = len(piece) if begin + len(piece) >= len(stored) else _cut(piece)
        scratch.write(_unmarked(piece[:end]))
        begin += end
    scratch.flush()
    return Stored(scratch)


def _cut(piece: bytes) -> int:
    """Return where a piece may be cut: behind a line before which no terminal code is open, if there is one."""
    end = piece.rfind(b"\n") + 1
    while end > 0 and piece.find(b"\x1b", max(0, end - _LONGEST_CODE), end) >= 0:
        end = piece.rfind(b"\n", 0, end - 1) + 1
    return end or len(piece)


Bytes = bytes | Stored


class Text(NamedTuple):
    """Log text, and where each of its lines stands in the file.

    `places` gives (line, view line) of each text line where they differ from the text's own count; None where the
    text is the file. `returns` says whether a carriage return in such a line stands in the file too.
    """

    data: Bytes
    places: tuple[tuple[int, int], ...] | None = None
    returns: bool = True


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
    return _unmarked(data.removeprefix(b"\xef\xbb\xbf"))


def _unmarked(data: bytes) -> bytes:
    """Return text without terminal codes and literal `^M`, with plain blanks for other ones."""
    if b"\x1b" in data:
        # The commonest code, the one before each line of a bar, is taken off in a fraction of the time.
        data = data.replace(b"\x1b[A", b"")
    if b"\x1b" in data:
        data = _ANSI.sub(b"", data)
    if _has_caret_m(data):
        data = _CARET_M.sub(b"", data)
    if b"\xc2" in data:
        data = data.replace(_NO_BREAK_SPACE, b" ")
    return data.replace(CELL_END, b" ")  # a printer's page ends no run


def _has_marks(data: bytes) -> bool:
    return b"\x1b" in data or CELL_END in data or _NO_BREAK_SPACE in data or _has_caret_m(data)


def _has_caret_m(data: bytes) -> bool:
    return b"^" in data and b"^M" in data  # one byte is searched for much faster than two


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
            parts = _plain(text.removesuffix("\n").encode("utf-8", "replace")).split(b"\n")
            lines.extend(parts)
            places.extend([(line, line)] * len(parts))
    return Text(b"\n".join([*lines, b""]), (*places, (line, line)), returns=False)


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
        self.data, self._places, self._returns = text.data, text.places, text.returns
        # Offsets on the way with the newlines and the bare returns before each; the last one asked for comes with them.
        self._marks, self._counts = [0], [(0, 0)]
        self._at, self._newlines, self._bare = 0, 0, 0
        self._window: bytes | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, view line) of the byte at `offset`, both from 1."""
        newlines, bare = self._before(offset)
        if self._places is None:
            return newlines + 1, newlines + 1 + bare
        line, view = self._places[newlines]
        if not self._returns:
            return line, view
        before = self.data[max(0, offset - _COUNT_AT_ONCE) : offset]
        return line, view + before.count(b"\r", before.rfind(b"\n") + 1)

    def _before(self, offset: int) -> tuple[int, int]:
        """Return the newlines and the bare returns before an offset, which is then the last asked for."""
        if 0 < self._at - offset < _MARK_EVERY:  # a little back, to where a run begins: the way on is kept
            newlines, bare = self._between(offset, self._at)
            return self._newlines - newlines, self._bare - bare
        if not 0 <= offset - self._at < _MARK_EVERY:
            mark = bisect_right(self._marks, offset) - 1
            if offset < self._at or self._marks[mark] > self._at:
                self._at = self._marks[mark]
                self._newlines, self._bare = self._counts[mark]
        while self._at < offset:
            newlines, bare = self._between(self._at, min(offset, self._at + _COUNT_AT_ONCE))
            self._go_to(min(offset, self._at + _COUNT_AT_ONCE), self._newlines + newlines, self._bare + bare)
        return self._newlines, self._bare

    def _between(self, begin: int, end: int) -> tuple[int, int]:
        piece = self.data[begin : end + 1]  # one more, to tell a pair from a bare return
        step = end - begin
        if b"\r" not in piece:
            return piece.count(b"\n", 0, step), 0
        return piece.count(b"\n", 0, step), piece.count(b"\r", 0, step) - piece.count(b"\r\n")

    def _go_to(self, offset: int, newlines: int, bare: int) -> None:
        self._at, self._newlines, self._bare = offset, newlines, bare
        if offset - self._marks[-1] > _MARK_EVERY:
            self._marks.append(offset)
            self._counts.append((newlines, bare))

    def places(self, window: bytes, base: int, offsets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the lines and the view lines of rising offsets of a window, which begins at `base` in the text."""
        if self._places is not None:
            told = [self.place(base + offset) for offset in offsets]
            return [line for line, _ in told], [view for _, view in told]
        if len(offsets) < _MANY or len(self.data) < _NUMPY_FROM:
            lines, views = lines_by_counting(window, offsets, *self.place(base + offsets[0]))
        else:
            lines, views = self.lines_by_search(window, base, offsets)
        self._go_to(base + offsets[-1], lines[-1] - 1, views[-1] - lines[-1])
        return lines, views

    def lines_by_search(self, window: bytes, base: int, offsets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return what `lines_by_counting` does, from the places of all line ends in the window."""
        import numpy as np

        if self._window is not window:
            self._look_at(window, base, offsets[0])
        asked = np.array(offsets)
        lines = self._newline_places.searchsorted(asked) + self._line
        views = lines + (self._bare_places.searchsorted(asked) + self._views_more)
        return lines.tolist(), views.tolist()

    def _look_at(self, window: bytes, base: int, offset: int) -> None:
        """Take note of where lines end in a window, and on which line it begins, told from one of its offsets."""
        import numpy as np

        codes = np.frombuffer(window, np.uint8)
        ends = np.flatnonzero((codes == ord("\n")) | (codes == ord("\r")))
        newlines = codes[ends] == ord("\n")
        after = codes[np.minimum(ends + 1, len(codes) - 1)]
        self._window, self._newline_places = window, ends[newlines]
        self._bare_places = ends[~newlines & (after != ord("\n"))]
        line, view_line = self.place(base + offset)
        self._line = line - int(self._newline_places.searchsorted(offset))
        self._views_more = view_line - line - int(self._bare_places.searchsorted(offset))


def lines_by_counting(window: bytes, offsets: Sequence[int], line: int, view_line: int) -> tuple[list[int], list[int]]:
    """Return the lines and the view lines of offsets, at none of which a line ends, from those of the first."""
    newlines = list(map(window.count, repeat(b"\n"), offsets, offsets[1:]))
    bare = list(map(window.count, repeat(b"\r"), offsets, offsets[1:]))
    if window.find(b"\r\n", offsets[0], offsets[-1]) >= 0:
        pairs = map(window.count, repeat(b"\r\n"), offsets, offsets[1:])
        bare = [returns - paired for returns, paired in zip(bare, pairs, strict=True)]
    lines = list(accumulate(newlines, initial=line))
    return lines, list(accumulate(map(add, newlines, bare), initial=view_line))


def segment_start(data: bytes, offset: int, reach: int = 400) -> int:
    """Return where the stretch of line begins that holds `offset`, at most `reach` back; a bare return ends one."""
    floor = offset - reach if offset > reach else 0
    newline, bare = data.rfind(b"\n", floor, offset), data.rfind(b"\r", floor, offset)
    return (newline if newline > bare else bare) + 1 or floor


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
