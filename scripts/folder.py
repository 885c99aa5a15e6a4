"""A folder of logs without a catalog: every file in it that holds a run becomes an entry."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from parsers.engine.lines import printable
from parsers.reading import read
from scripts import catalog
from scripts.cache import Cache
from scripts.catalog import BrokenCatalog, Entry, slug
from scripts.files import digest
from scripts.logs import LoadedLog, load_log, remembered


def load_folder(folder: Path, cache: Cache | None = None) -> list[LoadedLog]:
    """Return the logs of a folder: those its catalog names where it has one, else every file that holds a run.

    A file without a run is named on standard error with the reason.

    Raises
    ------
    BrokenCatalog
        If the folder does not exist or holds no log at all.
    """
    cache = cache or Cache(None)
    if (folder / "catalog.toml").is_file():
        return [load_log(entry, folder, cache) for entry in catalog.load(folder)]
    if not folder.is_dir():
        raise BrokenCatalog(f"{folder}: no such folder")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = [log for path in paths if (log := _loaded(path, folder, cache)) is not None]
    if not found:
        raise BrokenCatalog(f"{folder}: no file in it holds a run")
    return told_apart(found)


def _loaded(path: Path, folder: Path, cache: Cache) -> LoadedLog | None:
    name = _name(path.relative_to(folder))
    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"{name}: cannot be read ({error.strerror})", file=sys.stderr)
        return None
    entry = Entry(name, "", digest(data), len(data), url="", author="", note="", declared=(), slug=slug(name))
    facts = remembered(entry, data, cache)
    if not facts.runs:
        print(f"{name}: {read(path).reason}", file=sys.stderr)
        return None
    system = facts.runs[0].fact("system")
    return LoadedLog(replace(entry, system=system.value if system else ""), facts, True)


def _name(path: Path) -> str:
    """Return what a log is called: its path, printable, and not led by what a spreadsheet or a command acts on."""
    name = printable(path.as_posix())
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
