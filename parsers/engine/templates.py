"""Patterns of lines that are written as they are printed, with holes in braces: `Building "{model:name}"`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import NamedTuple

# A number and what must follow it. A number at the end of the data may have been cut there. A number before a comma and
# a digit, or before a hole of zero bytes, goes on. So does one that ends a line, if the next line continues it. The
# plain decimal is by far the commonest; it is tried first, which takes half the time.
NUMBER = (
    rb"(?:\d++\.\d++(?![eE])"
    rb"|[-+]?+(?:\d++(?:\.\d++)?+(?:[eE][-+]?+\d++)?+|inf|nan|NaN|Infinity))"
)
# What begins with a digit and is a line of its own: a timestamp, a bar, a change in a diff, a line's number, an
# address, a row of a table.
_OWN_LINE = (
    rb"20\d\d-\d\d-\d\d|\d\d/\d\d/\d\d|\d{1,2}:\d\d|\d{1,3}%\||\d+/\d+ \[|\d+(?:,\d+)?[acd]\d"
    rb"|\d+(?::|\t|  |\.[a-z]|\.\d+\.\d)"
)
_GOES_ON = rb"[ \t]*+(?=\d|\.\d|[eE][-+]?\d)(?!" + _OWN_LINE + rb")"
_BREAK = rb"[ \t]*+(?:\r?\n|\r(?!\n))(?!" + _GOES_ON + rb")"
END = rb"(?=[^\w.+,\\\s\0-]|,[^\d\r\n]|[ \t]++(?![\r\n])|\\[^.\r\n]|\.[ \t]++(?![\r\n])|[.,]?" + _BREAK + rb"|[\v\f])"
# The rest of a word or line that ends: the same rule for text. A digit before it ends a number.
EOL = (
    rb"(?=[ \t]*+(?:(?:<br */?>|</\w{1,10}>|[\\$`*|])[ \t]*+)*+[\r\n])"
    rb"(?!(?<=\d)[ \t]*+(?:\r?\n|\r(?!\n))" + _GOES_ON + rb")"
)
# What follows an id. A single word on the next line may be its rest, which a narrow terminal broke off.
_END_OF_ID = rb"(?=[, \t<`*]|\r?\n(?![ \t]*\w+[,\r\n]))"
_UNQUOTED = rb"(?<![\"'])"


class DialectFault(Exception):
    """A dialect breaks a rule; the message names the place, the rule and what is allowed."""


class _Kind(NamedTuple):
    """What fits into a hole, and what must follow a hole that ends a template.

    `signs` is a class of characters; `least` to `most` of them fit. Without `signs`, `pattern` is the whole pattern.
    """

    end: bytes
    signs: bytes = b""
    least: int = 1
    most: int = 0
    pattern: bytes = b""


KINDS: dict[str, _Kind] = {
    "number": _Kind(END, pattern=NUMBER),
    "int": _Kind(END, rb"\d", 1, 18),
    "clock": _Kind(END, pattern=rb"\d{1,4}+(?::\d\d){1,2}+"),
    "word": _Kind(EOL, rb"[^\s{}\"]", 1, 400),
    "name": _Kind(EOL, rb"[\w./-]", 1, 120),
    "version": _Kind(EOL, rb"[\w.+~:-]", 1, 40),
    "id": _Kind(_END_OF_ID, rb"[\w-]", 1, 120),
    "text": _Kind(EOL, pattern=rb"\S[^\r\n]{0,200}?"),
    "any": _Kind(EOL, pattern=rb"[^\r\n]{0,200}?"),
    "rest": _Kind(rb"(?=[\r\n])", rb"[^\r\n]", 1, 300),
    "more": _Kind(rb"(?=[\r\n])", rb"[^\r\n]", 0, 300),
    "cells": _Kind(EOL, pattern=rb"(?:[^|\r\n]{0,120}+\|){1,16}+"),
    "blanks": _Kind(b"", rb"[ \t]", 1, 8),
    "marks": _Kind(b"", rb"[ \t*`_]", 0, 8),
    "end": _Kind(b"", pattern=EOL),
}


class Line(bytes):
    """A pattern made from a template. It keeps the template as the example of the lines that match."""

    template: str


class _Hole(NamedTuple):
    name: str
    kind: str
    following: str


def line(template: str, *, unquoted: bool = False, **patterns: bytes) -> Line:
    """Return the pattern of a line that is written as it is printed, with holes in braces.

    A hole is `{name:kind}`. Without a kind it is a number; without a name it is not a fact. `{name:A|B}` is one of some
    words. Two braces stand for one. Repeats are bounded, and give nothing back where what follows cannot be part of
    them. A template that ends in a hole asks for the end of the number or word there.

    Parameters
    ----------
    unquoted
        Whether a quotation mark before the line makes it another line.
    **patterns
        Patterns of holes that no kind fits, by the hole's name. A kind beside such a hole tells only what ends it.

    Raises
    ------
    DialectFault
        If a brace is not closed, or a hole is of no kind.

    Examples
    --------
    >>> import re
    >>> re.match(line('Building "{model:name}"'), b'Building "bert_tiny"')["model"]
    b'bert_tiny'
    >>> re.match(line("hash: {hash:id}", hash=rb"cs_\\w{1,80}+"), b"hash: cs_12, next")["hash"]
    b'cs_12'
    >>> line("{loss:nummer}")
    Traceback (most recent call last):
    parsers.engine.templates.DialectFault: '{loss:nummer}': 'nummer' is not a kind of hole; kinds are number, int, \
