"""A folder of logs without a catalog: every file in it that holds a run becomes an entry."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from parsers.coverage import coverage
from parsers.log import printable
from parsers.reading import parse
from parsers.transcription import Transcription
from scripts import catalog
from scripts.catalog import BrokenCatalog, Entry, slug
from scripts.files import digest
from scripts.logs import LoadedLog, load_log


def load_folder(folder: Path) -> list[LoadedLog]:
    """Return the logs of a folder: those its catalog names where it has one, else every file that holds a run.

    A file without a run is named on standard error with the reason.

    Raises
    ------
    BrokenCatalog
        If the folder does not exist or holds no log at all.
    """
    if (folder / "catalog.toml").is_file():
        return [load_log(entry, folder) for entry in catalog.load(folder)]
    if not folder.is_dir():
        raise BrokenCatalog(f"{folder}: no such folder")
    found = [log for path in sorted(folder.rglob("*")) if path.is_file() if (log := _loaded(path, folder)) is not None]
    if not found:
        raise BrokenCatalog(f"{folder}: no file in it holds a run")
    return _told_apart(found)


def _loaded(path: Path, folder: Path) -> LoadedLog | None:
    name = _name(path.relative_to(folder))
    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"{name}: cannot be read ({error.strerror})", file=sys.stderr)
        return None
    reading = parse(data, name)
    if not reading.runs:
        print(f"{name}: {reading.reason}", file=sys.stderr)
        return None
    system = reading.runs[0].fact("system")
    entry = Entry(
        path=name,
        system=system.value if system else "",
        sha256=digest(data),
        size=len(data),
        url="",
        author="",
        note="",
        declared=(),
        slug=slug(name),
    )
    lines = coverage(data)
    counted = (lines.lines, lines.facts, lines.known_noise, lines.not_understood)
    return LoadedLog(entry, Transcription(name, entry.sha256, entry.size, "", *counted, runs=reading.runs), True)


def _name(path: Path) -> str:
    """Return what a log is called: its path, printable, and not led by what a spreadsheet or a command acts on."""
    name = printable(path.as_posix())
    return f"./{name}" if name.startswith(("=", "+", "-", "@")) else name


def _told_apart(logs: list[LoadedLog]) -> list[LoadedLog]:
    """Give logs whose paths have one slug others: with the suffix too, and where that is not enough, a number."""
    slugs = Counter(log.entry.slug for log in logs)
    wanted = [slug(f"{log.entry.path}.") if slugs[log.entry.slug] > 1 else log.entry.slug for log in logs]
    taken: set[str] = set()
    for place, wish in enumerate(wanted):
        free = (name for name in chain([wish], (f"{wish}-{number}" for number in count(2))) if name not in taken)
        wanted[place] = next(free)
        taken.add(wanted[place])
    return [replace(log, entry=replace(log.entry, slug=name)) for log, name in zip(logs, wanted, strict=True)]
