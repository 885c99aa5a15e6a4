"""Logs whose lines are JSON objects: `{"log": "Loss=7.5\\n", "stream": "stdout"}`. The text in each is the log's line.

A line that is no such object stays as it is, so a file may have both. What else an object says, such as its time, is
not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .finding import Finder

_OPENING = b'{"'
_ON_NEXT_LINE = Finder(b"\n" + _OPENING)
# Where an object has its text, in small letters; the first that is there counts.
_KEYS = ("log", "message", "msg", "text", "line", "textpayload", "@message")
# How an object begins whose text the end of a file may cut.
_CUT = tuple(b'{"%s":' % key.encode() for key in _KEYS)
# Docker cuts longer lines after this many bytes. The rest of the line is in the next object.
_DOCKER_CUTS = 1 << 14


class Unwrapped(NamedTuple):
    """Text out of its objects: its bytes, the place of each line, and whether the file has its returns too.

    A place is (line, view line) in the file.
    """

    data: bytes
    places: tuple[tuple[int, int], ...]
    returns: bool


def has_objects(data: bytes) -> bool:
    """Return whether a line of text begins as a JSON object does."""
    return data.startswith(_OPENING) or _ON_NEXT_LINE.is_in(data)


def unwrapped(data: bytes, plain: Callable[[bytes], bytes]) -> Unwrapped | None:
    """Return the text of a file some lines of which are JSON objects, made plain; None where none is."""
    if not has_objects(data):
        return None
    *lines, rest = data.split(b"\n")
    if _text(rest) is not None:  # the end of the file cannot cut a number in an object that is whole
        lines, rest = [*lines, rest], b""
    texts = [_text(line) for line in lines]
    objects = [text for text in texts if text is not None]
    is_cut = rest.startswith(_OPENING if objects else _CUT)
    if not objects and not is_cut:
        return None
    pieces = [line + b"\n" if text is None else plain(text) for line, text in zip(lines, texts, strict=True)]
    whole = b"".join(pieces) + (b"" if is_cut else rest)
    return Unwrapped(whole, tuple(_places(lines, pieces)), not any(b"\r" in text for text in objects))


def _places(lines: list[bytes], pieces: list[bytes]) -> Iterator[tuple[int, int]]:
    """Yield (line, view line) of each line of the pieces (one per line of the file), then of the file's end."""
    view = 1
    for number, (line, piece) in enumerate(zip(lines, pieces, strict=True), 1):
        yield from [(number, view)] * piece.count(b"\n")
        view += 1 + line.count(b"\r") - line.endswith(b"\r")
    yield len(lines) + 1, view


def _text(line: bytes) -> bytes | None:
    """Return the text of a JSON object with its line's end; None if the line is not an object with text."""
    if not line.startswith(_OPENING):
        return None
    import json

    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    texts = {key.lower(): value for key, value in entry.items() if isinstance(value, str)}
    text = next((texts[key] for key in _KEYS if key in texts), None)
    if text is None:
        return None
    data = text.encode("utf-8", "replace")
    return data if data.endswith(b"\n") or len(data) >= _DOCKER_CUTS else data + b"\n"
