"""A folder of logs without a catalog: every file in it that holds a run becomes an entry."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from parsers.reading import read
from scripts import catalog
from scripts.cache import Cache
from scripts.catalog import BrokenCatalog, Entry, slug
from scripts.files import sha256
from scripts.logs import LoadedLog, load_log, remembered


def load_folder(folder: Path, cache: Cache) -> list[LoadedLog]:
    """Return the logs of a folder: those its catalog names where it has one, else every file that holds a run.

    A file without a run is named on standard error with the reason.

    Raises
    ------
    BrokenCatalog
        If the folder does not exist or holds no log at all.
    """
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
    name = path.relative_to(folder).as_posix()
    data = path.read_bytes()
    checksum = sha256(path)
    entry = Entry(name, "", checksum, len(data), url="", author="", note="", declared=(), slug=slug(name))
    facts = remembered(entry, data, cache)
    if not facts.runs:
        print(f"{name}: {read(path).reason}", file=sys.stderr)
        return None
    system = facts.runs[0].fact("system")
    return LoadedLog(replace(entry, system=system.value if system else ""), facts, True)


def told_apart(logs: list[LoadedLog]) -> list[LoadedLog]:
    """Give logs whose paths differ only in their suffixes slugs that hold the suffix."""
    times = Counter(log.entry.slug for log in logs)
    return [
        replace(log, entry=replace(log.entry, slug=slug(log.entry.path + "."))) if times[log.entry.slug] > 1 else log
        for log in logs
    ]
