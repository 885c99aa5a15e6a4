"""Markdown as text: tables, links, and the one function that makes text of a log harmless."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Sequence

import regex

_SPECIAL = set("\\`*_{}[]<>&|#~^=$!\"'")
_PLAIN = frozenset(f"{string.ascii_letters}{string.digits} ,.-")
# Not a part of a word, of a date, or of a character reference.
_NUMBER = regex.compile(r"(?<![\w#.,:-])\d+(?:[.\u202f]\d+)*(?![\w;:-])")


class CommentMark(Exception):
    """Generated text holds a comment mark, which could open or close a block of a page."""


def escaped(text: str) -> str:
    """Return text of a log so that Markdown and HTML show it letter by letter.

    Every sign that either could act on becomes a character reference; control and direction characters are spelt out.
    """
    if text.isascii() and text.isprintable() and _SPECIAL.isdisjoint(text):
        return text  # most text is; this check takes a fraction of the time
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return f"&#{ord(character)};"
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f"&#92;u{ord(character):04x}"
    return character


def title_text(text: str) -> str:
    """Return text for the title of a link, with most signs (not letters and digits) as character references.

    So every program that builds the pages reads it the same way, and it cannot end the title.

    >>> title_text('size "2_a"')
    'size &#34;2&#95;a&#34;'
    """
    return "".join(sign if sign in _PLAIN else _referenced(sign) for sign in text)


def _referenced(sign: str) -> str:
    spelt = _escaped(sign)
    return spelt if spelt != sign else f"&#{ord(sign)};"


def code(text: str) -> str:
    """Return text of a log or a command, set as code."""
    return f"<code>{escaped(text)}</code>"


def explained(text: str) -> str:
    """Return a description of ours with its numbers set as code, because they state no fact.

    >>> explained("The mean of 50 steps.")
    'The mean of <code>50</code> steps.'
    """
    return _NUMBER.sub(lambda number: f"<code>{number[0]}</code>", escaped(text))


def link(text: str, target: str, title: str = "") -> str:
    """Return a link, or the text alone where there is no target; `text` is Markdown already, `title` is not."""
    if not target:
        return text
    return f'[{text}]({target} "{title_text(title)}")' if title else f"[{text}]({target})"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Return a pipe table. `align` has a letter a column: r for right, anything else for left."""
    marks = ["--:" if index < len(align) and align[index] == "r" else "---" for index in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def checked(text: str) -> str:
    """Return generated text as it is.

    Raises
    ------
    CommentMark
        If it holds `<!--` or `-->`.
    """
    for mark in ("<!--", "-->"):
        if mark in text:
            line = next(line for line in text.splitlines() if mark in line)
            raise CommentMark(f"generated text holds the comment mark {mark}: {line[:120]!r}")
    return text
