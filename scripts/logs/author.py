"""What the author of logs adds in their folder: a name, declared values, and remarks for the pages.

`declared.toml` has the form of the catalog. `author` says who made all runs. A `[[log]]` has its `path`, a `note`, an
`author` of its own, and what is `declared` of its runs. An archive may have one too. `notes/SYSTEM.md` is Markdown that
the page of the system quotes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import regex

from ..store.structured import Broken, checked, text_of, toml
from .catalog import BrokenCatalog, declared_in
from .load import LoadedLog, declared_of_runs

DECLARED, NOTES = "declared.toml", "notes"
# Markdown needs none of these: raw HTML, a file that the page would include, a link that is not an address.
_REFUSED = regex.compile(r"<|--8<--|\]\(\s*(?!https?://|[\w./#-]+\))|\]:")

_TABLE = regex.compile(r"\s*\[\[\s*log\s*(?P<declared>\.\s*declared\s*)?\]\]")
_VALUE = regex.compile(r"\s*value\s*=")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the author says about one log."""

    path: str
    author: str = ""
    note: str = ""
    declared: tuple[dict[str, object], ...] = ()


def with_declared(logs: Sequence[LoadedLog], folder: Path) -> list[LoadedLog]:
    """Return logs with what the folder's `declared.toml` says about them, if there is one.

    Raises
    ------
    BrokenCatalog
        If it is not TOML, breaks a rule, or names a log or a run that is not there.
    """
    path = folder / DECLARED
    try:
        text = text_of(path)
    except FileNotFoundError:
        return list(logs)
    except Broken as error:
        raise BrokenCatalog(str(error)) from None
    return described(logs, text, path)


def described(logs: Sequence[LoadedLog], text: str, path: Path, before: str = "") -> list[LoadedLog]:
    """Return logs with what the text of a `declared.toml` says about them; `before` is put before the paths in it.

    Raises
    ------
    BrokenCatalog
        As `with_declared` does.
    """
    try:
        tables = toml(text, path)
        unknown = sorted(set(tables) - {"author", "log"})
        if unknown or not isinstance(tables.get("author", ""), str) or not isinstance(tables.get("log", []), list):
            raise Broken(f"{path}: only a text `author` and tables [[log]] are known")
        of_logs = [
            checked(item, _Said, f"{path}: log {number}") for number, item in enumerate(tables.get("log", []), 1)
        ]
    except Broken as error:
        raise BrokenCatalog(str(error)) from None
    twice = [path for path, count in Counter(of.path for of in of_logs).items() if count > 1]
    if twice:
        raise BrokenCatalog(f"{path}: two tables [[log]] have the path {twice[0]!r}; put their answers into one")
    by_path = {f"{before}{of.path}": of for of in of_logs}
    lines = dict(zip(by_path, value_lines(text), strict=False))
    missing = sorted(set(by_path) - {log.entry.path for log in logs})
    if missing:
        raise BrokenCatalog(f"{path}: no log {missing[0]!r} with a run is in this folder")
    return [
        _with(log, by_path.get(log.entry.path), tables.get("author", ""), path, lines.get(log.entry.path, ()))
        for log in logs
    ]


def value_lines(text: str) -> list[list[int]]:
    """Return the line of each declared value, by log; of an answer without one, the line where it begins.

    >>> value_lines('[[log]]\\n[[log.declared]]\\nvalue = "8"\\n[[log]]')
    [[3], []]
    """
    lines: list[list[int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        table = _TABLE.match(line)
        if table and not table["declared"]:
            lines.append([])
        elif table and lines:
            lines[-1].append(number)
        elif _VALUE.match(line) and lines and lines[-1]:
            lines[-1][-1] = number
    return lines


def _with(log: LoadedLog, described: _Said | None, author: str, path: Path, lines: Sequence[int]) -> LoadedLog:
    described = described or _Said(log.entry.path)
    declared = declared_in(path, f"log {described.path}", described.declared, lines)
    entry = replace(
        log.entry,
        author=described.author or author or log.entry.author,
        note=described.note or log.entry.note,
        declared=(*log.entry.declared, *declared),
    )
    return replace(log, entry=entry, facts=declared_of_runs(entry, log.facts))


def remarks(folder: Path) -> dict[str, str]:
    """Return the author's remarks by the name of a system in small letters.

    Raises
    ------
    Broken
        If a file is not text, or holds more than Markdown.
    """
    if not (folder / NOTES).is_dir():
        return {}
    return {path.stem.lower(): _remark(path) for path in sorted((folder / NOTES).glob("*.md"))}


def _remark(path: Path) -> str:
    text = text_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        if refused := _REFUSED.search(line):
            raise Broken(f"{path}:{number}: {refused[0]!r} is not allowed in remarks; write plain Markdown")
    return text
