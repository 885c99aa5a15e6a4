"""The formats of texts: each is turned into Markdown that knows where it comes from."""

from __future__ import annotations

from collections.abc import Callable

from .html_text import html_text
from .latex import latex_text
from .notebook import notebook_text
from .plain import Plain

MARKDOWN, PLAIN_TEXT = (".md", ".markdown"), (".txt", ".rst", ".text")
_OTHERS: dict[str, Callable[[str], Plain]] = {
    ".html": html_text,
    ".htm": html_text,
    ".ipynb": notebook_text,
    ".tex": latex_text,
}
SUFFIXES = (*MARKDOWN, *PLAIN_TEXT, *_OTHERS)


def as_markdown(suffix: str, source: str) -> Plain:
    """Return a text as Markdown, by the suffix of its file; with an unknown suffix, the text as it is.

    Raises
    ------
    NoNotebook
        If a notebook is none.
    """
    convert = _OTHERS.get(suffix.lower())
    if convert is not None:
        return convert(source)
    plain = Plain()
    plain.copy(source, 0)
    return plain
