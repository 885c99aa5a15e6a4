"""`python -m tests.english [FILE...]`: the sentences of more than 20 words, of pages, the README and docstrings.

Sentences of generated tables, of code, of quotations, and of pictures' descriptions are not counted. It prints the
longest first, each with its place, and then the share of short sentences.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import regex

ROOT = Path(__file__).parents[1]
MOST = 20  # words
SHARE = 0.95
_FEW = 2  # values of what is not a list yet
_FENCE = regex.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$", regex.MULTILINE | regex.DOTALL)
_COMMENT = regex.compile(r"<!--.*?-->", regex.DOTALL)
_PICTURE = regex.compile(r"!\[[^\]]*\]\([^)]*\)(?:\{[^}]*\})?")
_LINK = regex.compile(r"\[(?P<text>[^\]]*)\]\([^)]*\)")
_TAG = regex.compile(r"<[^>]+>")
_CODE = regex.compile(r"``.+?``|`[^`]+`|<code\b.*?</code>")
_BLANKS = regex.compile(r"[ \t\n]+")
_BETWEEN = regex.compile(r" · |; ")  # the values of a list on a page
_END = regex.compile(r"(?<=[.!?])[\"')*_]*\s+(?=[\"'(*_]*[A-Z0-9`\[])")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\u202f'’.,/%–-]*")
_ITEM = regex.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
_NEXT_ITEM = regex.compile(r"(?:^|\n)\s*[-*+]\s+")  # in a docstring
_SECTIONS = (">>>", "Parameters", "Attributes", "Returns", "Raises", "Examples")
_NO_TEXT = ("|", ">", "#", "<", "---", "title:", "hide:", "description:")


class Sentence(NamedTuple):
    """A sentence, where its paragraph begins, and how many words it has."""

    place: str
    text: str
    words: int


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a page of Markdown, or of a module's docstrings and messages."""
    text = path.read_text(encoding="utf-8")
    is_page = path.suffix != ".py"
    for line, block in _paragraphs(text) if is_page else _docstrings(text):
        whole = _END.split(_plain(block))
        for sentence in chain.from_iterable(map(_values, whole)) if is_page else whole:
            words = len(_WORD.findall(sentence))
            if words:
                yield Sentence(f"{path.relative_to(ROOT)}:{line}", sentence.strip(), words)


def _values(sentence: str) -> list[str]:
    """Return a sentence, or the values of one that is a list of them."""
    values = _BETWEEN.split(sentence)
    return values if len(values) > _FEW else [sentence]


def _plain(block: str) -> str:
    """Return text as it is read: a link as its words, code as one word, a number with thin spaces as one."""
    linked = _LINK.sub(r"\g<text>", _PICTURE.sub("", block))
    return _BLANKS.sub(" ", _TAG.sub("", _CODE.sub("Code", linked)))


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs and the items of lists of a page, each with the line where it begins."""
    blank = _COMMENT.sub(_lines_only, _FENCE.sub(_lines_only, text))
    begun, held = 0, list[str]()
    for number, line in enumerate([*blank.split("\n"), ""], 1):
        new = not line.strip() or line.lstrip().startswith(_NO_TEXT) or _ITEM.match(line)
        if new and held:
            yield begun, " ".join(held)
            held = []
        if line.strip() and not line.lstrip().startswith(_NO_TEXT):
            begun = number if not held else begun
            held.append(_ITEM.sub("", line))


def _lines_only(match: regex.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            line = 1 if isinstance(node, ast.Module) else node.lineno
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                if not paragraph.lstrip().startswith(_SECTIONS):
                    yield from ((line, item) for item in _NEXT_ITEM.split(paragraph))


def pages() -> list[Path]:
    """Return what a person reads first: the README, and the pages that are not one of many made alike."""
    return [ROOT / "README.md", ROOT / "raw_logs" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def code() -> list[Path]:
    """Return the modules of the project."""
    return sorted(path for folder in ("parsers", "scripts") for path in (ROOT / folder).rglob("*.py"))


def share(counted: list[Sentence]) -> float:
    """Return the share of sentences that are short enough."""
    return sum(sentence.words <= MOST for sentence in counted) / len(counted)


def longest(counted: list[Sentence]) -> list[str]:
    """Return the long sentences with their words and places, the longest first."""
    long = [sentence for sentence in counted if sentence.words > MOST]
    return [f"{one.words:3} {one.place}: {one.text}" for one in sorted(long, key=lambda one: -one.words)]


def main(names: list[str]) -> int:
    """Print the long sentences; return 1 where too many are long."""
    paths = [Path(name).resolve() for name in names] or [*pages(), *code()]
    counted = [sentence for path in paths for sentence in sentences(path)]
    for line in longest(counted):
        print(line)
    print(f"{len(counted)} sentences, {share(counted):.1%} of at most {MOST} words")
    return share(counted) < SHARE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
