"""A log, or a folder of logs without a catalog: every file that holds a run becomes an entry."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from scripts import catalog
from scripts.author import DECLARED, NOTES, with_declared
from scripts.cache import Cache
from scripts.catalog import BrokenCatalog, Entry, slug
from scripts.files import digest
from scripts.logs import LoadedLog, load_log, remembered
from scripts.reader import NotALog, contents, parse, printable


def load_folder(path: Path, cache: Cache | None = None) -> list[LoadedLog]:
    """Return the logs at a path: one log, or those of a folder; there its catalog names them, or each file is read.

    What the folder's `declared.toml` says of the logs goes with them.

    A file without a run is named on standard error with the reason, and the others are read all the same.

    Raises
    ------
    BrokenCatalog
        If there is nothing, or nothing that holds a run.
    """
    cache = cache or Cache(None)
    if not path.exists():
        raise BrokenCatalog(f"{shown_name(str(path))}: no such file or folder")
    if not path.is_dir():
        found = [log for log in [_loaded(path, path.parent, cache)] if log is not None]
    elif os.path.lexists(path / "catalog.toml"):
        return [load_log(entry, path, cache) for entry in catalog.load(path)]
    else:
        found = [log for file in _logs_in(path) if (log := _loaded(file, path, cache)) is not None]
    if not found:
        raise BrokenCatalog(f"{shown_name(str(path))}: no file in it holds a run")
    return told_apart(with_declared(found, path) if path.is_dir() else found)


def _logs_in(folder: Path) -> list[Path]:
    """Return what may be logs in a folder: all but what their author says of them."""
    said = folder / DECLARED, folder / NOTES
    return [path for path in walked(folder) if path != said[0] and not path.is_relative_to(said[1])]


def walked(folder: Path) -> list[Path]:
    """Return what lies in a folder and those below it, by name; links to folders stand for themselves."""
    refused: list[Path] = []
    found: list[Path] = []
    for inner, folders, names in os.walk(folder, onerror=lambda error: refused.append(Path(error.filename))):
        links = [name for name in folders if Path(inner, name).is_symlink()]
        found += [Path(inner, name) for name in [*names, *links]]
    return sorted([*found, *refused], key=lambda path: path.parts)


def _loaded(path: Path, folder: Path, cache: Cache) -> LoadedLog | None:
    name = shown_name(path.relative_to(folder).as_posix())
    if path.is_symlink() and path.is_dir():
        print(f"{name}: a link to a folder, which is not followed", file=sys.stderr)
        return None
    try:
        data = contents(path)
    except NotALog as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None
    except MemoryError:
        print(f"{name}: more than fits into the memory of this machine", file=sys.stderr)
        return None
    entry = Entry(name, "", digest(data), len(data), url="", author="", note="", declared=(), slug=slug(name))
    facts = remembered(entry, data, cache)
    if not facts.runs:
        print(f"{name}: {parse(data, name).reason}", file=sys.stderr)
        return None
    system = facts.runs[0].fact("system")
    return LoadedLog(replace(entry, system=system.value if system else ""), facts, True)


def shown_name(path: str) -> str:
    """Return what a log is called: its path, printable, and not led by what a spreadsheet or a command acts on."""
    name = printable(path)
    return f"./{name}" if name.startswith(("=", "+", "-", "@")) else name


def told_apart(logs: list[LoadedLog]) -> list[LoadedLog]:
    """Give logs whose paths have one slug others: with the suffix too, and where that is not enough, a number."""
    slugs = Counter(log.entry.slug for log in logs)
    wanted = [slug(f"{log.entry.path}.") if slugs[log.entry.slug] > 1 else log.entry.slug for log in logs]
    taken: set[str] = set()
    for place, wish in enumerate(wanted):
        free = (name for name in chain([wish], (f"{wish}-{number}" for number in count(2))) if name not in taken)
        wanted[place] = next(free)
        taken.add(wanted[place])
    return [replace(log, entry=replace(log.entry, slug=name)) for log, name in zip(logs, wanted, strict=True)]
