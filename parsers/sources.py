"""Where logs lie: files and folders of this machine, or addresses such as `s3://bucket/logs` that fsspec can read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .facts import Reading
from .reading import SIZE_LIMIT, parse, readings

NEEDED = "make cluster, or pip install --require-hashes -r requirements/cluster.txt"


class Unreachable(Exception):
    """An address leads nowhere; the message says why."""


class Source(NamedTuple):
    """A file that may be a log: its path or address, which names it in the table, and its size in bytes."""

    name: str
    size: int


def sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield each path, and for a folder every file below it in the order of their names.

    A path or address that leads nowhere is a source too: reading it says why.
    """
    for path in paths:
        yield from _remote(path) if is_address(path) else _local(Path(path))


def is_address(path: str) -> bool:
    """Return whether a path is an address for fsspec, and no path of this machine."""
    return "://" in path


def _local(path: Path) -> Iterator[Source]:
    for file in _walked(path) if _is_folder(path) else [path]:
        try:
            yield Source(str(file), file.stat().st_size)
        except (OSError, ValueError):  # reading it will say why
            yield Source(str(file), 0)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # reading it says why
        return False


def _walked(folder: Path) -> list[Path]:
    """Return the files of a folder and those below, by name; a folder that gives none stands for itself."""
    refused: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: refused.append(Path(error.filename)))
    found = [Path(inner, name) for inner, _, names in walk for name in names]
    return sorted([*found, *refused], key=lambda path: path.parts) or [folder]


def _remote(address: str) -> Iterator[Source]:
    try:
        system, path = _filesystem(address)
        found = system.find(path, detail=True)
    except Exception:  # each kind of store has errors of its own; reading it will say why
        found = {}
    if not found:
        yield Source(address, 0)
    for name in sorted(found):
        yield Source(system.unstrip_protocol(name), int(found[name].get("size") or 0))


def _filesystem(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise Unreachable(f"reading an address needs fsspec, which is not installed ({NEEDED})") from None
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:  # a store whose own library is not there, or that nobody knows
        raise Unreachable(str(error)) from None
    return system, path


def read_source(name: str, at: str | None = None) -> Iterator[Reading]:
    """Yield what the file of a source holds, under its name; `at` is where it lies if the name alone does not tell."""
    if is_address(name):
        yield _read_remote(name)
    else:
        yield from readings(Path(at or name), name)


def _read_remote(address: str) -> Reading:
    try:
        system, path = _filesystem(address)
        if (system.size(path) or 0) > SIZE_LIMIT:
            return Reading(address, (), reason=f"larger than {SIZE_LIMIT} bytes")
        data = system.cat_file(path)
    except Unreachable as error:
        return Reading(address, (), reason=str(error))
    except FileNotFoundError:
        return Reading(address, (), reason="no such file or folder")
    except Exception as error:
        return Reading(address, (), reason=f"cannot be read ({' '.join(str(error).split())})")
    return parse(data, address)
