"""Dialects that other packages bring: the entry points of the group `testbed_report.dialects`."""

from __future__ import annotations

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
    folders = (Path(folder) for folder in dict.fromkeys(sys.path))
    return any(mark in _content(path) for folder in folders for path in folder.glob("*-info/entry_points.txt"))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # removed or closed to us meanwhile: then it brings nothing
        return b""