clock, word, name, version, id, text, any, rest, more, cells, blanks, marks, end, or words with | between them
    """
    pieces = [_piece(template, part, patterns) for part in _parts(template)]
    made = Line((_UNQUOTED if unquoted else b"") + b"".join(pieces))
    made.template = template
    return made


def maybe(template: str) -> bytes:
    """Return the pattern of a part of a line that may be missing.

    >>> re.match(line("Loss={loss}") + maybe(", Rate={rate}"), b"Loss=1.5, Rate=2.5 ").groups()
    (b'1.5', b'2.5')
    """
    return b"(?:%s)?" % line(template)


def _parts(template: str) -> Iterator[str | _Hole]:
    """Yield the text and the holes of a template, each hole with the text behind it."""
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise DialectFault(f"{template!r}: {error}; a brace of the line itself is written twice") from None
    for index, (text, name, kind, _) in enumerate(parsed):
        if text:
            yield text
        if name is not None:
            after = parsed[index + 1 : index + 2]
            yield _Hole(name, kind or "", after[0][0] or "{" if after else "")


def _piece(template: str, part: str | _Hole, patterns: dict[str, bytes]) -> bytes:
    if isinstance(part, str):
        return re.escape(part.encode())
    kind = _kind(template, part, patterns)
    pattern = kind.pattern or kind.signs + b"{%d,%d}" % (kind.least, kind.most) + _possessive(kind, part.following)
    named = b"(?P<%s>%s)" % (part.name.encode(), pattern) if part.name else b"(?:%s)" % pattern
    return named if part.following else named + kind.end


def _kind(template: str, hole: _Hole, patterns: dict[str, bytes]) -> _Kind:
    if "|" in hole.kind:
        return _Kind(EOL, pattern=b"(?:%s)" % b"|".join(re.escape(word.encode()) for word in hole.kind.split("|")))
    if hole.kind not in ("", *KINDS):
        known = f"kinds are {', '.join(KINDS)}, or words with | between them"
        raise DialectFault(f"{template!r}: {hole.kind!r} is not a kind of hole; {known}")
    if hole.name in patterns:
        return _Kind(KINDS[hole.kind].end if hole.kind else b"", pattern=patterns[hole.name])
    return KINDS[hole.kind or "number"]


def _possessive(kind: _Kind, following: str) -> bytes:
    """Return the sign that makes a repeat possessive, unless the repeat might take what follows too."""
    return b"" if following and re.match(kind.signs, following[:1].encode()) else b"+"
