"""Reads texts, and the logs of their runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from ..reader import NotALog, contents, decode, opened, printable, read
from .formats import MARKDOWN, SUFFIXES, as_markdown
from .notebook import NoNotebook
from .page import Page, read_page
from .stated import StatedRun, stated_runs
from .statements import statements
from .verdicts import CONFIRMED, Row, proofread
from .worth import Worth, worth

LARGEST = 8 << 20  # bytes of a text
STANDARD_INPUT = Path("-")
_SURE = (*MARKDOWN, ".ipynb", ".tex")
_WORD, _WORDS_OF_A_SENTENCE = regex.compile(r"(?<![\w.])[A-Za-z]{2,}(?![\w/])"), 8


class Unreadable(Exception):
    """A text cannot be proofread; the message says why and what to do."""


@dataclass(frozen=True)
class Proof:
    """A text with the row of each number and statement, and what a confirmation is worth."""

    name: str
    page: Page
    rows: tuple[Row, ...]
    worth: Worth


def runs_of(logs: Path) -> list[StatedRun]:
    """Return the runs of a log, a folder of logs or a data set of facts.

    Raises
    ------
    Broken
        If there is nothing, or nothing that contains a run.
    """
    from ..logs.dataset import is_dataset, load_dataset
    from ..logs.folder import load_folder

    return stated_runs(load_dataset(logs) if is_dataset(logs) else load_folder(logs))


def proof_of(page: Path, runs: Sequence[StatedRun], name: str = "") -> Proof:
    """Return what was found of a text; the page `-` is standard input.

    Raises
    ------
    Unreadable
        If it is not a text, or too large.
    """
    name = name or str(page)
    try:
        read = read_page(_text(page), page.suffix)
    except NoNotebook as error:
        raise Unreadable(f"{page}: {error}") from None
    judged = list(proofread(name, read, runs))
    rows = [row for row, _ in judged]
    rows += statements(name, read, runs)
    rows.sort(key=lambda row: (row.line, row.column))
    confirmed = [claim for row, claim in judged if row.verdict == CONFIRMED]
    return Proof(name, read, tuple(rows), worth(confirmed, runs))


def _text(page: Path) -> str:
    try:
        data = opened(contents(page) if page != STANDARD_INPUT else sys.stdin.buffer.read(LARGEST + 1))
    except NotALog as error:
        raise Unreadable(f"{page}: {error}") from None
    if len(data) > LARGEST:
        raise Unreadable(f"{page}: has {len(data)} bytes; at most {LARGEST} are allowed for a text")
    if b"\0" in data or data.startswith((b"%PDF-", b"PK\x03\x04")):
        raise Unreadable(f"{page}: is not a text; save it as Markdown, HTML, LaTeX or plain text")
    return decode(data).replace("\r\n", "\n").removeprefix("\ufeff")


def proofs_in(folder: Path, runs: Sequence[StatedRun]) -> Iterator[Proof]:
    """Yield what was found of each text of a person, called by its path in that person's folder.

    A text that cannot be read is named on standard error.
    """
    for page in pages_in(folder):
        try:
            yield proof_of(page, runs, name=page.relative_to(folder).as_posix())
        except Unreadable as error:
            print(printable(str(error)), file=sys.stderr)


def pages_in(folder: Path) -> Iterator[Path]:
    """Yield the texts of a person: Markdown, notebooks, LaTeX, and others that are mostly sentences and hold no run."""
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if path.is_file() and not path.is_symlink() and (suffix in _SURE or (suffix in SUFFIXES and _is_prose(path))):
            yield path


def _is_prose(path: Path) -> bool:
    """Return whether a file contains no run, and most of its lines are words."""
    text = as_markdown(path.suffix, decode(contents(path))).text
    lines = [line for line in text.split("\n") if line.strip()]
    sentences = sum(len(_WORD.findall(line)) >= _WORDS_OF_A_SENTENCE for line in lines)
    return sentences * 2 > len(lines) and not read(path).runs
