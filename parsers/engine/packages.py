"""Dialects that other packages bring: the entry points of the group `testbed_report.dialects`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

GROUP = "testbed_report.dialects"


def entries() -> Iterator[tuple[str, str]]:
    """Yield the package and the module of each dialect that an installed package brings."""
    if not _is_brought():  # importing the library that knows packages takes longer than reading a small log
        return
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        yield (entry.dist.name if entry.dist is not None else entry.name), entry.module


def _is_brought() -> bool:
    """Return whether a package names the group."""
    mark = f"[{GROUP}]".encode()
    return any(mark in _content(path) for folder in dict.fromkeys(sys.path) for path in _lists(folder or "."))


def _lists(folder: str) -> list[str]:
    """Return where packages in a folder may list what they bring. A search by pattern takes five times as long."""
    try:
        with os.scandir(folder) as entries:
            return [f"{entry.path}/entry_points.txt" for entry in entries if entry.name.endswith("-info")]
    except OSError:  # no folder
        return []


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:  # it brings nothing, or is removed or closed to us meanwhile
        return b""
