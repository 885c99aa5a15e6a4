"""A log, or a folder of logs without a catalog: every file that contains a run becomes an entry."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, compress, count
from pathlib import Path

from ..reader import BETWEEN, NotALog, files, inside_archive, parse, printable
from ..store.cache import Cache
from ..store.files import digest
from . import catalog
from .author import DECLARED, NOTES, described, with_declared
from .catalog import BrokenCatalog, Entry, slug
from .load import LoadedLog, load_log, remembered


def load_folder(path: Path, cache: Cache | None = None) -> list[LoadedLog]:
    """Return the logs at a path: one log, or those of a folder (named by its catalog, else every file).

    An archive gives a log for each file in it. The logs get what the folder's `declared.toml` says about them.

    A file without a run is named on standard error with the reason, and the others are still read.

    Raises
    ------
    BrokenCatalog
        If there is nothing, or nothing that contains a run.
    """
    cache = cache or Cache(None)
    if not path.exists() and inside_archive(path) is None:
        raise BrokenCatalog(f"{shown_name(str(path))}: no such file or folder")
    if not path.is_dir():
        logs = list(_loaded(path, path.parent, cache))
    elif os.path.lexists(path / "catalog.toml"):
        return [load_log(entry, path, cache) for entry in catalog.load(path)]
    else:
        logs = [log for file in _logs_in(path) for log in _loaded(file, path, cache)]
    if not logs:
        raise BrokenCatalog(f"{shown_name(str(path))}: no file in it holds a run")
    return told_apart(with_declared(logs, path) if path.is_dir() else logs)


def _logs_in(folder: Path) -> list[Path]:
    """Return the files in a folder that may be logs: all but the files in which an author describes them."""
    authors_files = folder / DECLARED, folder / NOTES
    return [path for path in walked(folder) if path != authors_files[0] and not path.is_relative_to(authors_files[1])]


def walked(folder: Path) -> list[Path]:
    """Return the files in a folder and those below it, by name; a link to a folder stays a link."""
    refused: list[Path] = []
    paths: list[Path] = []
    for inner, folders, names in os.walk(folder, onerror=lambda error: refused.append(Path(error.filename))):
        links = [name for name in folders if Path(inner, name).is_symlink()]
        paths += [Path(inner, name) for name in [*names, *links]]
    return sorted([*paths, *refused], key=lambda path: path.parts)


def _loaded(path: Path, folder: Path, cache: Cache) -> Iterator[LoadedLog]:
    """Yield the log in a file, or the logs of an archive; print on standard error why others are not logs."""
    name = path.relative_to(folder).as_posix()
    try:
        if path.is_symlink() and path.is_dir():
            raise NotALog("a link to a folder, which is not followed")
        yield from _described(files(path, name), cache)
    except NotALog as error:
        print(f"{shown_name(name)}: {error}", file=sys.stderr)
    except MemoryError:
        print(f"{shown_name(name)}: more than fits into the memory of this machine", file=sys.stderr)


def _described(files: Iterable[tuple[str, bytes, str]], cache: Cache) -> list[LoadedLog]:
    """Return the logs among files, with what a `declared.toml` of their archive says about them."""
    logs: list[LoadedLog] = []
    declarations: list[tuple[str, bytes]] = []
    for inner, data, reason in files:
        if not reason and BETWEEN in inner and inner.replace(BETWEEN, "/").endswith(f"/{DECLARED}"):
            declarations.append((inner, data))
            continue
        log = _log(shown_name(inner), data, reason, cache)
        if log is not None:
            logs.append(log)
    for place, data in declarations:
        folder = shown_name(place).removesuffix(DECLARED)
        of_folder = [log.entry.path.startswith(folder) for log in logs]
        declared = iter(described([*compress(logs, of_folder)], _text(data, place), Path(place), folder))
        logs = [next(declared) if inside else log for log, inside in zip(logs, of_folder, strict=True)]
    return logs


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BrokenCatalog(f"{place}: not UTF-8 ({error.reason} at byte {error.start})") from None


def _log(name: str, data: bytes, reason: str, cache: Cache) -> LoadedLog | None:
    entry = Entry(name, "", digest(data), len(data), url="", author="", note="", declared=(), slug=slug(name))
    facts = None if reason else remembered(entry, data, cache)
    if facts is None or not facts.runs:
        print(f"{name}: {reason or parse(data, name).reason}", file=sys.stderr)
        return None
    system = facts.runs[0].fact("system")
    return LoadedLog(replace(entry, system=system.value if system else ""), facts, True)


def shown_name(path: str) -> str:
    """Return a log's name: its path, printable, and safe at the beginning for spreadsheets and commands."""
    name = printable(path)
    return f"./{name}" if name.startswith(("=", "+", "-", "@")) else name


def told_apart(logs: list[LoadedLog]) -> list[LoadedLog]:
    """Give logs with the same slug different ones: with the suffix, and if that is not enough, with a number."""
    slugs = Counter(log.entry.slug for log in logs)
    wanted = [slug(f"{log.entry.path}.") if slugs[log.entry.slug] > 1 else log.entry.slug for log in logs]
    taken: set[str] = set()
    for index, wish in enumerate(wanted):
        free = (name for name in chain([wish], (f"{wish}-{number}" for number in count(2))) if name not in taken)
        wanted[index] = next(free)
        taken.add(wanted[index])
    return [replace(log, entry=replace(log.entry, slug=name)) for log, name in zip(logs, wanted, strict=True)]
