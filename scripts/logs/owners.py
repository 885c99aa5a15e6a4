"""Who owns which logs, and how a report names owners: by pseudonyms, unless it is asked for names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

import regex

from .catalog import Declared, slug
from .load import LoadedLog

Owners = Literal["catalog", "folders"]
OWNERS: tuple[Owners, ...] = ("catalog", "folders")
_IN_ARCHIVE = regex.compile(r"(?P<archive>.+?)\.(?:zip|tar|tgz|tbz2?|txz|tar\.\w+)!", regex.IGNORECASE)


def owned(logs: Iterable[LoadedLog], by: Owners) -> list[LoadedLog]:
    """Return logs with their owners as authors: those of the catalog, or the outermost folder or archive of each log.

    If all logs are in one archive, the outermost folders are those in it.
    """
    logs = list(logs)
    if by == "catalog":
        return logs
    places = [_parts(log.entry.path) for log in logs]
    if len({archive for archive, _ in places}) == 1:
        places = [("", parts) for _, parts in places]
    names = [archive or (parts[0] if len(parts) > 1 else "") for archive, parts in places]
    return [replace(log, entry=replace(log.entry, author=name)) for log, name in zip(logs, names, strict=True)]


def _parts(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the parts of a log's path: its archive without suffix (if any), its folders and its name."""
    inside = _IN_ARCHIVE.match(path)
    if inside is None or "/" in inside["archive"]:
        return "", PurePosixPath(path).parts
    return inside["archive"], PurePosixPath(path[inside.end() :]).parts


def owners(logs: Iterable[LoadedLog]) -> list[str]:
    """Return the owners of logs in alphabetical order."""
    return sorted({log.entry.author for log in logs})


def several(logs: Iterable[LoadedLog]) -> bool:
    """Return whether the runs of one system have several owners, so that there is something to see side by side."""
    owners_by_system: dict[str, set[str]] = {}
    for log in logs:
        for run in log.facts.runs:
            system = run.fact("system")
            owners_by_system.setdefault(system.value if system else "", set()).add(log.entry.author)
    return any(len(of_system) > 1 for of_system in owners_by_system.values())


def pseudonymous(logs: Sequence[LoadedLog]) -> list[LoadedLog]:
    """Return logs under pseudonyms: `p01/02` is the second log of the first owner.

    A person's words about a log and the text of a log are left out: both may name somebody.
    """
    names = {owner: f"p{index:02}" for index, owner in enumerate(owners(logs), 1)}
    counts = dict.fromkeys(names, 0)
    renamed = []
    for log in logs:
        owner = log.entry.author
        counts[owner] += 1
        path = f"{names[owner]}/{counts[owner]:02}{PurePosixPath(log.entry.path).suffix}"
        renamed.append(_renamed(log, names[owner], path))
    return renamed


def _renamed(log: LoadedLog, owner: str, path: str) -> LoadedLog:
    declared = tuple(Declared(item.run, item.name, item.value, "the owner of the log") for item in log.entry.declared)
    entry = replace(
        log.entry,
        path=path,
        author=owner,
        slug=slug(path),
        url="",
        note="",
        declared=declared,
        kept=False,
        original_sha256="",
    )
    return LoadedLog(entry, replace(log.facts, log=path, url=""), log.from_original)


def key_of(logs: Sequence[LoadedLog], renamed: Sequence[LoadedLog]) -> list[str]:
    """Return the pseudonym of each log, one per line. No page shows it."""
    return [f"{new.entry.path:12}{old.entry.path}" for old, new in zip(logs, renamed, strict=True)]
