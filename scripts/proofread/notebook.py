"""A notebook as Markdown: the text of its Markdown cells; code and its output state no claim."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import regex

from .plain import Plain

_STRING = regex.compile(r'"(?:[^"\\]++|\\.)*+"')
_SIGN = regex.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]", regex.DOTALL)


class NoNotebook(ValueError):
    """A file is not a notebook; the message says why."""


class _Text(NamedTuple):
    """A string of a JSON text, and where it begins there."""

    text: str
    at: int


def notebook_text(source: str) -> Plain:
    """Return what the Markdown cells of a notebook say.

    Raises
    ------
    NoNotebook
        If it is not JSON, or has no cells.
    """
    try:
        document = _placed(json.loads(source, object_pairs_hook=tuple), _places(source))
    except (ValueError, RecursionError):
        raise NoNotebook("is not a notebook, because it is not JSON; save it again") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise NoNotebook("is not a notebook of format 4, because it has no cells; save it again")
    plain = Plain()
    for cell in cells:
        if isinstance(cell, dict) and getattr(cell.get("cell_type"), "text", "") == "markdown":
            for line in _lines(cell.get("source")):
                _copy(plain, line, source)
            plain.write("\n\n", plain.end)
    return plain


def _places(source: str) -> Iterator[int]:
    """Yield where the strings of a JSON text begin, behind their quotation marks."""
    return (match.start() + 1 for match in _STRING.finditer(source))


def _placed(value: Any, places: Iterator[int]) -> Any:
    """Return a JSON value in which each string knows its place; an object comes as its pairs."""
    if isinstance(value, str):
        return _Text(value, next(places))
    if isinstance(value, list):
        return [_placed(item, places) for item in value]
    if isinstance(value, tuple):
        return {key: _placed(item, places) for key, item in value if next(places) >= 0}
    return value


def _lines(source: Any) -> Iterator[_Text]:
    """Yield the strings of a cell's source: one, or a list of them."""
    yield from (line for line in (source if isinstance(source, list) else [source]) if isinstance(line, _Text))


def _copy(plain: Plain, line: _Text, source: str) -> None:
    """Copy a string, each sign with the place of its escape sequence."""
    at = line.at
    for sign in line.text:
        plain.write(sign, at)
        at = _after(source, at, sign)


def _after(source: str, at: int, sign: str) -> int:
    match = _SIGN.match(source, at)
    assert match is not None, "a string of JSON has a sign for each of its signs"
    # A sign outside the first plane may be spelt as two escape sequences.
    again = _SIGN.match(source, match.end()) if len(match[0]) == 6 and ord(sign) > 0xFFFF else None
    return (again or match).end()
