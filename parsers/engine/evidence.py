"""The evidence of a fact: the part of its line that a pattern matched, as safe text."""

from __future__ import annotations

import re

from .lines import decode, printable
from .text import MARK

LONGEST = 160
# A folder that is named after its owner. The name is private and not part of any fact.
_HOME = re.compile(r"(?P<folder>/(?:home\d?|homes|nethome|users|Users)/)[^/\s'\":,;|]{1,64}")
_LETTERS = re.compile(rb"[A-Za-z]{1,20}\Z")


def of_match(match: re.Match[bytes], value: str = "") -> str:
    """Return the evidence of a value that a match states: the first line of the match, cut around the value."""
    data, begin, end = match.string, match.start(), match.end()
    newline = data.find(b"\n", begin, end)
    end = end if newline < 0 else newline
    # A shape may begin within a word, so that it fits two spellings.
    if data[max(0, begin - 1) : begin + 1].isalpha():
        word = _LETTERS.search(data[max(0, begin - 20) : begin])
        begin -= len(word[0]) if word else 0
    return of_text(data[begin:end], value)


def of_text(matched: bytes, value: str = "") -> str:
    """Return matched bytes as evidence: printable, without the names of home folders, at most `LONGEST` characters.

    A longer text is cut around the value.

    >>> of_text(b"--python_paths /home/alice/R_2.1.1/x", "2.1.1")
    '--python_paths /home/USER/R_2.1.1/x'
    >>> len(of_text(b"x" * 200 + b"=7;" + b"y" * 200, "=7;")), of_text(b"5.5\\r", "5.5")
    (160, '5.5')
    """
    text = printable(decode(matched.replace(MARK, b"")).strip())
    if "/" in text:
        text = _HOME.sub(r"\g<folder>USER", text)
    if len(text) <= LONGEST:
        return text
    at = max(0, text.find(printable(value)))
    begin = max(0, min(at - (LONGEST - len(value)) // 2, len(text) - LONGEST, at))
    return text[begin : begin + LONGEST]
